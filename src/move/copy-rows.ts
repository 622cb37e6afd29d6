/** Carries the rows of tables from one server to another: the row bytes of a SELECT become those of a bulk load. */

import pLimit from 'p-limit';
import { openSession } from '../connection/connect.ts';
import type { ConnectionOptions } from '../connection/connection-options.ts';
import type { Session } from '../connection/session.ts';
import { CancelledError, isRetryable } from '../connection/sql-error.ts';
import type { Consistency } from '../exporter/consistency.ts';
import { explainReadError } from '../exporter/read-error.ts';
import type { Source } from '../exporter/read-source.ts';
import type { TableRows } from '../exporter/table-rows.ts';
import { createNativeLoad } from '../importer/bulk/native-load.ts';
import { Journal } from '../importer/journal.ts';
import { defaultRetries, type RetryPolicy, waitBeforeRetry } from '../importer/retry.ts';
import { XpdbError } from '../model/error.ts';
import { scriptDataType } from '../scripter/data-type.ts';
import { clusteredColumns } from '../scripter/table-data.ts';
import { quoteName } from '../tsql/quote.ts';
import { type CopyChunk, chunkEntry } from './copy-plan.ts';

/** Rows above it travel in parts. */
const largeRowBytes = 1 << 20;

export interface CopyRowsJob {
  readonly source: Source;
  readonly consistency: Consistency;
  /** The session that holds a SNAPSHOT transaction, where that is the way of consistency. */
  readonly reader: Session;
  readonly from: ConnectionOptions;
  readonly to: ConnectionOptions;
  /** On the target. */
  readonly database: string;
  readonly chunks: readonly CopyChunk[];
  /** Journal entries of an earlier run. */
  readonly done: ReadonlySet<string>;
  readonly jobs: number;
  readonly retries?: RetryPolicy;
  readonly signal: AbortSignal;
  /** @param rows of all chunks so far */
  readonly onRows: (rows: number, object: string, chunksDone: number) => void;
  /** Rows of a chunk that are in the target for good. */
  readonly onCarried: (rows: number) => void;
  readonly onNote: (text: string) => void;
}

/** @throws the first error, when all jobs have ended; CancelledError */
export async function copyRows(job: CopyRowsJob): Promise<void> {
  const stop = new AbortController();
  const workers = new Set<Worker>();
  const stopAll = () => {
    stop.abort();
    for (const worker of workers) worker.cancel();
  };
  job.signal.addEventListener('abort', stopAll, { once: true });
  const byTable = Map.groupBy(job.chunks, c => c.table);
  const underWay = new Map<number, number>();
  let finished = 0;
  let chunksDone = 0;
  const idle: Worker[] = [];
  const limit = pLimit(job.consistency.way === 'snapshot' ? 1 : job.jobs);
  const run = async (chunk: CopyChunk) => {
    if (stop.signal.aborted) return;
    const table = job.source.tables.find(t => t.name === chunk.table);
    if (!table) throw changed(chunk.table);
    const worker = idle.pop() ?? new Worker(job, stop.signal);
    workers.add(worker);
    const rows = await worker.carry(table, chunk, byTable.get(chunk.table)!.length === 1, count => {
      underWay.set(chunk.id, count);
      job.onRows(
        [...underWay.values()].reduce((sum, n) => sum + n, finished),
        chunk.table,
        chunksDone,
      );
    });
    underWay.delete(chunk.id);
    finished += rows;
    job.onCarried(rows);
    chunksDone++;
    job.onRows(finished, chunk.table, chunksDone);
    idle.push(worker);
  };
  const pending = job.chunks.filter(c => !job.done.has(chunkEntry(c)));
  const outcomes = await Promise.allSettled(
    pending.map(chunk =>
      limit(() =>
        run(chunk).catch(error => {
          stopAll();
          throw error;
        }),
      ),
    ),
  );
  job.signal.removeEventListener('abort', stopAll);
  await Promise.all([...workers].map(w => w.close()));
  if (job.signal.aborted) throw new CancelledError();
  const failed = outcomes.filter(o => o.status === 'rejected').map(o => o.reason as unknown);
  // What the stop itself broke off is no reason.
  const first = failed.find(e => !(e instanceof CancelledError)) ?? failed[0];
  if (first !== undefined) throw first;
}

function changed(table: string): XpdbError {
  return new XpdbError(`the copy began with the rows of ${table}, which the source no longer has`, {
    hint: 'copy into an empty database',
  });
}

/** One connection to each server. */
class Worker {
  readonly #job: CopyRowsJob;
  readonly #signal: AbortSignal;
  #from: Session | null = null;
  #to: Session | null = null;

  constructor(job: CopyRowsJob, signal: AbortSignal) {
    this.#job = job;
    this.#signal = signal;
  }

