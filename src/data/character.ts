/**
 * char, varchar, text, nchar, nvarchar, ntext, xml's text: `N'…'` in UTF-8. Hot path: plain runs are copied unit by unit with
 * one table look-up; whatever a script runner could misread goes to `guardedText`.
 */

import { scriptString } from '../tsql/literal.ts';
import { writeBinary } from './binary.ts';
import type { ColumnCodec } from './cell-literal.ts';
import { type CodePage, decodeText, noUnit } from './code-page.ts';
import { type LiteralState, noRoom } from './literal-state.ts';
import { lossyText } from './lossy-text.ts';

/** What a UTF-16 unit asks for. */
const Unit = { plain: 0, quote: 1, two: 2, three: 3, high: 4, low: 5, nul: 6, lineBreak: 7, backslash: 8, dollar: 9 };

const quote = 0x27;
const kinds = new Uint8Array(65536);
for (let i = 0; i < 65536; i++) kinds[i] = kindOf(i);

/** The first 256 of them, so that plain text does not pull the whole table through the cache. */
const asciiKinds = kinds.slice(0, 256);

function kindOf(unit: number): number {
  if (unit >= 0x80) {
    if (unit < 0x800) return Unit.two;
    if (unit < 0xd800 || unit > 0xdfff) return Unit.three;
    return unit < 0xdc00 ? Unit.high : Unit.low;
  }
  if (unit === quote) return Unit.quote;
  if (unit === 0) return Unit.nul;
  if (unit === 10 || unit === 13) return Unit.lineBreak;
  if (unit === 0x5c) return Unit.backslash;
  return unit === 0x24 ? Unit.dollar : Unit.plain;
}

/** `N'…'` of UTF-16LE bytes in [at, end). @returns the next position, or noRoom */
export function writeUtf16(
  out: DataView,
  pos: number,
  bytes: DataView,
  at: number,
  end: number,
  state: LiteralState,
): number {
  out.setInt16(pos, 0x274e, true);
  const plain = copyPlain16(out, pos + 2, bytes, at, end);
  let next = (pos + 2 + ((plain - at) >> 1)) | 0;
  if (plain !== end) next = writeUtf16Body(out, next, bytes, plain, end, state);
  if (next === guardNeeded) return guardedText(out, pos, utf16Text(bytes, at, end), state);
  out.setUint8(next, quote);
  return next + 1;
}

/** Returned when the text cannot stand as one plain literal. */
const guardNeeded = -2;

/** 0 for two plain ASCII characters, the first in the low seven bits. */
const pairKinds = new Uint8Array(1 << 14);
for (let i = 0; i < pairKinds.length; i++) pairKinds[i] = asciiKinds[i & 127]! | asciiKinds[i >> 7]!;

/**
 * Copies the characters up to the first one that is not plain ASCII, four at a time. A function of its own, because V8 keeps a loop this
 * small in registers: three times as fast as unit by unit inside its caller.
 * @returns the position behind what was copied
 */
function copyPlain16(out: DataView, pos: number, bytes: DataView, at: number, end: number): number {
  let next = pos | 0;
  let i = at | 0;
  for (const last = (end - 8) | 0; i <= last; i = (i + 8) | 0) {
    const first = bytes.getInt32(i, true);
    const second = bytes.getInt32(i + 4, true);
    if (((first | second) & 0xff80ff80) !== 0) break;
    if ((pairKinds[(first | (first >>> 9)) & 0x3fff]! | pairKinds[(second | (second >>> 9)) & 0x3fff]!) !== 0) break;
    out.setInt32(next, ((first | (first >>> 8)) & 0xffff) | ((second | (second >>> 8)) << 16), true);
    next = (next + 4) | 0;
  }
  for (; i < end; i = (i + 2) | 0) {
    const unit = bytes.getInt16(i, true);
    if ((unit & 0xff80) !== 0 || asciiKinds[unit] !== 0) break;
    out.setUint8(next, unit);
    next = (next + 1) | 0;
  }
  return i;
}

/** As copyPlain16, of characters of one byte. */
function copyPlain8(out: DataView, pos: number, bytes: DataView, at: number, end: number): number {
  let next = pos | 0;
  let i = at | 0;
  for (const last = (end - 4) | 0; i <= last; i = (i + 4) | 0) {
    const four = bytes.getInt32(i, true);
    if ((four & 0x80808080) !== 0) break;
    const first = (four & 0x7f) | ((four >>> 1) & 0x3f80);
    const second = ((four >>> 16) & 0x7f) | ((four >>> 17) & 0x3f80);
    if ((pairKinds[first]! | pairKinds[second]!) !== 0) break;
    out.setInt32(next, four, true);
    next = (next + 4) | 0;
  }
  for (; i < end; i = (i + 1) | 0) {
    const unit = bytes.getUint8(i);
    if (unit >= 0x80 || asciiKinds[unit] !== 0) break;
    out.setUint8(next, unit);
    next = (next + 1) | 0;
  }
  return i;
}

