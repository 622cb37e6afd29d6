/** Decimal digits of unsigned numbers. Eight digits are made at once in the bytes of a 64-bit number: no table, no branch. */

import { PAIRS } from './memory';

/** `00000000` */
export const ZEROS: u64 = 0x3030303030303030;

/**
 * The eight digits of `n` < 10^8 as bytes 0 to 9, the first digit lowest. Quotients by a constant are products: 109951163 / 2^40,
 * 10486 / 2^20 and 103 / 2^10 are exact for numbers of up to eight, four and two digits.
 */
export function eightDigits(n: u64): u64 {
  const high = (n * 109951163) >> 40;
  const fours = high | ((n - high * 10000) << 32);
  const hundreds = ((fours * 10486) >> 20) & 0x0000007f0000007f;
  const twos = hundreds | ((fours - hundreds * 100) << 16);
  const tens = ((twos * 103) >> 10) & 0x000f000f000f000f;
  return tens | ((twos - tens * 10) << 8);
}

/** Exactly eight digits of `n` < 10^8. */
export function writeEight(pos: usize, n: u64): usize {
  store<u64>(pos, eightDigits(n) + ZEROS);
  return pos + 8;
}

/** Digits of `n` < 10^8 without leading zeros; the bytes up to the eighth are overwritten. */
export function writeSmall(pos: usize, n: u64): usize {
  const digits = eightDigits(n);
  // The mark makes the last zero stay.
  const zeros = ctz(digits | 0x0100000000000000) & ~7;
  store<u64>(pos, (digits + ZEROS) >> zeros);
  return pos + 8 - <usize>(zeros >> 3);
}

/** Digits without leading zeros. */
export function writeUint(pos: usize, n: u64): usize {
  if (n < 100000000) return writeSmall(pos, n);
  if (n < 10000000000000000) {
    const high = n / 100000000;
    return writeEight(writeSmall(pos, high), n - high * 100000000);
  }
  const top = n / 10000000000000000;
  const rest = n - top * 10000000000000000;
  const high = rest / 100000000;
  return writeEight(writeEight(writeSmall(pos, top), high), rest - high * 100000000);
}

/** Exactly two digits of `n` < 100. */
@inline
export function writeTwo(pos: usize, n: u32): void {
  store<u16>(pos, load<u16>(PAIRS + 2 * n));
}

/** Fills the table of two digits, once. */
export function fillPairs(): void {
  for (let i: u32 = 0; i < 100; i++) {
    store<u8>(PAIRS + 2 * i, <u8>(48 + i / 10));
    store<u8>(PAIRS + 2 * i + 1, <u8>(48 + (i % 10)));
  }
}
