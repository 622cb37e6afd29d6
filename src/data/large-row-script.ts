/**
 * One row whose values are too large for a batch as statements of many batches: each large value is put together in a temporary table
 * by .WRITE, piece by piece, and the row is inserted from there. Within one transaction, so that whoever replays the script does it
 * whole or not at all.
 */

import { quoteName, quoteQualified } from '../tsql/quote.ts';
import { type ColumnCodec, Family, writeLiteral } from './cell-literal.ts';
import { type LargeRowHandler, LargeRowReader } from './large-row-reader.ts';
import { LargeRowText } from './large-row-text.ts';
import type { ColumnTrouble, LargeRowWriter } from './large-row-writer.ts';
import { type LiteralState, noRoom } from './literal-state.ts';
import { lossyText } from './lossy-text.ts';
import { RowHash } from './rowsum.ts';
import type { WireColumn } from './wire-column.ts';

export interface LargeRowScriptOptions {
  readonly schema?: string | null;
  readonly table: string;
  /** Names of the INSERT's column list, one for each wire column. */
  readonly columns: readonly string[];
  readonly newline?: '\r\n' | '\n';
  readonly encoding?: 'utf8' | 'utf16le';
}

/** Bytes of a value that make one .WRITE; its text is at most three times as long. */
const gatherBytes = 1 << 19;
/** Smaller values stand in the INSERT itself, as long as they are not more than this together. */
const inlineBytes = 1 << 20;

export class LargeRowScript implements LargeRowHandler, LargeRowWriter {
  readonly #options: LargeRowScriptOptions;
  readonly #reader: LargeRowReader;
  readonly #hash = new RowHash();
  readonly #canonical: LargeRowText;
  readonly #newline: string;
  readonly #state: LiteralState = { canonical: false, guarded: false, isolated: false, limit: 0 };
  readonly #malformed = new Map<string, number>();
  #texts: string[] = [];
  #pending = 0;
  #gathered = new Uint8Array(1 << 16);
  #have = 0;
  #inline = 0;
  /** Expressions of the row's values so far. */
  #values: string[] = [];
  /** Temporary tables of the row's large values, by the numbers of their columns. */
  #tables: number[] = [];
  #spilled = false;
  #dtd = false;
  #literal = new DataView(new ArrayBuffer(1 << 16));

  /** @throws XpdbError naming the column for a collation without a known code page */
  constructor(columns: readonly WireColumn[], options: LargeRowScriptOptions) {
    this.#options = options;
    this.#newline = options.newline ?? '\r\n';
    this.#reader = new LargeRowReader(columns, this);
    this.#canonical = new LargeRowText(columns, text => this.#hash.update(text));
  }

  get pending(): number {
    return this.#pending;
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
    const bytes = Buffer.from(this.#texts.join(''), this.#options.encoding === 'utf16le' ? 'utf16le' : 'utf8');
    this.#texts = [];
    this.#pending = 0;
    return bytes;
  }

  malformed(): readonly ColumnTrouble[] {
    return [...this.#malformed].map(([column, values]) => ({ column, values }));
  }

  denormals(): readonly ColumnTrouble[] {
    return this.#reader.codecs.filter(c => c.denormals > 0).map(c => ({ column: c.name, values: c.denormals }));
  }

  nullValue(): void {
    this.#values.push('NULL');
  }

  value(column: number, bytes: DataView, at: number, length: number): void {
    this.#values.push(this.#literalOf(this.#reader.codecs[column]!, bytes, at, length));
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
      this.#values.push(this.#literalOf(codec, new DataView(this.#gathered.buffer), 0, this.#have));
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
    const literal = this.#pieceOf(codec);
    if (!this.#spilled) {
      this.#spilled = true;
      if (this.#tables.length === 0) this.#batch('BEGIN TRANSACTION;');
      this.#tables.push(column + 1);
      const binary = codec.family === Family.binary || codec.family === Family.udt;
      this.#batch(`CREATE TABLE ${table} ([value] ${binary ? 'varbinary' : 'nvarchar'}(max) NOT NULL);`);
      this.#batch(`INSERT ${table} ([value]) SELECT ${literal};`);
    } else this.#batch(`UPDATE ${table} SET [value].WRITE(${literal}, NULL, 0);`);
    this.#have = 0;
  }

  /** The gathered bytes as a value of the temporary table's type. */
  #pieceOf(codec: ColumnCodec): string {
    const view = new DataView(this.#gathered.buffer);
    const kind =
      codec.family === Family.xml || codec.family === Family.utf16
        ? Family.utf16
        : codec.family === Family.characters || codec.family === Family.json
          ? Family.characters
          : Family.binary;
    if (codec.family === Family.xml && !this.#spilled) this.#dtd = mentionsDtd(this.#gathered.subarray(0, this.#have));
    const even = kind === Family.utf16 ? this.#have & ~1 : this.#have;
    const literal = this.#literalOf({ ...codec, family: kind }, view, 0, even);
    if (kind !== Family.characters || !this.#state.isolated) return literal;
    this.#malformed.set(codec.name, (this.#malformed.get(codec.name) ?? 0) + 1);
    const text = Buffer.from(lossyText(codec.page!, this.#gathered.subarray(0, this.#have)), 'utf16le');
    return this.#literalOf(
      { ...codec, family: Family.utf16 },
      new DataView(text.buffer, text.byteOffset, text.length),
      0,
      text.length,
    );
  }

  #literalOf(codec: ColumnCodec, bytes: DataView, at: number, length: number): string {
    this.#state.isolated = false;
    for (let room = 3 * length + codec.overhead + 1024; ; room *= 2) {
      if (this.#literal.byteLength < room) this.#literal = new DataView(new ArrayBuffer(room));
      this.#state.limit = this.#literal.byteLength - codec.overhead;
      const end = writeLiteral(codec, this.#literal, 0, bytes, at, length, this.#state);
      if (end !== noRoom) return Buffer.from(this.#literal.buffer, 0, end).toString('utf8');
    }
  }

  #batch(text: string): void {
    const batch = `${text}${this.#newline}GO${this.#newline}`;
    this.#texts.push(batch);
    this.#pending += batch.length;
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
