/**
 * Rows as multi-row INSERT statements in GO batches: from the bytes of ROW and NBCROW tokens to script text in one step, with the
 * rowsum in the same pass. Hot path: the kernel takes what it can (kernel/), this writer the rest, byte for byte alike.
 */

import { XpdbError } from '../model/error.ts';
import { quoteName, quoteQualified } from '../tsql/quote.ts';
import { columnTroubles } from './column-troubles.ts';
import { writeBytes } from './digits.ts';
import { inTable } from './in-table.ts';
import { kernelColumns } from './kernel/kernel-plan.ts';
import { KernelRows, type KernelUse, type OpenStatement } from './kernel/kernel-rows.ts';
import type { ColumnTrouble } from './large-row-writer.ts';
import { type LiteralState, noRoom } from './literal-state.ts';
import { RowText } from './row-text.ts';
import { enoughBytes, type RowWriter } from './row-writer.ts';
import { Rowsum } from './rowsum.ts';
import type { WireColumn } from './wire-column.ts';

export interface SqlRowWriterOptions {
  /** Null or left out: the table name alone. */
  readonly schema?: string | null;
  readonly table: string;
  /** Names of the INSERT's column list, one for each wire column; none for a table that takes no value: DEFAULT VALUES. */
  readonly columns?: readonly string[];
  /** Names of the columns that are nchar or nvarchar in the table, whatever they are where the rows come from. */
  readonly unicode?: ReadonlySet<string>;
  /** At most 1,000 (error 10738). Default 500: compile time grows faster than rows. */
  readonly rowsPerStatement?: number;
  /** A statement that reached so many bytes ends after its row. Default 256 KB. */
  readonly bytesPerStatement?: number;
  /** A batch that reached so many bytes ends after its statement. Default 1 MB. */
  readonly bytesPerBatch?: number;
  /** Default CRLF. */
  readonly newline?: '\r\n' | '\n';
  /** Of the text that `take` gives. Default UTF-8. */
  readonly encoding?: 'utf8' | 'utf16le';
  /** Default true; false leaves `rowsum` at zero rows. */
  readonly rowsum?: boolean;
  readonly kernel?: KernelUse;
}

const ascii = new TextEncoder();
/** Of a fresh buffer; a row larger than that makes it grow. */
const bufferBytes = 1 << 19;

/** @throws XpdbError naming the column for a collation without a known code page */
export function createSqlRowWriter(columns: readonly WireColumn[], options: SqlRowWriterOptions): RowWriter {
  return new Writer(columns, options);
}

class Writer implements RowWriter {
  rows = 0;
  readonly #rowsum = new Rowsum();
  /** Start and end of rows in the buffer that the rowsum does not have yet. */
  readonly #unhashed = new Int32Array(64);
  #unhashedCount = 0;
  readonly #table: string;
  readonly #text: RowText;
  readonly #insert: Uint8Array;
  readonly #between: Uint8Array;
  readonly #endStatement: Uint8Array;
  readonly #go: Uint8Array;
  readonly #defaultValues: boolean;
  readonly #rowsPerStatement: number;
  readonly #bytesPerStatement: number;
  readonly #bytesPerBatch: number;
  readonly #summing: boolean;
  readonly #utf16: boolean;
  readonly #script: LiteralState = { canonical: false, guarded: false, isolated: false, limit: 0 };
  readonly #canonical: LiteralState = { canonical: true, guarded: false, isolated: false, limit: 0 };
  #out: Uint8Array;
  #view: DataView;
  #pos = 0;
  readonly #open: OpenStatement = { rows: 0, statementBytes: 0, batchBytes: 0 };
  /** Null when a column, or the options, are none for it. */
  readonly #kernel: KernelRows | null;
  #scratch = new DataView(new ArrayBuffer(0));
  #spare: Uint8Array[] = [];

