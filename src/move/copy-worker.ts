/** Entry of a worker thread that carries chunks, on connections of its own. */

import { workerData } from 'node:worker_threads';
import { serveChunks } from '../archive/serve-chunks.ts';
import { type ChunkCopierData, connectionCopier } from './chunk-copier.ts';

serveChunks(connectionCopier(workerData as ChunkCopierData, null));
