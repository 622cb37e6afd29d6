import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openArchive } from '../../src/archive/archive-reader.ts';
import { runCli } from '../support/run-cli.ts';
import { loadScript, openSandbox, type Sandbox, sessionOn } from '../support/sandbox.ts';

const patience = 300_000;
const telephony = readFileSync(new URL('../../examples/telephony.sql', import.meta.url), 'utf8');
const password = 'Partitions-1';
const folder = mkdtempSync(join(tmpdir(), 'xpdb-partitioned-'));
let source: Sandbox;
let target: Sandbox;

beforeAll(async () => {
  source = await openSandbox({ version: 160, volumes: ['D:\\', 'L:\\'], password });
  target = await openSandbox({ version: 160, volumes: ['E:\\'], password });
  await loadScript(source, telephony);
}, patience);
afterAll(async () => {
  await source?.close();
  await target?.close();
  rmSync(folder, { recursive: true, force: true });
});

const address = (sandbox: Sandbox) => `${sandbox.host},${sandbox.port}`;
const xpdb = (...args: readonly string[]) => runCli(args, { env: { SQLCMDPASSWORD: password } });
const connect = (sandbox: Sandbox) => ['-S', address(sandbox), '-U', sandbox.user, '-C'];
const bothSides = (name: string) => [
  ...['--from', `${address(source)}/Telephony`, '--to', `${address(target)}/${name}`],
  ...['-U', source.user, '-C'],
];
const elsewhere = ['--data-path', 'E:\\Data', '--log-path', 'E:\\Log', '--filestream-path', 'E:\\Streams'];

/** Rows of the partitions of dbo.Calls as the catalog has them, and as the partition function counts them. */
async function callsByPartition(sandbox: Sandbox, database: string): Promise<[number[], number[]]> {
  const session = await sessionOn(sandbox, database);
  try {
    const kept = await session.query(
      "SELECT [rows] FROM sys.partitions WHERE object_id = OBJECT_ID(N'dbo.Calls') AND index_id = 1 ORDER BY partition_number",
    );
    const counted = await session.query(
      'SELECT COUNT(*) FROM dbo.Calls GROUP BY $PARTITION.CallsByYear(Started) ORDER BY $PARTITION.CallsByYear(Started)',
    );
    return [kept.rows.map(row => Number(row[0])), counted.rows.map(row => Number(row[0]))];
  } finally {
    await session.close();
  }
}

describe('a database with a partitioned table', () => {
  it(
    'goes through an archive, a chunk for each partition, and comes out equal',
    async () => {
      const path = join(folder, 'archive');
      const jobs = ['--jobs', '2'];
      const form = ['--format', 'dir', '--data-format', 'native', '--chunk-rows', '10000', '--target', '2022'];
      expect(await xpdb('export', ...connect(source), '-d', 'Telephony', ...form, ...jobs, '-o', path)).toMatchObject({
        code: 0,
      });
      const { manifest } = await openArchive(path);
      const calls = manifest.tables.find(table => table.name === 'Calls');
      expect(calls?.chunks.map(chunk => chunk.range)).toEqual(
        [1, 2, 3, 4].map(n => `$PARTITION.[CallsByYear]([Started]) = ${n}`),
      );
      const [kept, counted] = await callsByPartition(source, 'Telephony');
      expect(kept).toEqual(counted);
      expect(calls?.chunks.map(chunk => chunk.rows)).toEqual(counted);

      const load = ['import', ...connect(target), '-i', path, '--create', '-d', 'Archived'];
      expect(await xpdb(...load, ...elsewhere, ...jobs)).toMatchObject({ code: 0 });
      expect(await callsByPartition(target, 'Archived')).toEqual([counted, counted]);
      expect(await xpdb('verify', ...bothSides('Archived'))).toMatchObject({ code: 0 });
    },
    patience,
  );

  it(
    'is copied in chunks by two jobs and found equal',
    async () => {
      const copy = ['copy', ...bothSides('Copied'), '--create', '--jobs', '2', '--chunk-rows', '10000'];
      expect(await xpdb(...copy, ...elsewhere)).toMatchObject({ code: 0 });
      const [, counted] = await callsByPartition(source, 'Telephony');
      expect(await callsByPartition(target, 'Copied')).toEqual([counted, counted]);
    },
    patience,
  );
});
