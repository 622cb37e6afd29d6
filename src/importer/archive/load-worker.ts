/** Entry of a worker thread that loads chunks, on a connection of its own. */

import { workerData } from 'node:worker_threads';
import { serveChunks } from '../../archive/serve-chunks.ts';
import { type ChunkLoaderData, connectionLoader } from './chunk-loader.ts';

serveChunks(connectionLoader(workerData as ChunkLoaderData));
