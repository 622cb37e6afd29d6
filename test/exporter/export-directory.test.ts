import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openArchive } from '../../src/archive/archive-reader.ts';
import { checkArchive } from '../../src/archive/check-archive.ts';
import { mergeArchive } from '../../src/archive/merge-archive.ts';
import type { Session } from '../../src/connection/session.ts';
import { sumRows } from '../../src/connection/sum-rows.ts';
import type { WireColumn } from '../../src/data/wire-column.ts';
import type { DirectoryOptions } from '../../src/exporter/directory-options.ts';
import { exportDirectory } from '../../src/exporter/export-directory.ts';
import { oracleAvailable, parseWith } from '../support/oracle.ts';
import { connectionTo, loadScript, type Sandbox, sessionOn } from '../support/sandbox.ts';
import { directoryOptions, heapRows, oddRows, openSource } from './phones.ts';

let sandbox: Sandbox;
let folder = '';
beforeAll(async () => {
  sandbox = await openSource();
});
afterAll(() => sandbox.close());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'xpdb-export-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function run(
  to: string,
  options: Partial<DirectoryOptions> = {},
  signal = new AbortController().signal,
  database = 'Phones',
) {
  const session = await sessionOn(sandbox, database);
  try {
    return await exportDirectory(
      session,
      connectionTo(sandbox, database),
      to,
      { ...directoryOptions, ...options },
      signal,
    );
  } finally {
    await session.close();
  }
}

/** A session whose log-in gets the values of a table masked. */
function withoutUnmask(session: Session, table: string): Session {
  const masked = [{ schema: 'dbo', table, name: 'id', is_masked: true, encryption_type: null, unmask: 0 }];
  const names = Object.keys(masked[0]!);
  const answer = { columns: names.map(name => ({ name }) as WireColumn), rows: masked.map(m => Object.values(m)) };
  return new Proxy(session, {
    get(own, property) {
      if (property === 'query') return (sql: string) => (sql.includes('[unmask]') ? answer : own.query(sql));
      const value: unknown = Reflect.get(own, property, own);
      return typeof value === 'function' ? value.bind(own) : value;
    },
  });
}

/** Every file of a folder with its content. */
function contentOf(path: string): Record<string, string> {
  const names = readdirSync(path, { recursive: true, encoding: 'utf8' }).filter(n => statSync(join(path, n)).isFile());
  return Object.fromEntries(names.sort().map(n => [n, readFileSync(join(path, n), 'latin1')]));
}

