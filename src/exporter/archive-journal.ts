import { createHash } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '../archive/archive-writer.ts';
import { type Journal, openJournal, readJournal } from '../archive/journal.ts';
import { manifestFile, type ShardInfo } from '../archive/manifest.ts';
import type { Finding } from '../compat/finding.ts';
import { XpdbError } from '../model/error.ts';
import type { PlannedChunk } from './chunk-plan.ts';
import type { ChunkResult } from './chunk-writer.ts';

/** What an interrupted export has done, and what it was. */
export interface ArchiveJournal {
  readonly begin: JournalBegin | null;
  /** By `chunkKey`. */
  readonly done: ReadonlyMap<string, ChunkResult>;
  noteBegin(begin: JournalBegin): Promise<void>;
  noteChunk(chunk: PlannedChunk, result: ChunkResult): Promise<void>;
  close(): Promise<void>;
  /** The archive is whole: the journal has done its work. */
  remove(): Promise<void>;
}

/** The first entry: what must be the same when the export goes on. */
export interface JournalBegin {
  readonly kind: 'begin';
  readonly version: 1;
  /** SHA-256 of everything that was asked for. */
  readonly options: string;
  /** SHA-256 of the scripts of the schema. */
  readonly schema: string;
  /** SHA-256 of the tables whose rows are exported, in order: chunks name them by their place. */
  readonly tables: string;
  readonly consistency: string;
  /** Database that rows are read from. */
  readonly rowsDatabase: string;
  /** When it was made, if it is a database snapshot that somebody else made: its name may be another one's later. */
  readonly rowsMadeAt: string | null;
  readonly chunks: readonly PlannedChunk[];
  /** Of the plan. */
  readonly findings: readonly Finding[];
}

interface ChunkEntry {
  readonly kind: 'chunk';
  readonly key: string;
  readonly result: ChunkResult;
}

export function chunkKey(chunk: PlannedChunk): string {
  return `${chunk.table}.${chunk.number}`;
}

/** Several machines may write into one folder: each has a journal and a manifest of its own. */
export function shardFile(name: string, shard: Pick<ShardInfo, 'shard' | 'of'> | null): string {
  return shard === null ? name : name.replace(/(?=\.)/, `-${shard.shard}of${shard.of}`);
}

export function hashOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}

/**
 * Opens the folder of an export: a new one, or one that an earlier run left.
 * @throws XpdbError when it holds something, or nothing to go on with
 */
export async function openArchiveJournal(
  folder: string,
  options: {
    readonly resume: boolean;
    readonly overwrite: boolean;
    readonly shard: Pick<ShardInfo, 'shard' | 'of'> | null;
  },
): Promise<ArchiveJournal> {
  const name = shardFile('journal.jsonl', options.shard);
  const manifest = shardFile(manifestFile, options.shard);
  const content: readonly string[] = await readdir(folder).catch(() => []);
  if (content.includes(manifest) || content.includes(manifestFile)) {
    if (!options.overwrite) {
      throw new XpdbError(`output folder ${folder} holds a finished archive`, {
        hint: 'give another name, or --overwrite',
      });
    }
  } else if (content.includes(name)) {
    if (!options.resume && !options.overwrite) {
      throw new XpdbError(`output folder ${folder} holds an export that was interrupted`, {
        hint: 'go on with it by --resume, or begin anew by --overwrite',
      });
    }
  } else {
    const others = options.shard === null ? content : content.filter(n => !isArchiveEntry(n));
    if (others.length > 0) {
      throw new XpdbError(`output folder ${folder} is not empty`, { hint: 'give a folder of its own to the archive' });
    }
  }
  await makeFolder(folder);
  if (!options.resume) await clear(folder, content, name, manifest, options.shard !== null);
  const entries = (options.resume ? await readJournal(folder, name) : null) ?? [];
  const journal = await openJournal(folder, name);
  return createJournal(folder, name, journal, entries);
}

/** What an archive's folder may hold beside the files of this run. */
function isArchiveEntry(name: string): boolean {
  return (
    name === 'data' ||
    /^(manifest|journal)-\d+of\d+\.jsonl?(\.partial)?$/.test(name) ||
    /^[a-z-]+\.sql(\.partial)?$/.test(name)
  );
}

async function clear(
  folder: string,
  content: readonly string[],
  journal: string,
  manifest: string,
  shared: boolean,
): Promise<void> {
  const own = shared ? [manifest, journal] : content.filter(n => isArchiveEntry(n) || n === journal || n === manifest);
  // The manifest first: what is left when this is interrupted must not look like a whole archive.
  for (const name of own.sort((a, b) => Number(b === manifest) - Number(a === manifest))) {
    await rm(join(folder, name), { recursive: true, force: true });
  }
}

function createJournal(folder: string, name: string, journal: Journal, entries: readonly unknown[]): ArchiveJournal {
  const begin = (entries[0] as JournalBegin | undefined) ?? null;
  if (begin !== null && (begin.kind !== 'begin' || begin.version !== 1)) {
    throw new XpdbError(`${join(folder, name)} is no journal of this xpdb`, { hint: 'begin anew by --overwrite' });
  }
  const done = new Map<string, ChunkResult>();
  for (const entry of entries.slice(1) as ChunkEntry[]) if (entry.kind === 'chunk') done.set(entry.key, entry.result);
  return {
    begin,
    done,
    noteBegin: entry => journal.add(entry),
    noteChunk: (chunk, result) => journal.add({ kind: 'chunk', key: chunkKey(chunk), result } satisfies ChunkEntry),
    close: () => journal.close(),
    async remove() {
      await journal.close();
      await rm(join(folder, name), { force: true });
    },
  };
}
