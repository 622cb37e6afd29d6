import { describe, expect, it } from 'vitest';
import { ImportStopped } from '../../src/importer/import-stopped.ts';
import { ExitCode, XpdbError } from '../../src/model/error.ts';
import { FakeServer } from './fake-server.ts';
import { importOn } from './import-on.ts';

const script = (...batches: string[]) => batches.map(b => `${b}\nGO\n`).join('');

async function failure(promise: Promise<unknown>): Promise<XpdbError> {
  const error = await promise.then(
    () => null,
    e => e,
  );
  if (!(error instanceof XpdbError)) throw error ?? new Error('nothing was thrown');
  return error;
}

describe('an import into a database that exists', () => {
  it('runs the batches as they stand, in order, and leaves no journal', async () => {
    const server = new FakeServer('target');
    const { result } = await importOn(
      server.open,
      script('CREATE TABLE t (a int)', '-- why\nCREATE VIEW v AS\n\nSELECT 1 AS x', 'INSERT t VALUES (1),\n(2)'),
    );
    expect(server.database('target')).toEqual({
      batches: ['CREATE TABLE t (a int)', '-- why\nCREATE VIEW v AS\n\nSELECT 1 AS x', 'INSERT t VALUES\n(1),\n(2)'],
      journal: null,
    });
    expect(result).toMatchObject({ database: 'target', batches: 2, rows: 2, failures: [] });
  });

  it('leaves out CREATE DATABASE, ALTER DATABASE, DROP DATABASE and USE, and says so', async () => {
    const server = new FakeServer('target');
    const { notes } = await importOn(
      server.open,
      script(
        'USE [master]',
        "IF EXISTS (SELECT * FROM sys.databases WHERE name = N'old') BEGIN ALTER DATABASE [old] SET OFFLINE; DROP DATABASE [old] END",
        "CREATE DATABASE [old] ON (NAME = N'old', FILENAME = N'C:\\old.mdf')",
        'ALTER DATABASE [old] SET RECOVERY SIMPLE',
        "IF (1 = FULLTEXTSERVICEPROPERTY('IsFullTextInstalled')) begin EXEC [old].[dbo].[sp_fulltext_database] @action = 'enable' end",
        'ALTER AUTHORIZATION ON DATABASE::[old] TO [sa]',
        'USE [old]',
        'CREATE TABLE t (a int)',
      ),
    );
    expect(server.database('target').batches).toEqual(['CREATE TABLE t (a int)']);
    expect(notes).toHaveLength(7);
    expect(notes.every(n => /^line \d+: left out /.test(n))).toBe(true);
  });

  it('refuses a script of several databases', async () => {
    const server = new FakeServer('target');
    const error = await failure(importOn(server.open, script('USE [a]', 'CREATE TABLE t (a int)', 'USE [b]')));
    expect(error.message).toBe('the script is for several databases ([a], [b])');
    expect(error.exitCode).toBe(ExitCode.usage);
  });

  it('names the database anew where objects are named with it', async () => {
    const server = new FakeServer('target');
    await importOn(
      server.open,
      script(
        'USE [Old]',
        "CREATE VIEW v AS SELECT a.b.c, old.dbo.f(1) AS y FROM [Old].[dbo].[t] JOIN Old..u ON 1 = 1 WHERE 'Old.dbo.t' <> N''",
        'INSERT INTO old.dbo.t (a) VALUES (1)',
        'GRANT SELECT ON OBJECT::old.dbo.t TO x',
      ),
    );
    expect(server.database('target').batches).toEqual([
      "CREATE VIEW v AS SELECT a.b.c, [target].dbo.f(1) AS y FROM [target].[dbo].[t] JOIN [target]..u ON 1 = 1 WHERE 'Old.dbo.t' <> N''",
      'INSERT INTO [target].[dbo].[t] ([a]) VALUES\n(1)',
      'GRANT SELECT ON OBJECT::[target].dbo.t TO x',
    ]);
  });

  it('refuses before anything runs when the target has an object of the script', async () => {
    const server = new FakeServer('target');
    server.objects = [['dbo', 'T']];
    const error = await failure(
      importOn(server.open, script('CREATE TABLE a (a int)', 'IF 1 = 1 BEGIN CREATE TABLE [dbo].[t] (a int) END')),
    );
    expect(error.message).toBe('database [target] already has [dbo].[T]; nothing was changed');
    expect(error.details.hint).toContain('--on-existing skip');
    expect(server.database('target')).toEqual({ batches: [], journal: null });
  });

  it('skips an object that is there with all that concerns it', async () => {
    const server = new FakeServer('target');
    server.objects = [['dbo', 'T']];
    await importOn(
      server.open,
      script(
        'IF EXISTS (SELECT 1) DROP TABLE dbo.T',
        'CREATE TABLE dbo.T (a int)',
        'CREATE TABLE dbo.U (a int)',
        'ALTER TABLE dbo.T ADD CONSTRAINT c CHECK (a > 0)',
        'CREATE INDEX i ON dbo.T (a)',
        'SET IDENTITY_INSERT dbo.T ON',
        'INSERT dbo.T VALUES (1)',
        'INSERT dbo.U VALUES (1)',
        'CREATE TRIGGER tr ON dbo.T AFTER INSERT AS RETURN',
        "EXEC sys.sp_addextendedproperty N'd', N'x', N'SCHEMA', N'dbo', N'TABLE', N'T'",
        "DBCC CHECKIDENT (N'[dbo].[T]', RESEED, 5)",
      ),
      { onExisting: 'skip' },
    );
    expect(server.database('target').batches).toEqual(['CREATE TABLE dbo.U (a int)', 'INSERT dbo.U VALUES\n(1)']);
  });
});

