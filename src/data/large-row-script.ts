/**
 * One row whose values are too large for a batch as statements of many batches: each large value is put together in a temporary table
 * by .WRITE, piece by piece, and the row is inserted from there. Within one transaction, so that whoever replays the script does it
 * whole or not at all.
 */

import { quoteName, quoteQualified } from '../tsql/quote.ts';
import { type ColumnCodec, writeLiteral } from './cell-literal.ts';
import { columnTroubles } from './column-troubles.ts';
import { type LargeRowHandler, LargeRowReader } from './large-row-reader.ts';
import { LargeRowText } from './large-row-text.ts';
import type { ColumnTrouble, LargeRowWriter } from './large-row-writer.ts';
import { type LiteralState, noRoom } from './literal-state.ts';
import { replacement } from './lossy-text.ts';
import { OutputBytes } from './output-bytes.ts';
import { RowHash } from './rowsum.ts';
import { Family } from './type-family.ts';
import type { WireColumn } from './wire-column.ts';

export interface LargeRowScriptOptions {
  readonly schema?: string | null;
  readonly table: string;
  /** Names of the INSERT's column list, one for each wire column. */
  readonly columns: readonly string[];
  /** As for SqlRowWriter. */
  readonly unicode?: ReadonlySet<string>;
  readonly newline?: '\r\n' | '\n';
  readonly encoding?: 'utf8' | 'utf16le';
}

const utf8 = new TextEncoder();

/** Bytes of a value that make one .WRITE: as hex digits they fit an output buffer. */
const gatherBytes = 240 << 10;
/** Smaller values stand in the INSERT itself, as long as they are not more than this together. */
const inlineBytes = 1 << 20;

export class LargeRowScript implements LargeRowHandler, LargeRowWriter {
  readonly #options: LargeRowScriptOptions;
  readonly #reader: LargeRowReader;
  /** Of the pieces of values: literals of the temporary tables' types. */
  readonly #pieces: readonly ColumnCodec[];
  readonly #hash = new RowHash();
  readonly #canonical: LargeRowText;
  readonly #newline: string;
  readonly #state: LiteralState = { canonical: false, guarded: false, isolated: false, limit: 0 };
  readonly #out = new OutputBytes();
  #gathered = new Uint8Array(1 << 16);
  #have = 0;
  #inline = 0;
  /** Expressions of the row's values so far. */
  #values: string[] = [];
  /** Temporary tables of the row's large values, by the numbers of their columns. */
  #tables: number[] = [];
  #spilled = false;
  #dtd = false;

  /** @throws XpdbError naming the column for a collation without a known code page */
  constructor(columns: readonly WireColumn[], options: LargeRowScriptOptions) {
    this.#options = options;
    this.#newline = options.newline ?? '\r\n';
    this.#reader = new LargeRowReader(columns, this, options.unicode);
    this.#pieces = this.#reader.codecs.map(pieceCodec);
    this.#canonical = new LargeRowText(columns, text => this.#hash.update(text));
  }

  get pending(): number {
    return this.#out.length;
  }

  part(bytes: Uint8Array): void {
    this.#canonical.part(bytes);
    this.#reader.part(bytes);
  }

