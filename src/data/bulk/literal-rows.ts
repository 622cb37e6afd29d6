/**
 * Rows of literals as scripts have them, `(1, N'…', NULL)`, to the ROW tokens of a bulk load, each value exactly as the server would
 * store it from the INSERT. Hot path: nothing is made for a cell; expressions around literals take `expression-cell.ts`, from a copy of their row.
 */

import { codePageNumberOf } from '../code-page.ts';
import { literalKernel } from '../kernel/literal-kernel.ts';
import { type LiteralPlan, literalPlan } from '../kernel/literal-plan.ts';
import { ROW } from '../row-scanner.ts';
import type { WireCollation } from '../wire-column.ts';
import type { BulkColumn } from './bulk-column.ts';
import { type CodePageEncoder, codePageEncoder } from './code-page-encoder.ts';
import { ExpressionCells } from './expression-cell.ts';
import { type HeldRow, holdBytes, holdText } from './held-row.ts';
import { KnownCasts } from './known-casts.ts';
import { LiteralCells } from './literal-cell.ts';
import { type LiteralColumn, LiteralKind, literalColumn } from './literal-column.ts';
import { cursor, endMargin, noRoom, notTaken, skipBlanks } from './literal-cursor.ts';
import { RowBuffer, type RowMark } from './row-buffer.ts';
import { rowEnd } from './row-end.ts';
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