describe('an import that creates its database', () => {
  const create =
    "CREATE DATABASE [Old]\nON PRIMARY (NAME = N'Old', FILENAME = N'C:\\Program Files\\old.mdf', SIZE = 8MB),\nFILEGROUP [fs] CONTAINS FILESTREAM (NAME = N'Old_fs', FILENAME = N'C:\\fs')\nLOG ON (NAME = N'Old_log', FILENAME = N'C:\\Program Files\\old_log.ldf')";

  it('puts its files where the server keeps them', async () => {
    const server = new FakeServer();
    const { findings } = await importOn(server.open, script(create, 'USE [Old]', 'CREATE TABLE t (a int)'), {
      create: true,
    });
    expect(server.sent.find(b => b.startsWith('CREATE DATABASE'))).toBe(
      "CREATE DATABASE [Old]\nON PRIMARY (NAME = N'Old', FILENAME = N'D:\\Data\\old.mdf', SIZE = 8MB),\nFILEGROUP [fs] CONTAINS FILESTREAM (NAME = N'Old_fs', FILENAME = N'D:\\Data\\fs')\nLOG ON (NAME = N'Old_log', FILENAME = N'L:\\Log\\old_log.ldf')",
    );
    expect(server.database('Old').batches).toEqual(['CREATE TABLE t (a int)']);
    expect(findings.filter(f => f.rule === 'file-path').map(f => f.object)).toEqual(['[Old]', '[Old_fs]', '[Old_log]']);
  });

  it('renames it with its files, and places each by option', async () => {
    const server = new FakeServer();
    await importOn(
      server.open,
      script(
        create,
        "ALTER DATABASE [old] ADD FILE (NAME = N'Old_2', FILENAME = N'E:\\x\\old.mdf') TO FILEGROUP [fs]",
        "ALTER DATABASE Old ADD LOG FILE (NAME = 'extra', FILENAME = 'E:\\y\\extra.ldf')",
        'ALTER DATABASE [Old] SET READ_ONLY',
        'USE Old',
      ),
      {
        create: true,
        database: 'New',
        dataPath: '/var/data',
        logPath: '/var/log/',
        filestreamPath: '/var/fs',
        mapFiles: new Map([['Old_fs', '/mnt/streams']]),
      },
    );
    expect(server.sent.filter(b => b.includes('DATABASE'))).toEqual([
      "CREATE DATABASE [New]\nON PRIMARY (NAME = N'New', FILENAME = N'/var/data/New.mdf', SIZE = 8MB),\nFILEGROUP [fs] CONTAINS FILESTREAM (NAME = N'New_fs', FILENAME = N'/mnt/streams')\nLOG ON (NAME = N'New_log', FILENAME = N'/var/log/New_log.ldf')",
      "ALTER DATABASE [New] ADD FILE (NAME = N'New_2', FILENAME = N'/var/fs/New.mdf') TO FILEGROUP [fs]",
      "ALTER DATABASE [New] ADD LOG FILE (NAME = 'extra', FILENAME = N'/var/log/extra.ldf')",
      'ALTER DATABASE [New] SET READ_ONLY',
    ]);
  });

  it('warns of a place for a file that the script does not make', async () => {
    const warnings: string[] = [];
    const mapFiles = new Map([
      ['OLD_FS', '/mnt/streams'],
      ['Old_sf', '/mnt/streams2'],
    ]);
    const onWarning = (text: string) => void warnings.push(text);
    await importOn(new FakeServer().open, script(create), { create: true, mapFiles, onWarning });
    expect(warnings.splice(0)).toEqual(['--map-file Old_sf has no effect: the script has no such file']);
    await importOn(new FakeServer('target').open, script(create), { mapFiles, onWarning });
    expect(warnings).toEqual([
      '--map-file OLD_FS has no effect: without --create no file is made',
      '--map-file Old_sf has no effect: without --create no file is made',
    ]);
  });

  it('writes file clauses where the script has none and a directory is named', async () => {
    const server = new FakeServer();
    await importOn(server.open, script('CREATE DATABASE x COLLATE Latin1_General_CI_AS'), {
      create: true,
      dataPath: 'E:\\d',
    });
    expect(server.sent.find(b => b.startsWith('CREATE DATABASE'))).toBe(
      "CREATE DATABASE x\nON PRIMARY (NAME = N'x', FILENAME = N'E:\\d\\x.mdf')\nLOG ON (NAME = N'x_log', FILENAME = N'E:\\d\\x_log.ldf') COLLATE Latin1_General_CI_AS",
    );
  });

  it('refuses a database that exists, and never drops one by the script', async () => {
    const server = new FakeServer('Old');
    const error = await failure(importOn(server.open, script('DROP DATABASE [Old]', create), { create: true }));
    expect(error.message).toBe('database [Old] exists; nothing was changed');
    // A copy has no -d.
    expect(error.details.hint).toMatch(/^choose another name for the database, leave --create out/);
    expect(server.sent).toEqual([]);
  });
});

