/**
 * Rows of literals as scripts have them, `(1, N'…', NULL)`, to the ROW tokens of a bulk load, each value exactly as the server would
 * store it from the INSERT. Hot path: nothing is made for a cell; expressions around literals take `literal-expression.ts`.
 */

import { codePageNumberOf } from '../code-page.ts';
import { collationFromName } from '../collation.ts';
import { ROW } from '../row-scanner.ts';
import { Layout } from '../value-layout.ts';
import type { WireCollation, WireColumn } from '../wire-column.ts';
import { readBinaryDate, turnDatetime } from './binary-date.ts';
import { isBinary, writeBinaryBytes, writeGuidLiteral } from './binary-literal.ts';
import type { BulkColumn } from './bulk-column.ts';
import { type CodePageEncoder, codePageEncoder } from './code-page-encoder.ts';
import { DateKind, dateTime, readDateTime, writeDateTime } from './date-literal.ts';
import { type LiteralColumn, LiteralKind, literalColumn } from './literal-column.ts';
import { cursor, notTaken, skipBlanks, unitsOf } from './literal-cursor.ts';
import { type CastParts, callOf, castParts, collateOf, joinedText, skipSpace } from './literal-expression.ts';
import {
  NumberForm,
  noSmallInteger,
  scanNumber,
  scanned,
  smallInteger,
  writeBitNumber,
  writeDecimalNumber,
  writeFloatNumber,
  writeInteger,
  writeMoneyNumber,
  writeSmallInteger,
} from './number-literal.ts';
import { isPlainXml } from './plain-xml.ts';
import { RowBuffer, type RowMark } from './row-buffer.ts';
import { Form, StatementForms } from './statement-forms.ts';
import {
  StringForm,
  stringForm,
  writeCodePageString,
  writeCodePageText,
  writeUtf16String,
  writeUtf16Text,
} from './text-literal.ts';
import { declaredType, udtNames, wireTypeOf } from './type-name.ts';
import { closeFrame, writeNullValue } from './value-frame.ts';
import { variantHead, writeVariantHead } from './variant-frame.ts';

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
  readonly #castNames: readonly (readonly string[])[];
  readonly #forms: StatementForms;
  readonly #through: CodePageEncoder;
  readonly #databaseCollation: WireCollation | null;
  readonly #yearFirst: boolean;
  readonly #overhead: number;
  readonly #buffer = new RowBuffer();
  #mark: RowMark = this.#buffer.mark();
  /** Of each column, ` AS type)` as it stood behind the last literal that was cast to the column's own type. */
  readonly #casts: string[];
  readonly #castForms: number[];
  /** Base types of sql_variant by their text. */
  readonly #bases = new Map<string, LiteralColumn | null>();

  constructor(options: LiteralRowsOptions) {
    this.#columns = options.columns.map(({ wire, source, nullable, trimmed }) =>
      literalColumn(wire, { nullable, trimmed: trimmed ?? false, udt: source.udt }),
    );
    this.#castNames = options.columns.map(({ source, typeName }) => [
      ...(source.udt === null ? [] : udtNames(source.udt)),
      ...(typeName === undefined ? [] : [typeName]),
    ]);
    this.#casts = this.#columns.map(() => '');
    this.#castForms = this.#columns.map(() => Form.none);
    this.#forms = new StatementForms(this.#columns.length);
    this.#databaseCollation = options.databaseCollation;
    this.#through = databasePage(options.databaseCollation);
    this.#yearFirst = options.yearFirst;
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
    this.#forms.reset();
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
    const buffer = this.#buffer;
    const columns = this.#columns;
    const units = unitsOf(text);
    buffer.reserve((end - start) * 3 + this.#overhead);
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
        if (!column.nullable) return false;
        next = writeNullValue(out, next, column.layout);
        at += 4;
      } else {
        const from = next;
        next = this.#plain(units, at, column, i, out, from);
        if (next === notTaken || !ends(units)) {
          next = this.#expression(text, skipBlanks(units, at), column, i, out, from);
          if (next === notTaken) return false;
        }
        at = cursor.at;
      }
      c = units[at]!;
      if (c !== comma && c !== close) {
        at = skipBlanks(units, at);
        c = units[at]!;
      }
      if (c !== (i === last ? close : comma)) return false;
      at++;
    }
    if (at !== end) return false;
    buffer.position = next;
    buffer.rows++;
    return true;
  }

  /**
   * A literal as it stands.
   * @param index of the column, -1 for what is cast or wrapped: its form is looked after by the caller
   */
  #plain(units: Uint16Array, at: number, column: LiteralColumn, index: number, out: DataView, pos: number): number {
    switch (column.kind) {
      case LiteralKind.integer:
      case LiteralKind.bit: {
        const value = smallInteger(units, at);
        if (value === noSmallInteger) {
          return scanNumber(units, at) ? this.#number(units, column, index, out, pos) : notTaken;
        }
        if (index >= 0 && !this.#forms.allowsNumber(index, true, 0, 0, false)) return notTaken;
        return column.kind === LiteralKind.bit
          ? writeSmallInteger(value === 0 ? 0 : 1, out, pos, 1)
          : writeSmallInteger(value, out, pos, column.size);
      }
      case LiteralKind.decimal:
      case LiteralKind.float:
      case LiteralKind.money:
        return scanNumber(units, at) ? this.#number(units, column, index, out, pos) : notTaken;
      case LiteralKind.unicode:
      case LiteralKind.character:
      case LiteralKind.xml:
        return this.#text(units, at, column, index, out, pos);
      case LiteralKind.date: {
        if (stringForm(units, at) === StringForm.none || !this.#allows(index, Form.text)) return notTaken;
        if (!readDateTime(units, cursor.at)) return notTaken;
        return writeDateTime(out, pos, column.dateKind, column.scale, this.#yearFirst);
      }
      case LiteralKind.guid:
        if (stringForm(units, at) === StringForm.none || !this.#allows(index, Form.text)) return notTaken;
        return writeGuidLiteral(units, cursor.at, out, pos);
      case LiteralKind.binary:
      case LiteralKind.udt:
        return isBinary(units, at) ? this.#binary(units, at, column, index, out, pos) : notTaken;
      default:
        return notTaken;
    }
  }

  #allows(index: number, form: number): boolean {
    return index < 0 || this.#forms.allows(index, form);
  }

  /** What `scanned` holds. */
  #number(units: Uint16Array, column: LiteralColumn, index: number, out: DataView, pos: number): number {
    const { form, wholeDigits, scale } = scanned;
    const { kind } = column;
    if (form === NumberForm.float) {
      if (kind !== LiteralKind.float || !this.#allows(index, Form.float)) return notTaken;
      return writeFloatNumber(units, out, pos, column.size);
    }
    const toFloat = kind === LiteralKind.float;
    if (index >= 0) {
      if (!this.#forms.allowsNumber(index, form === NumberForm.integer, wholeDigits, scale, toFloat)) return notTaken;
    } else if (toFloat && wholeDigits + scale > 15) return notTaken;
    switch (kind) {
      case LiteralKind.integer:
        return writeInteger(out, pos, column.size);
      case LiteralKind.decimal:
        return writeDecimalNumber(units, out, pos, column.size, column.precision, column.scale);
      case LiteralKind.float:
        return writeFloatNumber(units, out, pos, column.size);
      case LiteralKind.bit:
        return writeBitNumber(out, pos);
      default:
        return writeMoneyNumber(out, pos, column.size);
    }
  }

  #text(units: Uint16Array, at: number, column: LiteralColumn, index: number, out: DataView, pos: number): number {
    const form = stringForm(units, at);
    if (form === StringForm.none) {
      // Bytes become characters as they are, but not of xml, and the old large types take none.
      if (column.kind === LiteralKind.xml || column.layout === Layout.textPointer || !isBinary(units, at))
        return notTaken;
      return this.#binary(units, at, column, index, out, pos);
    }
    if (!this.#allows(index, Form.text)) return notTaken;
    const head = pos + column.head;
    const through = form === StringForm.character ? this.#through : null;
    const end =
      column.page === null
        ? writeUtf16Text(units, cursor.at, out, head, through)
        : writeCodePageText(units, cursor.at, out, head, column.page, through);
    return end === notTaken ? notTaken : closeText(column, out, pos, head, end);
  }

  #binary(units: Uint16Array, at: number, column: LiteralColumn, index: number, out: DataView, pos: number): number {
    if (!this.#allows(index, Form.binary)) return notTaken;
    const head = pos + column.head;
    const end = writeBinaryBytes(units, at, out, head);
    if (column.kind === LiteralKind.unicode && ((end - head) & 1) !== 0) return notTaken;
    return closeText(column, out, pos, head, end);
  }

  /** Whatever is more than a literal. */
  #expression(text: string, at: number, column: LiteralColumn, index: number, out: DataView, pos: number): number {
    switch (column.kind) {
      case LiteralKind.unicode:
      case LiteralKind.character: {
        const next = this.#joined(text, at, column, index, out, pos);
        if (next !== notTaken) return next;
        break;
      }
      case LiteralKind.integer:
      case LiteralKind.decimal:
      case LiteralKind.float:
      case LiteralKind.bit:
      case LiteralKind.money: {
        const next = this.#wrapped(text, at, column, index, out, pos);
        if (next !== notTaken) return next;
        break;
      }
      case LiteralKind.xml: {
        const inner = callOf(text, at, 'convert');
        if (inner >= 0) return this.#convertXml(text, inner, column, index, out, pos);
        break;
      }
      default:
        break;
    }
    const inner = callOf(text, at, 'cast');
    return inner < 0 ? notTaken : this.#cast(text, inner, column, index, out, pos);
  }

  /** `(-5)`, `-(5)`, `- 5`, also in more parentheses. */
  #wrapped(text: string, at: number, column: LiteralColumn, index: number, out: DataView, pos: number): number {
    let depth = 0;
    let negative = false;
    let i = at;
    for (let c = text.charCodeAt(i); c === 0x28 || c === 0x2d || c === 0x2b; c = text.charCodeAt(i)) {
      if (c === 0x28) depth++;
      else if (c === 0x2d) negative = !negative;
      i = skipSpace(text, i + 1);
    }
    if (!scanNumber(unitsOf(text), i)) return notTaken;
    scanned.negative = negative;
    const next = this.#number(unitsOf(text), column, index, out, pos);
    if (next === notTaken) return notTaken;
    for (; depth > 0; depth--) {
      i = skipSpace(text, cursor.at);
      if (text.charCodeAt(i) !== close) return notTaken;
      cursor.at = i + 1;
    }
    return next;
  }

  #joined(text: string, at: number, column: LiteralColumn, index: number, out: DataView, pos: number): number {
    const joined = joinedText(text, at);
    if (joined === null || !this.#allows(index, Form.text)) return notTaken;
    // Parts without N passed a code page; whether all of them could is not looked at here.
    if (joined.character && /[^\0-\x7f]/.test(joined.value)) return notTaken;
    const head = pos + column.head;
    const end =
      column.page === null
        ? writeUtf16String(joined.value, out, head)
        : writeCodePageString(joined.value, out, head, column.page);
    return end === notTaken ? notTaken : closeText(column, out, pos, head, end);
  }

  /** From behind `CAST(` on. */
  #cast(text: string, inner: number, column: LiteralColumn, index: number, out: DataView, pos: number): number {
    const known = this.#casts[index]!;
    if (known !== '') {
      const next = this.#plain(unitsOf(text), inner, column, -1, out, pos);
      if (next !== notTaken && text.startsWith(known, cursor.at)) {
        cursor.at += known.length;
        return this.#forms.allows(index, this.#castForms[index]!) ? next : notTaken;
      }
    }
    const parts = castParts(text, inner);
    if (parts === null) return notTaken;
    const form = this.#forms.castForm(parts.type.toLowerCase());
    if (form === Form.none) return notTaken;
    if (column.kind === LiteralKind.variant) {
      const base = /^\[?sql_variant\]?$/i.test(parts.type) ? innerCast(text, parts) : parts;
      const next = base === null ? notTaken : this.#variant(text, base, column, out, pos);
      cursor.at = parts.end;
      return next !== notTaken && this.#forms.allows(index, form) ? next : notTaken;
    }
    if (!this.#isOwnType(parts.type, column, index)) return notTaken;
    const literal = this.#plain(unitsOf(text), inner, column, -1, out, pos);
    if (literal !== notTaken && skipSpace(text, cursor.at) === parts.innerEnd) {
      this.#casts[index] = text.slice(cursor.at, parts.end);
      this.#castForms[index] = form;
      cursor.at = parts.end;
      return this.#forms.allows(index, form) ? literal : notTaken;
    }
    if (column.kind !== LiteralKind.date || !isBinary(unitsOf(text), inner)) return notTaken;
    const next = this.#binaryDate(text, inner, column, out, pos);
    if (next === notTaken || skipSpace(text, cursor.at) !== parts.innerEnd) return notTaken;
    cursor.at = parts.end;
    return this.#forms.allows(index, form) ? next : notTaken;
  }

  /** Whether a cast to the type is no more than what the column does with the literal anyway. */
  #isOwnType(type: string, column: LiteralColumn, index: number): boolean {
    if (this.#castNames[index]!.includes(type.toLowerCase())) return true;
    const cast = wireTypeOf(type, null);
    if (cast === null) return false;
    if (plainType(cast) === plainType(column.wire)) return true;
    // More digits than the column has are taken only where they are zeros.
    return cast.type === column.wire.type && column.kind === LiteralKind.date && cast.scale >= column.scale;
  }

  #binaryDate(text: string, at: number, column: LiteralColumn, out: DataView, pos: number): number {
    const end = writeBinaryBytes(unitsOf(text), at, out, pos + 1);
    const length = end - pos - 1;
    if (column.dateKind === DateKind.datetime) {
      out.setUint8(pos, 8);
      return turnDatetime(out, pos + 1, length) ? end : notTaken;
    }
    const bytes = new DataView(out.buffer.slice(pos + 1, end));
    if (!readBinaryDate(bytes, length, column.dateKind, dateTime)) return notTaken;
    return writeDateTime(out, pos, column.dateKind, column.scale, true);
  }

  /** `CONVERT(xml, N'…', 1)` from behind the parenthesis. The style tells how white space is treated, of which there is none. */
  #convertXml(text: string, at: number, column: LiteralColumn, index: number, out: DataView, pos: number): number {
    const type = /^\[?xml\]?\s*,/iy;
    type.lastIndex = 0;
    const match = type.exec(text.slice(at, at + 40));
    if (!match) return notTaken;
    const next = this.#text(unitsOf(text), skipSpace(text, at + match[0].length), column, -1, out, pos);
    if (next === notTaken) return notTaken;
    let i = skipSpace(text, cursor.at);
    if (text.charCodeAt(i) === comma) {
      i = skipSpace(text, i + 1);
      // Styles of xml are 0 to 3.
      if (!/[0-3]/.test(text.charAt(i))) return notTaken;
      i = skipSpace(text, i + 1);
    }
    if (text.charCodeAt(i) !== close) return notTaken;
    cursor.at = i + 1;
    return this.#forms.allows(index, this.#forms.castForm('xml')) ? next : notTaken;
  }

  /** `CAST(N'x' COLLATE y AS nvarchar(5))`, cast to sql_variant or not: the column does that anyway. */
  #variant(text: string, parts: CastParts, column: LiteralColumn, out: DataView, pos: number): number {
    const base = this.#base(parts.type, collateOf(text, parts));
    if (base === null) return notTaken;
    const head = pos + 4;
    const value = head + variantHead(base.wire);
    // The value's own length is overwritten by what stands before it in a variant.
    const from = value - base.head;
    let end = this.#plain(unitsOf(text), parts.inner, base, -1, out, from);
    if (end === notTaken && base.kind === LiteralKind.date && isBinary(unitsOf(text), parts.inner)) {
      end = this.#binaryDate(text, parts.inner, base, out, from);
    }
    if (end === notTaken) return notTaken;
    const rest = text.slice(cursor.at, parts.innerEnd).trim();
    if (rest !== '' && !/^COLLATE\s+\w+$/i.test(rest)) return notTaken;
    writeVariantHead(base.wire, out, head);
    return closeFrame(out, pos, column.layout, end);
  }

  /** The base type of a sql_variant; null for what none can be, or what is not known. */
  #base(type: string, collation: string | null): LiteralColumn | null {
    const key = `${type} ${collation ?? ''}`;
    let base = this.#bases.get(key);
    if (base === undefined) {
      base = baseColumn(type, collation, this.#databaseCollation);
      if (this.#bases.size < 1000) this.#bases.set(key, base);
    }
    return base;
  }
}

