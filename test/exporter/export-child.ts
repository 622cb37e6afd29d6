/** A process of its own that exports into a folder, to be killed by the test that started it. */

import { openSession } from '../../src/connection/connect.ts';
import type { ConnectionOptions } from '../../src/connection/connection-options.ts';
import { exportDirectory } from '../../src/exporter/export-directory.ts';
import { directoryOptions } from './phones.ts';

const { connection, folder, jobs } = JSON.parse(process.argv[2]!) as {
  connection: ConnectionOptions;
  folder: string;
  jobs: number;
};
const session = await openSession(connection);
await exportDirectory(
  session,
  connection,
  folder,
  { ...directoryOptions, jobs, chunkRows: 150, resume: true },
  new AbortController().signal,
);
await session.close();