describe('errors', () => {
  it('stop with file, line, object, number and the state, and what failed is undone', async () => {
    const server = new FakeServer('target');
    server.fault = batch => (batch.includes('bad') ? 547 : null);
    const error = await failure(
      importOn(
        server.open,
        script(
          'CREATE TABLE t (a int)',
          '\n\nALTER TABLE dbo.bad ADD CONSTRAINT c CHECK (a > 0)',
          'CREATE TABLE u (a int)',
        ),
      ),
    );
    expect(error).toBeInstanceOf(ImportStopped);
    expect(error.details).toMatchObject({
      number: 547,
      object: '[dbo].[bad]',
      position: { file: 'script.sql', line: 5, column: 1 },
    });
    expect(error.details.hint).toContain('[target] holds 1 batches and 0 rows');
    expect(server.database('target').batches).toEqual(['CREATE TABLE t (a int)']);
    expect(server.database('target').journal).not.toBeNull();
  });

  it('are collected under --continue-on-error', async () => {
    const server = new FakeServer('target');
    server.fault = batch => (batch.includes('bad') ? 547 : null);
    const { result } = await importOn(server.open, script('bad 1', 'CREATE TABLE t (a int)', 'bad 2'), {
      continueOnError: true,
    });
    expect(result.failures.map(f => f.details.position?.line)).toEqual([1, 5]);
    expect(server.database('target')).toEqual({ batches: ['CREATE TABLE t (a int)'], journal: null });
  });

  it('behind the life of a temporary table undo nothing of it', async () => {
    const life = ['CREATE TABLE #t (a int)', 'INSERT #t SELECT 1', 'INSERT x SELECT a FROM #t', 'DROP TABLE #t'];
    const server = new FakeServer('target');
    server.fault = batch => (batch.includes('bad') ? 547 : null);
    const { result } = await importOn(server.open, script('CREATE TABLE x (a int)', ...life, 'bad', 'PRINT 1 + 1'), {
      continueOnError: true,
    });
    expect(result.failures.map(f => f.details.position?.line)).toEqual([11]);
    expect(server.database('target').batches).toEqual(['CREATE TABLE x (a int)', ...life, 'PRINT 1 + 1']);

    const waiting = new FakeServer('target');
    waiting.fault = batch => (batch.includes('VIEW') && !waiting.sent.some(b => b.includes('PRINT')) ? 208 : null);
    await importOn(waiting.open, script(...life, 'CREATE VIEW v AS SELECT * FROM x', 'PRINT 1 + 1'));
    expect(waiting.database('target').batches.toSorted()).toEqual(
      [...life, 'CREATE VIEW v AS SELECT * FROM x', 'PRINT 1 + 1'].toSorted(),
    );
  });

  it('of missing references are retried until nothing passes any more', async () => {
    const server = new FakeServer('target');
    const has = (name: string) => server.database('target').batches.some(b => b.startsWith(`CREATE VIEW ${name} `));
    server.fault = batch => {
      const needs = /FROM (\w)/.exec(batch)?.[1];
      return needs && needs !== 't' && !has(needs) ? 208 : null;
    };
    await importOn(
      server.open,
      script(
        'CREATE VIEW a AS SELECT * FROM b',
        'CREATE VIEW b AS SELECT * FROM c',
        'CREATE VIEW c AS SELECT * FROM t',
        'PRINT 1 + 1',
      ),
    );
    expect(server.database('target').batches.map(b => b.slice(0, 13))).toEqual([
      'CREATE VIEW c',
      'PRINT 1 + 1',
      'CREATE VIEW b',
      'CREATE VIEW a',
    ]);
  });

  it('of references that stay missing are the end, with the first of them', async () => {
    const server = new FakeServer('target');
    server.fault = batch => (batch.includes('FROM gone') ? 208 : null);
    const error = await failure(
      importOn(server.open, script('CREATE VIEW a AS SELECT * FROM gone', 'CREATE TABLE t (a int)')),
    );
    expect(error.details).toMatchObject({ number: 208, position: { line: 1 } });
    expect(server.database('target').batches).toEqual(['CREATE TABLE t (a int)']);
  });

  it('of a deadlock are retried', async () => {
    const server = new FakeServer('target');
    let deadlocks = 2;
    server.fault = batch => (batch.includes('INSERT t') && deadlocks-- > 0 ? 1205 : null);
    const { notes } = await importOn(server.open, script('CREATE TABLE t (a int)', 'INSERT t VALUES (1)'));
    expect(server.database('target').batches).toEqual(['CREATE TABLE t (a int)', 'INSERT t VALUES\n(1)']);
    expect(notes.some(n => n.includes('try 2 of'))).toBe(true);
  });
});

