/** Counts and sums the rows of a script's INSERT statements as they pass by. */

import { Rowsum } from '../data/rowsum.ts';
import type { QualifiedName } from '../model/name.ts';
import { constantString } from '../tsql/constant-string.ts';
import type { InsertHeadPiece } from '../tsql/script-piece.ts';
import { splitLiterals } from './key-rows.ts';
import { tableKey } from './side.ts';

const encoder = new TextEncoder();

export interface CountedTable extends QualifiedName {
  readonly columns: readonly string[] | null;
  readonly rows: number;
  /** null where some rows are not literals as an export writes them, so that their sum is not known. */
  readonly rowsum: string | null;
}

interface Counting {
  readonly name: QualifiedName;
  columns: readonly string[] | null;
  readonly sum: Rowsum;
  rows: number;
  /** Of the batch under way. */
  batchRows: number;
  summed: boolean;
}

export class ScriptRows {
  readonly #tables = new Map<string, Counting>();
  /** Whether rowsums are wanted, which costs a look at each literal. To be said before the first row. */
  summing: boolean;
  #current: Counting | null = null;
  #text = new DataView(new ArrayBuffer(1 << 12));
  #bytes = new Uint8Array(this.#text.buffer);

  constructor(summing: boolean) {
    this.summing = summing;
  }

  head({ table, columns }: InsertHeadPiece): void {
    const name = { schema: table.schema ?? 'dbo', name: table.name };
    if (table.name.startsWith('#')) {
      this.#current = null;
      return;
    }
    const counting = this.#counting(name, columns);
    // Of rows that are not summed the columns do not matter.
    if (!counting.summed) counting.columns ??= columns;
    // Other columns make another sum.
    if (counting.columns?.join() !== columns?.join()) counting.summed = false;
    this.#current = counting;
  }

  /** The row, parentheses included, is [start, end) of the text. */
  row(text: string, start: number, end: number): void {
    const table = this.#current;
    if (!table) return;
    table.rows++;
    table.batchRows++;
    if (!this.summing || !table.summed) return;
    const row = text.slice(start + 1, end - 1);
    const canonical = plainRow.test(row) ? row : canonicalRow(row);
    if (canonical === null) table.summed = false;
    else this.#add(table.sum, canonical);
  }

  /** GO n runs the batch n times. */
  batchEnd(count: number): void {
    for (const table of this.#tables.values()) {
      if (count !== 1 && table.batchRows > 0) {
        table.rows += table.batchRows * (count - 1);
        table.summed = false;
      }
      table.batchRows = 0;
    }
  }

  /** Rows came by another way than VALUES: their content is not known, nor their number unless it is one. */
  other(table: QualifiedName, oneRow: boolean): void {
    if (table.name.startsWith('#')) return;
    const counting = this.#counting(table, null);
    counting.summed = false;
    if (!oneRow) counting.rows = Number.NaN;
    counting.rows++;
    counting.batchRows++;
  }

  #counting(name: QualifiedName, columns: readonly string[] | null): Counting {
    const key = tableKey(name);
    let counting = this.#tables.get(key);
    if (!counting) {
      counting = { name, columns, sum: new Rowsum(), rows: 0, batchRows: 0, summed: true };
      this.#tables.set(key, counting);
    }
    return counting;
  }

  #add(sum: Rowsum, text: string): void {
    if (text.length * 3 + 16 > this.#text.byteLength) {
      this.#text = new DataView(new ArrayBuffer(text.length * 6 + 64));
      this.#bytes = new Uint8Array(this.#text.buffer);
    }
    const length = text.isWellFormed() ? encoder.encodeInto(text, this.#bytes).written : writeUtf8(this.#text, text);
    sum.add(this.#text, 0, length);
  }

  tables(): CountedTable[] {
    return [...this.#tables.values()].map(t => ({
      ...t.name,
      columns: t.columns,
      rows: t.rows,
      rowsum: this.summing && t.summed && !Number.isNaN(t.rows) ? t.sum.toString() : null,
    }));
  }
}

/** Rows of the same table under two names. */
export function mergeCounted(a: CountedTable, b: CountedTable): CountedTable {
  const sum = a.columns?.join() === b.columns?.join() && a.rowsum !== null && b.rowsum !== null;
  const merged = sum ? Rowsum.parse(a.rowsum!, a.rows) : null;
  merged?.merge(Rowsum.parse(b.rowsum!, b.rows));
  return { ...a, rows: a.rows + b.rows, rowsum: merged?.toString() ?? null };
}

/** A literal that is its own canonical form, and a row of such. */
const plainLiteral = "(?:NULL|N'[^']*(?:''[^']*)*'|-?\\d+(?:\\.\\d+)?(?:E[+-]?\\d+)?|0x[0-9A-F]*)";
const plain = new RegExp(`^${plainLiteral}$`);
const plainRow = new RegExp(`^${plainLiteral}(?:,${plainLiteral})*$`);

/** The text that the rowsum covers, of a row as an export writes it; null for what is no such row. */
function canonicalRow(row: string): string | null {
  const literals: string[] = [];
  for (const literal of splitLiterals(Buffer.from(row, 'utf8').toString('latin1'))) {
    const canonical = plain.test(literal) ? literal : canonicalValue(literal);
    if (canonical === null) return null;
    literals.push(canonical);
  }
  return literals.join(',');
}

function canonicalValue(literal: string): string | null {
  const xml = /^CONVERT\(xml, ([\s\S]*), [13]\)$/.exec(literal);
  const inner = constantString(xml ? xml[1]! : literal);
  if (inner !== null) {
    const text = `N'${inner.replaceAll("'", "''")}'`;
    return xml ? `CONVERT(xml, ${text}, 1)` : text;
  }
  // Types without a literal of their own: CAST(… AS type) of a plain one, once or, in a sql_variant, twice.
  return /^CAST\((?:CAST\()?(?:N'[^']*(?:''[^']*)*'|-?\d+(?:\.\d+)?(?:E[+-]?\d+)?|0x[0-9A-F]*)[^']*\)$/.test(literal)
    ? literal
    : null;
}

/** As the rowsum has it: a surrogate without its partner takes its three bytes, which TextEncoder would replace. */
function writeUtf8(out: DataView, text: string): number {
  let at = 0;
  for (const character of text) {
    const point = character.codePointAt(0)!;
    if (point < 0x80) out.setUint8(at++, point);
    else if (point < 0x800) {
      out.setUint8(at++, 0xc0 | (point >> 6));
      out.setUint8(at++, 0x80 | (point & 0x3f));
    } else {
      if (point >= 0x10000) {
        out.setUint8(at++, 0xf0 | (point >> 18));
        out.setUint8(at++, 0x80 | ((point >> 12) & 0x3f));
      } else out.setUint8(at++, 0xe0 | (point >> 12));
      out.setUint8(at++, 0x80 | ((point >> 6) & 0x3f));
      out.setUint8(at++, 0x80 | (point & 0x3f));
    }
  }
  return at;
}
