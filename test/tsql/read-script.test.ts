import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readDatabase } from '../../src/catalog/read-database.ts';
import type { Database } from '../../src/model/database.ts';
import { scriptDatabase } from '../../src/scripter/script-database.ts';
import { scriptReseed } from '../../src/scripter/table-data.ts';
import { readScriptText } from '../../src/tsql/read-script.ts';
import { compareSchemas } from '../../src/verify/schema-differences.ts';
import { arbitraryModel } from '../support/arbitrary-model.ts';
import { corporaAvailable, readCorpus } from '../support/corpora.ts';
import { loadScript, sessionOn, withSandbox } from '../support/sandbox.ts';

/** The script of a model, as an export writes it without rows. */
function scriptOf(database: Database): string {
  const { entries } = scriptDatabase(database, { target: 160, owners: true, privileges: true });
  const section = (name: string) => entries.filter(e => e.section === name).flatMap(e => e.batches);
  const reseeds = database.tables.flatMap(t => scriptReseed(t, false));
  const batches = [
    ...section('database'),
    ...section('pre-data'),
    ...reseeds,
    ...section('post-data'),
    ...section('state'),
  ];
  return batches.map(batch => `${batch}\r\nGO\r\n`).join('');
}

describe('a script as a model', () => {
  it('gives back the model that it was made from', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryModel, async model => {
        const read = await readScriptText(scriptOf(model));
        expect(compareSchemas(model, read).differences).toEqual([]);
        expect(read).toEqual(model);
      }),
      // Shrinking a model takes long and tells little: the seed is printed.
      { numRuns: 300, endOnFailure: true },
    );
  }, 300_000);
});