describe('transactions of the script', () => {
  it('are never cut', async () => {
    const server = new FakeServer('target');
    server.fault = batch => (batch === 'second' ? 50000 : null);
    const error = await failure(
      importOn(server.open, script('before', 'BEGIN TRANSACTION', 'first', 'second', 'COMMIT')),
    );
    expect(error.details.position?.line).toBe(7);
    expect(server.database('target').batches).toEqual(['before']);
  });

  it('that are never committed are an error', async () => {
    const server = new FakeServer('target');
    const error = await failure(importOn(server.open, script('before', 'BEGIN TRANSACTION', 'first')));
    expect(error.message).toContain('never committed');
    expect(server.database('target').batches).toEqual(['before']);
  });
});

describe('a second import', () => {
  it('into the same target at once is refused', async () => {
    const server = new FakeServer('target');
    server.locks.add('target');
    const error = await failure(importOn(server.open, script('CREATE TABLE t (a int)')));
    expect(error.message).toBe('another import into [target] is running');
  });

  it('after one that stopped is refused without --resume', async () => {
    const server = new FakeServer('target');
    server.fault = batch => (batch === 'bad' ? 50000 : null);
    const text = script('one', 'bad', 'two');
    await failure(importOn(server.open, text));
    server.fault = () => null;
    expect((await failure(importOn(server.open, text))).message).toContain('was begun and not finished');
    await importOn(server.open, text, { resume: true });
    expect(server.database('target')).toEqual({ batches: ['one', 'bad', 'two'], journal: null });
  });
});

