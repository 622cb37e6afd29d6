/**
 * Loads rows as they came from a server (a file in the native format, or a query of another server), in one bulk load: the row
 * bytes go on, no value is decoded. Identity values are kept, no triggers fire, constraints are checked so that they stay trusted.
 */

import type { Session } from '../../connection/session.ts';
import { type BulkColumn, bulkColumn } from '../../data/bulk/bulk-column.ts';
import { LargeRowRelay } from '../../data/bulk/large-row-relay.ts';
import { enoughBytes, RowRelay } from '../../data/bulk/row-relay.ts';
import type { RowsTaken } from '../../data/rows-taken.ts';
import type { WireColumn } from '../../data/wire-column.ts';
import { XpdbError } from '../../model/error.ts';
import type { QualifiedName } from '../../model/name.ts';
import { quoteName, quoteQualified } from '../../tsql/quote.ts';
import { readDatabaseFacts } from './database-facts.ts';
import { type LoadTarget, sendLoad } from './load.ts';
import { PieceQueue } from './piece-queue.ts';
import { readTableFacts, type TableFacts } from './table-facts.ts';

export interface NativeLoadOptions {
  /** Lock the table: parallel loads of a heap, minimal logging. Default true. */
  readonly tableLock?: boolean;
  /** Columns of the clustered key in whose order the rows come. */
  readonly order?: readonly { readonly column: string; readonly descending: boolean }[];
}

/** A sink for rows (RowSink of a session, NativeRowSink of a file) that sends them on; `finish` or `fail` must follow. */
export interface NativeLoad {
  /**
   * Begins the load; columns find their targets by name.
   * @throws XpdbError naming the column where target and rows do not fit; SqlServerError
   */
  columns(columns: readonly WireColumn[]): Promise<void>;
  rows(bytes: Uint8Array, start: number, end: number, count: number): void | Promise<void>;
  takeRows(bytes: Uint8Array, start: number, end: number): RowsTaken | null;
  largeRowStart(): void;
  largeRowPart(bytes: Uint8Array): void | Promise<void>;
  largeRowEnd(): void | Promise<void>;
  /** Rows taken. */
  readonly taken: number;
  /**
   * Ends the load and waits for the server's answer.
   * @returns rows that the server counted
   * @throws SqlServerError, XpdbError when the server counted other rows than were taken
   */
  finish(): Promise<number>;
  /** Breaks the load off: nothing of it stays. Waits until the session is free again. */
  fail(error: unknown): Promise<void>;
}

/** @param session of the target, in its database; in an open transaction the load becomes part of it, else it has its own */
export function createNativeLoad(session: Session, table: QualifiedName, options: NativeLoadOptions = {}): NativeLoad {
  return new Load(session, table, options);
}

/** What works while a load runs. */
interface Running {
  readonly sources: readonly WireColumn[];
  readonly target: LoadTarget;
  readonly relay: RowRelay;
  readonly queue: PieceQueue;
  readonly outcome: Promise<{ readonly rows: number } | { readonly error: unknown }>;
}

class Load implements NativeLoad {
  taken = 0;
  readonly #session: Session;
  readonly #table: QualifiedName;
  readonly #options: NativeLoadOptions;
  #running: Running | null = null;
  #large: LargeRowRelay | null = null;

  constructor(session: Session, table: QualifiedName, options: NativeLoadOptions) {
    this.#session = session;
    this.#table = table;
    this.#options = options;
  }

