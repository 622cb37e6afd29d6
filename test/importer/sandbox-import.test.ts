import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { openScriptStream } from '../../src/archive/script-input.ts';
import { createRowLoaders } from '../../src/importer/bulk/row-loaders.ts';
import { ImportStopped } from '../../src/importer/import-stopped.ts';
import { XpdbError } from '../../src/model/error.ts';
import { corporaAvailable, readCorpus } from '../support/corpora.ts';
import { runScript, type Sandbox, sessionOn, withSandbox } from '../support/sandbox.ts';
import { importOn, stream, textInput } from './import-on.ts';

const open = (sandbox: Sandbox) => (database: string | null) => sessionOn(sandbox, database ?? undefined);
/** Time for a loaded machine. */
const patience = 240_000;

async function ask(sandbox: Sandbox, sql: string, database?: string): Promise<readonly (readonly unknown[])[]> {
  const session = await sessionOn(sandbox, database);
  try {
    return (await session.query(sql)).rows;
  } finally {
    await session.close();
  }
}

async function withTarget(use: (sandbox: Sandbox) => Promise<void>, script = ''): Promise<void> {
  await withSandbox({ version: 160 }, async sandbox => {
    const session = await sessionOn(sandbox);
    try {
      await session.execute('CREATE DATABASE [target]');
      await session.useDatabase('target');
      if (script !== '') await runScript(session, script);
    } finally {
      await session.close();
    }
    await use(sandbox);
  });
}

async function failure(promise: Promise<unknown>): Promise<XpdbError> {
  const error = await promise.then(
    () => null,
    e => e,
  );
  if (!(error instanceof XpdbError)) throw error ?? new Error('nothing was thrown');
  return error;
}

/** Northwind as the wizard writes it: UTF-16, its database made first, with the source's paths. */
function wizardScript(): Buffer {
  const directory = 'C:\\Program Files\\Microsoft SQL Server\\MSSQL15.SQLEXPRESS\\MSSQL\\DATA';
  const head = `USE [master]
GO
/****** Object:  Database [Northwind]    Script Date: 1/2/2026 3:04:05 PM ******/
CREATE DATABASE [Northwind]
 CONTAINMENT = NONE
 ON  PRIMARY 
( NAME = N'Northwind', FILENAME = N'${directory}\\northwnd.mdf' , SIZE = 8192KB , MAXSIZE = UNLIMITED, FILEGROWTH = 65536KB )
 LOG ON 
( NAME = N'Northwind_log', FILENAME = N'${directory}\\northwnd.ldf' , SIZE = 8192KB , MAXSIZE = 2048GB , FILEGROWTH = 65536KB )
GO
ALTER DATABASE [Northwind] SET COMPATIBILITY_LEVEL = 110
GO
ALTER DATABASE [Northwind] SET RECOVERY SIMPLE 
GO
USE [Northwind]
GO
`;
  const tail = '\nGO\nUSE [master]\nGO\nALTER DATABASE [Northwind] SET  READ_WRITE \nGO\n';
  return Buffer.from(`\ufeff${head}${readCorpus('northwind')}${tail}`.replace(/\r?\n/g, '\r\n'), 'utf16le');
}

const rowCounts = `SELECT t.name, (SELECT SUM(p.rows) FROM sys.partitions AS p WHERE p.object_id = t.object_id AND p.index_id IN (0, 1))
  FROM sys.tables AS t ORDER BY t.name`;

describe.skipIf(!corporaAvailable)('sample databases', () => {
  for (const bulk of [true, false]) {
    it(
      `a script of the wizard is imported with its files elsewhere, ${bulk ? 'in bulk' : 'as statements'}`,
      async () => {
        await withSandbox({ version: 110, volumes: ['E:\\Data', 'L:\\Log'] }, async sandbox => {
          const input = openScriptStream(stream(gzipSync(wizardScript())), 'wizard.sql.gz', undefined);
          const { result } = await importOn(open(sandbox), input, {
            create: true,
            database: 'NW2',
            dataPath: 'E:\\Data',
            logPath: 'L:\\Log',
            loaders: bulk ? createRowLoaders : null,
          });
          expect(result.failures).toEqual([]);
          expect(
            await ask(sandbox, 'SELECT name, physical_name FROM sys.database_files ORDER BY file_id', 'NW2'),
          ).toEqual([
            ['NW2', 'E:\\Data\\northwnd.mdf'],
            ['NW2_log', 'L:\\Log\\northwnd.ldf'],
          ]);
          const counts = new Map((await ask(sandbox, rowCounts, 'NW2')) as [string, unknown][]);
          expect(Number(counts.get('Order Details'))).toBe(2155);
          expect(Number(counts.get('Orders'))).toBe(830);
          expect(counts.has('xpdb_import_journal')).toBe(false);
        });
      },
      patience,
    );
  }

  it(
    'Chinook is imported by its own name through zstd',
    async () => {
      await withSandbox({ version: 160 }, async sandbox => {
        const packed = zstdCompressSync(Buffer.from(readCorpus('chinook'), 'utf8'));
        const { result } = await importOn(open(sandbox), openScriptStream(stream(packed), 'chinook', undefined), {
          create: true,
          loaders: createRowLoaders,
        });
        expect(result).toMatchObject({ database: 'Chinook', rows: 15607, failures: [] });
        expect(await ask(sandbox, "SELECT COUNT(*) FROM [Track] WHERE [Name] LIKE N'%ã%'", 'Chinook')).not.toEqual([
          [0],
        ]);
      });
    },
    patience,
  );
});

