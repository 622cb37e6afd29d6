import type { ScriptFile } from '../archive/manifest.ts';
import type { Finding } from '../compat/finding.ts';
import type { ConnectionOptions } from '../connection/connection-options.ts';
import type { Session } from '../connection/session.ts';
import { scriptLoadSwitches } from '../scripter/load-switches.ts';
import { hasIdentity } from '../scripter/table-data.ts';
import { type ArchiveConsistency, checkResume } from './archive-consistency.ts';
import { type ArchiveJournal, hashOf } from './archive-journal.ts';
import { writeBatches } from './archive-scripts.ts';
import { type ChunkPlan, defaultChunkLimits, type PlannedChunk, planChunks } from './chunk-plan.ts';
import type { ChunkResult } from './chunk-writer.ts';
import type { DirectoryOptions } from './directory-options.ts';
import { describeOptions } from './export-options.ts';
import { findReseeds } from './identity-reseed.ts';
import type { Source } from './read-source.ts';
import type { TableRows } from './table-rows.ts';
import { findTablesWithRows } from './tables-with-rows.ts';

/** What the steps of one archive share. */
export interface ArchiveJob {
  /** In the source database. */
  readonly session: Session;
  readonly connection: ConnectionOptions;
  readonly folder: string;
  readonly source: Source;
  readonly options: DirectoryOptions;
  /** null without rows. */
  readonly consistency: ArchiveConsistency | null;
  readonly journal: ArchiveJournal;
  readonly signal: AbortSignal;
}

/** A chunk and what became of it. */
export interface FinishedChunk {
  readonly chunk: PlannedChunk;
  readonly result: ChunkResult;
}

/**
 * The plan of all chunks: a new one, which the journal notes before the first chunk, or that of the run that is gone on with.
 * @throws XpdbError when that run was another export, or the schema or what the log-in can read was changed since
 */
export async function beginOrResume(job: ArchiveJob): Promise<ChunkPlan> {
  const { session, source, options, consistency, journal } = job;
  const asked = hashOf([
    source.server.productVersion,
    source.name,
    source.target,
    options.dataFormat,
    options.compression,
    options.chunkRows,
    options.encoding,
    options.newline,
    options.shard,
    describeOptions(options),
  ]);
  const schema = hashOf(source.script.entries);
  const tables = hashOf(source.tables.map(t => [t.name, t.columns, t.where]));
  if (journal.begin !== null) {
    checkResume(journal.begin, { options: asked, schema, tables });
    return { chunks: journal.begin.chunks, findings: journal.begin.findings };
  }
  const limits = { ...defaultChunkLimits, rows: options.chunkRows };
  // Sizes and keys are those of the rows that will be read, so that every machine that reads the same snapshot plans the same.
  const plan = consistency
    ? await inDatabase(session, consistency.database, () => planChunks(session, source.original, source.tables, limits))
    : { chunks: [], findings: [] };
  await journal.noteBegin({
    kind: 'begin',
    version: 1,
    options: asked,
    schema,
    tables,
    consistency: consistency?.way ?? 'none',
    rowsDatabase: consistency?.database ?? source.name,
    rowsMadeAt: consistency?.madeAt ?? null,
    ...plan,
  });
  return plan;
}

/** What stands before and after the rows: switches of a data-only export, identity counters. */
export async function writeAroundData(
  job: ArchiveJob,
  finished: readonly FinishedChunk[],
): Promise<{ scripts: readonly ScriptFile[]; findings: readonly Finding[] }> {
  const { session, folder, source, options } = job;
  const loaded = options.dataOnly ? source.tables.map(t => t.table) : [];
  const switches = scriptLoadSwitches(loaded, source.database.triggers);
  const counts = new Map<TableRows, number>();
  for (const { chunk, result } of finished) {
    const rows = source.tables[chunk.table]!;
    counts.set(rows, (counts.get(rows) ?? 0) + result.rows);
  }
  for (const rows of await findInOtherShards(job, counts)) counts.set(rows, 1);
  const reseeds = await findReseeds(session, source.tables, counts);
  const scripts = [
    await writeBatches(folder, source, options, 'before-data', [
      { type: 'switches', name: 'DATABASE', batches: switches.before },
    ]),
    await writeBatches(folder, source, options, 'after-data', [
      ...reseeds.map(r => ({ type: 'identity', ...r })),
      { type: 'switches', name: 'DATABASE', batches: switches.after },
    ]),
  ];
  return { scripts: scripts.filter(s => s !== null), findings: switches.findings };
}

/** Tables with identity that have no rows in this shard, but some in others. */
async function findInOtherShards(
  { session, source, options, consistency }: ArchiveJob,
  counts: ReadonlyMap<TableRows, number>,
): Promise<ReadonlySet<TableRows>> {
  if (options.shard === null || consistency === null) return new Set();
  const empty = source.tables.filter(t => hasIdentity(t.table) && (counts.get(t) ?? 0) === 0);
  return inDatabase(session, consistency.database, () => findTablesWithRows(session, empty));
}

/** Has `work` done in a database that the session leaves afterwards. */
async function inDatabase<T>(session: Session, database: string, work: () => Promise<T>): Promise<T> {
  const before = session.database;
  if (database === before) return work();
  await session.useDatabase(database);
  const result = await work();
  await session.useDatabase(before);
  return result;
}