/** The inside of a literal: quotes doubled, nothing around. */
export function writeUtf16Body(
  out: DataView,
  pos: number,
  bytes: DataView,
  at: number,
  end: number,
  state: LiteralState,
): number {
  let next = pos | 0;
  for (let i = at | 0; i < end; i = (i + 2) | 0) {
    const plain = copyPlain16(out, next, bytes, i, end);
    next = (next + ((plain - i) >> 1)) | 0;
    i = plain;
    if (i >= end) break;
    const unit = bytes.getUint16(i, true);
    const kind = kinds[unit]!;
    if (kind === Unit.plain) {
      out.setUint8(next++, unit);
      continue;
    }
    if (kind === Unit.three) {
      out.setUint8(next, 0xe0 | (unit >> 12));
      out.setUint8(next + 1, 0x80 | ((unit >> 6) & 0x3f));
      out.setUint8(next + 2, 0x80 | (unit & 0x3f));
      next += 3;
    } else if (kind === Unit.two) {
      out.setUint8(next, 0xc0 | (unit >> 6));
      out.setUint8(next + 1, 0x80 | (unit & 0x3f));
      next += 2;
    } else if (kind === Unit.quote) {
      out.setUint8(next, quote);
      out.setUint8(next + 1, quote);
      next += 2;
    } else if (kind === Unit.high || kind === Unit.low) {
      const after = kind === Unit.high && i + 2 < end ? bytes.getUint16(i + 2, true) : 0;
      if (kinds[after] === Unit.low) {
        next = writeSupplementary(out, next, 0x10000 + ((unit - 0xd800) << 10) + (after - 0xdc00));
        i += 2;
      } else {
        if (!state.canonical) return guardNeeded;
        next = writeUnit(out, next, unit);
      }
    } else {
      if (!state.canonical && needsGuard(kind, bytes, i + 2, end, 2)) return guardNeeded;
      out.setUint8(next++, unit);
    }
  }
  return next;
}

/** `N'…'` of the bytes in [at, end), of the codec's code page. @returns the next position, or noRoom */
export function writeCharacters(
  out: DataView,
  pos: number,
  bytes: DataView,
  at: number,
  end: number,
  codec: ColumnCodec,
  state: LiteralState,
): number {
  const page = codec.page!;
  out.setInt16(pos, 0x274e, true);
  const plain = copyPlain8(out, pos + 2, bytes, at, end);
  let next = (pos + 2 + plain - at) | 0;
  if (plain !== end) next = writeCharactersBody(out, next, bytes, plain, end, page, state);
  if (next === guardNeeded) {
    const text = decodeText(page, bytes, at, end);
    if (text !== null) return guardedText(out, pos, text, state);
    // Bytes that are no characters of the page: only as a binary literal do they come back as they are.
    if (codec.substitute !== null) {
      codec.replaced++;
      return guardedText(out, pos, lossyText(page, bytes, at, end, codec.substitute), state);
    }
    state.guarded = true;
    state.isolated = true;
    return writeBinary(out, pos, bytes, at, end - at);
  }
  out.setUint8(next, quote);
  return next + 1;
}

/** The inside of a literal, as writeUtf16Body. */
export function writeCharactersBody(
  out: DataView,
  pos: number,
  bytes: DataView,
  at: number,
  end: number,
  page: CodePage,
  state: LiteralState,
): number {
  const { units, pairs } = page;
  let next = pos | 0;
  for (let i = at | 0; i < end; i = (i + 1) | 0) {
    const plain = copyPlain8(out, next, bytes, i, end);
    next = (next + plain - i) | 0;
    i = plain;
    if (i >= end) break;
    const byte = bytes.getUint8(i);
    const unit = units[byte]!;
    const kind = kinds[unit]!;
    if (kind === Unit.plain) {
      out.setUint8(next++, unit);
    } else if (unit === noUnit) {
      if (page.kind === 'utf8') {
        const length = utf8Length(bytes, i, end);
        if (length > 0) {
          for (let k = 0; k < length; k++) out.setUint8(next + k, bytes.getUint8(i + k));
          next += length;
          i += length - 1;
          continue;
        }
      } else {
        const pair = i + 1 < end ? pairs[byte * 256 + bytes.getUint8(i + 1)]! : 0;
        if (pair !== 0) {
          next = writeUnit(out, next, pair);
          i++;
          continue;
        }
      }
      if (!state.canonical) return guardNeeded;
      next = writeUnit(out, next, 0xdc00 + byte);
    } else if (kind === Unit.two || kind === Unit.three) {
      next = writeUnit(out, next, unit);
    } else if (kind === Unit.quote) {
      out.setUint8(next, quote);
      out.setUint8(next + 1, quote);
      next += 2;
    } else {
      if (!state.canonical && needsGuard(kind, bytes, i + 1, end, 1)) return guardNeeded;
      out.setUint8(next++, unit);
    }
  }
  return next;
}

