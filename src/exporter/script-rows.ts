import type { OutputQueue } from '../archive/output-queue.ts';
import type { RowSink } from '../connection/session.ts';
import { LargeRowScript } from '../data/large-row-script.ts';
import { createSqlRowWriter, type SqlRowWriter } from '../data/sql-row-writer.ts';
import type { WireColumn } from '../data/wire-column.ts';
import { XpdbError } from '../model/error.ts';
import type { ScriptForm } from './export-options.ts';
import type { TableRows } from './table-rows.ts';

/** Bytes of text after which they go to the output: below the writer's buffer, so that it need not grow. */
const flushBytes = 3 << 17;
/** A row above this many wire bytes is built in a temporary table: as text it may be three times as long. */
export const largeRowBytes = 2 << 20;

export interface ColumnTrouble {
  readonly column: string;
  readonly values: number;
}

/** Writes the rows of one table as INSERT statements, one chunk of the connection's bytes at a time. */
export class ScriptRows implements RowSink {
  bytes = 0;
  readonly #rows: TableRows;
  readonly #form: ScriptForm;
  readonly #queue: OutputQueue;
  readonly #onRows: (rows: number) => void;
  #writer: SqlRowWriter | undefined;
  #described: readonly WireColumn[] = [];
  #large: LargeRowScript | undefined;
  readonly #recycle = (bytes: Uint8Array): void => this.#writer?.recycle(bytes);

  /** @param onRows called with the rows so far, once for each chunk */
  constructor(rows: TableRows, form: ScriptForm, queue: OutputQueue, onRows: (rows: number) => void) {
    this.#rows = rows;
    this.#form = form;
    this.#queue = queue;
    this.#onRows = onRows;
  }

  columns(columns: readonly WireColumn[]): void {
    checkColumns(this.#rows, columns);
    const { table, columns: names } = this.#rows;
    const { rowsPerInsert, batchBytes, newline, encoding } = this.#form;
    this.#described = columns;
    this.#writer = createSqlRowWriter(columns, {
      schema: table.schema,
      table: table.name,
      columns: names,
      newline,
      encoding,
      ...(rowsPerInsert === null ? {} : { rowsPerStatement: rowsPerInsert }),
      ...(batchBytes === null ? {} : { bytesPerBatch: batchBytes, bytesPerStatement: Math.min(batchBytes, 1 << 18) }),
    });
  }

  rows(bytes: Uint8Array, start: number, end: number): void | Promise<void> {
    const writer = this.#writer!;
    writer.write(bytes, start, end);
    if (writer.pending < flushBytes) return;
    this.#onRows(writer.rowsum.rows);
    return this.#push(writer.take());
  }

  async largeRowStart(): Promise<void> {
    const writer = this.#writer!;
    writer.finish();
    await this.#push(writer.take());
    const { table, columns } = this.#rows;
    this.#large ??= new LargeRowScript(this.#described, {
      schema: table.schema,
      table: table.name,
      columns,
      newline: this.#form.newline,
      encoding: this.#form.encoding,
    });
  }

  largeRowPart(bytes: Uint8Array): void | Promise<void> {
    const large = this.#large!;
    large.part(bytes);
    if (large.pending > 0) return this.#push(large.take());
  }

  largeRowEnd(): void | Promise<void> {
    // The rowsum is asked for first: it may have rows to hash yet, which use the same lanes.
    const { rowsum } = this.#writer!;
    this.#large!.end();
    rowsum.addLanes();
    return this.#push(this.#large!.take());
  }

  /** Ends the open statement and hands the rest over. */
  async finish(): Promise<{ rows: number; rowsum: string }> {
    const writer = this.#writer;
    if (!writer) throw new XpdbError(`the server sent no columns for the rows of ${this.#rows.name}`);
    writer.finish();
    await this.#push(writer.take());
    return { rows: writer.rowsum.rows, rowsum: writer.rowsum.toString() };
  }

  denormals(): readonly ColumnTrouble[] {
    return mergeTrouble([...(this.#writer?.denormals() ?? []), ...(this.#large?.denormals() ?? [])]);
  }

  malformed(): readonly ColumnTrouble[] {
    return this.#large?.malformed() ?? [];
  }

  #push(bytes: Uint8Array): void | Promise<void> {
    if (bytes.length === 0) return;
    this.bytes += bytes.length;
    return this.#queue.push(bytes, this.#recycle);
  }
}

function mergeTrouble(list: readonly ColumnTrouble[]): ColumnTrouble[] {
  const merged = new Map<string, number>();
  for (const { column, values } of list) merged.set(column, (merged.get(column) ?? 0) + values);
  return [...merged].map(([column, values]) => ({ column, values }));
}

/** A value must never stand under another column's name: the server's columns are those that were asked for. */
function checkColumns(rows: TableRows, columns: readonly WireColumn[]): void {
  const wanted = rows.columns.length === 0 ? ['none'] : rows.columns;
  const found = columns.map(c => c.name);
  if (found.length === wanted.length && found.every((name, i) => name === wanted[i])) return;
  throw new XpdbError(`the server sent the columns ${found.join(', ')} for ${rows.name}`, {
    hint: `${wanted.join(', ')} were asked for; was the table changed meanwhile?`,
  });
}
