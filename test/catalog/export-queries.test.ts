import { describe, expect, it } from 'vitest';
import { readIdentityValues } from '../../src/catalog/identity-values.ts';
import { readRowAccess } from '../../src/catalog/row-access.ts';
import { readSnapshotSupport } from '../../src/catalog/snapshot-support.ts';
import { readTableSizes } from '../../src/catalog/table-size.ts';
import type { VersionNumber } from '../../src/compat/version.ts';
import { fakeSession } from '../exporter/fake-session.ts';
import { loadScript, sessionOn, withSandbox } from '../support/sandbox.ts';

const script = `
CREATE DATABASE Shop
GO
USE Shop
GO
CREATE SCHEMA [odd.name]
GO
CREATE TABLE [odd.name].[It]]ems] (id int IDENTITY(5,5) PRIMARY KEY, code nvarchar(10) NULL)
CREATE TABLE dbo.Never (id bigint IDENTITY PRIMARY KEY)
INSERT [odd.name].[It]]ems] (code) VALUES (N'a'), (N'b')
GO
ALTER DATABASE Shop SET ALLOW_SNAPSHOT_ISOLATION ON
GO
`;

describe.each<VersionNumber>([100, 105, 110, 120, 130, 140, 150, 160, 170])('version %i', version => {
  it('answers what an export asks of it', () =>
    withSandbox({ version }, async sandbox => {
      await loadScript(sandbox, script);
      const session = await sessionOn(sandbox, 'Shop');
      const access = await readRowAccess(session, version);
      expect([...access.withoutSelect, ...access.masked, ...access.encrypted, ...access.filtered]).toEqual([]);
      expect(await readIdentityValues(session)).toEqual(
        new Map([
          ['[odd.name].[It]]ems]', '10'],
          ['[dbo].[Never]', null],
        ]),
      );
      const sizes = await readTableSizes(session);
      expect(sizes.get('[odd.name].[It]]ems]')).toMatchObject({ rows: 2, partitions: new Map([[1, 2]]) });
      const support = await readSnapshotSupport(session);
      expect(support).toMatchObject({
        snapshotIsolation: true,
        unchanging: false,
        filestream: false,
        memoryOptimized: false,
      });
      expect(support.files.map(f => f.logicalName)).toEqual(['Shop']);
      await session.execute('ALTER DATABASE Shop SET READ_ONLY');
      expect((await readSnapshotSupport(session)).unchanging).toBe(true);
      await session.close();
    }));
});

describe('what a log-in may not read', () => {
  const session = (unmask: 0 | 1) =>
    fakeSession({
      query: sql => {
        if (sql.includes('sys.tables')) {
          return [
            { schema: 'dbo', table: 'Open', allowed: 1 },
            { schema: 'dbo', table: 'Closed', allowed: 0 },
            { schema: 'dbo', table: 'Gone', allowed: null },
          ];
        }
        if (sql.includes('sys.columns')) {
          return [
            { schema: 'dbo', table: 'Open', name: 'mail', is_masked: true, encryption_type: null, unmask },
            { schema: 'dbo', table: 'Open', name: 'phone', is_masked: true, encryption_type: null, unmask },
            { schema: 'dbo', table: 'Safe', name: 'ssn', is_masked: false, encryption_type: 1, unmask },
          ];
        }
        if (sql.includes('sys.security_policies')) return [{ object_id: 7, name: 'Own]rows' }];
        if (sql.includes('sys.security_predicates')) {
          return [
            { object_id: 7, schema: 'dbo', table: 'Open' },
            { object_id: 8, schema: 'dbo', table: 'Other' },
          ];
        }
        return undefined;
      },
    });

  it('is told by table', async () => {
    const access = await readRowAccess(session(0), 150);
    expect(access.withoutSelect).toEqual(new Set(['[dbo].[Closed]', '[dbo].[Gone]']));
    expect(access.masked).toEqual(new Map([['[dbo].[Open]', ['[mail]', '[phone]']]]));
    expect(access.encrypted).toEqual(new Map([['[dbo].[Safe]', ['[ssn]']]]));
    expect(access.filtered).toEqual(new Map([['[dbo].[Open]', '[Own]]rows]']]));
  });

  it('is nothing masked for whoever has UNMASK, asked of each column from 2022 on', async () => {
    const own = session(1);
    expect((await readRowAccess(own, 160)).masked).toEqual(new Map());
    expect(own.ran.find(sql => sql.includes('sys.columns'))).toContain("'COLUMN')");
    const older = session(1);
    await readRowAccess(older, 150);
    expect(older.ran.find(sql => sql.includes('sys.columns'))).toContain(
      "HAS_PERMS_BY_NAME(DB_NAME(), 'DATABASE', 'UNMASK')",
    );
  });

  it('is asked of no view that the version lacks', async () => {
    const own = session(1);
    await readRowAccess(own, 120);
    expect(own.ran).toHaveLength(1);
  });
});
