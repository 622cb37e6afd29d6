/** Entry of a worker thread: chunks in, row counts out, on a connection of its own. */

import { parentPort, workerData } from 'node:worker_threads';
import { openSession } from '../../connection/connect.ts';
import type { ConnectionOptions } from '../../connection/connection-options.ts';
import { toPlainError } from '../../connection/plain-error.ts';
import type { RetryPolicy } from '../retry.ts';
import { connectionLoader } from './chunk-loader.ts';
import type { FromLoader, ToLoader } from './load-messages.ts';

const port = parentPort;
if (!port) throw new Error('the import worker runs in a worker thread only');
const { connection, retries } = workerData as { connection: ConnectionOptions; retries: RetryPolicy };
const loader = connectionLoader(database => openSession({ ...connection, database }), retries);
const say = (message: FromLoader) => port.postMessage(message);

port.on('message', async (message: ToLoader) => {
  switch (message.kind) {
    case 'cancel':
      loader.cancel();
      return;
    case 'close':
      await loader.close();
      port.close();
      return;
    case 'load':
      try {
        const rows = await loader.load(
          message.task,
          count => say({ kind: 'rows', rows: count }),
          text => say({ kind: 'retry', text }),
        );
        say({ kind: 'done', rows });
      } catch (error) {
        say({ kind: 'failed', failure: toPlainError(error) });
      }
  }
});
