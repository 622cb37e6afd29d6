/**
 * What scripts put around literals: CAST, CONVERT, parentheses and signs, concatenations. Slower than plain literals, except for a
 * CAST to the column's own type, which is recognised by its text after the first one.
 */

import { collationFromName } from '../collation.ts';
import type { WireCollation, WireColumn } from '../wire-column.ts';
import { readBinaryDate, turnDatetime } from './binary-date.ts';
import { isBinary, writeBinaryBytes } from './binary-literal.ts';
import { DateKind, dateTime, writeDateTime } from './date-literal.ts';
import { type HeldRow, stringOf } from './held-row.ts';
import type { KnownCasts } from './known-casts.ts';
import { closeText, type LiteralCells } from './literal-cell.ts';
import { type LiteralColumn, LiteralKind, literalColumn } from './literal-column.ts';
import { cursor, noRoom, notTaken } from './literal-cursor.ts';
import { type CastParts, callOf, castParts, collateOf, joinedText, skipSpace } from './literal-expression.ts';
import { scanNumber, scanned } from './number-scanner.ts';
import { Form } from './statement-forms.ts';
import { writeCodePageString, writeUtf16String } from './text-literal.ts';
import { declaredType, wireTypeOf } from './type-name.ts';
import { closeFrame } from './value-frame.ts';
import { variantHead, writeVariantHead } from './variant-frame.ts';

const comma = 0x2c;
const open = 0x28;
const close = 0x29;
const plus = 0x2b;
/** The four letters as a number, and what makes letters upper case. */
const castWord = 0x54534143;
const upperCase = 0xdfdfdfdf | 0;
/** Base types of sql_variant that are kept by their text. */
const mostBases = 1000;

export class ExpressionCells {
  readonly #cells: LiteralCells;
  readonly #castNames: readonly (readonly string[])[];
  readonly #databaseCollation: WireCollation | null;
  readonly #casts: KnownCasts;
  readonly #bases = new Map<string, LiteralColumn | null>();

  /**
   * @param castNames names, in lower case, of each column's type that only the catalog knows: CLR types, json
   * @param casts where to note what the kernel may know, too
   */
  constructor(
    cells: LiteralCells,
    castNames: readonly (readonly string[])[],
    databaseCollation: WireCollation | null,
    casts: KnownCasts,
  ) {
    this.#cells = cells;
    this.#castNames = castNames;
    this.#databaseCollation = databaseCollation;
    this.#casts = casts;
  }

  /**
   * `CAST(x AS type)` with the type as it stood around the last literal that was cast to the column's own: read from the script itself.
   * @returns notTaken for everything else
   */
  readKnown(script: DataView, at: number, column: LiteralColumn, index: number, out: DataView, pos: number): number {
    const { bytes: known, form } = this.#casts.of(index);
    if (
      known.length === 0 ||
      (script.getInt32(at, true) & upperCase) !== castWord ||
      script.getUint8(at + 4) !== open
    ) {
      return notTaken;
    }
    const next = this.#literal(script, at + 5, column, out, pos);
    if (next < 0) return next;
    const end = cursor.at;
    if (end + known.length > cursor.end) return notTaken;
    for (let i = 0; i < known.length; i++) if (script.getUint8(end + i) !== known[i]) return notTaken;
    cursor.at = end + known.length;
    return this.#cells.forms.allows(index, form) ? next : notTaken;
  }

