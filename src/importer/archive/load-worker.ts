/** Entry of a worker thread that loads chunks, on a connection of its own. */

import { serveChunks, threadData } from '../../archive/serve-chunks.ts';
import { type ChunkLoaderData, connectionLoader } from './chunk-loader.ts';

serveChunks(connectionLoader(threadData<ChunkLoaderData>()));