describe('an export into a folder', () => {
  it('holds every row once, in chunks by the clustered key, and what the source sums to', async () => {
    const path = join(folder, 'a');
    const result = await run(path);
    expect(result).toMatchObject({ database: 'Phones', target: '2019', tables: 3, rows: 3000 });
    const archive = await openArchive(path);
    expect((await checkArchive(archive)).problems).toEqual([]);
    const [calls, heap, odd] = archive.manifest.tables;
    expect(calls).toMatchObject({ name: 'Calls', columns: ['id', 'note', 'cost'], identity: true, rows: 2000 });
    expect(calls!.chunks).toHaveLength(8);
    expect(calls!.chunks.map(c => c.rows)).toEqual(Array(8).fill(250));
    expect(heap).toMatchObject({ name: 'Heap', rows: 300 });
    expect(heap!.chunks).toHaveLength(1);
    expect(odd).toMatchObject({ name: 'Odd ] name', rows: 700 });
    const session = await sessionOn(sandbox, 'Phones');
    for (const [table, sql] of [
      [calls, 'SELECT id, note, cost FROM dbo.Calls'],
      [heap, 'SELECT n FROM dbo.Heap'],
      [odd, 'SELECT code, n FROM dbo.[Odd ]] name]'],
    ] as const) {
      expect(await sumRows(session, sql)).toMatchObject({ rows: table!.rows, rowsum: table!.rowsum });
    }
    await session.close();
    expect(archive.manifest.findings.filter(f => f.rule === 'one-chunk').map(f => f.object)).toContain('[dbo].[Heap]');
    expect(archive.manifest.scripts.map(s => s.section)).toEqual(['database', 'pre-data', 'post-data', 'after-data']);
    expect(existsSync(join(path, 'journal.jsonl'))).toBe(false);
  });

  it('is the same, byte for byte, whatever the number of jobs', async () => {
    await run(join(folder, 'one'));
    await run(join(folder, 'three'), { jobs: 3 });
    const [one, three] = [contentOf(join(folder, 'one')), contentOf(join(folder, 'three'))];
    expect(Object.keys(three)).toEqual(Object.keys(one));
    for (const name of Object.keys(one)) expect([name, three[name]]).toEqual([name, one[name]]);
  });

  it.skipIf(!oracleAvailable)('is text that the target parses (judged by ScriptDom)', async () => {
    const path = join(folder, 'a');
    await run(path, { target: '2008' });
    for (const [name, text] of Object.entries(contentOf(path))) {
      if (name.endsWith('.sql')) expect([name, await parseWith(100, text)]).toEqual([name, []]);
    }
  });

  it('holds every row once where the key’s code page has characters that the database’s lacks', async () => {
    const keys = Array.from({ length: 60 }, (_, i) => `${i < 30 ? 'A' : 'Ж'}${10 + (i % 30)}`);
    await loadScript(sandbox, 'CREATE DATABASE Letters COLLATE Latin1_General_CI_AS');
    await loadScript(
      sandbox,
      `CREATE TABLE dbo.T (k varchar(20) COLLATE Cyrillic_General_CI_AS NOT NULL, INDEX IX CLUSTERED (k))
INSERT dbo.T (k) VALUES ${keys.map(k => `(N'${k}')`).join(', ')}`,
      'Letters',
    );
    const path = join(folder, 'a');
    await run(path, { chunkRows: 20 }, undefined, 'Letters');
    const [letters] = (await openArchive(path)).manifest.tables;
    expect(letters!.chunks.map(c => c.rows)).toEqual([20, 20, 20]);
  });

  it('does not go into a folder that holds something', async () => {
    writeFileSync(join(folder, 'mine.txt'), 'mine');
    await expect(run(folder)).rejects.toThrow(/is not empty/);
    await expect(run(folder, { overwrite: true })).rejects.toThrow(/is not empty/);
    const path = join(folder, 'a');
    await run(path, { sections: new Set(['pre-data', 'post-data']) });
    await expect(run(path)).rejects.toThrow(/holds a finished archive/);
    await expect(run(path, { resume: true })).rejects.toThrow(/holds a finished archive/);
    await run(path, { overwrite: true });
    expect((await openArchive(path)).manifest.tables).toHaveLength(3);
  });
});

/** Puts back what the tests change. */
const restore = `TRUNCATE TABLE dbo.Heap; TRUNCATE TABLE dbo.[Odd ]] name]; ${heapRows} ${oddRows}`;

