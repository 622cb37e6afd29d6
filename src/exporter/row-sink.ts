import type { OutputQueue } from '../archive/output-queue.ts';
import type { RowSink } from '../connection/session.ts';
import type { ColumnTrouble, LargeRowWriter } from '../data/large-row-writer.ts';
import { enoughBytes, type RowWriter } from '../data/row-writer.ts';
import type { RowsTaken } from '../data/rows-taken.ts';
import type { WireColumn } from '../data/wire-column.ts';
import { XpdbError } from '../model/error.ts';
import type { RowFormat } from './row-format.ts';

/** A row above this many wire bytes is taken by parts: as text it may be three times as long. */
export const largeRowBytes = 2 << 20;

/** Rows and their content hash. */
export interface RowsWritten {
  readonly rows: number;
  /** 32 hex digits. */
  readonly rowsum: string;
}

/** What rows are asked for. */
export interface ExpectedRows {
  /** For messages: the quoted name of the table. */
  readonly name: string;
  /** Names of the columns, in order; null where any will do. */
  readonly columns: readonly string[] | null;
}

/** Takes the rows of a query, one chunk of the connection's bytes at a time, and writes them in a format into a queue. */
export class FormatSink implements RowSink {
  readonly #rows: ExpectedRows;
  readonly #format: RowFormat;
  readonly #queue: OutputQueue;
  readonly #onRows: (rows: number) => void;
  #writer: RowWriter | undefined;
  #described: readonly WireColumn[] = [];
  #large: LargeRowWriter | undefined;
  readonly #recycle = (bytes: Uint8Array): void => this.#writer?.recycle(bytes);
  readonly #recycleLarge = (bytes: Uint8Array): void => this.#large?.recycle?.(bytes);

  /** @param onRows called with the rows so far, now and then */
  constructor(rows: ExpectedRows, format: RowFormat, queue: OutputQueue, onRows: (rows: number) => void) {
    this.#rows = rows;
    this.#format = format;
    this.#queue = queue;
    this.#onRows = onRows;
  }

  columns(columns: readonly WireColumn[]): void {
    if (this.#writer) {
      throw new XpdbError(`${this.#rows.name} gave more than one result`, { hint: 'run one SELECT at a time' });
    }
    checkColumns(this.#rows, columns);
    this.#described = columns;
    this.#writer = this.#format.open(columns);
  }

  rows(bytes: Uint8Array, start: number, end: number): void | Promise<void> {
    const writer = this.#writer!;
    writer.write(bytes, start, end);
    return this.#flush(writer);
  }

  takeRows(bytes: Uint8Array, start: number, end: number): RowsTaken | null {
    const writer = this.#writer!;
    const before = writer.rows;
    const at = writer.writeFrom(bytes, start, end);
    return at === start ? null : { end: at, count: writer.rows - before, wait: this.#flush(writer) };
  }

  #flush(writer: RowWriter): void | Promise<void> {
    if (writer.pending < enoughBytes) return;
    this.#onRows(writer.rowsum.rows);
    return this.#push(writer.take());
  }

  largeRowStart(): void | Promise<void> {
    const writer = this.#writer!;
    writer.finish();
    this.#large ??= this.#format.openLarge(this.#described);
    return this.#push(writer.take());
  }

  largeRowPart(bytes: Uint8Array): void | Promise<void> {
    const large = this.#large!;
    large.part(bytes);
    if (large.pending > 0) return this.#pushLarge(large.take());
  }

  largeRowEnd(): void | Promise<void> {
    // The rowsum is asked for first: it may have rows to hash yet, which use the same lanes.
    const { rowsum } = this.#writer!;
    this.#large!.end();
    rowsum.addLanes();
    this.#onRows(rowsum.rows);
    return this.#pushLarge(this.#large!.take());
  }

  /**
   * Ends what is open and hands the rest over.
   * @param received rows that the connection counted: each must have been written
   */
  async finish(received: number): Promise<RowsWritten> {
    const writer = this.#writer;
    if (!writer) throw new XpdbError(`the server sent no columns for ${this.#rows.name}`);
    writer.end();
    await this.#push(writer.take());
    if (writer.rowsum.rows !== received) {
      throw new Error(`${received} rows of ${this.#rows.name} were received, ${writer.rowsum.rows} written`);
    }
    return { rows: writer.rowsum.rows, rowsum: writer.rowsum.toString() };
  }

  /** As the server described them; none before they came. */
  get described(): readonly WireColumn[] {
    return this.#described;
  }

  denormals(): readonly ColumnTrouble[] {
    return mergeTrouble([...(this.#writer?.denormals() ?? []), ...(this.#large?.denormals() ?? [])]);
  }

  /** Columns with characters that were replaced, because the format or the code page lacks them. */
  replaced(): readonly ColumnTrouble[] {
    return mergeTrouble([...(this.#writer?.replaced() ?? []), ...(this.#large?.malformed() ?? [])]);
  }

  #pushLarge(bytes: Uint8Array): void | Promise<void> {
    return bytes.length === 0 ? undefined : this.#queue.push(bytes, this.#recycleLarge);
  }

  #push(bytes: Uint8Array): void | Promise<void> {
    return bytes.length === 0 ? undefined : this.#queue.push(bytes, this.#recycle);
  }
}

/** Adds up what is said of the same column. */
export function mergeTrouble(list: readonly ColumnTrouble[]): ColumnTrouble[] {
  const merged = new Map<string, number>();
  for (const { column, values } of list) merged.set(column, (merged.get(column) ?? 0) + values);
  return [...merged].map(([column, values]) => ({ column, values }));
}

/** A value must never stand under another column's name: the server's columns are those that were asked for. */
function checkColumns(rows: ExpectedRows, columns: readonly WireColumn[]): void {
  if (rows.columns === null) return;
  const wanted = rows.columns.length === 0 ? ['none'] : rows.columns;
  const found = columns.map(c => c.name);
  if (found.length === wanted.length && found.every((name, i) => name === wanted[i])) return;
  throw new XpdbError(`the server sent the columns ${found.join(', ')} for ${rows.name}`, {
    hint: `${wanted.join(', ')} were asked for; was the table changed meanwhile?`,
  });
}
