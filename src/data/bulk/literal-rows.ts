/**
 * Rows of literals as scripts have them, `(1, N'…', NULL)`, to the ROW tokens of a bulk load, each value exactly as the server would
 * store it from the INSERT. Hot path: nothing is made for a cell; expressions around literals take `expression-cell.ts`.
 */

import { codePageNumberOf } from '../code-page.ts';
import { ROW } from '../row-scanner.ts';
import type { WireCollation } from '../wire-column.ts';
import type { BulkColumn } from './bulk-column.ts';
import { type CodePageEncoder, codePageEncoder } from './code-page-encoder.ts';
import { ExpressionCells } from './expression-cell.ts';
import { LiteralCells } from './literal-cell.ts';
import { type LiteralColumn, LiteralKind, literalColumn } from './literal-column.ts';
import { cursor, notTaken, skipBlanks, unitsOf } from './literal-cursor.ts';
import { RowBuffer, type RowMark } from './row-buffer.ts';
import { udtNames } from './type-name.ts';
import { writeNullValue } from './value-frame.ts';

export interface LiteralRowsOptions {
  readonly columns: readonly LiteralTarget[];
  /** The database's collation: literals without N pass its code page. Null: such literals may be ASCII only. */
  readonly databaseCollation: WireCollation | null;
  /** The session reads `2024-03-04` of datetime as year, month, day: DATEFORMAT mdy or ymd. */
  readonly yearFirst: boolean;
}

export interface LiteralTarget extends BulkColumn {
  /** Made under ANSI_PADDING OFF. */
  readonly trimmed?: boolean;
  /** `json` or `vector(3)`, where the server describes the column as text. */
  readonly typeName?: string;
}

/** A cell takes at most this beside three bytes a character of its text. */
const cellOverhead = 48;
const largestVariant = 8100;
const comma = 0x2c;
const close = 0x29;

/** @throws XpdbError naming the column for a collation without a known code page */
export function createLiteralRows(options: LiteralRowsOptions): LiteralRows {
  return new LiteralRows(options);
}

export class LiteralRows {
  readonly #columns: readonly LiteralColumn[];
  readonly #cells: LiteralCells;
  readonly #expressions: ExpressionCells;
  readonly #overhead: number;
  readonly #buffer = new RowBuffer();
  #mark: RowMark = this.#buffer.mark();
  /** Behind the row that was read last. */
  #next = 0;

  constructor(options: LiteralRowsOptions) {
    this.#columns = options.columns.map(({ wire, source, nullable, trimmed }) =>
      literalColumn(wire, { nullable, trimmed: trimmed ?? false, udt: source.udt }),
    );
    const castNames = options.columns.map(({ source, typeName }) => [
      ...(source.udt === null ? [] : udtNames(source.udt)),
      ...(typeName === undefined ? [] : [typeName]),
    ]);
    const { databaseCollation, yearFirst } = options;
    this.#cells = new LiteralCells(this.#columns.length, databasePage(databaseCollation), yearFirst);
    this.#expressions = new ExpressionCells(this.#cells, castNames, databaseCollation);
    const filler = (column: LiteralColumn) =>
      column.kind === LiteralKind.variant ? largestVariant : column.fixed ? column.limit : 0;
    this.#overhead = this.#columns.reduce((sum, column) => sum + cellOverhead + filler(column), 64);
  }

  get rows(): number {
    return this.#buffer.rows;
  }

  get bytes(): number {
    return this.#buffer.bytes;
  }

  /** A new VALUES list begins, whose rows are typed together. */
  startStatement(): void {
    this.#cells.forms.reset();
    this.#mark = this.#buffer.mark();
  }

  /** Forgets the rows since `startStatement`. */
  dropStatement(): void {
    this.#buffer.reset(this.#mark);
  }

  /** Forgets all. */
  discard(): void {
    this.#buffer.recycle(this.#buffer.take());
    this.startStatement();
  }

  /** Hands over the ROW tokens in pieces; they may be given back by `recycle`. */
  take(): readonly Uint8Array[] {
    const pieces = this.#buffer.take();
    this.startStatement();
    return pieces;
  }

  recycle(pieces: readonly Uint8Array[]): void {
    this.#buffer.recycle(pieces);
  }

  /**
   * Takes the row in [start, end) of the text, from its opening parenthesis to behind the closing one.
   * @returns false when it is not certain that a bulk load stores what the INSERT would; nothing of the row is kept then
   */
  add(text: string, start = 0, end = text.length): boolean {
    const found = this.#read(text, start, end);
    if (found !== end) return false;
    this.#keep();
    return true;
  }

  /**
   * Takes the row that begins at `start` and ends at or before `limit`, for whoever does not know where it ends.
   * @returns the offset behind it; -1 when it is not taken, or goes on behind the limit
   */
  addUpTo(text: string, start: number, limit: number): number {
    let found: number;
    try {
      found = this.#read(text, start, limit);
    } catch (error) {
      // The room is for a row up to the limit; a longer one ran out of it.
      if (error instanceof RangeError) return notTaken;
      throw error;
    }
    if (found === notTaken || found > limit) return notTaken;
    this.#keep();
    return found;
  }

  /** The row that was read last is one of the load. */
  #keep(): void {
    this.#buffer.position = this.#next;
    this.#buffer.rows++;
  }

  /** Writes a row behind the others, without keeping it. @returns the offset behind it, or -1 */
  #read(text: string, start: number, limit: number): number {
    const buffer = this.#buffer;
    const columns = this.#columns;
    const cells = this.#cells;
    const units = unitsOf(text);
    buffer.reserve((limit - start) * 3 + this.#overhead);
    const { out } = buffer;
    let next = buffer.position;
    out.setUint8(next++, ROW);
    let at = start + 1;
    const last = columns.length - 1;
    for (let i = 0; i <= last; i++) {
      let c = units[at]!;
      while (c <= 32) c = units[++at]!;
      const column = columns[i]!;
      if ((c === 0x4e || c === 0x6e) && isNull(units, at)) {
        if (!column.nullable) return notTaken;
        next = writeNullValue(out, next, column.layout);
        at += 4;
      } else {
        const from = next;
        next = cells.read(units, at, column, i, out, from);
        if (next === notTaken || !ends(units)) {
          next = this.#expressions.read(text, skipBlanks(units, at), column, i, out, from);
          if (next === notTaken) return notTaken;
        }
        at = cursor.at;
      }
      c = units[at]!;
      if (c !== comma && c !== close) {
        at = skipBlanks(units, at);
        c = units[at]!;
      }
      if (c !== (i === last ? close : comma)) return notTaken;
      at++;
    }
    this.#next = next;
    return at;
  }
}

/** `NULL` at `at`, where its N is: not the begin of a string, and not of a longer word. */
function isNull(units: Uint16Array, at: number): boolean {
  if ((units[at + 1]! | 0x20) !== 0x75) return false;
  if ((units[at + 2]! | 0x20) !== 0x6c || (units[at + 3]! | 0x20) !== 0x6c) return false;
  const c = units[at + 4]!;
  return c === comma || c === close || c <= 32;
}

/** Whether the cell ends at the cursor: what follows could go on with its expression. */
function ends(units: Uint16Array): boolean {
  const c = units[cursor.at]!;
  if (c === comma || c === close) return true;
  const next = units[skipBlanks(units, cursor.at)]!;
  return next === comma || next === close;
}

function databasePage(collation: WireCollation | null): CodePageEncoder {
  if (collation === null) return { kind: 'single', bytes: new Uint16Array(65536) };
  return codePageEncoder(codePageNumberOf(collation, 'of the database'));
}