/** A cell takes at most this beside its text or bytes. */
const cellOverhead = 48;
/** Room for the texts of a row, of which more is asked for only when it is too little. */
const usualRoom = 4096;
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
  readonly #plan: LiteralPlan | null;
  readonly #buffer = new RowBuffer();
  #mark: RowMark = this.#buffer.mark();
  /** Behind the row that was read last, in the buffer. */
  #next = 0;
  /** Offset of the row that `addRows` took last. */
  lastRow = 0;

  constructor(options: LiteralRowsOptions) {
    this.#columns = options.columns.map(({ wire, source, nullable, trimmed }) =>
      literalColumn(wire, { nullable, trimmed: trimmed ?? false, udt: source.udt }),
    );
    const castNames = options.columns.map(({ source, typeName }) => [
      ...(source.udt === null ? [] : udtNames(source.udt)),
      ...(typeName === undefined ? [] : [typeName]),
    ]);
    const { databaseCollation, yearFirst } = options;
    const through = databasePage(databaseCollation);
    this.#cells = new LiteralCells(this.#columns.length, through, yearFirst);
    const casts = new KnownCasts(this.#columns.length);
    this.#expressions = new ExpressionCells(this.#cells, castNames, databaseCollation, casts);
    const filler = (column: LiteralColumn) =>
      column.kind === LiteralKind.variant ? largestVariant : column.fixed ? column.limit : 0;
    const overhead = this.#columns.reduce((sum, column) => sum + cellOverhead + filler(column), 64);
    this.#overhead = overhead;
    this.#plan = literalPlan(literalKernel(), this.#columns, { overhead, through, yearFirst, casts });
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
   * Takes a row, from its opening parenthesis to behind the closing one.
   * @returns false when it is not certain that a bulk load stores what the INSERT would; nothing of the row is kept then
   */
  add(row: string): boolean {
    const held = holdText(row);
    if (this.#readHeld(held) !== held.end) return false;
    this.#keep();
    return true;
  }

  /**
   * Takes rows of a script's bytes from `start` on, where one begins, as long as there is nothing but a comma and blanks between them.
   * @param script UTF-8, with `endMargin` zeros behind `end`
   * @param most rows to take
   * @returns the offset behind the last one; -1 when the first is not taken, or goes on behind the end
   */
  addRows(script: DataView, start: number, end: number, most: number): number {
    if (this.#plan !== null) {
      const kernel = literalKernel();
      kernel.take(this.#plan, this.#cells.forms, script, start, end, most);
      if (kernel.rows > 0) {
        this.#buffer.append(kernel.memory, kernel.output, kernel.outputEnd, kernel.rows);
        this.lastRow = kernel.lastRow;
        return kernel.behind;
      }
    }
    this.lastRow = start;
    return this.addBytes(script, start, end);
  }

  /** The same for the row that begins at `start`, without the kernel. */
  addBytes(script: DataView, start: number, end: number): number {
    cursor.end = end;
    cursor.halves = false;
    this.#buffer.reserve(usualRoom + this.#overhead);
    let found = this.#read(script, start, null);
    if (found < 0) {
      const bytes = new Uint8Array(script.buffer, script.byteOffset, end + endMargin);
      const behind = rowEnd(bytes, start, end);
      if (behind < 0) return notTaken;
      const held = holdBytes(script, start, behind);
      if (this.#readHeld(held) !== held.end) return notTaken;
      found = behind;
    }
    this.#keep();
    return found;
  }

  /** The row that was read last is one of the load. */
  #keep(): void {
    this.#buffer.position = this.#next;
    this.#buffer.rows++;
  }

  #readHeld(held: HeldRow): number {
    this.#buffer.reserve(2 * (held.end + this.#overhead));
    return this.#read(held.view, 0, held);
  }

  /**
   * Writes a row behind the others, without keeping it.
   * @param held the row, where its expressions are read, too
   * @returns the offset behind it, notTaken or noRoom
   */
  #read(text: DataView, start: number, held: HeldRow | null): number {
    const columns = this.#columns;
    const cells = this.#cells;
    const { out, position } = this.#buffer;
    cursor.room = out.byteLength - this.#overhead;
    let next = position;
    out.setUint8(next++, ROW);
    let at = start + 1;
    const last = columns.length - 1;
    for (let i = 0; i <= last; i++) {
      let c = text.getUint8(at);
      while (c <= 32 && at < cursor.end) c = text.getUint8(++at);
      const column = columns[i]!;
      if ((c === 0x4e || c === 0x6e) && isNull(text, at)) {
        if (!column.nullable) return notTaken;
        next = writeNullValue(out, next, column.layout);
        at += 4;
      } else {
        const from = next;
        next = cells.read(text, at, column, i, out, from);
        if (next < 0 || !ends(text)) {
          if (next !== noRoom) next = this.#expressions.readKnown(text, at, column, i, out, from);
          if (next === noRoom) return noRoom;
        }
        if (next < 0 || !ends(text)) {
          if (held === null) return notTaken;
          next = this.#expressions.read(held, skipBlanks(text, at), column, i, out, from);
          if (next < 0) return next;
        }
        at = cursor.at;
      }
      c = text.getUint8(at);
      if (c !== comma && c !== close) {
        at = skipBlanks(text, at);
        c = text.getUint8(at);
      }
      if (c !== (i === last ? close : comma)) return notTaken;
      at++;
    }
    this.#next = next;
    return at;
  }
}

/** `NULL` at `at`, where its N is: not the begin of a string, and not of a longer word. */
function isNull(text: DataView, at: number): boolean {
  if ((text.getUint8(at + 1) | 0x20) !== 0x75) return false;
  if ((text.getUint8(at + 2) | 0x20) !== 0x6c || (text.getUint8(at + 3) | 0x20) !== 0x6c) return false;
  const c = text.getUint8(at + 4);
  return c === comma || c === close || c <= 32;
}

/** Whether the cell ends at the cursor: what follows could go on with its expression. */
function ends(text: DataView): boolean {
  const c = text.getUint8(cursor.at);
  if (c === comma || c === close) return true;
  const next = text.getUint8(skipBlanks(text, cursor.at));
  return next === comma || next === close;
}

function databasePage(collation: WireCollation | null): CodePageEncoder {
  if (collation === null) return { kind: 'single', bytes: new Uint16Array(65536), ambiguous: new Set() };
  return codePageEncoder(codePageNumberOf(collation, 'of the database'));
}
