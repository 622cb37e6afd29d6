import { describe, expect, it } from 'vitest';
import { readDatabase } from '../../src/catalog/read-database.ts';
import { catalogQuery, catalogViews } from '../../src/catalog/views.ts';
import type { VersionNumber } from '../../src/compat/version.ts';
import { SqlServerError } from '../../src/connection/sql-error.ts';
import type { Database } from '../../src/model/database.ts';
import { columnsIn, viewFacts } from '../support/fake-catalog.ts';
import { everyVersion, withLoaded } from '../support/loaded.ts';

const names = Object.keys(viewFacts).filter(name => name.startsWith('sys.') && name !== 'sys.dm_os_volume_stats');

/** The error number that a query gets; 0 = none. */
const numberOf = (error: unknown): number => (error instanceof SqlServerError ? error.number : -1);

describe.each(everyVersion)('a sandbox posing as version %i', version => {
  it('has the views of that version with their columns, and no others', async () => {
    await withLoaded('', { version }, async session => {
      for (const name of names) {
        const columns = columnsIn(name, version).map(c => c.name);
        const result = await session.query(`SELECT * FROM ${name} WHERE 1 = 0`).catch(numberOf);
        if (columns.length === 0) expect([name, result]).toEqual([name, 208]);
        else
          expect([name, typeof result === 'number' ? result : result.columns.map(c => c.name)]).toEqual([
            name,
            columns,
          ]);
      }
    });
  });

  it('refuses a column that came later', async () => {
    await withLoaded('', { version }, async session => {
      for (const view of [
        'sys.databases',
        'sys.tables',
        'sys.columns',
        'sys.indexes',
        'sys.sql_modules',
        'sys.filegroups',
      ]) {
        const existing = new Set(columnsIn(view, version).map(c => c.name));
        for (const { name } of viewFacts[view]?.columns ?? []) {
          if (existing.has(name)) continue;
          expect([view, name, await session.query(`SELECT ${name} FROM ${view}`).catch(numberOf)]).toEqual([
            view,
            name,
            207,
          ]);
        }
      }
    });
  });

  it('answers every query of the catalog reader', async () => {
    await withLoaded('CREATE TABLE T (a int NULL)', { version }, async session => {
      for (const view of Object.values(catalogViews)) {
        const sql = catalogQuery(view, version);
        if (sql !== null) expect((await session.query(sql)).columns.length).toBeGreaterThan(0);
      }
    });
  });
});

/** Statements and the version that brought them; a version before answers with the error. */
const gates: readonly (readonly [since: VersionNumber, statement: string, error: number])[] = [
  [110, 'CREATE SEQUENCE S AS int', 343],
  [110, 'ALTER ROLE R ADD MEMBER u', 156],
  [110, 'CREATE DATABASE Y CONTAINMENT = NONE', 102],
  [110, 'ALTER DATABASE CURRENT SET RECOVERY SIMPLE', 102],
  [120, 'CREATE TABLE N (a int NULL, INDEX I (a))', 102],
  [130, 'DROP TABLE IF EXISTS Nothing', 156],
  [130, 'CREATE OR ALTER VIEW V AS SELECT 1 AS a', 156],
  [170, 'CREATE TABLE N (a json NULL)', 2715],
];

it.each(gates)('a statement of version %i is an error before: %s', async (since, statement, error) => {
  const before = everyVersion[everyVersion.indexOf(since) - 1];
  const script = 'CREATE ROLE R\nCREATE USER u WITHOUT LOGIN';
  await withLoaded(script, { version: since }, session => session.execute(statement));
  if (before === undefined) return;
  await withLoaded(script, { version: before }, async session => {
    expect(await session.execute(statement).catch(numberOf)).toBe(error);
  });
});

it('sp_dboption went with 2012', async () => {
  const call = "EXEC sp_dboption 'D', 'trunc. log on chkpt.', 'true'";
  await withLoaded('', { version: 105 }, async session => {
    await session.execute(call);
    const { rows } = await session.query("SELECT recovery_model_desc FROM sys.databases WHERE name = 'D'");
    expect(rows).toEqual([['SIMPLE']]);
  });
  await withLoaded('', { version: 110 }, async session => {
    expect(await session.execute(call).catch(numberOf)).toBe(2812);
  });
});

it('a database of Azure is read with what Azure gives it', async () => {
  await withLoaded('CREATE TABLE T (id int PRIMARY KEY)', { version: 170, azure: true }, async session => {
    const { tables, properties, unsupported }: Database = await readDatabase(session, 170);
    expect(tables.map(t => t.name)).toEqual(['T']);
    expect(properties.options).toMatchObject({ ALLOW_SNAPSHOT_ISOLATION: 'ON', READ_COMMITTED_SNAPSHOT: 'ON' });
    expect(unsupported.filter(o => o.severity !== 'dropped')).toEqual([]);
  });
});

it('names of system views follow the collation of the database', async () => {
  const asked = async (collation: string): Promise<readonly number[]> =>
    withLoaded('', { collation }, async session => {
      const queries = ['sys.objects', 'sys.Objects', 'SYS.objects', 'information_schema.TABLES', 'dbo.SysObjects'];
      const answers: number[] = [];
      for (const query of queries)
        answers.push(await session.execute(`SELECT 1 FROM ${query}`).then(() => 0, numberOf));
      return answers;
    });
  expect(await asked('Latin1_General_CI_AS')).toEqual([0, 0, 0, 0, 0]);
  expect(await asked('Latin1_General_CS_AS')).toEqual([0, 208, 208, 208, 208]);
});
