/** What every thread for chunks begins with: it takes the modules from where the process keeps them compiled, or it would compile them again. */

import { enableCompileCache } from 'node:module';
import { workerData } from 'node:worker_threads';
import type { ThreadData } from './chunk-messages.ts';

const { entry, compiled } = workerData as ThreadData;
if (compiled !== null) enableCompileCache(compiled);
await import(entry);
