/** A sandbox with a database to export, and how it is exported in tests. */

import type { DirectoryOptions } from '../../src/exporter/directory-options.ts';
import { loadScript, openSandbox, type Sandbox } from '../support/sandbox.ts';
import { exportOptions } from './shop.ts';

/** 3,000 rows in three tables: an integer key with gaps, a text key, a heap. */
const script = `
CREATE TABLE dbo.Calls (id int IDENTITY(10,7) NOT NULL CONSTRAINT PK_Calls PRIMARY KEY, note nvarchar(40) NULL, cost decimal(9,2) NOT NULL)
CREATE TABLE dbo.[Odd ]] name] (code nvarchar(20) NOT NULL CONSTRAINT PK_Odd PRIMARY KEY CLUSTERED, n int NULL)
CREATE TABLE dbo.Heap (n int NULL)
GO
`;

const calls = Array.from({ length: 20 }, (_, b) => {
  const rows = Array.from({ length: 100 }, (_, i) => `(N'call ${b * 100 + i}', ${b * 100 + i}.25)`);
  return `INSERT dbo.Calls (note, cost) VALUES\n${rows.join(',\n')}\nGO\n`;
}).join('');
export const oddRows = `INSERT dbo.[Odd ]] name] (code, n) VALUES\n${Array.from({ length: 700 }, (_, i) => `(N'k${i}', ${i % 3 === 0 ? 'NULL' : i})`).join(',\n')};\n`;
export const heapRows = `INSERT dbo.Heap (n) VALUES\n${Array.from({ length: 300 }, (_, i) => `(${i % 5})`).join(',\n')}`;

export async function openSource(): Promise<Sandbox> {
  const sandbox = await openSandbox({ version: 150 });
  await loadScript(sandbox, 'CREATE DATABASE Phones');
  await loadScript(sandbox, `${script}${calls}${oddRows}GO\n${heapRows}`, 'Phones');
  return sandbox;
}

export const directoryOptions: DirectoryOptions = {
  ...exportOptions,
  dataFormat: 'sql',
  compression: { kind: 'none', level: null },
  jobs: 1,
  chunkRows: 250,
  resume: false,
  overwrite: false,
  shard: null,
  databaseSnapshot: null,
  retries: { pausesMs: [10, 20, 50] },
  onSnapshotKept: () => undefined,
  onNote: () => undefined,
};
