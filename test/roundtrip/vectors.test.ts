/**
 * Vectors from server to server in each way that xpdb has: between servers that send and take them in their binary form, exact to the
 * last bit, and with one that knows them as text only.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CellValue } from '../../src/connection/cell-value.ts';
import { ExitCode } from '../../src/model/error.ts';
import { at, createDatabase, freshName, type Place, sandboxPlace } from './place.ts';

const patience = 240_000;

/** Numbers of which text of eight digits tells another one beside them, the ends of their range, and zeros. */
const numbers = [
  [16777217, 0.1, -0.3],
  [1.00000012, 1.00000024, 1.00000036],
  [3.40282347e38, -3.40282347e38, 1.17549435e-38],
  [0, -0, 1],
  [123456792, 0.333333343, 1e-30],
].map(list => `[${list.map(n => (Object.is(n, -0) ? '-0.0' : String(n))).join(',')}]`);

const points = `CREATE TABLE dbo.Points (
  id int NOT NULL CONSTRAINT PK_Points PRIMARY KEY, v vector(3) NULL, h vector(2, float16) NULL, note nvarchar(20) NULL)
GO
INSERT dbo.Points VALUES ${numbers.map((text, i) => `(${i + 1}, N'${text}', N'[0.1,-65504]', N'n${i}')`).join(', ')}
INSERT dbo.Points VALUES (100, NULL, NULL, NULL)
GO`;

