import { parentPort, workerData } from 'node:worker_threads';
import { toPlainError } from '../connection/plain-error.ts';
import type { FromThread, ThreadData, ToThread } from './chunk-messages.ts';
import type { ChunkRunner } from './chunk-runner.ts';

/** What startChunkThread was given for this thread. */
export function threadData<Data>(): Data {
  return (workerData as ThreadData).data as Data;
}

/** Runs the chunks that a thread started by startChunkThread is given, until it is to end. */
export function serveChunks<Task, Result>(runner: ChunkRunner<Task, Result>): void {
  const port = parentPort;
  if (!port) throw new Error('chunks are served in a worker thread only');
  const say = (message: FromThread<Result>) => port.postMessage(message);
  port.on('message', async (message: ToThread<Task>) => {
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
          const onRows = (rows: number) => say({ kind: 'rows', rows });
          const onNote = (text: string) => say({ kind: 'note', text });
          say({ kind: 'done', result: await runner.run(message.task, onRows, onNote) });
        } catch (error) {
          say({ kind: 'failed', failure: toPlainError(error) });
        }
    }
  });
  say({ kind: 'ready' });
}