const rows = (from: number, count: number) =>
  Array.from({ length: count }, (_, i) => `INSERT [dbo].[t] ([id], [x]) VALUES (${from + i}, N'row ${from + i}')`);

describe('rows', () => {
  const table = 'CREATE TABLE [dbo].[t] ([id] int IDENTITY PRIMARY KEY, [x] nvarchar(40) NOT NULL)';
  const script = (values: readonly string[], perBatch = 100) => {
    const batches: string[] = [];
    for (let i = 0; i < values.length; i += perBatch) batches.push(values.slice(i, i + perBatch).join('\n'));
    return `${table}\nGO\nSET IDENTITY_INSERT [dbo].[t] ON\nGO\n${batches.join('\nGO\n')}\nGO\nprint 'done'\nGO\nSET IDENTITY_INSERT [dbo].[t] OFF\nGO\n`;
  };

  it(
    'of many single INSERTs become loads',
    async () => {
      await withTarget(async sandbox => {
        const { result, notes } = await importOn(open(sandbox), script(rows(1, 3000)), { loaders: createRowLoaders });
        expect(result.rows).toBe(3000);
        expect(notes).toContain('done');
        expect(await ask(sandbox, 'SELECT COUNT(*), SUM([id]) FROM [t]', 'target')).toEqual([[3000, 4501500]]);
      });
    },
    patience,
  );

  it(
    'that are no literals among them run as statements, in order',
    async () => {
      await withTarget(async sandbox => {
        const values = rows(1, 1500);
        values[700] = "INSERT [dbo].[t] ([id], [x]) VALUES (701, UPPER(N'expression'))";
        values[1400] = 'INSERT [dbo].[t] ([id], [x]) VALUES (1401, (SELECT [x] FROM [dbo].[t] WHERE [id] = 701))';
        await importOn(open(sandbox), script(values), { loaders: createRowLoaders });
        expect(
          await ask(sandbox, 'SELECT [id], [x] FROM [t] WHERE [id] IN (701, 1401, 1500) ORDER BY [id]', 'target'),
        ).toEqual([
          [701, 'EXPRESSION'],
          [1401, 'EXPRESSION'],
          [1500, 'row 1500'],
        ]);
      });
    },
    patience,
  );

  it(
    'that fail as a load are reported with their own line, and nothing of the batch stays',
    async () => {
      await withTarget(async sandbox => {
        const values = rows(1, 1000);
        values[650] = "INSERT [dbo].[t] ([id], [x]) VALUES (5, N'twice')";
        const error = await failure(importOn(open(sandbox), script(values), { loaders: createRowLoaders }));
        expect(error).toBeInstanceOf(ImportStopped);
        // Two lines a batch head: the table, SET, and a GO behind each hundred rows.
        expect(error.details).toMatchObject({ number: 2627, object: '[dbo].[t]', position: { line: 5 + 650 + 6 } });
        const [[count]] = (await ask(sandbox, 'SELECT COUNT(*) FROM [t]', 'target')) as [[number]];
        expect(count).toBeLessThanOrEqual(650);
      });
    },
    patience,
  );

  it(
    'that fail are left out alone under --continue-on-error',
    async () => {
      await withTarget(async sandbox => {
        const values = rows(1, 1000);
        values[650] = "INSERT [dbo].[t] ([id], [x]) VALUES (5, N'twice')";
        const { result } = await importOn(open(sandbox), script(values), {
          loaders: createRowLoaders,
          continueOnError: true,
        });
        expect(result.failures).toHaveLength(1);
        expect(await ask(sandbox, 'SELECT COUNT(*) FROM [t]', 'target')).toEqual([[999]]);
      });
    },
    patience,
  );

  it(
    'and triggers that were on are on again after --disable-triggers',
    async () => {
      await withTarget(async sandbox => {
        const session = await sessionOn(sandbox, 'target');
        await session.execute('CREATE TABLE u (a int)');
        await session.execute('CREATE TRIGGER on1 ON u AFTER INSERT AS PRINT 1');
        await session.execute('CREATE TRIGGER off1 ON u AFTER INSERT AS PRINT 2');
        await session.execute('DISABLE TRIGGER off1 ON u');
        await session.close();
        await importOn(open(sandbox), 'INSERT u VALUES (1)\nGO\n', { disableTriggers: true });
        expect(await ask(sandbox, 'SELECT name, is_disabled FROM sys.triggers ORDER BY name', 'target')).toEqual([
          ['off1', true],
          ['on1', false],
        ]);
      });
    },
    patience,
  );
});

