/** Entry of a thread for tests: counts up to what it is asked for, fails, waits or dies on request. */

import { serveChunks, threadData } from '../../src/archive/serve-chunks.ts';
import { SqlServerError } from '../../src/connection/sql-error.ts';
import { XpdbError } from '../../src/model/error.ts';

export type CountingTask = { readonly count: number } | 'fail' | 'refuse' | 'wait' | 'die';

const { greeting } = threadData<{ greeting: string }>();
let stopWaiting = () => {};

serveChunks<CountingTask, string>({
  async run(task, onRows, onNote) {
    switch (task) {
      case 'fail':
        throw new TypeError('a defect');
      case 'refuse':
        throw new SqlServerError(
          [{ number: 2627, state: 1, class: 14, line: 1, procedure: '', server: 'S', message: 'duplicate key' }],
          { object: '[dbo].[T]' },
        );
      case 'wait':
        onRows(0);
        return new Promise((_, reject) => {
          stopWaiting = () => reject(new XpdbError('cancelled', { exitCode: 4 }));
        });
      case 'die':
        setImmediate(() => {
          throw new Error('died');
        });
        return new Promise(() => undefined);
      default:
        for (let at = 1; at <= task.count; at++) onRows(at);
        onNote(`counted ${task.count}`);
        return `${greeting} ${task.count}`;
    }
  },
  cancel: () => stopWaiting(),
  close: async () => undefined,
});