describe('an import that is cut at any moment', () => {
  const text = script(
    'SET ANSI_NULLS ON',
    "CREATE DATABASE [db] ON (NAME = N'db', FILENAME = N'C:\\db.mdf')",
    'ALTER DATABASE [db] SET RECOVERY SIMPLE',
    'USE [db]',
    'CREATE TABLE t (a int)',
    'SET IDENTITY_INSERT t ON',
    'INSERT t (a) VALUES (1),(2)',
    'INSERT t (a) VALUES (3)',
    'SET IDENTITY_INSERT t OFF',
    'BEGIN TRANSACTION',
    'UPDATE t SET a = 4',
    'COMMIT TRANSACTION',
    'CREATE TABLE #x (a int)',
    'UPDATE #x SET a = 1',
    'INSERT t SELECT a FROM #x',
    'DROP TABLE #x',
    'CREATE VIEW v AS SELECT * FROM t',
  );
  const whole = async () => {
    const server = new FakeServer();
    await importOn(server.open, text, { create: true });
    return server;
  };

  for (const when of ['cut before', 'cut after'] as const) {
    it(`(${when} a batch) goes on by itself and with --resume to the same end`, async () => {
      const undisturbed = await whole();
      for (let cut = 0; cut < undisturbed.sent.length; cut++) {
        // Once by its own reconnecting, once by a new process.
        for (const reconnects of [true, false]) {
          const server = new FakeServer();
          let at = 0;
          server.fault = () => (at++ === cut ? when : null);
          let down = false;
          const open = async (database: string | null) => {
            if (at > cut && !reconnects && !down) {
              down = true;
              throw new XpdbError('the server is gone', { exitCode: ExitCode.interrupted });
            }
            if (down && !reconnects) throw new XpdbError('the server is gone', { exitCode: ExitCode.interrupted });
            return server.open(database);
          };
          await importOn(open, text, { create: true, signal: AbortSignal.timeout(5000) }).catch(error => {
            if (!(error instanceof XpdbError)) throw error;
          });
          const database = server.databases.get('db');
          if (database === undefined || database.journal !== null || !database.batches.some(b => b.includes('VIEW'))) {
            await importOn(server.open, text, { create: true, resume: true });
          }
          expect({ cut, when, reconnects, state: server.database('db') }).toEqual({
            cut,
            when,
            reconnects,
            state: undisturbed.database('db'),
          });
        }
      }
    }, 120_000);
  }
});