describe('a script with markers', () => {
  const marker = (value: object) => `-- xpdb: ${JSON.stringify(value)}\n`;
  const header = marker({
    kind: 'header',
    format: 1,
    source: { version: '2022', database: 'src', collation: null },
    target: '2022',
    options: {},
  });
  const trailer = marker({ kind: 'trailer', tables: 1, rows: 2, findings: 0 });
  const body = 'CREATE TABLE [dbo].[t] ([a] int)\nGO\nINSERT INTO [dbo].[t] ([a]) VALUES\n(1),\n(2)\nGO\n';
  const sums = (rowCount: number, rowsum: string) =>
    marker({ kind: 'table', schema: 'dbo', name: 't', columns: ['a'], rows: rowCount, rowsum });

  it(
    'whose rows are other than it says fails at the end',
    async () => {
      await withTarget(async sandbox => {
        const script = header + body + sums(3, '0'.repeat(32)) + trailer;
        const { result } = await importOn(open(sandbox), script);
        expect(result.failures.map(f => f.message)).toEqual(['[dbo].[t] has 2 rows, the script 3']);
      });
      await withTarget(async sandbox => {
        const { result } = await importOn(open(sandbox), header + body + sums(2, '0'.repeat(32)) + trailer);
        expect(result.failures[0]?.message).toContain('not with the same content');
      });
    },
    patience,
  );

  it(
    'without its trailer is incomplete',
    async () => {
      await withTarget(async sandbox => {
        expect((await failure(importOn(open(sandbox), header + body))).message).toContain('without its trailer');
        const cut = { ...textInput(header + body), ends: 'cut' as const };
        expect((await failure(importOn(open(sandbox), cut))).message).toContain('is incomplete');
      });
    },
    patience,
  );

  it(
    'runs the sections that were chosen',
    async () => {
      const script =
        header +
        marker({ kind: 'section', name: 'settings' }) +
        'SET ANSI_NULLS ON\nGO\n' +
        marker({ kind: 'section', name: 'pre-data' }) +
        'CREATE TABLE [dbo].[t] ([a] int)\nGO\n' +
        marker({ kind: 'section', name: 'data' }) +
        'INSERT [dbo].[t] VALUES (1)\nGO\n' +
        trailer;
      await withTarget(async sandbox => {
        await importOn(open(sandbox), script, { sections: ['pre-data'] });
        expect(await ask(sandbox, 'SELECT COUNT(*) FROM [t]', 'target')).toEqual([[0]]);
      });
    },
    patience,
  );
});

describe('objects that are there', () => {
  it(
    'are dropped and made anew on request, all or none',
    async () => {
      const before =
        'CREATE TABLE a (id int PRIMARY KEY)\nGO\nCREATE TABLE b (id int REFERENCES a (id))\nGO\nINSERT a VALUES (7)\nGO\n';
      await withTarget(async sandbox => {
        await importOn(
          open(sandbox),
          'CREATE TABLE a (id int PRIMARY KEY, more int)\nGO\nCREATE TABLE b (id int)\nGO\n',
          {
            onExisting: 'drop',
          },
        );
        expect(await ask(sandbox, "SELECT COUNT(*) FROM sys.columns WHERE name = N'more'", 'target')).toEqual([[1]]);
        expect(await ask(sandbox, 'SELECT COUNT(*) FROM a', 'target')).toEqual([[0]]);
      }, before);
      await withTarget(async sandbox => {
        const error = await failure(
          importOn(open(sandbox), 'CREATE TABLE a (id int PRIMARY KEY)\nGO\n', { onExisting: 'drop' }),
        );
        expect(error.message).toContain('refers to it, which the script does not make');
        expect(await ask(sandbox, 'SELECT COUNT(*) FROM a', 'target')).toEqual([[1]]);
      }, before);
    },
    patience,
  );
});

