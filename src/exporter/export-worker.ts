/** Entry of a worker thread that writes chunks, on a connection of its own. */

import { workerData } from 'node:worker_threads';
import { serveChunks } from '../archive/serve-chunks.ts';
import type { ConnectionOptions } from '../connection/connection-options.ts';
import { connectionRunner } from './chunk-runner.ts';

serveChunks(connectionRunner((workerData as { connection: ConnectionOptions }).connection));
