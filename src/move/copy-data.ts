/** What a copy does between the scripts of its schema: the plan of the chunks, their rows, the identity counters. */

import { openSession } from '../connection/connect.ts';
import type { Session } from '../connection/session.ts';
import { largestFirst, type PlannedChunk } from '../exporter/chunk-plan.ts';
import { type Consistency, resumedLater } from '../exporter/consistency.ts';
import { findReseeds } from '../exporter/identity-reseed.ts';
import type { Source } from '../exporter/read-source.ts';
import type { TableRows } from '../exporter/table-rows.ts';
import type { DataContext, ImportData } from '../importer/import-options.ts';
import { Journal } from '../importer/journal.ts';
import { hasIdentity } from '../scripter/table-data.ts';
import type { CopyOptions } from './copy-options.ts';
import { type CopyChunk, findPlan, planEntry } from './copy-plan.ts';
import { copyRows } from './copy-rows.ts';

/** Rows between the scripts: carried by several connections, then the identity counters. */
export function copyData(
  options: CopyOptions,
  session: Session,
  source: Source,
  consistency: Consistency,
  planned: readonly PlannedChunk[],
): ImportData {
  return {
    before: 1,
    identity: `${source.server.serverName} ${source.name}`,
    tables: [],
    sums: 'wire',
    load: async context => {
      const chunks = await keepPlan(options, context, consistency, orderChunks(source, planned));
      if (chunks === null) return;
      const wanted = chunks.filter(c => {
        const table = source.tables.find(t => t.name === c.table)?.table;
        return table === undefined || !context.isLeftOut(table);
      });
      await copyRows({
        source,
        consistency,
        reader: session,
        from: options.from,
        to: options.to,
        database: context.database,
        chunks: wanted,
        done: context.done,
        jobs: options.jobs,
        ...(options.retries === undefined ? {} : { retries: options.retries }),
        signal: options.signal,
        onRows: (count, object, done) =>
          options.report({
            phase: 'data',
            object,
            tablesDone: done,
            tablesTotal: wanted.length,
            rows: count,
            rowsTotal: null,
            bytes: 0,
            bytesTotal: null,
          }),
        onCarried: context.onLoaded,
        onNote: options.onNote,
      });
      await reseed(options, session, source, context);
    },
  };
}

/** The largest first, so that no job is left alone with it at the end. */
function orderChunks(source: Source, chunks: readonly PlannedChunk[]): CopyChunk[] {
  return largestFirst(chunks).map((c, i) => ({ id: i + 1, table: source.tables[c.table]!.name, range: c.range }));
}

/**
 * The plan of the run that began, or this one's, which is noted before the first row. Null without a journal to note it in: an earlier
 * run came to its end, and was stopped while the databases were compared.
 */
async function keepPlan(
  options: CopyOptions,
  { database, done }: DataContext,
  { way }: Consistency,
  planned: readonly CopyChunk[],
): Promise<readonly CopyChunk[] | null> {
  const earlier = findPlan(done);
  if (earlier) {
    const there = done.size - 1;
    options.onNote(`goes on with the rows: ${there} of ${earlier.length} chunks are there`);
    if (way !== 'unchanging' && there > 0 && there < earlier.length) options.onFinding(resumedLater('copy'));
    return earlier;
  }
  const to = await openSession({ ...options.to, database });
  try {
    const journal = new Journal(database);
    if (!(await journal.exists(to))) return null;
    await to.execute(journal.addChunk(planEntry(planned)));
  } finally {
    await to.close();
  }
  return planned;
}

/** Sets the identity counters to where the source's stand. */
async function reseed(options: CopyOptions, session: Session, source: Source, context: DataContext): Promise<void> {
  if (session.database !== source.name) await session.useDatabase(source.name);
  const to = await openSession({ ...options.to, database: context.database });
  try {
    const tables = source.tables.filter(t => hasIdentity(t.table) && !context.isLeftOut(t.table));
    const counts = new Map<TableRows, number>();
    for (const table of tables) {
      const found = await to.query(`SELECT TOP (1) 1 AS [found] FROM ${table.name}`);
      counts.set(table, found.rows.length);
    }
    for (const { batches } of await findReseeds(session, tables, counts))
      for (const batch of batches) await to.execute(batch);
  } finally {
    await to.close();
  }
}