/** What is cast to sql_variant, when that is a cast itself. */
function innerCast(text: string, outer: CastParts): CastParts | null {
  const inner = callOf(text, skipSpace(text, outer.inner), 'cast');
  const parts = inner < 0 ? null : castParts(text, inner);
  return parts !== null && skipSpace(text, parts.end) === outer.innerEnd ? parts : null;
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

/** Fills fixed types, refuses what is too long, and writes the lengths around. */
function closeText(column: LiteralColumn, out: DataView, pos: number, head: number, end: number): number {
  const length = end - head;
  if (length > column.limit) return notTaken;
  if (column.simple) {
    out.setUint16(pos, length, true);
    return end;
  }
  if (column.kind === LiteralKind.xml && !isPlainXml(out, head, end)) return notTaken;
  if (column.trimmed && length > 0 && isCut(column, out.getUint8(end - 1))) return notTaken;
  if (!column.fixed || length === column.limit) return closeFrame(out, pos, column.layout, end);
  const behind = head + column.limit;
  if (column.kind === LiteralKind.unicode) for (let i = end; i < behind; i += 2) out.setUint16(i, 0x20, true);
  else {
    const filler = column.kind === LiteralKind.binary ? 0 : 0x20;
    for (let i = end; i < behind; i++) out.setUint8(i, filler);
  }
  return closeFrame(out, pos, column.layout, behind);
}

/** Whether ANSI_PADDING OFF would cut the byte off the end. */
function isCut(column: LiteralColumn, byte: number): boolean {
  return byte === (column.kind === LiteralKind.binary ? 0 : 0x20);
}

function plainType(column: WireColumn): string {
  return declaredType(column).replace('numeric', 'decimal');
}

function databasePage(collation: WireCollation | null): CodePageEncoder {
  if (collation === null) return { kind: 'single', bytes: new Uint16Array(65536) };
  return codePageEncoder(codePageNumberOf(collation, 'of the database'));
}

function baseColumn(
  type: string,
  collation: string | null,
  databaseCollation: WireCollation | null,
): LiteralColumn | null {
  const known = collation === null ? databaseCollation : collationFromName(collation);
  const wire = wireTypeOf(type, known);
  if (wire === null || wire.maxLength > 8000) return null;
  const base = literalColumn(wire, { nullable: false, trimmed: false, udt: null });
  if (base.kind === LiteralKind.xml || base.kind === LiteralKind.variant) return null;
  return (base.kind === LiteralKind.unicode || base.kind === LiteralKind.character) && known === null ? null : base;
}