let source: Place;
let target: Place;
let older: Place;
let before: Place;
let folder: string;
let original: readonly (readonly CellValue[])[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'xpdb-vectors-'));
  source = await sandboxPlace({ version: 170, password: 'Vector-1234' });
  target = await sandboxPlace({ version: 170, password: 'Vector-1234' });
  /** Of the same version, but without the log-in feature. */
  older = await sandboxPlace({ version: 170, password: 'Vector-1234', nativeVectors: false });
  before = await sandboxPlace({ version: 160, password: 'Vector-1234' });
  for (const place of [source, older]) await fill(place, 'Space', points);
  original = await values(source, 'Space');
}, patience);
afterAll(async () => {
  for (const place of [source, target, older, before]) await place?.close();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

async function fill(place: Place, database: string, script: string): Promise<void> {
  await createDatabase(place, database);
  const session = await place.session(database);
  try {
    for (const batch of script.split(/^GO$/m)) if (batch.trim() !== '') await session.execute(batch);
  } finally {
    await session.close();
  }
}

async function values(place: Place, database: string): Promise<readonly (readonly CellValue[])[]> {
  const session = await place.session(database);
  try {
    return (await session.query('SELECT id, v, h, note FROM dbo.Points ORDER BY id')).rows;
  } finally {
    await session.close();
  }
}

const verify = (from: Place, to: Place, database: string, code = 0) =>
  at(from, ['verify', '--from', from.side('Space'), '--to', to.side(database), ...from.flags.slice(2)], code);
const copy = (from: Place, to: Place, database: string, code = 0) =>
  at(from, ['copy', '--create', '--from', from.side('Space'), '--to', to.side(database), ...from.flags.slice(2)], code);

describe('between servers that know the binary form', () => {
  it('the numbers come as bytes', () => {
    expect(original[0]![1]).toEqual(new Uint8Array(Buffer.from('a9010300000000000000804bcdcccc3d9a9999be', 'hex')));
    expect(original[0]![2]).toBe('[9.9975586e-002,-6.5504000e+004]');
    expect(original.at(-1)).toEqual([100, null, null, null]);
  });

  it.each([['bulk'], ['statements']])(
    'a script keeps every bit, loaded by %s',
    async way => {
      const name = freshName('vectors');
      const script = join(folder, `${name}.sql`);
      const run = await at(source, ['export', ...source.flags, '-d', 'Space', '-o', script]);
      expect(run.stderr).not.toContain('vector-text');
      const text = readFileSync(script, 'utf8');
      expect(text).toContain("CAST(N'[16777216,0.100000001,-0.300000012]' AS vector(3))");
      const { stderr } = await at(target, [
        ...['import', ...target.flags, '-i', script, '--create', '-d', name],
        ...(way === 'bulk' ? [] : ['--no-bulk']),
      ]);
      expect(stderr).not.toContain('only its rows were counted');
      expect(await values(target, name)).toEqual(original);
      expect((await verify(source, target, name)).stderr).toMatch(/equal/);
    },
    patience,
  );

  it.each(['sql', 'csv', 'jsonl', 'native'])(
    'an archive of %s keeps every bit',
    async format => {
      const name = freshName('vectors');
      const archive = join(folder, name);
      const flags = ['--format', 'dir', '--data-format', format];
      await at(source, ['export', ...source.flags, '-d', 'Space', '-o', archive, ...flags]);
      await at(target, ['import', ...target.flags, '-i', archive, '--create', '-d', name]);
      expect(await values(target, name)).toEqual(original);
      await at(source, ['verify', '--from', archive, '--to', target.side(name), ...source.flags.slice(2)]);
    },
    patience,
  );

  it(
    'a copy keeps every bit, and those of denormal numbers, which text may lose',
    async () => {
      const name = freshName('vectors');
      const session = await source.session('Space');
      await session.execute(`CREATE TABLE dbo.Tiny (v vector(2) NOT NULL); INSERT dbo.Tiny VALUES ('[1e-45,-1e-40]')`);
      try {
        const run = await copy(source, target, name);
        expect(run.stderr).not.toContain('vector-text');
        expect(await values(target, name)).toEqual(original);
        const there = await target.session(name);
        expect((await there.query('SELECT v FROM dbo.Tiny')).rows).toEqual([
          [new Uint8Array(Buffer.from('a90102000000000001000000c2160180', 'hex'))],
        ]);
        await there.close();
        const script = [
          'export',
          ...source.flags,
          '-d',
          'Space',
          '-o',
          join(folder, 'tiny.sql'),
          '--table',
          'dbo.Tiny',
        ];
        expect((await at(source, script, ExitCode.blockers)).stderr).toMatch(
          /\[v\]: one value so small.*denormal-float/,
        );
      } finally {
        await session.execute('DROP TABLE dbo.Tiny');
        await session.close();
      }
    },
    patience,
  );

  it(
    'a number that differs in its last bit is a difference',
    async () => {
      const name = freshName('vectors');
      await fill(target, name, points.replace('1.00000012', '1'));
      expect((await verify(source, target, name, ExitCode.failed)).stderr).toContain('not the same content');
    },
    patience,
  );
});

describe('with a server that knows vectors as text only', () => {
  const accept = ['--accept', 'vector-text'];

  it(
    'an export from it says that the last bit may be lost',
    async () => {
      const script = join(folder, 'text.sql');
      const run = ['export', ...older.flags, '-d', 'Space', '-o', script];
      expect((await at(older, run, ExitCode.blockers)).stderr).toMatch(
        /\[dbo\]\.\[Points\]\.\[v\]: the server sends its numbers as text.*vector-text/,
      );
      expect(readFileSync(script, 'utf8')).toContain("N'[1.6777216e+007,1.0000000e-001,-3.0000001e-001]'");

      const name = freshName('vectors');
      const { stderr } = await at(target, ['import', ...target.flags, '-i', script, '--create', '-d', name]);
      expect(stderr).toContain('[dbo].[Points]: only its rows were counted');
      const same = await at(target, ['verify', '--from', script, '--to', target.side(name), ...target.flags.slice(2)]);
      expect(same.stderr).toContain('one side has its vectors as text of the server, the other as numbers');
    },
    patience,
  );

  it(
    'a script of numbers and an archive of text come in and are counted, not compared',
    async () => {
      const script = join(folder, 'numbers.sql');
      await at(source, ['export', ...source.flags, '-d', 'Space', '-o', script]);
      const name = freshName('vectors');
      const { stderr } = await at(older, ['import', ...older.flags, '-i', script, '--create', '-d', name]);
      expect(stderr).toContain('[dbo].[Points]: only its rows were counted');
      expect(await values(older, name)).toEqual(await values(older, 'Space'));

      const archive = join(folder, 'text');
      const dir = ['--format', 'dir', '--data-format', 'jsonl', ...accept];
      await at(older, ['export', ...older.flags, '-d', 'Space', '-o', archive, ...dir]);
      const again = freshName('vectors');
      const run = await at(target, ['import', ...target.flags, '-i', archive, '--create', '-d', again]);
      expect(run.stderr).toContain('[dbo].[Points]: only its rows were counted');
      expect((await values(target, again)).length).toBe(original.length);
    },
    patience,
  );

  it(
    'its own round trip compares the text',
    async () => {
      const name = freshName('vectors');
      await copy(older, older, name, ExitCode.blockers);
      const { stderr } = await verify(older, older, name);
      expect(stderr).toMatch(/equal +vectors by the eight digits/);
    },
    patience,
  );

  it(
    'copies to and from it are text on both sides, and compared so',
    async () => {
      for (const [from, to] of [
        [source, older],
        [older, target],
      ] as const) {
        const name = freshName('vectors');
        const run = await copy(from, to, name, ExitCode.blockers);
        expect(run.stderr).toMatch(/\[dbo\]\.\[Points\]\.\[v\]: the server sends its numbers as text.*vector-text/);
        await verify(from, to, name);
      }
    },
    patience,
  );

  it(
    'rows in their binary form do not go into it',
    async () => {
      const archive = join(folder, 'native');
      await at(source, [
        'export',
        ...source.flags,
        '-d',
        'Space',
        '-o',
        archive,
        '--format',
        'dir',
        '--data-format',
        'native',
      ]);
      const run = ['import', ...older.flags, '-i', archive, '--create', '-d', freshName('vectors')];
      expect((await at(older, run, ExitCode.failed)).stderr).toMatch(/column v is .*the rows have vector\(3\) for it/);
    },
    patience,
  );
});

it(
  'a target before 2025 gets text, which is said',
  async () => {
    const name = freshName('vectors');
    const script = join(folder, 'before.sql');
    const run = ['export', ...source.flags, '-d', 'Space', '-o', script, '--target', '2022'];
    expect((await at(source, run, ExitCode.blockers)).stderr).toMatch(
      /\[v\]: the server sends its numbers as text.*vector-text/,
    );
    await at(before, ['import', ...before.flags, '-i', script, '--create', '-d', name]);
    expect((await values(before, name))[0]).toEqual([
      1,
      '[1.6777216e+007,1.0000000e-001,-3.0000001e-001]',
      '[9.9975586e-002,-6.5504000e+004]',
      'n0',
    ]);
    const again = freshName('vectors');
    await copy(source, before, again, ExitCode.blockers);
    expect(await values(before, again)).toEqual(await values(before, name));
  },
  patience,
);
