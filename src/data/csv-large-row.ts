import { cellKind } from './cell-kind.ts';
import { type ColumnCodec, columnCodecs } from './cell-literal.ts';
import { columnTroubles } from './column-troubles.ts';
import { CsvCells } from './csv-cell.ts';
import { type CsvOptions, csvOptions, notInEncoding } from './csv-format.ts';
import { writeAscii } from './digits.ts';
import { type CellFormat, LargeRowCells } from './large-row-cells.ts';
import type { ColumnTrouble, LargeRowWriter } from './large-row-writer.ts';
import type { OutputBytes } from './output-bytes.ts';
import { encodePageText } from './text-encoder.ts';
import { Family } from './type-family.ts';
import type { WireColumn } from './wire-column.ts';

/**
 * A row of CSV that is too large to be handed over whole. Its large values always stand in quotes.
 * @throws XpdbError as createCsvRowWriter
 */
export function createCsvLargeRow(columns: readonly WireColumn[], options: CsvOptions): LargeRowWriter {
  const format = new CsvCellFormat(columns, csvOptions(options));
  const writer = new LargeRowCells(columns, format);
  return options.encoding === 'utf16le' ? new Utf16Row(writer) : writer;
}

class CsvCellFormat implements CellFormat {
  readonly #options: Required<CsvOptions>;
  readonly #codecs: readonly ColumnCodec[];
  readonly #cells: CsvCells;
  readonly #replaced: Float64Array;
  /** Whether the open value is counted already. */
  #counted = false;

  constructor(columns: readonly WireColumn[], options: Required<CsvOptions>) {
    this.#options = options;
    this.#codecs = columnCodecs(columns);
    this.#cells = new CsvCells(options.delimiter, options.nullText, columns.length === 1);
    this.#replaced = new Float64Array(columns.length);
  }

  before(out: OutputBytes, column: number): void {
    this.#counted = false;
    if (column > 0) out.length = writeAscii(out.view, out.length, this.#options.delimiter);
  }

  literal(out: OutputBytes, column: number, text: DataView, end: number): void {
    const start = out.length;
    this.#cells.write(out, text, 0, end, cellKind(this.#codecs[column]!));
    this.#encode(out, column, start);
  }

  open(out: OutputBytes, column: number): void {
    out.length = writeAscii(out.view, out.length, this.#isBinary(column) ? '0x' : '"');
  }

  body(out: OutputBytes, column: number, text: DataView, end: number): void {
    const start = out.length;
    this.#cells.replaced = false;
    out.length = this.#cells.body(out.view, start, text, 0, end, true);
    this.#encode(out, column, start);
  }

  close(out: OutputBytes, column: number): void {
    if (!this.#isBinary(column)) out.length = writeAscii(out.view, out.length, '"');
  }

  end(out: OutputBytes): void {
    out.length = writeAscii(out.view, out.length, this.#options.newline);
  }

  replaced(): readonly ColumnTrouble[] {
    return columnTroubles(this.#codecs, i => this.#replaced[i]!);
  }

  #isBinary(column: number): boolean {
    const { family } = this.#codecs[column]!;
    return family === Family.binary || family === Family.udt;
  }

  #encode(out: OutputBytes, column: number, start: number): void {
    let replaced = this.#cells.replaced;
    const { encoding } = this.#options;
    if (typeof encoding === 'number') {
      const text = Buffer.from(out.bytes.buffer, start, out.length - start).toString('utf8');
      const encoded = encodePageText(text, encoding);
      out.bytes.set(encoded.bytes, start);
      out.length = start + encoded.bytes.length;
      replaced ||= encoded.replaced > 0;
    }
    if (replaced && this.#options.strict) throw notInEncoding(this.#codecs[column]!.name, encoding);
    if (replaced && !this.#counted) {
      this.#replaced[column]!++;
      this.#counted = true;
    }
  }
}

/** The same row in UTF-16; its text is never cut inside a character. */
class Utf16Row implements LargeRowWriter {
  readonly #row: LargeRowWriter;

  constructor(row: LargeRowWriter) {
    this.#row = row;
  }

  get pending(): number {
    return this.#row.pending;
  }
  part(bytes: Uint8Array): void {
    this.#row.part(bytes);
  }
  end(): void {
    this.#row.end();
  }
  take(): Uint8Array {
    return Buffer.from(Buffer.from(this.#row.take()).toString('utf8'), 'utf16le');
  }
  denormals(): readonly ColumnTrouble[] {
    return this.#row.denormals();
  }
  malformed(): readonly ColumnTrouble[] {
    return this.#row.malformed();
  }
}