describe('a script that leaves its database to others', () => {
  const table = 'CREATE TABLE [dbo].[t] ([id] int NOT NULL)\nGO\nINSERT [dbo].[t] ([id]) VALUES (1)\nGO\n';

  it.each([
    ['uses one', `USE [Phones]\nGO\n${table}`, null, 'Phones'],
    ['uses one that gets another name', `USE [Phones]\nGO\n${table}`, 'Phones2', 'Phones2'],
    ['names none', table, 'Phones3', 'Phones3'],
  ])(
    'has it created when it %s',
    async (_, script, database, expected) => {
      await withSandbox({ version: 110, volumes: ['E:\\Data'] }, async sandbox => {
        const { result } = await importOn(open(sandbox), script, { create: true, database, dataPath: 'E:\\Data' });
        expect(result).toMatchObject({ database: expected, rows: 1, failures: [] });
        expect(await ask(sandbox, 'SELECT id FROM dbo.t', expected)).toEqual([[1]]);
        expect(await ask(sandbox, 'SELECT name, physical_name FROM sys.database_files', expected)).toContainEqual([
          expected,
          `E:\\Data\\${expected}.mdf`,
        ]);
      });
    },
    patience,
  );

  it('is refused when nothing names the database', async () => {
    await withTarget(async sandbox => {
      const error = await failure(importOn(open(sandbox), table, { create: true, database: null }));
      expect(error.exitCode).toBe(2);
      expect(error.message).toContain('neither creates nor names a database');
    });
  });
});

describe('users of logins that the target lacks', () => {
  const script = [
    'CREATE USER [anna] FOR LOGIN [anna]',
    'CREATE USER [bert]',
    'CREATE USER [PHONES\\clerks] FOR LOGIN [PHONES\\clerks] WITH DEFAULT_SCHEMA = [dbo]',
    'CREATE USER [desk] WITHOUT LOGIN',
    'CREATE ROLE [operators] AUTHORIZATION [PHONES\\clerks]',
    'GO\nCREATE SCHEMA [desk] AUTHORIZATION [anna]\nGO',
    "EXEC sp_addrolemember N'db_datareader', N'PHONES\\clerks'",
    "EXEC sp_addrolemember N'db_datareader', N'anna'",
    'GRANT VIEW DEFINITION TO [PHONES\\clerks]',
    'GRANT VIEW DEFINITION TO [anna]',
  ].join('\n');

  it('are made without login, Windows users left out with what names them, each a blocker', async () => {
    await withTarget(async sandbox => {
      const { result, findings } = await importOn(open(sandbox), script);
      expect(result.failures).toEqual([]);
      expect(findings.map(f => `${f.severity} ${f.rule} ${f.object}`)).toEqual([
        'blocker missing-login [anna]',
        'blocker missing-login [bert]',
        'blocker missing-login [PHONES\\clerks]',
      ]);
      const users = await ask(
        sandbox,
        "SELECT name, type, CASE WHEN default_schema_name IS NULL THEN '' ELSE default_schema_name END FROM sys.database_principals WHERE name IN ('anna', 'bert', 'desk', 'operators') ORDER BY name",
        'target',
      );
      expect(users.map(u => u[0])).toEqual(['anna', 'bert', 'desk', 'operators']);
      expect(
        await ask(
          sandbox,
          "SELECT USER_NAME(member_principal_id) FROM sys.database_role_members WHERE role_principal_id = USER_ID('db_datareader')",
          'target',
        ),
      ).toEqual([['anna']]);
    });
  });

  it('are mapped when the script makes the login itself', async () => {
    await withTarget(async sandbox => {
      const { findings } = await importOn(
        open(sandbox),
        "CREATE LOGIN [anna] WITH PASSWORD = N'Aa1!aaaaaa'\nGO\nCREATE USER [anna] FOR LOGIN [anna]\nGO\n",
      );
      expect(findings).toEqual([]);
      expect(
        await ask(
          sandbox,
          "SELECT COUNT(*) FROM sys.database_principals AS u JOIN sys.server_principals AS l ON l.sid = u.sid WHERE u.name = 'anna'",
          'target',
        ),
      ).toEqual([[1]]);
    });
  });
});