  end(): void {
    this.#canonical.end();
    this.#reader.end();
    const { schema, table, columns } = this.#options;
    const from = this.#tables.map(n => `${tableName(n)} AS ${quoteName(`v${n}`)}`).join(' CROSS JOIN ');
    this.#batch(
      `INSERT ${quoteQualified(schema, table)} (${columns.map(quoteName).join(', ')})${this.#newline}` +
        `SELECT ${this.#values.join(', ')}${from === '' ? '' : ` FROM ${from}`};`,
    );
    for (const n of this.#tables) this.#batch(`DROP TABLE ${tableName(n)};`);
    if (this.#tables.length > 0) this.#batch('COMMIT TRANSACTION;');
    this.#values = [];
    this.#tables = [];
    this.#inline = 0;
    this.#hash.finish();
  }

  take(): Uint8Array {
    const bytes = this.#out.take();
    if (this.#options.encoding !== 'utf16le') return bytes;
    // Texts end with whole literals, so no character is cut.
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8');
    this.#out.recycle(bytes);
    return Buffer.from(text, 'utf16le');
  }

  recycle(bytes: Uint8Array): void {
    if (this.#options.encoding !== 'utf16le') this.#out.recycle(bytes);
  }

  malformed(): readonly ColumnTrouble[] {
    const { codecs } = this.#reader;
    return columnTroubles(codecs, i => codecs[i]!.replaced + this.#pieces[i]!.replaced);
  }

  denormals(): readonly ColumnTrouble[] {
    const { codecs } = this.#reader;
    return columnTroubles(codecs, i => codecs[i]!.denormals);
  }

  nullValue(): void {
    this.#values.push('NULL');
  }

  value(column: number, bytes: DataView, at: number, length: number): void {
    this.#values.push(this.#literalText(this.#reader.codecs[column]!, bytes, at, length));
  }

  open(): void {
    this.#have = 0;
    this.#spilled = false;
    this.#dtd = false;
  }

  piece(column: number, bytes: Uint8Array): void {
    if (this.#have + bytes.length > gatherBytes) this.#spill(column);
    if (this.#have + bytes.length > this.#gathered.length) {
      const larger = new Uint8Array(Math.max(2 * this.#gathered.length, this.#have + bytes.length));
      larger.set(this.#gathered.subarray(0, this.#have));
      this.#gathered = larger;
    }
    this.#gathered.set(bytes, this.#have);
    this.#have += bytes.length;
  }

  close(column: number): void {
    const codec = this.#reader.codecs[column]!;
    if (!this.#spilled && this.#inline + this.#have <= inlineBytes) {
      this.#inline += this.#have;
      this.#values.push(this.#literalText(codec, new DataView(this.#gathered.buffer), 0, this.#have));
      return;
    }
    this.#spill(column);
    const value = `${quoteName(`v${column + 1}`)}.[value]`;
    if (codec.family === Family.xml) this.#values.push(`CONVERT(xml, ${value}, ${this.#dtd ? 3 : 1})`);
    else if (codec.family === Family.json) this.#values.push(`CAST(${value} AS json)`);
    else if (codec.family === Family.udt) this.#values.push(`CAST(${value}${new TextDecoder().decode(codec.suffix)}`);
    else this.#values.push(value);
  }

  /** Writes what is gathered of a value into its temporary table. */
  #spill(column: number): void {
    const codec = this.#reader.codecs[column]!;
    const table = tableName(column + 1);
    if (this.#spilled) {
      this.#text(`UPDATE ${table} SET [value].WRITE(`);
      this.#piece(column);
      this.#batch(', NULL, 0);');
    } else {
      this.#spilled = true;
      if (codec.family === Family.xml) this.#dtd = mentionsDtd(this.#gathered.subarray(0, this.#have));
      if (this.#tables.length === 0) this.#batch('BEGIN TRANSACTION;');
      this.#tables.push(column + 1);
      const binary = codec.family === Family.binary || codec.family === Family.udt;
      this.#batch(`CREATE TABLE ${table} ([value] ${binary ? 'varbinary' : 'nvarchar'}(max) NOT NULL);`);
      this.#text(`INSERT ${table} ([value]) SELECT `);
      this.#piece(column);
      this.#batch(';');
    }
    this.#have = 0;
  }

  /** The gathered bytes as a literal of the temporary table's type. */
  #piece(column: number): void {
    const codec = this.#pieces[column]!;
    // An odd byte behind UTF-16 stands for nothing.
    const length = codec.family === Family.utf16 ? this.#have & ~1 : this.#have;
    this.#literal(codec, new DataView(this.#gathered.buffer), 0, length);
  }

  /** A literal as text of its own. */
  #literalText(codec: ColumnCodec, bytes: DataView, at: number, length: number): string {
    const start = this.#out.length;
    this.#literal(codec, bytes, at, length);
    const text = Buffer.from(this.#out.bytes.buffer, start, this.#out.length - start).toString('utf8');
    this.#out.length = start;
    return text;
  }

  /** Appends a literal. */
  #literal(codec: ColumnCodec, bytes: DataView, at: number, length: number): void {
    const out = this.#out;
    this.#state.isolated = false;
    for (let room = 2 * length + codec.overhead + 1024; ; room *= 2) {
      out.reserve(room);
      this.#state.limit = out.bytes.length - codec.overhead;
      const end =
        out.length + 3 * length > this.#state.limit && codec.family !== Family.binary
          ? noRoom
          : writeLiteral(codec, out.view, out.length, bytes, at, length, this.#state);
      if (end !== noRoom) {
        out.length = end;
        return;
      }
    }
  }

  #batch(text: string): void {
    this.#text(`${text}${this.#newline}GO${this.#newline}`);
  }

  #text(text: string): void {
    this.#out.append(utf8.encode(text));
  }
}

/** A temporary table holds bytes or UTF-16, which a binary literal of other bytes must not be taken for. */
function pieceCodec(codec: ColumnCodec): ColumnCodec {
  switch (codec.family) {
    case Family.utf16:
    case Family.xml:
      return { ...codec, family: Family.utf16 };
    case Family.characters:
    case Family.json:
      return { ...codec, family: Family.characters, substitute: replacement };
    default:
      return { ...codec, family: Family.binary };
  }
}

function tableName(n: number): string {
  return quoteName(`#xpdb_value_${n}`);
}

/** Whether UTF-16 text holds a document type declaration, for which CONVERT wants style 3. It stands before the root element. */
function mentionsDtd(bytes: Uint8Array): boolean {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length & ~1).toString('utf16le');
  return /^(?:\s|<\?[\s\S]*?\?>|<!--[\s\S]*?-->)*<!DOCTYPE/.test(text);
}
