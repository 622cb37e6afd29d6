/**
 * From a literal of canonical text to a JSON value. Numbers that a reader of JSON might round (bigint, decimal, money) are strings, so
 * are dates and 0x…; int, float and real are numbers, bit is true or false. Hot path.
 */

import { CellKind, callEnd, cellKind, isNullCell, leadOf, plainEnd } from './cell-kind.ts';
import type { ColumnCodec } from './cell-literal.ts';
import { writeAscii } from './digits.ts';
import type { OutputBytes } from './output-bytes.ts';
import { Family } from './type-family.ts';

const quote = 0x22;
const backslash = 0x5c;
const apostrophe = 0x27;
const surrogateLead = 0xed;

/** Of a byte inside a JSON string: 0 as it stands, else the letter of its escape, or one of the marks below. */
const escapes = new Uint8Array(256);
for (let c = 0; c < 0x20; c++) escapes[c] = 1;
for (const [c, letter] of ['\bb', '\tt', '\nn', '\ff', '\rr', '""', '\\\\'].map(s => [
  s.charCodeAt(0),
  s.charCodeAt(1),
])) {
  escapes[c!] = letter!;
}
escapes[apostrophe] = 2;
escapes[surrogateLead] = 3;

export const JsonKind = { number: 0, flag: 1, exact: 2, bytes: 3, text: 4, variant: 5 } as const;

/** Which JSON value a column's cells are. A plain number has the wire's length, so an int column of 8 bytes is told by `wide`. */
export function jsonKind(codec: ColumnCodec, wide: boolean): number {
  switch (codec.family) {
    case Family.int:
      return wide ? JsonKind.exact : JsonKind.number;
    case Family.float:
      return JsonKind.number;
    case Family.bit:
      return JsonKind.flag;
    case Family.variant:
      return JsonKind.variant;
    case Family.udt:
      return JsonKind.bytes;
    default:
      return cellKind(codec) === CellKind.plain ? JsonKind.exact : JsonKind.text;
  }
}

/**
 * Appends the value of the literal at `at`.
 * @param out with room for six bytes for each of the literal, and 64 more
 * @param end of the row's text
 * @returns the position behind the literal
 */
export function writeJsonCell(
  out: OutputBytes,
  text: DataView,
  at: number,
  end: number,
  json: number,
  kind: number,
): number {
  const { view } = out;
  if (isNullCell(text, at)) {
    view.setInt32(out.length, 0x6c6c756e, true);
    out.length += 4;
    return at + 4;
  }
  switch (json) {
    case JsonKind.number: {
      const behind = plainEnd(text, at, end);
      out.length = copy(view, out.length, text, at, behind);
      return behind;
    }
    case JsonKind.flag:
      out.length = writeAscii(view, out.length, text.getUint8(at) === 0x30 ? 'false' : 'true');
      return at + 1;
    case JsonKind.exact: {
      const behind = plainEnd(text, at, end);
      out.length = quoted(view, out.length, text, at, behind);
      return behind;
    }
    case JsonKind.bytes: {
      let behind = at + leadOf[kind]!;
      while (text.getUint8(behind) !== 0x20) behind++;
      out.length = quoted(view, out.length, text, at + leadOf[kind]!, behind);
      return callEnd(text, at);
    }
    case JsonKind.text: {
      const close = writeJsonText(out, text, at + leadOf[kind]!);
      return kind === CellKind.text ? close : kind === CellKind.xml ? close + 4 : callEnd(text, at);
    }
    default:
      return writeVariant(out, text, at);
  }
}

/** A JSON string of the text whose literal's inside begins at `at`. @returns the position behind its closing quote */
function writeJsonText(out: OutputBytes, text: DataView, at: number): number {
  out.view.setUint8(out.length++, quote);
  const close = writeJsonBody(out, text, at, -1);
  out.view.setUint8(out.length++, quote);
  return close + 1;
}

/** The inside of a JSON string up to `end`, or to the closing quote of the literal when that is -1. @returns its position */
export function writeJsonBody(out: OutputBytes, text: DataView, at: number, end: number): number {
  const { view } = out;
  let next = out.length;
  let i = at;
  while (i !== end) {
    const c = text.getUint8(i);
    const escape = escapes[c]!;
    i++;
    if (escape === 0) view.setUint8(next++, c);
    else if (escape === 2) {
      // Two apostrophes stand for one; a single one closes the literal.
      if (end < 0 && text.getUint8(i) !== apostrophe) {
        i--;
        break;
      }
      view.setUint8(next++, c);
      i++;
    } else if (escape === 3 && text.getUint8(i) < 0xa0) view.setUint8(next++, c);
    else if (escape === 3) {
      // UTF-8 has no lone surrogates: by its unit, as a byte that is no character (U+DC00 + byte).
      const unit = 0xd000 | ((text.getUint8(i) & 0x3f) << 6) | (text.getUint8(i + 1) & 0x3f);
      next = writeAscii(view, next, `\\u${unit.toString(16).toUpperCase()}`);
      i += 2;
    } else if (escape === 1) next = writeAscii(view, next, `\\u00${c.toString(16).padStart(2, '0').toUpperCase()}`);
    else {
      view.setUint8(next, backslash);
      view.setUint8(next + 1, escape);
      next += 2;
    }
  }
  out.length = next;
  return i;
}

const numberTypes = /^(?:tinyint|smallint|int|float|real)$/;

/** `{"type":"nvarchar(5)","collation":"…","value":"…"}` of `CAST(CAST(… COLLATE … AS type) AS sql_variant)`. */
function writeVariant(out: OutputBytes, text: DataView, at: number): number {
  const inner = at + 5;
  const behind = callEnd(text, inner);
  const value = inner + 5;
  const isText = text.getUint8(value) === 0x4e;
  let rest = value;
  if (isText) {
    for (rest = value + 2; ; rest += 2) {
      while (text.getUint8(rest) !== apostrophe) rest++;
      if (text.getUint8(rest + 1) !== apostrophe) break;
    }
    rest++;
  } else while (text.getUint8(rest) !== 0x20) rest++;
  let tail = '';
  for (let i = rest; i < behind - 1; i++) tail += String.fromCharCode(text.getUint8(i));
  const [, collation, type] = /^(?: COLLATE (\w+))? AS (.*)$/.exec(tail)!;
  const { view } = out;
  const head = collation === undefined ? '' : `"collation":"${collation}",`;
  out.length = writeAscii(view, out.length, `{"type":"${type}",${head}"value":`);
  if (isText) writeJsonText(out, text, value + 2);
  else if (type === 'bit') out.length = writeAscii(view, out.length, text.getUint8(value) === 0x30 ? 'false' : 'true');
  else if (numberTypes.test(type!)) out.length = copy(view, out.length, text, value, rest);
  else out.length = quoted(view, out.length, text, value, rest);
  view.setUint8(out.length++, 0x7d);
  return callEnd(text, at);
}

function quoted(out: DataView, pos: number, text: DataView, at: number, end: number): number {
  out.setUint8(pos, quote);
  const next = copy(out, pos + 1, text, at, end);
  out.setUint8(next, quote);
  return next + 1;
}

function copy(out: DataView, pos: number, text: DataView, at: number, end: number): number {
  let next = pos;
  for (let i = at; i < end; i++) out.setUint8(next++, text.getUint8(i));
  return next;
}
