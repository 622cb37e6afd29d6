/** Copies between two sandboxes for tests. */
import type { ConnectionOptions } from '../../src/connection/connection-options.ts';
import { copyDatabase } from '../../src/move/copy-database.ts';
import type { CopyOptions, CopyResult } from '../../src/move/copy-options.ts';
import { connectionTo, type Sandbox } from '../support/sandbox.ts';

/** A database Shop with a table of so many rows, and what stands on tables. */
export function smallShop(rows: number): string {
  const lines = Array.from({ length: rows }, (_, i) => `(${i * 3 + 1}, N'row ${i}', ${i % 7 === 0 ? 'NULL' : i / 4})`);
  const inserts = Array.from(
    { length: rows / 500 },
    (_, i) => `INSERT dbo.Many (Id, Name, Value) VALUES ${lines.slice(i * 500, i * 500 + 500).join(',')}`,
  );
  return `
CREATE DATABASE Shop
GO
USE Shop
GO
CREATE TABLE dbo.Many (Id int IDENTITY(1, 3) NOT NULL CONSTRAINT PK_Many PRIMARY KEY, Name nvarchar(40) NOT NULL, Value float NULL)
GO
CREATE TABLE dbo.Few (Id int NOT NULL CONSTRAINT PK_Few PRIMARY KEY, Many int NULL CONSTRAINT FK_Few REFERENCES dbo.Many, Text nvarchar(max) NULL, Stamp rowversion)
GO
CREATE TABLE dbo.Stamps (Stamp rowversion)
GO
CREATE INDEX IX_Many ON dbo.Many (Name) WHERE Value IS NOT NULL
GO
CREATE TRIGGER dbo.OnMany ON dbo.Many AFTER INSERT AS RETURN
GO
CREATE VIEW dbo.Names AS SELECT Name FROM dbo.Many
GO
SET IDENTITY_INSERT dbo.Many ON
GO
${inserts.join('\nGO\n')}
GO
SET IDENTITY_INSERT dbo.Many OFF
GO
INSERT dbo.Few (Id, Many, Text) VALUES (1, 1, N'it''s'), (2, NULL, N''), (3, 4, NULL)
GO
INSERT dbo.Stamps DEFAULT VALUES
INSERT dbo.Stamps DEFAULT VALUES
GO
DBCC CHECKIDENT ('dbo.Many', RESEED, 20000)
GO`;
}

export function connection(sandbox: Sandbox, database?: string): ConnectionOptions {
  return { ...connectionTo(sandbox, database), encrypt: 'mandatory' };
}

const plain: Omit<CopyOptions, 'from' | 'to' | 'signal'> = {
  target: null,
  edition: null,
  create: true,
  dataPath: 'E:\\Data',
  logPath: null,
  filestreamPath: null,
  mapFiles: new Map(),
  onExisting: 'fail',
  schemaOnly: false,
  tables: [],
  excludeTables: [],
  schemas: [],
  excludeSchemas: [],
  excludeTableData: [],
  where: [],
  owners: true,
  privileges: true,
  consistency: null,
  jobs: 2,
  chunkRows: 1_000_000,
  resume: false,
  verify: true,
  retries: { pausesMs: [] },
  report: () => undefined,
  onNote: () => undefined,
  onFinding: () => undefined,
};

export function copyOn(
  source: Sandbox,
  target: Sandbox,
  name: string,
  more: Partial<CopyOptions> = {},
): Promise<CopyResult> {
  return copyDatabase({
    ...plain,
    from: connection(source, 'Shop'),
    to: connection(target, name),
    signal: new AbortController().signal,
    ...more,
  });
}