describe('what a script makes', () => {
  const read = (script: string) => readScriptText(script);
  const tables = async (script: string) => (await read(script)).tables.map(t => `${t.schema}.${t.name}`);

  it('takes of existence checks that nothing is there', async () => {
    const script = `
      IF EXISTS (SELECT * FROM sys.objects WHERE name = 'old') DROP TABLE old
      GO
      IF NOT EXISTS (SELECT * FROM sys.objects WHERE name = 'a') BEGIN CREATE TABLE a (x int) END
      GO
      IF OBJECT_ID('dbo.b') IS NULL CREATE TABLE b (x int) ELSE CREATE TABLE wrong (x int)
      GO
      IF OBJECT_ID('dbo.b') IS NOT NULL DROP TABLE b2
      GO
      IF NOT EXISTS (SELECT 1) EXEC dbo.sp_executesql @statement = N'CREATE VIEW dbo.v AS SELECT 1 AS [it''s]'
      GO`;
    const model = await read(script);
    expect(model.tables.map(t => t.name)).toEqual(['a', 'b']);
    expect(model.views.map(v => v.definition)).toEqual(["CREATE VIEW dbo.v AS SELECT 1 AS [it's]"]);
    expect(model.unsupported).toEqual([]);
  });

  it('names definitions of which it is not known whether they run', async () => {
    const model = await read(
      "PRINT 1\nIF @@VERSION LIKE N'%x%' CREATE TABLE t (a int)\nGO\nWHILE 1 = 1 CREATE TABLE u (a int)",
    );
    expect(model.tables).toEqual([]);
    expect(model.unsupported).toEqual([
      { kind: 'definition under a condition', object: 'script:2:1' },
      { kind: 'definition under a condition', object: 'script:4:1' },
    ]);
  });

  it('names what it cannot read, and goes on behind it', async () => {
    const model = await read('CREATE TABLE a (x int,,)\nGO\nCREATE TABLE b (x int)\nGO');
    expect(model.tables.map(t => t.name)).toEqual(['b']);
    expect(model.unsupported).toEqual([
      {
        kind: expect.stringContaining("statement that can't be read: incorrect syntax near ','"),
        object: 'script:1:23',
      },
    ]);
  });

  it('runs constant text of EXEC and blocks of TRY', async () => {
    const script = `EXEC ('CREATE TABLE a (x int)'); EXECUTE (N'CREATE TABLE ' + N'b (x int)')
      GO
      BEGIN TRY CREATE TABLE c (x int) END TRY BEGIN CATCH CREATE TABLE d (x int) END CATCH`;
    expect(await tables(script)).toEqual(['dbo.a', 'dbo.b', 'dbo.c']);
  });

  it('knows what constants variables were set to, batch by batch', async () => {
    const script = `CREATE TABLE t (a int)
      GO
      DECLARE @v sql_variant = CAST(5 AS smallint), @n sysname; SET @n = N'no' + N'te'
      EXEC sp_addextendedproperty @n, @v, 'schema', 'dbo', 'table', 't'
      GO
      EXEC sp_addextendedproperty 'x', @v
      GO`;
    const model = await read(script);
    expect(model.extendedProperties).toEqual([
      {
        name: 'note',
        value: 'CAST(5 AS smallint)',
        levels: [
          { type: 'SCHEMA', name: 'dbo' },
          { type: 'TABLE', name: 't' },
        ],
      },
    ]);
    expect(model.unsupported.map(u => u.kind)).toEqual([
      'call of sp_addextendedproperty with values that are known only when it runs',
    ]);
  });

  it('tells by RESEED which identity value was the last', async () => {
    const last = async (script: string) => (await read(script)).tables[0]?.columns[0]?.identity?.lastValue;
    const table = 'CREATE TABLE t (a int IDENTITY(1, 5), b int)\nGO\n';
    expect(await last(table)).toBeNull();
    expect(await last(`${table}DBCC CHECKIDENT (N'[dbo].[t]', RESEED, 10)`)).toBe('5');
    expect(await last(`${table}INSERT t (b) VALUES (1)\nGO\nDBCC CHECKIDENT ('t', RESEED, 10) WITH NO_INFOMSGS`)).toBe(
      '10',
    );
    expect(await last(`${table}INSERT t (b) SELECT 1\nGO\nDBCC CHECKIDENT (t, RESEED, -7)`)).toBe('-7');
  });

  it('keeps the settings under which things were made', async () => {
    const script = `SET ANSI_NULLS, QUOTED_IDENTIFIER OFF
      GO
      CREATE PROCEDURE p AS SELECT 1
      GO
      SET ANSI_NULLS ON; SET QUOTED_IDENTIFIER ON; SET ANSI_PADDING OFF
      GO
      CREATE TABLE t (a char(5), b varchar(max), c int, d nvarchar(5))
      ALTER VIEW v AS SELECT 1 AS a
      GO`;
    const model = await read(script);
    expect(model.procedures[0]).toMatchObject({ ansiNulls: false, quotedIdentifier: false });
    expect(model.tables[0]).toMatchObject({ ansiNulls: true });
    expect(model.tables[0]?.columns.map(c => c.ansiPadded)).toEqual([false, true, true, true]);
  });

  it('finishes views that began as stubs', async () => {
    const model = await read('CREATE VIEW v AS SELECT CAST(NULL AS int) AS a\nGO\nALTER VIEW v AS SELECT a FROM t\nGO');
    expect(model.views.map(v => v.definition)).toEqual(['CREATE VIEW v AS SELECT a FROM t']);
  });

  it('follows constraints through their states', async () => {
    const state = async (...statements: string[]) => {
      const create = 'CREATE TABLE t (a int, CONSTRAINT c CHECK (a > 0))';
      const [check] = (await read([create, ...statements].join('\nGO\n'))).tables[0]!.checks;
      return [check?.disabled, check?.trusted];
    };
    expect(await state()).toEqual([false, true]);
    expect(await state('ALTER TABLE t NOCHECK CONSTRAINT c')).toEqual([true, false]);
    expect(await state('ALTER TABLE t NOCHECK CONSTRAINT ALL', 'ALTER TABLE t CHECK CONSTRAINT c')).toEqual([
      false,
      false,
    ]);
    expect(await state('ALTER TABLE t NOCHECK CONSTRAINT c', 'ALTER TABLE t WITH CHECK CHECK CONSTRAINT ALL')).toEqual([
      false,
      true,
    ]);
  });

  it('tells names apart by case where the collation does, or the script does', async () => {
    const insensitive = 'CREATE TABLE T (A int)\nGO\nALTER TABLE t ADD CONSTRAINT k PRIMARY KEY (a)\nGO';
    expect((await read(insensitive)).tables[0]?.keys[0]?.columns).toEqual([{ name: 'A', descending: false }]);
    expect(await tables('CREATE TABLE T (a int)\nGO\nCREATE TABLE t (a int)\nGO')).toEqual(['dbo.T', 'dbo.t']);
    const sensitive = `CREATE DATABASE d COLLATE Latin1_General_CS_AS\nGO\nUSE d\nGO\n${insensitive}`;
    expect((await read(sensitive)).unsupported).toHaveLength(1);
  });

  it('keeps to one database', async () => {
    const script = `USE master\nGO\nCREATE DATABASE d\nGO\nUSE [master]\nGO\nCREATE TABLE lost (a int)\nGO\nUSE d\nGO\nCREATE TABLE t (a int)\nGO`;
    const model = await read(script);
    expect([model.properties.name, model.tables.map(t => t.name)]).toEqual(['d', ['t']]);
    expect(model.unsupported).toEqual([{ kind: 'object in another database', object: '[lost]' }]);
    await expect(read('CREATE DATABASE a\nGO\nCREATE DATABASE b\nGO')).rejects.toThrow(
      /more than one database: \[a\], \[b\]/,
    );
  });

  it('renames as the server does', async () => {
    const script = `CREATE TABLE t (a int CONSTRAINT d DEFAULT 1, CONSTRAINT k PRIMARY KEY (a))
      GO
      CREATE INDEX i ON t (a)
      GO
      EXEC sp_rename 't.a', 'b', 'COLUMN'
      EXEC sp_rename N'dbo.t.i', N'j', N'INDEX'
      EXEC sp_rename 'k', 'pk', 'OBJECT'
      EXEC sp_rename 't', 'u'
      GO`;
    const [table] = (await read(script)).tables;
    expect(table).toMatchObject({
      name: 'u',
      columns: [{ name: 'b' }],
      keys: [{ name: 'pk', columns: [{ name: 'b' }] }],
      indexes: [{ name: 'j', columns: [{ name: 'b' }] }],
    });
  });

  it('reads the old system procedures', async () => {
    const script = `EXEC sp_addtype id, 'varchar(11)', 'NOT NULL'
      EXEC sp_addrole 'clerks'
      EXEC sp_grantdbaccess 'bob', 'bobby'
      EXEC sp_addrolemember 'clerks', 'bobby'
      EXEC sp_dboption 'd', 'trunc. log on chkpt.', 'true'
      EXEC sp_dbcmptlevel 'd', 90
      GO`;
    const model = await read(script);
    expect(model.aliasTypes[0]).toMatchObject({
      schema: 'dbo',
      name: 'id',
      nullable: false,
      baseType: { name: 'varchar', length: 11 },
    });
    expect(model.users[0]).toMatchObject({ name: 'bobby', login: 'bob' });
    expect(model.memberships).toEqual([{ role: 'clerks', member: 'bobby' }]);
    expect(model.properties).toMatchObject({ compatibilityLevel: 90, options: { RECOVERY: 'SIMPLE' } });
  });

  it('has later permissions replace earlier ones', async () => {
    const granted = async (...statements: string[]) =>
      (await read(`CREATE TABLE t (a int, b int)\nGO\n${statements.join('\nGO\n')}`)).permissions.map(
        p => `${p.state} ${p.permission} ${p.securable.columns.join()} ${p.grantee}`,
      );
    expect(await granted('GRANT SELECT ON t TO u', 'DENY SELECT ON t TO u')).toEqual(['DENY SELECT  u']);
    expect(await granted('GRANT SELECT, INSERT ON t TO u', 'REVOKE SELECT ON t FROM u')).toEqual(['GRANT INSERT  u']);
    expect(await granted('GRANT SELECT ON t TO u', 'REVOKE SELECT ON t (a) FROM u')).toEqual([
      'GRANT SELECT  u',
      'REVOKE SELECT a u',
    ]);
  });

  it.each<[string, boolean]>([
    ['DEFAULT VALUES', true],
    ["(a, b) SELECT 1, CONVERT(xml, N'<a/>', 1)", true],
    ['(a) SELECT (SELECT TOP (1) a FROM u);', true],
    ['(a, b) SELECT [v1].[value], [v2].[value] FROM [#xpdb_value_1] AS [v1] CROSS JOIN [#xpdb_value_2] AS [v2];', true],
    ['(a) SELECT a FROM u', false],
    ['(a) SELECT [v1].[value] FROM [#xpdb_value_1] AS [v1] CROSS JOIN u', false],
    ['(a) SELECT [v1].[value] FROM [#xpdb_value_1] AS [v1] WHERE 1 = 0', false],
    ['(a) SELECT 1 UNION ALL SELECT 2', false],
    ['(a) SELECT 1 WHERE 1 = 0', false],
    ['(a) SELECT TOP (0) 1', false],
    ['(a) EXEC p', false],
    ['SELECT 1 UNION SELECT 2', false],
  ])('tells of INSERT t %s whether it is one row for certain', async (rest, oneRow) => {
    const told: [string, boolean][] = [];
    const otherInsert = (table: { readonly name: string }, one: boolean) => told.push([table.name, one]);
    await readScriptText(`CREATE TABLE t (a int)\nGO\nINSERT t ${rest}\nGO`, { visitor: { otherInsert } });
    expect(told).toEqual([['t', oneRow]]);
  });

  it.skipIf(!corporaAvailable).each(['northwind', 'pubs', 'chinook'] as const)(
    'is what the sandbox has after it ran %s (sample databases)',
    async name => {
      const script = readCorpus(name);
      await withSandbox({ version: 160 }, async sandbox => {
        const session = await sessionOn(sandbox);
        try {
          if (name === 'northwind') await session.execute('CREATE DATABASE northwind; ');
          await loadScript(sandbox, script, name === 'northwind' ? name : undefined);
          await session.useDatabase(name);
          const live = await readDatabase(session, 160);
          expect(compareSchemas(live, await read(script), { partialOptions: true }).differences).toEqual([]);
        } finally {
          await session.close();
        }
      });
    },
    300_000,
  );

  it('is what the sandbox has after it ran the telephony database', async () => {
    const script = readFileSync(new URL('../../examples/telephony.sql', import.meta.url), 'utf8');
    await withSandbox({ version: 160, volumes: ['D:\\', 'L:\\'] }, async sandbox => {
      await loadScript(sandbox, script);
      const session = await sessionOn(sandbox, 'Telephony');
      try {
        const live = await readDatabase(session, 160);
        expect(compareSchemas(live, await read(script), { partialOptions: true }).differences).toEqual([]);
      } finally {
        await session.close();
      }
    });
  }, 300_000);
});
