/**
 * Decimal digits straight into bytes. Hot path: four digits a store from a table; numbers come as 32-bit integers, a 64-bit number as its
 * two halves. A double as argument would cost an object on the heap wherever V8 does not inline the call.
 */

/** Four digits as the bytes of a little-endian number. */
const quads = new Int32Array(10000);
for (let i = 0; i < 10000; i++) {
  const text = String(i).padStart(4, '0');
  quads[i] = text.charCodeAt(0) | (text.charCodeAt(1) << 8) | (text.charCodeAt(2) << 16) | (text.charCodeAt(3) << 24);
}

/** The four digits of `n` < 10,000 as the bytes of a little-endian number. */
export function fourDigits(n: number): number {
  return quads[n]!;
}

/** The two digits of `n` < 100 as the bytes of a little-endian number. */
export function twoDigits(n: number): number {
  return quads[n]! >>> 16;
}

/** Exactly two digits of `n` < 100. */
export function writeTwo(out: DataView, pos: number, n: number): number {
  out.setInt16(pos, quads[n]! >>> 16, true);
  return pos + 2;
}

/** Exactly eight digits of `n` < 100,000,000. */
export function writeEight(out: DataView, pos: number, n: number): number {
  const all = n | 0;
  const high = (all / 10000) | 0;
  out.setInt32(pos, fourDigits(high), true);
  out.setInt32(pos + 4, fourDigits((all - high * 10000) | 0), true);
  return pos + 8;
}

/** Exactly `width` digits of `n` < 10^width, `width` ≤ 9. */
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
  // Without a branch: which number comes next nobody can predict.
  const zeros = 3 - ((9 - n) >>> 31) - ((99 - n) >>> 31) - ((999 - n) >>> 31);
  out.setInt32(pos, quads[n]! >>> (zeros << 3), true);
  return pos + 4 - zeros;
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

/**
 * Digits of the unsigned number whose halves are the bits of `high` and `low`, without leading zeros. Up to three bytes behind them are
 * overwritten.
 */
export function writeUint64(out: DataView, pos: number, high: number, low: number): number {
  if (high === 0 && low >= 0 && low < 100000000) return writeSmall(out, pos, low);
  // A product is four times as fast as a quotient. Above 2^53 it is rounded, so the quotient may be off; the remainder modulo 2^32 is
  // exact and tells.
  let quotient = Math.floor(((high >>> 0) * 4294967296 + (low >>> 0)) * 1e-8);
  let rest = (low - Math.imul(quotient | 0, 100000000)) | 0;
  while (rest < 0) {
    quotient--;
    rest = (rest + 100000000) | 0;
  }
  while (rest >= 100000000) {
    quotient++;
    rest = (rest - 100000000) | 0;
  }
  if (quotient < 100000000) return writeEight(out, writeSmall(out, pos, quotient | 0), rest);
  // Here the quotient has nine to twelve digits.
  let top = Math.floor(quotient * 1e-8) | 0;
  let middle = (quotient - top * 100000000) | 0;
  if (middle < 0) {
    top--;
    middle = (middle + 100000000) | 0;
  } else if (middle >= 100000000) {
    top++;
    middle = (middle - 100000000) | 0;
  }
  return writeEight(out, writeEight(out, writeSmall(out, pos, top), middle), rest);
}

const limbs = new Uint16Array(8);
const groups = new Int32Array(5);

/** Digits of an unsigned little-endian number of up to 16 bytes without leading zeros. */
export function writeMagnitude(out: DataView, pos: number, bytes: DataView, at: number, length: number): number {
  let size = length;
  while (size > 8 && bytes.getUint8(at + size - 1) === 0) size--;
  if (size <= 8) return writeUint64(out, pos, littleInt32(bytes, at + 4, size - 4), littleInt32(bytes, at, size));
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

/** Up to four bytes as the bits of a number; zero for a length of zero or less. */
function littleInt32(bytes: DataView, at: number, length: number): number {
  if (length >= 4) return bytes.getInt32(at, true);
  let value = 0;
  for (let i = length - 1; i >= 0; i--) value = (value << 8) | bytes.getUint8(at + i);
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