/** Whether a special ASCII character before `at` makes trouble; `width` bytes a unit. */
function needsGuard(kind: number, bytes: DataView, at: number, end: number, width: number): boolean {
  if (kind === Unit.nul) return true;
  if (at >= end) return false;
  if (kind === Unit.lineBreak) {
    let i = at;
    while (i < end && isAscii(bytes, i, width) && (bytes.getUint8(i) === 0x20 || bytes.getUint8(i) === 0x09))
      i += width;
    return startsCommand(bytes, i, end, width);
  }
  if (!isAscii(bytes, at, width)) return false;
  const following = bytes.getUint8(at);
  if (kind === Unit.dollar) return following === 0x28;
  // A backslash takes a line break after it away.
  return following === 10 || following === 13;
}

/** Words that sqlcmd and its kin take for a command at the begin of a line, without a colon. */
const commandWords = ['GO', 'ED', 'EXIT', 'QUIT', 'RESET'].map(word => Uint8Array.from(word, c => c.charCodeAt(0)));

/** Of ASCII characters, 1 where a command may begin with it. */
const commandStarts = new Uint8Array(128);
for (const c of 'gGeEqQrR:!') commandStarts[c.charCodeAt(0)] = 1;

/** Whether a runner may take the line at `at` for a command: GO, EXIT, ED, QUIT, RESET as whole words, `:` or `!!`. */
function startsCommand(bytes: DataView, at: number, end: number, width: number): boolean {
  if (at >= end || !isAscii(bytes, at, width)) return false;
  const first = bytes.getUint8(at);
  if (commandStarts[first] === 0) return false;
  if (first === 0x3a) return true;
  const second = at + width;
  if (second >= end || !isAscii(bytes, second, width)) return false;
  if (first === 0x21) return bytes.getUint8(second) === 0x21;
  return commandWords.some(word => {
    const behind = at + word.length * width;
    if (behind > end) return false;
    for (let i = 0; i < word.length; i++) {
      if (!isAscii(bytes, at + i * width, width) || (bytes.getUint8(at + i * width) & 0xdf) !== word[i]) return false;
    }
    return behind === end || !isAscii(bytes, behind, width) || !isWordCharacter(bytes.getUint8(behind));
  });
}

function isWordCharacter(c: number): boolean {
  return (c >= 0x30 && c <= 0x39) || (c >= 0x41 && c <= 0x5a) || (c >= 0x61 && c <= 0x7a) || c === 0x5f;
}

function isAscii(bytes: DataView, at: number, width: number): boolean {
  return bytes.getUint8(at) < 0x80 && (width === 1 || bytes.getUint8(at + 1) === 0);
}

/** Length of the well-formed UTF-8 sequence of two to four bytes at `at`, 0 for none (Unicode, table 3-7). */
function utf8Length(bytes: DataView, at: number, end: number): number {
  const lead = bytes.getUint8(at);
  const second = at + 1 < end ? bytes.getUint8(at + 1) : 0;
  if (lead < 0xc2 || lead > 0xf4) return 0;
  if (lead < 0xe0) return (second & 0xc0) === 0x80 ? 2 : 0;
  const low = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
  const high = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
  if (second < low || second > high) return 0;
  const length = lead < 0xf0 ? 3 : 4;
  if (at + length > end) return 0;
  for (let k = 2; k < length; k++) if ((bytes.getUint8(at + k) & 0xc0) !== 0x80) return 0;
  return length;
}

/** A UTF-16 unit as UTF-8; surrogates, too, get their three bytes. */
function writeUnit(out: DataView, pos: number, unit: number): number {
  if (unit < 0x80) {
    out.setUint8(pos, unit);
    return pos + 1;
  }
  if (unit < 0x800) {
    out.setUint8(pos, 0xc0 | (unit >> 6));
    out.setUint8(pos + 1, 0x80 | (unit & 0x3f));
    return pos + 2;
  }
  out.setUint8(pos, 0xe0 | (unit >> 12));
  out.setUint8(pos + 1, 0x80 | ((unit >> 6) & 0x3f));
  out.setUint8(pos + 2, 0x80 | (unit & 0x3f));
  return pos + 3;
}

function writeSupplementary(out: DataView, pos: number, point: number): number {
  out.setUint8(pos, 0xf0 | (point >> 18));
  out.setUint8(pos + 1, 0x80 | ((point >> 12) & 0x3f));
  out.setUint8(pos + 2, 0x80 | ((point >> 6) & 0x3f));
  out.setUint8(pos + 3, 0x80 | (point & 0x3f));
  return pos + 4;
}

/** Rare: a text that a runner or the server would change as one literal becomes an expression that survives. */
function guardedText(out: DataView, pos: number, text: string, state: LiteralState): number {
  const expression = scriptString(text);
  state.guarded = true;
  if (pos + Buffer.byteLength(expression) > state.limit) return noRoom;
  return pos + Buffer.from(out.buffer, out.byteOffset).write(expression, pos);
}

export function utf16Text(bytes: DataView, at: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + at, end - at).toString('utf16le');
}
