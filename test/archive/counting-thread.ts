/** Entry of a thread for tests: counts up to what it is asked for, fails or dies on request. */

import { parentPort, workerData } from 'node:worker_threads';

export type ToCounting = { readonly count: number } | { readonly fail: string } | 'die' | 'close';
export type FromCounting = { readonly at: number } | { readonly done: string } | { readonly failed: string };

const port = parentPort!;
const say = (message: FromCounting) => port.postMessage(message);

port.on('message', (message: ToCounting) => {
  if (message === 'die') throw new Error('died');
  if (message === 'close') return port.close();
  if ('fail' in message) return say({ failed: message.fail });
  for (let at = 1; at <= message.count; at++) say({ at });
  say({ done: `${(workerData as { greeting: string }).greeting} ${message.count}` });
});
