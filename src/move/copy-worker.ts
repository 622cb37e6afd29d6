/** Entry of a worker thread that carries chunks, on connections of its own. */

import { serveChunks, threadData } from '../archive/serve-chunks.ts';
import { type ChunkCopierData, connectionCopier } from './chunk-copier.ts';

serveChunks(connectionCopier(threadData<ChunkCopierData>(), null));
