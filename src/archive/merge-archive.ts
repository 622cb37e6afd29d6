import { copyFile, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { XpdbError } from '../model/error.ts';
import { resolveArchivePath } from './archive-path.ts';
import { makeFolder, writeManifest } from './archive-writer.ts';
import { sumChunks } from './check-archive.ts';
import { type Manifest, type ManifestTable, parseManifest, type ShardInfo } from './manifest.ts';

interface Shard {
  readonly folder: string;
  /** Of the manifest. */
  readonly file: string;
  readonly manifest: Manifest;
  readonly info: ShardInfo;
}

/**
 * Makes one archive of what several machines wrote: their chunks come into the first folder, and its manifest lists them all.
 * @param folders that hold the shards' manifests; one folder when the machines shared it
 * @throws XpdbError: a shard missing, twice or of another plan
 */
export async function mergeArchive(folders: readonly [string, ...string[]]): Promise<Manifest> {
  const [target] = folders;
  const shards = (await Promise.all(folders.map(findShards))).flat().sort((a, b) => a.info.shard - b.info.shard);
  const first = requireWholeSet(shards, target);
  for (const shard of shards) {
    if (shard.folder === target) continue;
    const files = [...shard.manifest.scripts, ...shard.manifest.tables.flatMap(t => t.chunks)];
    for (const { path } of files) await bring(shard.folder, target, path);
  }
  const manifest: Manifest = {
    ...first.manifest,
    shard: null,
    scripts: shards.flatMap(s => s.manifest.scripts),
    tables: first.manifest.tables.map((table, i) => mergeTable(table, shards, i)),
    findings: mergeFindings(shards),
  };
  const chunks = manifest.tables.reduce((sum, t) => sum + t.chunks.length, 0);
  if (chunks !== first.info.chunks) {
    throw new XpdbError(`the shards have ${chunks} chunks together, not ${first.info.chunks}`, {
      hint: 'a manifest is damaged; export the shards again',
    });
  }
  await writeManifest(target, manifest);
  for (const { folder, file } of shards) await rm(join(folder, file), { force: true });
  return manifest;
}

async function findShards(folder: string): Promise<Shard[]> {
  const names = await readdir(folder).catch((cause: NodeJS.ErrnoException) => {
    throw new XpdbError(
      `can't read the folder ${folder}: ${cause.code === 'ENOENT' ? 'it does not exist' : cause.message}`,
      {
        cause,
      },
    );
  });
  const shards: Shard[] = [];
  for (const file of names.filter(n => /^manifest-\d+of\d+\.json$/.test(n)).sort()) {
    const path = join(folder, file);
    const manifest = parseManifest(await readFile(path, 'utf8'), path);
    if (manifest.shard === null) throw new XpdbError(`${path} is no manifest of a shard`);
    shards.push({ folder, file, manifest, info: manifest.shard });
  }
  return shards;
}

/** @returns the first shard @throws XpdbError unless the shards are all parts of one export */
function requireWholeSet(shards: readonly Shard[], target: string): Shard {
  const [first] = shards;
  if (!first) {
    throw new XpdbError(`${target} holds no manifest of a shard`, {
      hint: 'name the folders that export --shard wrote; unfinished ones have a journal instead',
    });
  }
  for (const [i, shard] of shards.entries()) {
    const place = join(shard.folder, shard.file);
    const { info, manifest } = shard;
    if (
      info.of !== first.info.of ||
      info.plan !== first.info.plan ||
      described(manifest) !== described(first.manifest)
    ) {
      throw new XpdbError(`${place} is a part of another export than ${join(first.folder, first.file)}`, {
        hint: 'all shards must read one database snapshot with the same options',
      });
    }
    const before = shards[i - 1];
    if (before && before.info.shard === info.shard) {
      throw new XpdbError(`shard ${info.shard} is there twice: ${join(before.folder, before.file)} and ${place}`);
    }
  }
  const there = new Set(shards.map(s => s.info.shard));
  const missing = Array.from({ length: first.info.of }, (_, i) => i + 1).filter(n => !there.has(n));
  if (missing.length > 0) {
    throw new XpdbError(`shard ${missing.join(', ')} of ${first.info.of} is missing`, {
      hint: 'merge when all of them are finished',
    });
  }
  return first;
}

/** What must be the same in all parts. */
function described({ source, target, options, data, tables }: Manifest): string {
  return JSON.stringify([source, target, options, data, tables.map(t => [t.schema, t.name, t.columns])]);
}

function mergeTable(table: ManifestTable, shards: readonly Shard[], i: number): ManifestTable {
  const chunks = shards.flatMap(s => s.manifest.tables[i]!.chunks).sort((a, b) => (a.path < b.path ? -1 : 1));
  return { ...table, chunks, rows: chunks.reduce((sum, c) => sum + c.rows, 0), rowsum: sumChunks(chunks) };
}

/** Each shard found the same in the schema, and something of its own in its rows. */
function mergeFindings(shards: readonly Shard[]): Manifest['findings'] {
  const seen = new Set<string>();
  return shards
    .flatMap(s => s.manifest.findings)
    .filter(finding => {
      const key = JSON.stringify(finding);
      return !seen.has(key) && seen.add(key);
    });
}

/** Moves a file into the archive; from another file system it is copied. A merge that was interrupted has moved some already. */
async function bring(from: string, to: string, path: string): Promise<void> {
  const source = await resolveArchivePath(from, path);
  const place = await resolveArchivePath(to, path);
  await makeFolder(dirname(place));
  try {
    await rename(source, place);
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'EXDEV') return copyFile(source, place);
    if (code === 'ENOENT' && (await stat(place).catch(() => null))) return;
    throw new XpdbError(`can't move ${source} to ${place}: ${code === 'ENOENT' ? 'it is missing' : message}`, {
      cause,
    });
  }
}
