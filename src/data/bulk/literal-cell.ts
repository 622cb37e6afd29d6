/** Literals as they stand, by the type of their column. Hot path: one switch a cell, and nothing made for it. */

import { Layout } from '../value-layout.ts';
import { isBinary, writeBinaryBytes, writeGuidLiteral } from './binary-literal.ts';
import type { CodePageEncoder } from './code-page-encoder.ts';
import { readDateTime, writeDateTime } from './date-literal.ts';
import { writeFloatNumber } from './float-literal.ts';
import { type LiteralColumn, LiteralKind } from './literal-column.ts';
import { cursor, notTaken } from './literal-cursor.ts';
import {
  noSmallInteger,
  smallInteger,
  writeBitNumber,
  writeDecimalNumber,
  writeInteger,
  writeMoneyNumber,
  writeSmallInteger,
} from './number-literal.ts';
import { NumberForm, scanNumber, scanned } from './number-scanner.ts';
import { isPlainXml } from './plain-xml.ts';
import { Form, StatementForms } from './statement-forms.ts';
import { StringForm, stringForm, writeCodePageText, writeUtf16Text } from './text-literal.ts';
import { closeFrame } from './value-frame.ts';
import { writeVectorText } from './vector-literal.ts';

/** Readers of the literals of one table. They return the position behind the value in `out`, `notTaken` or `noRoom`. */
export class LiteralCells {
  readonly forms: StatementForms;
  readonly #through: CodePageEncoder;
  readonly #yearFirst: boolean;

  /**
   * @param through the database's code page, which literals without N pass
   * @param yearFirst the session reads `2024-03-04` of datetime as year, month, day
   */
  constructor(columns: number, through: CodePageEncoder, yearFirst: boolean) {
    this.forms = new StatementForms(columns);
    this.#through = through;
    this.#yearFirst = yearFirst;
  }

  /**
   * A literal as it stands.
   * @param index of the column, -1 for what is cast or wrapped: its form is looked after by the caller
   */
  read(text: DataView, at: number, column: LiteralColumn, index: number, out: DataView, pos: number): number {
    switch (column.kind) {
      case LiteralKind.integer:
      case LiteralKind.bit: {
        const value = smallInteger(text, at);
        if (value === noSmallInteger) {
          return scanNumber(text, at) ? this.number(text, column, index, out, pos) : notTaken;
        }
        if (index >= 0 && !this.forms.allowsNumber(index, true, 0, 0, false)) return notTaken;
        return column.kind === LiteralKind.bit
          ? writeSmallInteger(value === 0 ? 0 : 1, out, pos, 1)
          : writeSmallInteger(value, out, pos, column.size);
      }
      case LiteralKind.decimal:
      case LiteralKind.float:
      case LiteralKind.money:
        return scanNumber(text, at) ? this.number(text, column, index, out, pos) : notTaken;
      case LiteralKind.unicode:
      case LiteralKind.character:
      case LiteralKind.xml:
        return this.text(text, at, column, index, out, pos);
      case LiteralKind.date: {
        if (stringForm(text, at) === StringForm.none || !this.allows(index, Form.text)) return notTaken;
        if (!readDateTime(text, cursor.at)) return notTaken;
        return writeDateTime(out, pos, column.dateKind, column.scale, this.#yearFirst);
      }
      case LiteralKind.guid:
        if (stringForm(text, at) === StringForm.none || !this.allows(index, Form.text)) return notTaken;
        return writeGuidLiteral(text, cursor.at, out, pos);
      case LiteralKind.vector:
        if (stringForm(text, at) === StringForm.none || !this.allows(index, Form.text)) return notTaken;
        return writeVectorText(text, cursor.at, column.limit, out, pos);
      case LiteralKind.binary:
      case LiteralKind.udt:
        return isBinary(text, at) ? this.#binary(text, at, column, index, out, pos) : notTaken;
      default:
        return notTaken;
    }
  }

  allows(index: number, form: number): boolean {
    return index < 0 || this.forms.allows(index, form);
  }

  /** What `scanned` holds. */
  number(text: DataView, column: LiteralColumn, index: number, out: DataView, pos: number): number {
    const { form, wholeDigits, scale } = scanned;
    const { kind } = column;
    // Digits that the end of the text cuts: they are not to decide on the forms of the column.
    if (cursor.at >= cursor.end) return notTaken;
    if (form === NumberForm.float) {
      if (kind !== LiteralKind.float || !this.allows(index, Form.float)) return notTaken;
      return writeFloatNumber(text, out, pos, column.size);
    }
    const toFloat = kind === LiteralKind.float;
    if (index >= 0) {
      if (!this.forms.allowsNumber(index, form === NumberForm.integer, wholeDigits, scale, toFloat)) return notTaken;
    } else if (toFloat && wholeDigits + scale > 15) return notTaken;
    switch (kind) {
      case LiteralKind.integer:
        return writeInteger(out, pos, column.size);
      case LiteralKind.decimal:
        return writeDecimalNumber(text, out, pos, column.size, column.precision, column.scale);
      case LiteralKind.float:
        return writeFloatNumber(text, out, pos, column.size);
      case LiteralKind.bit:
        return writeBitNumber(out, pos);
      default:
        return writeMoneyNumber(out, pos, column.size);
    }
  }

  text(text: DataView, at: number, column: LiteralColumn, index: number, out: DataView, pos: number): number {
    const form = stringForm(text, at);
    if (form === StringForm.none) {
      // Bytes become characters as they are, but not of xml, and the old large types take none.
      if (column.kind === LiteralKind.xml || column.layout === Layout.textPointer || !isBinary(text, at))
        return notTaken;
      return this.#binary(text, at, column, index, out, pos);
    }
    if (!this.allows(index, Form.text)) return notTaken;
    const head = pos + column.head;
    const through = form === StringForm.character ? this.#through : null;
    const end =
      column.page === null
        ? writeUtf16Text(text, cursor.at, out, head, through)
        : writeCodePageText(text, cursor.at, out, head, column.page, through);
    return end < 0 ? end : closeText(column, out, pos, head, end);
  }

  #binary(text: DataView, at: number, column: LiteralColumn, index: number, out: DataView, pos: number): number {
    if (!this.allows(index, Form.binary)) return notTaken;
    const head = pos + column.head;
    const end = writeBinaryBytes(text, at, out, head);
    if (end < 0) return end;
    if (column.kind === LiteralKind.unicode && ((end - head) & 1) !== 0) return notTaken;
    return closeText(column, out, pos, head, end);
  }
}

/** Fills fixed types, refuses what is too long, and writes the lengths around. */
export function closeText(column: LiteralColumn, out: DataView, pos: number, head: number, end: number): number {
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