  /** Carries a chunk in one transaction of the target, again after errors that pass. */
  async carry(table: TableRows, chunk: CopyChunk, alone: boolean, onRows: (rows: number) => void): Promise<number> {
    const retries = this.#job.retries ?? defaultRetries;
    for (let attempt = 0; ; attempt++) {
      try {
        const from = await this.#reader();
        const to = await this.#writer();
        // The answer to a COMMIT may have been lost with the connection.
        if (attempt > 0 && (await new Journal(this.#job.database).hasChunk(to, chunkEntry(chunk)))) return 0;
        return await this.#carryOnce(from, to, table, chunk, alone, onRows);
      } catch (error) {
        const lostSnapshot = this.#job.consistency.way === 'snapshot' && this.#job.reader.closed;
        if (!isRetryable(error) || lostSnapshot || this.#signal.aborted || attempt >= retries.pausesMs.length)
          throw error;
        this.#job.onNote(`${table.name}: ${(error as Error).message}; tried again`);
        await waitBeforeRetry(retries, attempt, this.#signal).catch(() => {
          throw error;
        });
      }
    }
  }

  async #carryOnce(
    from: Session,
    to: Session,
    table: TableRows,
    chunk: CopyChunk,
    alone: boolean,
    onRows: (rows: number) => void,
  ): Promise<number> {
    const { source, consistency } = this.#job;
    // A database snapshot has no FILESTREAM data.
    const database = table.filestream ? source.name : consistency.database;
    if (from.database !== database) await from.useDatabase(database);
    await to.beginTransaction();
    try {
      const rows =
        table.columns.length === 0
          ? await copyEmptyRows(from, to, table, chunk.range)
          : await this.#relay(from, to, table, chunk, alone, onRows);
      await to.execute(new Journal(this.#job.database).addChunk(chunkEntry(chunk)));
      await to.commit();
      return rows;
    } catch (error) {
      if (!to.closed && to.inTransaction) await to.rollback().catch(() => to.close());
      throw error;
    }
  }

  async #relay(
    from: Session,
    to: Session,
    table: TableRows,
    chunk: CopyChunk,
    alone: boolean,
    onRows: (rows: number) => void,
  ): Promise<number> {
    const { schema, name } = table.table;
    const order = clusteredColumns(table.table).filter(c => table.columns.includes(c.name));
    const whole = order.length === clusteredColumns(table.table).length;
    const load = createNativeLoad(
      to,
      { schema, name },
      {
        tableLock: alone,
        ...(whole && order.length > 0 ? { order: order.map(c => ({ column: c.name, descending: c.descending })) } : {}),
      },
    );
    try {
      await from.streamRows(
        selectForTarget(table, chunk.range),
        {
          columns: columns => load.columns(columns),
          rows: (bytes, start, end, count) => {
            const wait = load.rows(bytes, start, end, count);
            onRows(load.taken);
            return wait;
          },
          largeRowStart: () => load.largeRowStart(),
          largeRowPart: bytes => load.largeRowPart(bytes),
          largeRowEnd: () => load.largeRowEnd(),
        },
        { largeRowBytes },
      );
    } catch (error) {
      await load.fail(error);
      throw explainReadError(error, table.name);
    }
    return load.finish();
  }

  async #reader(): Promise<Session> {
    const { consistency, reader, from } = this.#job;
    if (consistency.way === 'snapshot') return reader;
    if (this.#from === null || this.#from.closed) this.#from = await openSession(from);
    return this.#from;
  }

  async #writer(): Promise<Session> {
    const { to, database } = this.#job;
    if (this.#to === null || this.#to.closed) this.#to = await openSession({ ...to, database });
    return this.#to;
  }

  cancel(): void {
    this.#from?.cancel();
    this.#to?.cancel();
  }

  async close(): Promise<void> {
    await this.#from?.close();
    await this.#to?.close();
  }
}

/** SELECT of a table's rows in the types of the target, in clustered order. */
function selectForTarget(rows: TableRows, range: string | null): string {
  const list = rows.columns.map(name => {
    const own = rows.source.columns.find(c => c.name === name);
    const wanted = rows.table.columns.find(c => c.name === name);
    const [from, to] = [own && scriptDataType(own.type), wanted && scriptDataType(wanted.type)];
    // A type that the target lacks comes in the one that stands for it there.
    return from === to || to === undefined
      ? quoteName(name)
      : `CAST(${quoteName(name)} AS ${to}) AS ${quoteName(name)}`;
  });
  const conditions = [rows.where, range].filter(c => c !== null).map(c => `(${c}\n)`);
  const order = clusteredColumns(rows.table).map(c => quoteName(c.name) + (c.descending ? ' DESC' : ''));
  return (
    `SELECT ${list.join(', ')} FROM ${rows.name}` +
    `${conditions.length > 0 ? ` WHERE ${conditions.join(' AND ')}` : ''}` +
    `${order.length > 0 ? ` ORDER BY ${order.join(', ')}` : ''}`
  );
}

/** Rows none of whose columns takes a value: only their number can be carried. */
async function copyEmptyRows(from: Session, to: Session, rows: TableRows, range: string | null): Promise<number> {
  const conditions = [rows.where, range].filter(c => c !== null).map(c => `(${c}\n)`);
  const where = conditions.length > 0 ? ` WHERE ${conditions.join(' AND ')}` : '';
  const counted = await from.query(`SELECT COUNT_BIG(*) FROM ${rows.name}${where}`);
  const count = Number(counted.rows[0]?.[0] ?? 0);
  for (let done = 0; done < count; done += 1000) {
    const statements = Math.min(1000, count - done);
    await to.execute(`INSERT ${rows.name} DEFAULT VALUES;\n`.repeat(statements));
  }
  return count;
}