describe('an interrupted export into a folder', () => {
  /** Stops after some chunks are done. */
  async function interrupt(path: string, chunks: number, options: Partial<DirectoryOptions> = {}): Promise<void> {
    const stop = new AbortController();
    const count = () =>
      readdirSync(join(path, 'data'), { recursive: true, encoding: 'utf8' }).filter(n => n.endsWith('.sql')).length;
    const report = () => {
      if (count() >= chunks) stop.abort();
    };
    await expect(run(path, { ...options, report }, stop.signal)).rejects.toThrow();
  }

  it('is incomplete, is not begun anew by mistake, and goes on where it stopped', async () => {
    await run(join(folder, 'whole'));
    const path = join(folder, 'cut');
    await interrupt(path, 3);
    await expect(openArchive(path)).rejects.toThrow(/incomplete/);
    await expect(run(path)).rejects.toThrow(/holds an export that was interrupted/);
    const before = Object.fromEntries(
      Object.keys(contentOf(path))
        .filter(n => /^data[\\/].*\.sql$/.test(n))
        .map(n => [n, statSync(join(path, n)).mtimeMs]),
    );
    await run(path, { resume: true, jobs: 2 });
    for (const [name, time] of Object.entries(before))
      expect([name, statSync(join(path, name)).mtimeMs]).toEqual([name, time]);
    const [whole, resumed] = [contentOf(join(folder, 'whole')), contentOf(path)];
    expect(Object.keys(resumed)).toEqual(Object.keys(whole));
    for (const name of Object.keys(whole)) if (name.endsWith('.sql')) expect(resumed[name]).toBe(whole[name]);
    expect(resumed['manifest.json']).toBe(whole['manifest.json']);
  });

  it('goes on with the same database snapshot, whatever happened meanwhile, and drops it at the end', async () => {
    await run(join(folder, 'whole'));
    const path = join(folder, 'cut');
    const kept: string[] = [];
    await interrupt(path, 3, { onSnapshotKept: name => kept.push(name) });
    expect(kept).toHaveLength(1);
    const session = await sessionOn(sandbox, 'Phones');
    const snapshots = async () =>
      (await session.query("SELECT name FROM sys.databases WHERE source_database_id = DB_ID('Phones')")).rows.flat();
    expect(await snapshots()).toEqual(kept);
    await session.execute(
      'BEGIN TRANSACTION; UPDATE dbo.Heap SET n = 99; DELETE dbo.[Odd ]] name] WHERE n > 5; COMMIT',
    );
    try {
      await run(path, { resume: true });
    } finally {
      await session.execute(restore);
    }
    expect(await snapshots()).toEqual([]);
    await session.close();
    expect(contentOf(path)).toEqual(contentOf(join(folder, 'whole')));
  });

  it('says from when each chunk is where there is no snapshot to go on with', async () => {
    const path = join(folder, 'cut');
    await interrupt(path, 3, { consistency: 'none' });
    await run(path, { resume: true, consistency: 'none' });
    const { tables, findings } = (await openArchive(path)).manifest;
    expect(findings.map(f => f.message).join()).toContain('another point in time');
    expect(tables.flatMap(t => t.chunks).every(c => c.readAt !== null)).toBe(true);
  });

  it('does a chunk again whose file is gone or whose journal line was cut', async () => {
    const path = join(folder, 'cut');
    await interrupt(path, 4);
    const journal = join(path, 'journal.jsonl');
    const lines = readFileSync(journal, 'utf8').split('\n').filter(Boolean);
    expect(lines.length).toBeGreaterThan(2);
    writeFileSync(journal, `${lines.slice(0, -1).join('\n')}\n${lines.at(-1)!.slice(0, 40)}`);
    const done = readdirSync(join(path, 'data'), { recursive: true, encoding: 'utf8' }).filter(n => n.endsWith('.sql'));
    rmSync(join(path, 'data', done[0]!));
    await run(path, { resume: true });
    expect((await checkArchive(await openArchive(path))).problems).toEqual([]);
    expect((await openArchive(path)).manifest.tables.map(t => t.rows)).toEqual([2000, 300, 700]);
  });

  it('does not go on as another export', async () => {
    const path = join(folder, 'cut');
    await interrupt(path, 2);
    await expect(run(path, { resume: true, target: '2012' })).rejects.toThrow(/had other options/);
    const session = await sessionOn(sandbox, 'Phones');
    await session.execute('CREATE TABLE dbo.Later (a int)');
    try {
      await expect(run(path, { resume: true })).rejects.toThrow(/schema of the source was changed/);
    } finally {
      await session.execute('DROP TABLE dbo.Later');
      await session.close();
    }
    await run(path, { resume: true });
    await openArchive(path);
  });

  it('goes on with the database snapshot of its user, which it does not drop, and with no other', async () => {
    const session = await sessionOn(sandbox, 'Phones');
    for (const name of ['Monday', 'Tuesday']) {
      await session.execute(
        `CREATE DATABASE ${name} ON (NAME = Phones, FILENAME = N'C:\\${name}.ss') AS SNAPSHOT OF Phones`,
      );
    }
    const path = join(folder, 'cut');
    await interrupt(path, 2, { databaseSnapshot: 'Monday' });
    await expect(run(path, { databaseSnapshot: 'Tuesday', resume: true })).rejects.toThrow(
      'the interrupted export read the database snapshot Monday, not Tuesday',
    );
    await run(path, { databaseSnapshot: 'Monday', resume: true });
    expect((await openArchive(path)).manifest.tables.flatMap(t => t.chunks).every(c => c.readAt === null)).toBe(true);
    const other = join(folder, 'other');
    await interrupt(other, 2, { consistency: 'none' });
    await expect(run(other, { databaseSnapshot: 'Tuesday', resume: true })).rejects.toThrow(
      'the interrupted export read no database snapshot, not Tuesday',
    );
    const remade = join(folder, 'remade');
    await interrupt(remade, 2, { databaseSnapshot: 'Monday' });
    await session.execute('DROP DATABASE Monday');
    await session.execute("CREATE DATABASE Monday ON (NAME = Phones, FILENAME = N'C:\\M.ss') AS SNAPSHOT OF Phones");
    await expect(run(remade, { databaseSnapshot: 'Monday', resume: true })).rejects.toThrow(
      'the database snapshot Monday was made anew since the export was interrupted',
    );
    await run(remade, { resume: true });
    expect((await openArchive(remade)).manifest.findings.map(f => f.message).join()).toContain('another point in time');
    const unnamed = join(folder, 'unnamed');
    const kept: string[] = [];
    await interrupt(unnamed, 2, { databaseSnapshot: 'Tuesday', onSnapshotKept: name => kept.push(name) });
    expect(kept).toEqual([]);
    await run(unnamed, { resume: true });
    // Both are still there: whoever made them drops them.
    await session.execute('DROP DATABASE Monday; DROP DATABASE Tuesday');
    await session.close();
  });

  it('does not go on with other tables, as a log-in with more rights would', async () => {
    const path = join(folder, 'cut');
    const session = await sessionOn(sandbox, 'Phones');
    const stop = new AbortController();
    const report = () => (readdirSync(join(path, 'data')).length > 0 ? stop.abort() : undefined);
    const options = { ...directoryOptions, consistency: 'none', report } as const;
    const connection = connectionTo(sandbox, 'Phones');
    await expect(
      exportDirectory(withoutUnmask(session, 'Calls'), connection, path, options, stop.signal),
    ).rejects.toThrow();
    await session.close();
    await expect(run(path, { consistency: 'none', resume: true })).rejects.toThrow(/can read other tables or columns/);
    await expect(openArchive(path)).rejects.toThrow(/incomplete/);
  });
});

