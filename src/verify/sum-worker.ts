/** Entry of a worker thread that sums tables, on connections of its own. */

import { serveChunks, threadData } from '../archive/serve-chunks.ts';
import type { ConnectionOptions } from '../connection/connection-options.ts';
import { type Both, connectionSummer } from './table-summer.ts';

serveChunks(connectionSummer(threadData<Both<ConnectionOptions>>()));
