/**
 * Decimal digits straight into bytes. Hot path: two digits at a time from a table, integer arithmetic only; a 64-bit number
 * comes as its two halves, because a double holds no more than 53 bits.
 */

/** Ends the largest text that any of these functions writes for one number. */
export const maxDigits = 40;

const tens = new Uint8Array(100);
const ones = new Uint8Array(100);
for (let i = 0; i < 100; i++) {
  tens[i] = 48 + Math.floor(i / 10);
  ones[i] = 48 + (i % 10);
}

/** Exactly two digits of `n` < 100. */
export function writeTwo(out: Uint8Array, pos: number, n: number): number {
  out[pos] = tens[n]!;
  out[pos + 1] = ones[n]!;
  return pos + 2;
}

/** Exactly four digits of `n` < 10,000. */
export function writeFour(out: Uint8Array, pos: number, n: number): number {
  const high = (n / 100) | 0;
  const low = n - high * 100;
  out[pos] = tens[high]!;
  out[pos + 1] = ones[high]!;
  out[pos + 2] = tens[low]!;
  out[pos + 3] = ones[low]!;
  return pos + 4;
}

/** Exactly eight digits of `n` < 100,000,000. */
export function writeEight(out: Uint8Array, pos: number, n: number): number {
  const high = (n / 10000) | 0;
  const low = n - high * 10000;
  const a = (high / 100) | 0;
  const b = high - a * 100;
  const c = (low / 100) | 0;
  const d = low - c * 100;
  out[pos] = tens[a]!;
  out[pos + 1] = ones[a]!;
  out[pos + 2] = tens[b]!;
  out[pos + 3] = ones[b]!;
  out[pos + 4] = tens[c]!;
  out[pos + 5] = ones[c]!;
  out[pos + 6] = tens[d]!;
  out[pos + 7] = ones[d]!;
  return pos + 8;
}

/** Exactly `width` digits of `n` < 10^width, `width` ≤ 8. */
export function writePadded(out: Uint8Array, pos: number, n: number, width: number): number {
  let rest = n | 0;
  for (let i = pos + width - 1; i >= pos; i--) {
    const next = (rest / 10) | 0;
    out[i] = 48 + rest - next * 10;
    rest = next;
  }
  return pos + width;
}

/** Digits of `n` < 100,000,000 without leading zeros. */
export function writeSmall(out: Uint8Array, pos: number, n: number): number {
  if (n < 100) {
    if (n >= 10) return writeTwo(out, pos, n);
    out[pos] = 48 + n;
    return pos + 1;
  }
  if (n < 10000) {
    const high = (n / 100) | 0;
    const next = high >= 10 ? writeTwo(out, pos, high) : ((out[pos] = 48 + high), pos + 1);
    return writeTwo(out, next, n - high * 100);
  }
  const high = (n / 10000) | 0;
  let next: number;
  if (high < 100) {
    next = high >= 10 ? writeTwo(out, pos, high) : ((out[pos] = 48 + high), pos + 1);
  } else {
    const top = (high / 100) | 0;
    next = top >= 10 ? writeTwo(out, pos, top) : ((out[pos] = 48 + top), pos + 1);
    next = writeTwo(out, next, high - top * 100);
  }
  return writeFour(out, next, n - high * 10000);
}

/** Digits of an integer 0 ≤ `n` < 2^53 without leading zeros. */
export function writeInteger(out: Uint8Array, pos: number, n: number): number {
  if (n < 100000000) return writeSmall(out, pos, n);
  // The quotient of integers below 2^53 never rounds up to the next whole number.
  const high = Math.floor(n / 100000000);
  return writeEight(out, writeInteger(out, pos, high), n - high * 100000000);
}

/** Digits of the unsigned number `high` · 2^32 + `low` without leading zeros; both halves are unsigned. */
export function writeUint64(out: Uint8Array, pos: number, high: number, low: number): number {
  if (high < 0x200000) return writeInteger(out, pos, high * 4294967296 + low);
  // Long division by 10^8 over the digits 32, 16 and 16 bits: no remainder times 2^16 exceeds 2^43.
  const q0 = Math.floor(high / 100000000);
  const middle = (high - q0 * 100000000) * 65536 + (low >>> 16);
  const q1 = Math.floor(middle / 100000000);
  const last = (middle - q1 * 100000000) * 65536 + (low & 0xffff);
  const q2 = Math.floor(last / 100000000);
  const quotient = q0 * 4294967296 + q1 * 65536 + q2;
  return writeEight(out, writeInteger(out, pos, quotient), last - q2 * 100000000);
}

const limbs = new Uint16Array(8);
const groups = new Int32Array(5);

/** Digits of an unsigned little-endian number of up to 16 bytes without leading zeros. */
export function writeMagnitude(out: Uint8Array, pos: number, bytes: Uint8Array, at: number, length: number): number {
  let size = length;
  while (size > 8 && bytes[at + size - 1] === 0) size--;
  if (size <= 8) return writeUint64(out, pos, littleUint32(bytes, at + 4, size - 4), littleUint32(bytes, at, size));
  let top = (size + 1) >> 1;
  for (let i = 0; i < top; i++) {
    limbs[i] = bytes[at + 2 * i]! | (2 * i + 1 < size ? bytes[at + 2 * i + 1]! << 8 : 0);
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
function littleUint32(bytes: Uint8Array, at: number, length: number): number {
  if (length >= 4) {
    return (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0;
  }
  let value = 0;
  for (let i = length - 1; i >= 0; i--) value = value * 256 + bytes[at + i]!;
  return value;
}

/** ASCII text as it stands. */
export function writeAscii(out: Uint8Array, pos: number, text: string): number {
  for (let i = 0; i < text.length; i++) out[pos + i] = text.charCodeAt(i);
  return pos + text.length;
}
