/** Entry of a worker thread that writes chunks, on a connection of its own. */

import { serveChunks, threadData } from '../archive/serve-chunks.ts';
import { type ChunkExporterData, connectionRunner } from './chunk-runner.ts';

serveChunks(connectionRunner(threadData<ChunkExporterData>()));