describe('shards of an export', () => {
  const shard = (n: number, of: number) => ({ shard: { shard: n, of }, databaseSnapshot: 'Night' });
  beforeAll(async () => {
    const session = await sessionOn(sandbox, 'Phones');
    await session.execute("CREATE DATABASE Night ON (NAME = Phones, FILENAME = N'C:\\Night.ss') AS SNAPSHOT OF Phones");
    await session.close();
  });

  it('make one archive together, in folders of their own or in one', async () => {
    await run(join(folder, 'whole'));
    await expect(run(join(folder, 'x'), { ...shard(1, 2), databaseSnapshot: 'Day' })).rejects.toThrow(
      /no database snapshot Day of Phones/,
    );
    const parts = [1, 2, 3].map(n => join(folder, `part${n}`)) as [string, string, string];
    for (const n of [1, 2, 3]) await run(parts[n - 1]!, shard(n, 3));
    await expect(openArchive(parts[0])).rejects.toThrow(/incomplete/);
    expect(await run(parts[1], { ...shard(2, 3), resume: true })).toMatchObject({ database: 'Phones', target: '2019' });
    await mergeArchive(parts);
    const shared = join(folder, 'shared');
    await Promise.all([1, 2].map(n => run(shared, shard(n, 2))));
    await mergeArchive([shared]);
    const whole = await openArchive(join(folder, 'whole'));
    for (const path of [parts[0], shared]) {
      const archive = await openArchive(path);
      expect((await checkArchive(archive)).problems).toEqual([]);
      expect(archive.manifest.shard).toBeNull();
      expect(archive.manifest.tables.map(t => t.chunks.map(c => c.sha256))).toEqual(
        whole.manifest.tables.map(t => t.chunks.map(c => c.sha256)),
      );
      expect(archive.manifest.tables.map(t => t.rowsum)).toEqual(whole.manifest.tables.map(t => t.rowsum));
      expect(archive.manifest.scripts.map(s => s.section)).toEqual(whole.manifest.scripts.map(s => s.section));
      expect(readdirSync(path).filter(n => /\dof\d/.test(n))).toEqual([]);
    }
  });

  it('set identity counters of tables whose rows are in other shards as one machine would', async () => {
    const session = await sessionOn(sandbox, 'Phones');
    await session.execute('CREATE DATABASE Counters');
    await loadScript(
      sandbox,
      `CREATE TABLE dbo.A (id int IDENTITY(1,1) NOT NULL PRIMARY KEY, x int)
CREATE TABLE dbo.B (id tinyint IDENTITY(253,1) NOT NULL PRIMARY KEY, x int)
CREATE TABLE dbo.C (id int IDENTITY(1,1) NOT NULL PRIMARY KEY, x int)
CREATE TABLE dbo.D (id int IDENTITY(1,1) NOT NULL PRIMARY KEY, x int)
INSERT dbo.A (x) VALUES (1), (2)
INSERT dbo.B (x) VALUES (1), (2), (3)
INSERT dbo.C (x) VALUES (1), (2)
DELETE dbo.C
INSERT dbo.D (x) VALUES (1), (2)
GO
CREATE DATABASE CountersNight ON (NAME = Counters, FILENAME = N'C:\\CountersNight.ss') AS SNAPSHOT OF Counters`,
      'Counters',
    );
    const where = ['D:x > 5 -- none'];
    const parts = [1, 2, 3, 4].map(n => join(folder, `part${n}`)) as [string, ...string[]];
    for (const [i, part] of parts.entries()) {
      await run(
        part,
        { where, shard: { shard: i + 1, of: 4 }, databaseSnapshot: 'CountersNight' },
        undefined,
        'Counters',
      );
    }
    await mergeArchive(parts);
    const whole = join(folder, 'whole');
    await run(whole, { where }, undefined, 'Counters');
    const reseeds = (path: string) => readFileSync(join(path, 'after-data.sql'), 'utf8').match(/DBCC CHECKIDENT.*/g);
    expect(reseeds(parts[0])).toEqual(reseeds(whole));
    expect(reseeds(whole)).toMatchObject(
      [/A.*RESEED, 2\)/, /B.*RESEED, 255\)/, /C.*RESEED, 3\)/, /D.*RESEED, 3\)/].map(p => expect.stringMatching(p)),
    );
    await session.close();
  });

  it('do not take the finished shard of another export for their own', async () => {
    const session = await sessionOn(sandbox, 'Phones');
    await session.execute('CREATE DATABASE Empty');
    await session.execute("CREATE DATABASE EmptyNight ON (NAME = Empty, FILENAME = N'C:\\E.ss') AS SNAPSHOT OF Empty");
    await session.close();
    const path = join(folder, 'a');
    await run(path, shard(1, 2));
    const again = { ...shard(1, 2), resume: true };
    const otherSource = run(path, { ...again, databaseSnapshot: 'EmptyNight' }, undefined, 'Empty');
    await expect(otherSource).rejects.toThrow(/manifest-1of2\.json is of another export: database Phones, not Empty/);
    await expect(run(path, { ...again, dataFormat: 'csv' })).rejects.toThrow(/data format sql, not csv/);
    await expect(run(path, { ...again, target: '2012' })).rejects.toThrow(/target 2019, not 2012/);
    await expect(run(path, { ...again, tables: ['Calls'] })).rejects.toThrow(/options \{\}, not \{"table":"Calls"\}/);
    expect(await run(path, again)).toMatchObject({ database: 'Phones', tables: 3 });
  });

  it('do not merge when one is missing, twice, or of another export', async () => {
    const [a, b, c] = ['a', 'b', 'c'].map(n => join(folder, n)) as [string, string, string];
    await run(a, shard(1, 2));
    await expect(mergeArchive([a])).rejects.toThrow('shard 2 of 2 is missing');
    await run(b, shard(1, 2));
    await expect(mergeArchive([a, b])).rejects.toThrow(/shard 1 is there twice/);
    await run(c, { ...shard(2, 2), chunkRows: 500 });
    await expect(mergeArchive([a, c])).rejects.toThrow(/part of another export/);
    await expect(mergeArchive([join(folder, 'nothing')])).rejects.toThrow(/does not exist/);
    await expect(mergeArchive([folder])).rejects.toThrow(/no manifest of a shard/);
  });
});