  constructor(columns: readonly WireColumn[], options: SqlRowWriterOptions) {
    const newline = options.newline ?? '\r\n';
    const names = options.columns ?? columns.map(column => column.name);
    this.#defaultValues = names.length === 0;
    this.#text = new RowText(columns, options.unicode);
    this.#table = quoteQualified(options.schema, options.table);
    const target = `INSERT ${this.#table}`;
    this.#insert = ascii.encode(
      this.#defaultValues
        ? `${target} DEFAULT VALUES`
        : `${target} (${names.map(quoteName).join(', ')}) VALUES${newline}(`,
    );
    this.#between = ascii.encode(`),${newline}(`);
    this.#endStatement = ascii.encode(this.#defaultValues ? `;${newline}` : `);${newline}`);
    this.#go = ascii.encode(`GO${newline}`);
    this.#rowsPerStatement = this.#defaultValues ? 1 : Math.min(1000, options.rowsPerStatement ?? 500);
    this.#bytesPerStatement = options.bytesPerStatement ?? 1 << 18;
    this.#bytesPerBatch = options.bytesPerBatch ?? 1 << 20;
    this.#summing = options.rowsum ?? true;
    this.#utf16 = options.encoding === 'utf16le';
    this.#out = new Uint8Array(bufferBytes);
    this.#view = new DataView(this.#out.buffer);
    const known = this.#defaultValues ? null : kernelColumns(columns, this.#text.codecs);
    this.#kernel =
      known === null
        ? null
        : new KernelRows(
            {
              columns: known,
              summing: this.#summing,
              texts: [this.#insert, this.#between, this.#endStatement, this.#go],
              numbers: [this.#rowsPerStatement, this.#bytesPerStatement, this.#bytesPerBatch],
            },
            'sqlRows',
            options.kernel,
            this.#open,
          );
  }

  get pending(): number {
    return this.#pos;
  }

  write(bytes: Uint8Array, start: number, end: number): void {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const kernel = this.#kernel?.begin(end - start) ? this.#kernel : null;
    let at = start;
    try {
      while (at < end) {
        if (kernel?.take(bytes, at, end, this.#rowsum)) at = this.#taken(kernel);
        else {
          const next = this.#row(view, at);
          if (next === noRoom) this.#grow(this.#out.length * 2);
          else at = next;
        }
      }
    } catch (error) {
      throw error instanceof XpdbError ? inTable(error, this.#table) : error;
    }
  }

  writeFrom(bytes: Uint8Array, start: number, end: number): number {
    const kernel = this.#kernel;
    const use = () => {
      this.#taken(kernel!);
      return this.#pos < enoughBytes;
    };
    return kernel?.takeFrom(bytes, start, end, this.#rowsum, use) ?? start;
  }

  /** Appends what the kernel made. @returns position behind the rows that it took */
  #taken(kernel: KernelRows): number {
    this.#append(kernel.text);
    this.rows += kernel.rows;
    return kernel.end;
  }

  /** @returns the position behind the row, or noRoom, which leaves everything as it was */
  #row(bytes: DataView, at: number): number {
    const script = this.#script;
    const text = this.#text;
    const out = this.#view;
    const begin = this.#pos;
    const lead = this.#open.rows > 0 ? this.#between : this.#insert;
    script.limit = out.byteLength - text.overhead - 64;
    if (begin + lead.length > script.limit) return noRoom;
    const start = writeBytes(out, begin, lead);
    script.guarded = false;
    script.isolated = false;
    const end = this.#defaultValues ? start : text.write(out, start, bytes, at, script);
    if (end === noRoom) return noRoom;
    if (this.#defaultValues) text.skip(bytes, at);
    if (script.isolated && this.#open.rows > 0) {
      this.#closeStatement();
      return this.#row(bytes, at);
    }
    if (this.#summing) {
      if (script.guarded) this.#addCanonical(bytes, at);
      else {
        this.#unhashed[this.#unhashedCount] = start;
        this.#unhashed[this.#unhashedCount + 1] = end;
        this.#unhashedCount += 2;
        if (this.#unhashedCount === this.#unhashed.length) this.#hash();
      }
    }
    this.rows++;
    this.#pos = end;
    this.#open.statementBytes += end - begin;
    this.#open.rows++;
    if (
      script.isolated ||
      this.#open.rows >= this.#rowsPerStatement ||
      this.#open.statementBytes >= this.#bytesPerStatement
    ) {
      this.#closeStatement();
    }
    return text.end;
  }

  /**
   * Rows are hashed a few at a time, not at once: reading words that were just stored in other widths stalls the processor, and
   * some rows later they are still in its nearest cache.
   */
  #hash(): void {
    const rows = this.#unhashed;
    const view = this.#view;
    const sum = this.#rowsum;
    for (let i = 0, end = this.#unhashedCount; i < end; i += 2) sum.add(view, rows[i]!, rows[i + 1]!);
    this.#unhashedCount = 0;
  }

  get rowsum(): Rowsum {
    this.#hash();
    return this.#rowsum;
  }

  /** A row whose literals are guarded is hashed by its plain ones. */
  #addCanonical(bytes: DataView, at: number): void {
    const { overhead } = this.#text;
    for (let room = overhead + 65536; ; room = this.#scratch.byteLength * 2) {
      if (this.#scratch.byteLength < room) this.#scratch = new DataView(new ArrayBuffer(room));
      // Behind the text there must be 16 bytes that the hash may read.
      this.#canonical.limit = this.#scratch.byteLength - overhead - 16;
      const end = this.#text.write(this.#scratch, 0, bytes, at, this.#canonical);
      if (end !== noRoom) {
        this.#rowsum.add(this.#scratch, 0, end);
        return;
      }
    }
  }

  #closeStatement(): void {
    this.#append(this.#endStatement);
    this.#open.batchBytes += this.#open.statementBytes + this.#endStatement.length;
    this.#open.statementBytes = 0;
    this.#open.rows = 0;
    if (this.#open.batchBytes >= this.#bytesPerBatch) this.#closeBatch();
  }

  #closeBatch(): void {
    this.#append(this.#go);
    this.#open.batchBytes = 0;
  }

  #append(bytes: Uint8Array): void {
    if (this.#pos + bytes.length > this.#out.length) {
      this.#grow(Math.max(this.#out.length * 2, this.#pos + bytes.length));
    }
    this.#out.set(bytes, this.#pos);
    this.#pos += bytes.length;
  }

  #grow(length: number): void {
    const larger = new Uint8Array(length);
    larger.set(this.#out.subarray(0, this.#pos));
    this.#out = larger;
    this.#view = new DataView(larger.buffer);
  }

  finish(): void {
    if (this.#open.rows > 0) this.#closeStatement();
    if (this.#open.batchBytes > 0) this.#closeBatch();
  }

  end(): void {
    this.finish();
  }

  take(): Uint8Array {
    this.#hash();
    const bytes = this.#out.subarray(0, this.#pos);
    this.#pos = 0;
    // Texts end with whole rows, so no character is cut.
    if (this.#utf16) return Buffer.from(Buffer.from(bytes.buffer, 0, bytes.length).toString('utf8'), 'utf16le');
    this.#out = this.#spare.pop() ?? new Uint8Array(bufferBytes);
    this.#view = new DataView(this.#out.buffer);
    return bytes;
  }

  recycle(bytes: Uint8Array): void {
    const { buffer } = bytes;
    if (!this.#utf16 && buffer.byteLength >= bufferBytes && this.#spare.length < 4) {
      this.#spare.push(new Uint8Array(buffer as ArrayBuffer));
    }
  }

  denormals(): readonly ColumnTrouble[] {
    return columnTroubles(this.#text.codecs, i => this.#text.codecs[i]!.denormals);
  }

  /** Columns with bytes that are no characters of their page and can't stand in the script as they are. */
  replaced(): readonly ColumnTrouble[] {
    return columnTroubles(this.#text.codecs, i => this.#text.codecs[i]!.replaced);
  }
}
