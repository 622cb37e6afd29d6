/** Entry of a worker thread: chunks in, results out, on a connection of its own. */

import { parentPort, workerData } from 'node:worker_threads';
import type { ConnectionOptions } from '../connection/connection-options.ts';
import { toPlainError } from '../connection/plain-error.ts';
import { connectionRunner } from './chunk-runner.ts';
import type { FromWorker, ToWorker } from './worker-messages.ts';

const port = parentPort;
if (!port) throw new Error('the export worker runs in a worker thread only');
const runner = connectionRunner((workerData as { connection: ConnectionOptions }).connection);
const say = (message: FromWorker) => port.postMessage(message);

port.on('message', async (message: ToWorker) => {
  switch (message.kind) {
    case 'cancel':
      runner.cancel();
      return;
    case 'close':
      await runner.close();
      port.close();
      return;
    case 'run':
      try {
        say({ kind: 'done', result: await runner.run(message.task, rows => say({ kind: 'rows', rows })) });
      } catch (error) {
        say({ kind: 'failed', failure: toPlainError(error) });
      }
  }
});
