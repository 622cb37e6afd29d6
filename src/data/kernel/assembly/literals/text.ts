/** Strings as UTF-16 and as the bytes of a code page, sixteen characters at a time as long as they are ASCII. */

import { fillerOf, frameOf, isFixed, limitOf, PLP, pageOf, USHORT_LENGTH, UTF8 } from './plan';
import { HOST, room, setBehind } from './state';

const QUOTE: u8 = 0x27;
const BACKSLASH: u8 = 0x5c;

/** Bits of the bytes that are more than the character itself: of other characters, quotes, backslashes, and the zero behind the end. */
@inline
function special(block: v128): i32 {
  const marks = v128.or(
    v128.or(i8x16.eq(block, i8x16.splat(<i8>QUOTE)), i8x16.eq(block, i8x16.splat(<i8>BACKSLASH))),
    // Below 1 as a signed number: zero, and all from U+0080 on.
    i8x16.lt_s(block, i8x16.splat(1)),
  );
  return i8x16.bitmask(marks);
}

/** Whether a backslash at `at` takes a line break away. */
function breaksLine(at: usize): bool {
  const c = load<u8>(at, 1);
  return c == 10 || (c == 13 && load<u8>(at, 2) == 10);
}

let point: u32 = 0;

/** The character of two to four bytes at `at` into `point`. @returns its bytes, 0 when they are none */
function character(at: usize): usize {
  const first = <u32>load<u8>(at);
  const second = <u32>load<u8>(at, 1) ^ 0x80;
  if (second > 0x3f || first < 0xc2) return 0;
  if (first < 0xe0) {
    point = ((first & 0x1f) << 6) | second;
    return 2;
  }
  const third = <u32>load<u8>(at, 2) ^ 0x80;
  if (third > 0x3f) return 0;
  if (first < 0xf0) {
    point = ((first & 0x0f) << 12) | (second << 6) | third;
    return point < 0x800 || (point >= 0xd800 && point <= 0xdfff) ? 0 : 3;
  }
  const fourth = <u32>load<u8>(at, 3) ^ 0x80;
  point = ((first & 0x07) << 18) | (second << 12) | (third << 6) | fourth;
  return fourth > 0x3f || first > 0xf4 || point < 0x10000 || point > 0x10ffff ? 0 : 4;
}

/** Bytes of `point` in a page; 0 when it has none. */
function codeIn(page: usize): u32 {
  return point < 0x10000 ? load<u16>(page + (<usize>point << 1)) : 0;
}

/**
 * @param start behind the quote
 * @param through the database's page, for a literal without N; 0 for none
 */
export function writeUnicode(start: usize, column: usize, through: usize, out: usize): usize {
  const head = out + headOf(column);
  let next = head;
  let at = start;
  for (;;) {
    if (next > room) return HOST;
    const block = v128.load(at);
    const marks = special(block);
    v128.store(next, i16x8.extend_low_i8x16_u(block));
    v128.store(next, i16x8.extend_high_i8x16_u(block), 16);
    if (marks == 0) {
      at += 16;
      next += 32;
      continue;
    }
    const count = <usize>ctz(marks);
    at += count;
    next += count << 1;
    const c = load<u8>(at);
    if (c >= 0x80) {
      const length = character(at);
      if (length == 0 || (through != 0 && codeIn(through) == 0)) return HOST;
      if (length < 4) {
        store<u16>(next, <u16>point);
        next += 2;
      } else {
        store<u16>(next, <u16>(0xd7c0 + (point >> 10)));
        store<u16>(next, <u16>(0xdc00 | (point & 0x3ff)), 2);
        next += 4;
      }
      at += length;
      continue;
    }
    if (c == QUOTE) {
      if (load<u8>(at, 1) != QUOTE) break;
      at++;
    } else if (c == 0 || breaksLine(at)) return HOST;
    store<u16>(next, c);
    next += 2;
    at++;
  }
  setBehind(at + 1);
  return close(column, out, head, next, true);
}

/** The same for char and varchar. */
export function writeCharacters(start: usize, column: usize, through: usize, out: usize): usize {
  const page = pageOf(column);
  const head = out + headOf(column);
  let next = head;
  let at = start;
  for (;;) {
    if (next > room) return HOST;
    const block = v128.load(at);
    const marks = special(block);
    v128.store(next, block);
    if (marks == 0) {
      at += 16;
      next += 16;
      continue;
    }
    const count = <usize>ctz(marks);
    at += count;
    next += count;
    const c = load<u8>(at);
    if (c >= 0x80) {
      const length: usize = page == 0 ? 0 : character(at);
      if (length == 0 || (through != 0 && codeIn(through) == 0)) return HOST;
      if (page == UTF8) {
        for (let i: usize = 0; i < length; i++) store<u8>(next++, load<u8>(at + i));
        at += length;
        continue;
      }
      const code = codeIn(page);
      if (code == 0) return HOST;
      if (code < 256) store<u8>(next++, <u8>code);
      else {
        store<u16>(next, bswap<u16>(<u16>code));
        next += 2;
      }
      at += length;
      continue;
    }
    if (c == QUOTE) {
      if (load<u8>(at, 1) != QUOTE) break;
      at++;
    } else if (c == 0 || breaksLine(at)) return HOST;
    store<u8>(next++, c);
    at++;
  }
  setBehind(at + 1);
  return close(column, out, head, next, false);
}

/** Bytes before a value. */
export function headOf(column: usize): usize {
  const frame = frameOf(column);
  return frame == USHORT_LENGTH ? 2 : frame == PLP ? 12 : 1;
}

/** Fills fixed types, refuses what is too long, and writes the lengths around. */
export function close(column: usize, out: usize, head: usize, end: usize, wide: bool): usize {
  const limit = limitOf(column);
  const length = end - head;
  if (length > limit) return HOST;
  if (frameOf(column) == PLP) {
    store<u64>(out, length);
    store<u32>(out, <u32>length, 8);
    if (length == 0) return out + 12;
    store<u32>(end, 0);
    return end + 4;
  }
  if (isFixed(column) && length < limit) {
    if (wide) for (let i = end; i < head + limit; i += 2) store<u16>(i, 0x20);
    else memory.fill(end, fillerOf(column), limit - length);
    store<u16>(out, <u16>limit);
    return head + limit;
  }
  store<u16>(out, <u16>length);
  return end;
}