  async columns(sources: readonly WireColumn[]): Promise<void> {
    const target = await openTarget(this.#session, this.#table, sources, this.#options);
    const relay = new RowRelay(sources, target.columns);
    const queue = new PieceQueue(pieces => relay.recycle(pieces));
    const outcome = sendLoad(this.#session, target, queue).then(
      rows => ({ rows }),
      error => {
        // Whoever makes rows must not wait for a reader that is gone.
        queue.end({ error });
        return { error };
      },
    );
    this.#running = { sources, target, relay, queue, outcome };
  }

  rows(bytes: Uint8Array, start: number, end: number, count: number): void | Promise<void> {
    const { relay } = this.#now();
    relay.write(bytes, start, end);
    this.taken += count;
    return this.#sendEnough();
  }

  takeRows(bytes: Uint8Array, start: number, end: number): RowsTaken | null {
    const { relay } = this.#now();
    const before = relay.rows;
    const at = relay.writeFrom(bytes, start, end);
    if (at === start) return null;
    const count = relay.rows - before;
    this.taken += count;
    return { end: at, count, wait: this.#sendEnough() };
  }

  largeRowStart(): void {
    const { sources, target, relay } = this.#now();
    this.#large ??= new LargeRowRelay(sources, target.columns, relay.buffer);
    this.#large.start();
  }

  largeRowPart(bytes: Uint8Array): void | Promise<void> {
    this.#large!.part(bytes);
    return this.#sendEnough();
  }

  largeRowEnd(): void | Promise<void> {
    this.#large!.end();
    this.taken++;
    return this.#sendEnough();
  }

  async finish(): Promise<number> {
    const { relay, queue, outcome } = this.#now();
    void queue.push(relay.take());
    queue.end();
    const result = await outcome;
    this.#running = null;
    if ('error' in result) throw result.error;
    if (result.rows === this.taken) return result.rows;
    throw new XpdbError(`the server counted ${result.rows} rows of ${this.taken} that were loaded`, {
      object: quoteQualified(this.#table.schema, this.#table.name),
    });
  }

  async fail(error: unknown): Promise<void> {
    const running = this.#running;
    if (running === null) return;
    this.#running = null;
    running.queue.end({ error });
    await running.outcome;
  }

  #now(): Running {
    if (this.#running === null) throw new Error('rows without columns, or behind the end of their load');
    return this.#running;
  }

  #sendEnough(): void | Promise<void> {
    const { relay, queue, outcome } = this.#now();
    if (relay.bytes < enoughBytes) return;
    if (queue.stopped) return throwOutcome(outcome);
    return queue.push(relay.take());
  }
}

/** The load ended before its rows did: why is in its outcome. */
async function throwOutcome(outcome: Running['outcome']): Promise<void> {
  const result = await outcome;
  throw 'error' in result ? result.error : new Error('a bulk load ended before its rows');
}

async function openTarget(
  session: Session,
  table: QualifiedName,
  sources: readonly WireColumn[],
  options: NativeLoadOptions,
): Promise<LoadTarget> {
  const name = quoteQualified(table.schema, table.name);
  const facts = await readTableFacts(session, { server: null, database: null, ...table });
  if (facts === null) throw new XpdbError(`there is no table ${name} to load rows into`, { object: name });
  const { isBabelfish } = await readDatabaseFacts(session);
  const described = await describe(session, facts, sources, name);
  const columns: BulkColumn[] = sources.map((source, i) =>
    bulkColumn(described[i]!, {
      collation: facts.columns.find(column => column.name === source.name)?.collation ?? null,
      wideDecimals: isBabelfish,
    }),
  );
  return {
    schema: facts.schema,
    table: facts.name,
    columns,
    options: {
      checkConstraints: true,
      tableLock: !facts.isMemoryOptimized && (options.tableLock ?? true),
      ...(options.order === undefined ? {} : { order: options.order }),
    },
    closeAfterFailure: isBabelfish,
  };
}

/** The target's columns in the order of the rows' columns. */
async function describe(
  session: Session,
  facts: TableFacts,
  sources: readonly WireColumn[],
  table: string,
): Promise<readonly WireColumn[]> {
  for (const { name } of sources) {
    const column = facts.columns.find(c => c.name === name);
    const why = !column
      ? 'has no column'
      : column.isComputed
        ? 'computes the column'
        : column.isRowVersion || column.isGeneratedAlways
          ? 'generates the column'
          : null;
    if (why === null) continue;
    throw new XpdbError(`${table} ${why} ${quoteName(name)}, which the rows have`, {
      object: table,
      hint: 'make the table as it was when the rows were exported',
    });
  }
  const list = sources.map(source => quoteName(source.name)).join(', ');
  return (await session.query(`SELECT TOP (0) ${list} FROM ${table}`)).columns;
}
