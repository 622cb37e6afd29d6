/** A sandbox in a thread of its own, so that the client's time can be told from the server's. */
import { parentPort, workerData } from 'node:worker_threads';
import { type SandboxOptions, startSandbox } from '../src/sandbox/start-sandbox.ts';

const sandbox = await startSandbox(workerData as SandboxOptions);
const { host, port, user, password } = sandbox;
parentPort?.postMessage({ host, port, user, password });
parentPort?.once('message', () => {
  void sandbox.close().then(() => process.exit(0));
});
