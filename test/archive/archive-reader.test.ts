import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zstdCompressSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openArchive } from '../../src/archive/archive-reader.ts';
import { createArchiveFile, writeManifest } from '../../src/archive/archive-writer.ts';
import { checkArchive, sumChunks } from '../../src/archive/check-archive.ts';
import type { Manifest } from '../../src/archive/manifest.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'xpdb-archive-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const sums = ['00000001000000020000000300000004', 'ffffffff000000010000000000000005'];

/** An archive of one script and one table of two chunks. */
async function makeArchive(): Promise<Manifest> {
  const write = async (path: string, text: string, kind: 'zstd' | 'none') => {
    const file = await createArchiveFile(folder, path, { kind, level: null });
    await file.output.write(Buffer.from(text));
    return file.finish();
  };
  const chunks = await Promise.all(
    [1, 2].map(async n => ({
      ...(await write(`data/00001-dbo.Calls/00000${n}.sql.zst`, `INSERT ${n};\n`.repeat(1000), 'zstd')),
      rows: 1000,
      rowsum: sums[n - 1]!,
      range: null,
      readAt: null,
    })),
  );
  const manifest: Manifest = {
    source: { version: '16.0.1000.6', database: 'Shop', collation: null },
    target: '2012',
    options: {},
    consistency: 'none',
    data: { format: 'sql', compression: 'zstd' },
    shard: null,
    scripts: [{ section: 'pre-data', ...(await write('pre-data.sql', 'CREATE TABLE t (a int)\nGO\n', 'none')) }],
    tables: [
      { schema: 'dbo', name: 'Calls', columns: ['a'], identity: false, rows: 2000, rowsum: sumChunks(chunks), chunks },
    ],
    findings: [],
  };
  await writeManifest(folder, manifest);
  return manifest;
}

const chunk = () => join(folder, 'data', '00001-dbo.Calls', '000002.sql.zst');

async function readChunk(n: number): Promise<string> {
  const archive = await openArchive(folder);
  const parts: Buffer[] = [];
  for await (const part of archive.readChunk(archive.manifest.tables[0]!.chunks[n]!)) parts.push(part);
  return Buffer.concat(parts).toString();
}

describe('an archive', () => {
  it('comes back whole', async () => {
    const manifest = await makeArchive();
    const archive = await openArchive(folder);
    expect(archive.manifest).toEqual(manifest);
    expect(manifest.tables[0]!.rowsum).toBe('00000000000000030000000300000009');
    expect(await readChunk(1)).toBe('INSERT 2;\n'.repeat(1000));
    expect(await checkArchive(archive)).toEqual({ files: 3, bytes: 20_026, rows: 2000, problems: [] });
    expect(readdirSync(folder).sort()).toEqual(['data', 'manifest.json', 'pre-data.sql']);
  });

  it('is incomplete without its manifest', async () => {
    await makeArchive();
    rmSync(join(folder, 'manifest.json'));
    await expect(openArchive(folder)).rejects.toThrow(/no manifest.json, so it is no archive or an incomplete one/);
    await expect(openArchive(join(folder, 'nothing'))).rejects.toThrow(/there is no archive/);
  });

  it.each([
    ['is missing', /000002\.sql\.zst is missing/, () => rmSync(chunk())],
    ['is longer', /bytes, not/, () => appendFileSync(chunk(), 'x')],
    [
      'has one other byte',
      /000002\.sql\.zst/,
      () => {
        const bytes = readFileSync(chunk());
        bytes[bytes.length >> 1]! ^= 1;
        writeFileSync(chunk(), bytes);
      },
    ],
    [
      'is behind a link',
      /symbolic link/,
      () => {
        const copy = join(tmpdir(), `xpdb-elsewhere-${process.pid}`);
        writeFileSync(copy, readFileSync(chunk()));
        rmSync(chunk());
        symlinkSync(copy, chunk());
      },
    ],
  ])('says which chunk %s, and reads the others', async (_, message, damage) => {
    await makeArchive();
    damage();
    await expect(readChunk(1)).rejects.toThrow(message);
    expect(await readChunk(0)).toBe('INSERT 1;\n'.repeat(1000));
    const { problems } = await checkArchive(await openArchive(folder));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(message);
  });

  it('stops where a chunk grows beyond its declared size, before its hash is known', async () => {
    const manifest = await makeArchive();
    const bomb = zstdCompressSync(Buffer.alloc(100 << 20));
    writeFileSync(chunk(), bomb);
    const [table] = manifest.tables;
    const chunks = [table!.chunks[0]!, { ...table!.chunks[1]!, storedBytes: bomb.length }];
    await writeManifest(folder, { ...manifest, tables: [{ ...table!, chunks }] });
    await expect(readChunk(1)).rejects.toThrow(/more than the 10000 bytes that its archive declares/);
  });

  it('runs nothing of a damaged script', async () => {
    await makeArchive();
    const path = join(folder, 'pre-data.sql');
    writeFileSync(path, readFileSync(path, 'utf8').replace('int', 'bit'));
    const archive = await openArchive(folder);
    const parts: Buffer[] = [];
    const reading = (async () => {
      for await (const part of archive.readScript(archive.manifest.scripts[0]!)) parts.push(part);
    })();
    await expect(reading).rejects.toThrow(/another SHA-256/);
    expect(parts).toEqual([]);
  });

  it('has sums that fit its tables', async () => {
    const manifest = await makeArchive();
    const [table] = manifest.tables;
    await writeManifest(folder, { ...manifest, tables: [{ ...table!, rowsum: 'f'.repeat(32) }] });
    const { problems } = await checkArchive(await openArchive(folder));
    expect(problems).toEqual([expect.stringMatching(/rowsums of the chunks of \[dbo\]\.\[Calls\] add up to/)]);
  });

  it('keeps nothing of a file that is given up', async () => {
    const file = await createArchiveFile(folder, 'data/a.sql', { kind: 'zstd', level: null });
    await file.output.write(Buffer.from('x'));
    await file.abandon();
    expect(existsSync(join(folder, 'data', 'a.sql.partial'))).toBe(false);
    expect(existsSync(join(folder, 'data', 'a.sql'))).toBe(false);
  });
});
