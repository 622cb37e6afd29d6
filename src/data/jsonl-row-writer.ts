/** Rows as lines of JSON objects, one a row, in UTF-8 with LF; see jsonl-cell.ts for the values. */

import { XpdbError } from '../model/error.ts';
import { quoteQualified } from '../tsql/quote.ts';
import { CanonicalRows } from './canonical-rows.ts';
import { cellKind } from './cell-kind.ts';
import { CellRowWriter, type RowFormat } from './cell-row-writer.ts';
import { writeAscii, writeBytes } from './digits.ts';
import { JsonKind, jsonKind, writeJsonBody, writeJsonCell } from './jsonl-cell.ts';
import { jsonForm } from './kernel/cell-form.ts';
import { kernelColumns } from './kernel/kernel-plan.ts';
import { KernelRows, type KernelUse } from './kernel/kernel-rows.ts';
import { type CellFormat, LargeRowCells } from './large-row-cells.ts';
import type { ColumnTrouble, LargeRowWriter } from './large-row-writer.ts';
import { OutputBytes } from './output-bytes.ts';
import type { RowWriter } from './row-writer.ts';
import { type WireColumn, WireType } from './wire-column.ts';

export interface JsonlRowWriterOptions {
  /** For messages. Null or left out: the table name alone. */
  readonly schema?: string | null;
  readonly table: string;
  /** Names of the objects' members, one for each wire column. They must differ. */
  readonly columns?: readonly string[];
  /** Default true; false leaves `rowsum` at zero rows. */
  readonly rowsum?: boolean;
  readonly kernel?: KernelUse;
}

/** @throws XpdbError for two columns of one name; naming the column for a collation without a known code page */
export function createJsonlRowWriter(columns: readonly WireColumn[], options: JsonlRowWriterOptions): RowWriter {
  return new CellRowWriter(new JsonlFormat(columns, options));
}

/** A row that is too large to be handed over whole. @throws XpdbError as createJsonlRowWriter */
export function createJsonlLargeRow(columns: readonly WireColumn[], options: JsonlRowWriterOptions): LargeRowWriter {
  return new LargeRowCells(columns, new JsonCellFormat(columns, options));
}

/** `{"a":` of the first column, `,"b":` of the others. */
function memberStarts(columns: readonly WireColumn[], options: JsonlRowWriterOptions): Uint8Array[] {
  const names = options.columns ?? columns.map(column => column.name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) {
    throw new XpdbError(`two columns are named ${twice}, which the members of a JSON object cannot be`, {
      object: quoteQualified(options.schema, options.table),
      hint: 'give one of them another name in the query',
    });
  }
  return names.map((name, i) => new TextEncoder().encode(`${i === 0 ? '{' : ','}${JSON.stringify(name)}:`));
}

function isWide({ type, maxLength }: WireColumn): boolean {
  return type === WireType.int8 || (type === WireType.intN && maxLength === 8);
}

class JsonlFormat implements RowFormat {
  readonly table: string;
  readonly canonical: CanonicalRows;
  readonly #starts: readonly Uint8Array[];
  readonly #kinds: Uint8Array;
  readonly #json: Uint8Array;
  readonly #fixed: number;
  readonly out = new OutputBytes();
  readonly kernel: KernelRows | null;
  /** None: JSON has an escape for every UTF-16 unit. */
  readonly replaced = [];

  constructor(columns: readonly WireColumn[], options: JsonlRowWriterOptions) {
    this.table = quoteQualified(options.schema, options.table);
    this.canonical = new CanonicalRows(columns, options.rowsum ?? true);
    const { codecs } = this.canonical.text;
    this.#starts = memberStarts(columns, options);
    this.#kinds = Uint8Array.from(codecs, cellKind);
    this.#json = Uint8Array.from(codecs, (codec, i) => jsonKind(codec, isWide(columns[i]!)));
    this.#fixed = this.#starts.reduce((sum, start) => sum + start.length + 128, 64);
    const known = kernelColumns(columns, codecs, this.#json.map(jsonForm), this.#starts);
    const plan = { columns: known ?? [], summing: options.rowsum ?? true, texts: [], numbers: [] };
    this.kernel = known === null ? null : new KernelRows(plan, 'jsonRows', options.kernel);
  }

  writeRow(): void {
    const { view: text, length: end } = this.canonical;
    const out = this.out;
    out.reserve(6 * end + this.#fixed);
    if (this.#starts.length === 0) out.length = writeAscii(out.view, out.length, '{');
    let at = 0;
    for (let i = 0; i < this.#starts.length; i++) {
      out.length = writeBytes(out.view, out.length, this.#starts[i]!);
      at = writeJsonCell(out, text, at, end, this.#json[i]!, this.#kinds[i]!) + 1;
    }
    out.length = writeAscii(out.view, out.length, '}\n');
  }
}

class JsonCellFormat implements CellFormat {
  readonly #starts: readonly Uint8Array[];
  readonly #kinds: Uint8Array;
  readonly #json: Uint8Array;

  constructor(columns: readonly WireColumn[], options: JsonlRowWriterOptions) {
    const { codecs } = new CanonicalRows(columns, false).text;
    this.#starts = memberStarts(columns, options);
    this.#kinds = Uint8Array.from(codecs, cellKind);
    this.#json = Uint8Array.from(codecs, (codec, i) => jsonKind(codec, isWide(columns[i]!)));
  }

  before(out: OutputBytes, column: number): void {
    out.length = writeBytes(out.view, out.length, this.#starts[column]!);
  }

  literal(out: OutputBytes, column: number, text: DataView, end: number): void {
    writeJsonCell(out, text, 0, end, this.#json[column]!, this.#kinds[column]!);
  }

  open(out: OutputBytes, column: number): void {
    out.length = writeAscii(out.view, out.length, this.#json[column] === JsonKind.text ? '"' : '"0x');
  }

  body(out: OutputBytes, _: number, text: DataView, end: number): void {
    writeJsonBody(out, text, 0, end);
  }

  close(out: OutputBytes): void {
    out.length = writeAscii(out.view, out.length, '"');
  }

  end(out: OutputBytes): void {
    out.length = writeAscii(out.view, out.length, '}\n');
  }

  replaced(): readonly ColumnTrouble[] {
    return [];
  }
}
