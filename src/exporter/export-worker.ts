/** Entry of a worker thread that writes chunks, on a connection of its own. */

import { serveChunks, threadData } from '../archive/serve-chunks.ts';
import type { ConnectionOptions } from '../connection/connection-options.ts';
import { connectionRunner } from './chunk-runner.ts';

serveChunks(connectionRunner(threadData<{ connection: ConnectionOptions }>().connection));