  /** What may be cast to the column's own type: a literal as it could stand alone, and the binary strings of dates. */
  #literal(text: DataView, at: number, column: LiteralColumn, out: DataView, pos: number): number {
    if (column.kind === LiteralKind.date && isBinary(text, at)) return this.#binaryDate(text, at, column, out, pos);
    return this.#cells.read(text, at, column, -1, out, pos);
  }

  /** Whatever is more than a literal. */
  read(row: HeldRow, at: number, column: LiteralColumn, index: number, out: DataView, pos: number): number {
    const { text } = row;
    switch (column.kind) {
      case LiteralKind.unicode:
      case LiteralKind.character: {
        const next = this.#joined(row, at, column, index, out, pos);
        if (next !== notTaken) return next;
        break;
      }
      case LiteralKind.integer:
      case LiteralKind.decimal:
      case LiteralKind.float:
      case LiteralKind.bit:
      case LiteralKind.money: {
        const next = this.#wrapped(row, at, column, index, out, pos);
        if (next !== notTaken) return next;
        break;
      }
      case LiteralKind.xml: {
        const inner = callOf(text, at, 'convert');
        if (inner >= 0) return this.#convertXml(row, inner, column, index, out, pos);
        break;
      }
      default:
        break;
    }
    const inner = callOf(text, at, 'cast');
    return inner < 0 ? notTaken : this.#cast(row, inner, column, index, out, pos);
  }

  /** `(-5)`, `-(5)`, `- 5`, also in more parentheses. */
  #wrapped(row: HeldRow, at: number, column: LiteralColumn, index: number, out: DataView, pos: number): number {
    const { text } = row;
    let depth = 0;
    let negative = false;
    let i = at;
    for (let c = text.charCodeAt(i); c === 0x28 || c === 0x2d || c === 0x2b; c = text.charCodeAt(i)) {
      if (c === 0x28) depth++;
      else if (c === 0x2d) negative = !negative;
      i = skipSpace(text, i + 1);
    }
    if (!scanNumber(row.view, i)) return notTaken;
    scanned.negative = negative;
    const next = this.#cells.number(row.view, column, index, out, pos);
    if (next < 0) return next;
    for (; depth > 0; depth--) {
      i = skipSpace(text, cursor.at);
      if (text.charCodeAt(i) !== close) return notTaken;
      cursor.at = i + 1;
    }
    return next;
  }

  #joined(row: HeldRow, at: number, column: LiteralColumn, index: number, out: DataView, pos: number): number {
    const joined = joinedText(row.text, at);
    if (joined === null || !this.#cells.allows(index, Form.text)) return notTaken;
    // Parts without N passed a code page; whether all of them could is not looked at here.
    if (joined.character && /[^\0-\x7f]/.test(joined.value)) return notTaken;
    const head = pos + column.head;
    const end =
      column.page === null
        ? writeUtf16String(joined.value, out, head)
        : writeCodePageString(joined.value, out, head, column.page);
    return end < 0 ? end : closeText(column, out, pos, head, end);
  }

  /** From behind `CAST(` on. */
  #cast(row: HeldRow, inner: number, column: LiteralColumn, index: number, out: DataView, pos: number): number {
    const { text } = row;
    const known = this.#casts.of(index);
    if (known.text !== '') {
      const next = this.#literal(row.view, inner, column, out, pos);
      if (next === noRoom) return noRoom;
      if (next !== notTaken && text.startsWith(known.text, cursor.at)) {
        cursor.at += known.text.length;
        return this.#cells.forms.allows(index, known.form) ? next : notTaken;
      }
    }
    const parts = castParts(text, inner);
    if (parts === null) return notTaken;
    const type = stringOf(parts.type);
    if (type === null) return notTaken;
    const form = this.#cells.forms.castForm(type.toLowerCase());
    if (form === Form.none) return notTaken;
    if (column.kind === LiteralKind.variant) {
      const base = /^\[?sql_variant\]?$/i.test(parts.type) ? innerCast(row.text, parts) : parts;
      const next = base === null ? notTaken : this.#variant(row, base, column, out, pos);
      cursor.at = parts.end;
      if (next < 0) return next;
      return this.#cells.forms.allows(index, form) ? next : notTaken;
    }
    if (!this.#isOwnType(type, column, index)) return notTaken;
    const next = this.#literal(row.view, inner, column, out, pos);
    if (next < 0) return next;
    if (skipSpace(text, cursor.at) !== parts.innerEnd) return notTaken;
    this.#casts.learn(index, text.slice(cursor.at, parts.end), form);
    cursor.at = parts.end;
    return this.#cells.forms.allows(index, form) ? next : notTaken;
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

  #binaryDate(text: DataView, at: number, column: LiteralColumn, out: DataView, pos: number): number {
    const end = writeBinaryBytes(text, at, out, pos + 1);
    if (end < 0) return end;
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
  #convertXml(row: HeldRow, at: number, column: LiteralColumn, index: number, out: DataView, pos: number): number {
    const { text } = row;
    const type = /^\[?xml\]?\s*,/iy;
    type.lastIndex = 0;
    const match = type.exec(text.slice(at, at + 40));
    if (!match) return notTaken;
    const next = this.#cells.text(row.view, skipSpace(text, at + match[0].length), column, -1, out, pos);
    if (next < 0) return next;
    let i = skipSpace(text, cursor.at);
    if (text.charCodeAt(i) === comma) {
      i = skipSpace(text, i + 1);
      // Styles of xml are 0 to 3.
      if (!/[0-3]/.test(text.charAt(i))) return notTaken;
      i = skipSpace(text, i + 1);
    }
    if (text.charCodeAt(i) !== close) return notTaken;
    cursor.at = i + 1;
    return this.#cells.forms.allows(index, this.#cells.forms.castForm('xml')) ? next : notTaken;
  }

  /** `CAST(N'x' COLLATE y AS nvarchar(5))`, cast to sql_variant or not: the column does that anyway. */
  #variant(row: HeldRow, parts: CastParts, column: LiteralColumn, out: DataView, pos: number): number {
    const { text } = row;
    const base = this.#base(parts.type, collateOf(text, parts));
    if (base === null) return notTaken;
    const head = pos + 4;
    const value = head + variantHead(base.wire);
    // The value's own length is overwritten by what stands before it in a variant.
    const from = value - base.head;
    let end = this.#cells.read(row.view, parts.inner, base, -1, out, from);
    const isText = base.kind === LiteralKind.unicode || base.kind === LiteralKind.character;
    if (isText && (end === notTaken || text.charCodeAt(skipSpace(text, cursor.at)) === plus)) {
      end = this.#joined(row, parts.inner, base, -1, out, from);
    }
    if (end === notTaken && base.kind === LiteralKind.date && isBinary(row.view, parts.inner)) {
      end = this.#binaryDate(row.view, parts.inner, base, out, from);
    }
    if (end < 0) return end;
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
      if (this.#bases.size < mostBases) this.#bases.set(key, base);
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

function plainType(column: WireColumn): string {
  return declaredType(column).replace('numeric', 'decimal');
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
  if (base.kind === LiteralKind.xml || base.kind === LiteralKind.variant || base.kind === LiteralKind.vector)
    return null;
  return (base.kind === LiteralKind.unicode || base.kind === LiteralKind.character) && known === null ? null : base;
}
