/**
 * Rows as CSV: fields are the codecs' text without what makes it a T-SQL literal, so numbers, dates and 0x… stay exact. A sql_variant is
 * the CAST to its base type, for nothing less says what it was.
 */

import { XpdbError } from '../model/error.ts';
import { quoteQualified } from '../tsql/quote.ts';
import { CanonicalRows } from './canonical-rows.ts';
import { CellKind, cellKind } from './cell-kind.ts';
import { CellRowWriter, type RowFormat } from './cell-row-writer.ts';
import { CsvCells } from './csv-cell.ts';
import { type CsvOptions, csvOptions, notInEncoding } from './csv-format.ts';
import { writeBytes } from './digits.ts';
import { csvForm } from './kernel/cell-form.ts';
import { kernelColumns } from './kernel/kernel-plan.ts';
import { KernelRows, type KernelUse } from './kernel/kernel-rows.ts';
import { OutputBytes } from './output-bytes.ts';
import type { RowWriter } from './row-writer.ts';
import { encodePageText } from './text-encoder.ts';
import type { WireColumn } from './wire-column.ts';

export interface CsvRowWriterOptions extends CsvOptions {
  /** For messages. Null or left out: the table name alone. */
  readonly schema?: string | null;
  readonly table: string;
  /** Names of the header line, one for each wire column. */
  readonly columns?: readonly string[];
  /** Default true; false leaves `rowsum` at zero rows. */
  readonly rowsum?: boolean;
  readonly kernel?: KernelUse;
}

/** @throws XpdbError for options that make fields ambiguous; naming the column for a collation without a known code page */
export function createCsvRowWriter(columns: readonly WireColumn[], options: CsvRowWriterOptions): RowWriter {
  const format = new CsvFormat(columns, options);
  return options.encoding === 'utf16le' ? new Utf16RowWriter(format) : new CellRowWriter(format);
}

class CsvFormat implements RowFormat {
  readonly #options: Required<CsvOptions>;
  readonly table: string;
  readonly canonical: CanonicalRows;
  readonly #kinds: Uint8Array;
  readonly #cells: CsvCells;
  readonly out = new OutputBytes();
  readonly #newline: Uint8Array;
  readonly #delimiter: number;
  readonly replaced: Float64Array;
  readonly kernel: KernelRows | null;

  constructor(columns: readonly WireColumn[], options: CsvRowWriterOptions) {
    const csv = csvOptions(options);
    this.#options = csv;
    this.table = quoteQualified(options.schema, options.table);
    this.canonical = new CanonicalRows(columns, options.rowsum ?? true);
    this.#kinds = Uint8Array.from(this.canonical.text.codecs, cellKind);
    this.#cells = new CsvCells(csv.delimiter, csv.nullText, columns.length === 1);
    this.#newline = new TextEncoder().encode(csv.newline);
    this.#delimiter = csv.delimiter.charCodeAt(0);
    this.replaced = new Float64Array(columns.length);
    this.kernel = this.#kernelRows(columns, options);
    if (csv.bom) this.out.append(new TextEncoder().encode('\uFEFF'));
    if (csv.header) this.#header(options.columns ?? columns.map(column => column.name));
  }

  #kernelRows(columns: readonly WireColumn[], { kernel, rowsum = true }: CsvRowWriterOptions): KernelRows | null {
    // The code pages of files are not the kernel's, nor is a delimiter that it would take for the end of a literal.
    if (typeof this.#options.encoding === 'number' || this.#options.delimiter === "'") return null;
    // It writes an empty text without quotes where NULL is not empty.
    if (columns.length === 1 && this.#options.nullText !== '') return null;
    const forms = this.#kinds.map(kind => csvForm(kind !== CellKind.plain && kind !== CellKind.castBinary));
    const known = kernelColumns(columns, this.canonical.text.codecs, forms);
    if (known === null) return null;
    const texts = [new TextEncoder().encode(this.#options.nullText), this.#newline];
    return new KernelRows(
      { columns: known, summing: rowsum, texts, numbers: [0, 0, 0, this.#delimiter] },
      'csvRows',
      kernel,
    );
  }

  writeRow(): void {
    const { view: text, length: end } = this.canonical;
    const out = this.out;
    const kinds = this.#kinds;
    const cells = this.#cells;
    // A field is at most its text with every character doubled.
    out.reserve(2 * end + 16 * (kinds.length + 1) + this.#options.nullText.length * kinds.length);
    let at = 0;
    for (let i = 0; i < kinds.length; i++) {
      if (i > 0) {
        out.view.setUint8(out.length++, this.#delimiter);
        at++;
      }
      const start = out.length;
      at = cells.write(out, text, at, end, kinds[i]!);
      if (cells.replaced) this.#note(i);
      if (typeof this.#options.encoding === 'number') this.#encode(i, start);
    }
    out.length = writeBytes(out.view, out.length, this.#newline);
  }

  #note(column: number): void {
    const { strict, encoding } = this.#options;
    if (strict) throw notInEncoding(this.canonical.text.codecs[column]!.name, encoding);
    this.replaced[column]!++;
  }

  /** Turns the field from `start` on from UTF-8 into the code page, which never takes more bytes. */
  #encode(column: number, start: number): void {
    const out = this.out;
    const field = out.bytes.subarray(start, out.length);
    if (field.every(byte => byte < 0x80)) return;
    const { bytes, replaced } = encodePageText(decoder.decode(field), this.#options.encoding as 1252);
    if (replaced > 0 && !this.#cells.replaced) this.#note(column);
    out.bytes.set(bytes, start);
    out.length = start + bytes.length;
  }

  #header(names: readonly string[]): void {
    const line = new DataView(new ArrayBuffer(8 + names.reduce((sum, name) => sum + 6 * name.length + 4, 0)));
    const out = this.out;
    out.reserve(2 * line.byteLength);
    for (const [i, name] of names.entries()) {
      if (i > 0) out.view.setUint8(out.length++, this.#delimiter);
      const start = out.length;
      const length = writeBytes(line, 0, new TextEncoder().encode(`${name.replaceAll("'", "''")}'`));
      line.setUint8(length, 0);
      this.#cells.text(out, line, 0);
      if (typeof this.#options.encoding === 'number') {
        const text = decoder.decode(out.bytes.subarray(start, out.length));
        const { bytes, replaced } = encodePageText(text, this.#options.encoding);
        if (replaced > 0) {
          throw new XpdbError(`code page ${this.#options.encoding} has not all characters of the column name ${name}`, {
            object: this.table,
            hint: 'use --csv-encoding utf8, or no header',
          });
        }
        out.bytes.set(bytes, start);
        out.length = start + bytes.length;
      }
    }
    out.length = writeBytes(out.view, out.length, this.#newline);
  }
}

/** The file is UTF-16: its bytes are made of the UTF-8 that is handed over. */
class Utf16RowWriter extends CellRowWriter {
  override take(): Uint8Array {
    const bytes = super.take();
    const text = Buffer.from(Buffer.from(bytes.buffer, 0, bytes.length).toString('utf8'), 'utf16le');
    super.recycle(bytes);
    return text;
  }

  override recycle(): void {}
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
