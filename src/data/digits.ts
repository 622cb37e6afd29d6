/**
 * Decimal digits straight into bytes. Hot path: four digits a store from a table of pairs, integer arithmetic only; a 64-bit
 * number comes as its two halves, because a double holds no more than 53 bits. The functions are small so that V8 inlines them.
 */

/** Two digits as the bytes of a little-endian number. */
const pairs = new Int32Array(100);
for (let i = 0; i < 100; i++) pairs[i] = (48 + ((i / 10) | 0)) | ((48 + (i % 10)) << 8);

/** The four digits of `n` < 10,000 as the bytes of a little-endian number. */
export function fourDigits(n: number): number {
  const high = (n / 100) | 0;
  return pairs[high]! | (pairs[(n - high * 100) | 0]! << 16);
}

/** The two digits of `n` < 100 as the bytes of a little-endian number. */
export function twoDigits(n: number): number {
  return pairs[n]!;
}

/** Exactly two digits of `n` < 100. */
export function writeTwo(out: DataView, pos: number, n: number): number {
  out.setInt16(pos, pairs[n]!, true);
  return pos + 2;
}

/** Exactly four digits of `n` < 10,000. */
export function writeFour(out: DataView, pos: number, n: number): number {
  out.setInt32(pos, fourDigits(n | 0), true);
  return pos + 4;
}

/** Exactly eight digits of `n` < 100,000,000. */
export function writeEight(out: DataView, pos: number, n: number): number {
  const all = n | 0;
  const high = (all / 10000) | 0;
  out.setInt32(pos, fourDigits(high), true);
  out.setInt32(pos + 4, fourDigits((all - high * 10000) | 0), true);
  return pos + 8;
}

/** Exactly `width` digits of `n` < 10^width, `width` ≤ 8. */
export function writePadded(out: DataView, pos: number, n: number, width: number): number {
  let rest = n | 0;
  for (let i = pos + width - 1; i >= pos; i--) {
    const next = (rest / 10) | 0;
    out.setUint8(i, 48 + rest - next * 10);
    rest = next;
  }
  return pos + width;
}

/** Digits of `n` < 10,000 without leading zeros; up to three bytes behind them are overwritten. */
function writeUpToFour(out: DataView, pos: number, n: number): number {
  const length = n < 100 ? (n < 10 ? 1 : 2) : n < 1000 ? 3 : 4;
  out.setInt32(pos, fourDigits(n) >>> (32 - 8 * length), true);
  return pos + length;
}

/** Digits of `n` < 100,000,000 without leading zeros. */
export function writeSmall(out: DataView, pos: number, n: number): number {
  const all = n | 0;
  if (all < 10000) return writeUpToFour(out, pos, all);
  const high = (all / 10000) | 0;
  const next = writeUpToFour(out, pos, high);
  out.setInt32(next, fourDigits((all - high * 10000) | 0), true);
  return next + 4;
}

/** Digits of an integer 0 ≤ `n` < 2^53 without leading zeros. */
export function writeInteger(out: DataView, pos: number, n: number): number {
  if (n < 100000000) return writeSmall(out, pos, n | 0);
  // A product is four times as fast as a quotient, and at most one off.
  let high = Math.floor(n * 1e-8);
  let low = (n - high * 100000000) | 0;
  if (low < 0) {
    high--;
    low = (low + 100000000) | 0;
  } else if (low >= 100000000) {
    high++;
    low = (low - 100000000) | 0;
  }
  if (high < 100000000) return writeEight(out, writeSmall(out, pos, high | 0), low);
  const top = Math.floor(high / 100000000);
  const middle = (high - top * 100000000) | 0;
  return writeEight(out, writeEight(out, writeUpToFour(out, pos, top | 0), middle), low);
}

/** Digits of the unsigned number `high` · 2^32 + `low` without leading zeros; both halves are unsigned. */
export function writeUint64(out: DataView, pos: number, high: number, low: number): number {
  const value = high * 4294967296 + low;
  if (high < 0x200000) return writeInteger(out, pos, value);
  // Above 2^53 `value` is rounded, so the quotient may be one off; the remainder modulo 2^32 is exact and tells.
  let quotient = Math.floor(value * 1e-8);
  let rest = (low - Math.imul(quotient | 0, 100000000)) | 0;
  while (rest < 0) {
    quotient--;
    rest = (rest + 100000000) | 0;
  }
  while (rest >= 100000000) {
    quotient++;
    rest = (rest - 100000000) | 0;
  }
  // Here the quotient has eight to twelve digits.
  const top = Math.floor(quotient / 100000000);
  const middle = (quotient - top * 100000000) | 0;
  const next = top === 0 ? writeSmall(out, pos, middle) : writeEight(out, writeUpToFour(out, pos, top | 0), middle);
  return writeEight(out, next, rest);
}

const limbs = new Uint16Array(8);
const groups = new Int32Array(5);

/** Digits of an unsigned little-endian number of up to 16 bytes without leading zeros. */
export function writeMagnitude(out: DataView, pos: number, bytes: DataView, at: number, length: number): number {
  let size = length;
  while (size > 8 && bytes.getUint8(at + size - 1) === 0) size--;
  if (size <= 8) return writeUint64(out, pos, littleUint32(bytes, at + 4, size - 4), littleUint32(bytes, at, size));
  let top = (size + 1) >> 1;
  for (let i = 0; i < top; i++) {
    limbs[i] = bytes.getUint8(at + 2 * i) | (2 * i + 1 < size ? bytes.getUint8(at + 2 * i + 1) << 8 : 0);
  }
  let count = 0;
  while (top > 0) {
    let rest = 0;
    for (let i = top - 1; i >= 0; i--) {
      const part = rest * 65536 + limbs[i]!;
      const quotient = Math.floor(part / 100000000);
      limbs[i] = quotient;
      rest = part - quotient * 100000000;
    }
    groups[count++] = rest;
    while (top > 0 && limbs[top - 1] === 0) top--;
  }
  let next = writeSmall(out, pos, groups[--count]!);
  while (count > 0) next = writeEight(out, next, groups[--count]!);
  return next;
}

/** Up to four bytes as an unsigned number; zero for a length of zero or less. */
function littleUint32(bytes: DataView, at: number, length: number): number {
  if (length >= 4) return bytes.getUint32(at, true);
  let value = 0;
  for (let i = length - 1; i >= 0; i--) value = value * 256 + bytes.getUint8(at + i);
  return value;
}

/** ASCII text as it stands. */
export function writeAscii(out: DataView, pos: number, text: string): number {
  for (let i = 0; i < text.length; i++) out.setUint8(pos + i, text.charCodeAt(i));
  return pos + text.length;
}

/** Bytes as they stand. */
export function writeBytes(out: DataView, pos: number, bytes: Uint8Array): number {
  for (let i = 0; i < bytes.length; i++) out.setUint8(pos + i, bytes[i]!);
  return pos + bytes.length;
}
