/**
 * The shortest digits that read back as a double, the nearest of them if there are several: Raffaello Giulietti, "The Schubfach way to
 * render doubles" (2022). The digits are those that JavaScript prints (ECMA-262, Number::toString), which the tests compare.
 *
 * A double c · 2^q stands for all numbers between half way to its neighbours. With 10^k ≤ width of that interval < 10^(k+1), it holds at
 * least one multiple of 10^k, and at most one of 10^(k+1), which is shorter.
 */

import { highPower, log2Power, lowPower } from './power-of-ten';
import { highProduct } from './wide-product';

/** The exponent of ten that belongs to the digits that were made last. */
export let exponentOfTen: i32 = 0;

/** @param c with the hidden bit @param q c · 2^q is the number @returns the digits as a number; `exponentOfTen` is set */
export function shortestDigits(c: u64, q: i32): u64 {
  // At a power of two the neighbour below is only half as far (denormal numbers never come here).
  const narrow = c == 0x10000000000000;
  const k = (q * 1262611 - (narrow ? 524031 : 0)) >> 22;
  const shift = <u64>(q + log2Power(-k) + 1);
  const low = lowPower(-k);
  const high = highPower(-k);

  // Four times the number in units of 10^k, 192 bits: `top` whole, `middle` and `bottom` the fraction.
  const four = (c << 2) << shift;
  const bottom = low * four;
  const highLow = high * four;
  const middle = highLow + highProduct(low, four);
  const top = highProduct(high, four) + u64(middle < highLow);
  const value = top | u64(middle > 1);

  // Half the distance to the neighbour above is 2 of those quarters: the power itself, shifted.
  const up = shift + 1;
  const upBottom = low << up;
  const upMiddle = (high << up) | (low >> (64 - up));
  const upTop = high >> (64 - up);
  const b1 = bottom + upBottom;
  const c1 = u64(b1 < bottom);
  const m1 = middle + upMiddle;
  const m2 = m1 + c1;
  const above = top + upTop + u64(m1 < middle) + u64(m2 < m1);
  const upper = above | u64(m2 > 1);

  const down = narrow ? shift : up;
  const downBottom = low << down;
  const downMiddle = (high << down) | (low >> (64 - down));
  const downTop = high >> (64 - down);
  const borrow = u64(bottom < downBottom);
  const n1 = middle - downMiddle;
  const n2 = n1 - borrow;
  const below = top - downTop - u64(middle < downMiddle) - u64(n1 < borrow);
  const lower = below | u64(n2 > 1);

  // The ends of the interval read back as the number only when it is even.
  const odd = c & 1;
  const from = lower + odd;
  const to = upper - odd;
  // Without branches: which of the cases comes next nobody can predict.
  const digits = value >> 2;
  const tens = digits / 10;
  const lowerTen = u64(from <= 40 * tens);
  const byTens = lowerTen ^ u64(40 * tens + 40 <= to);
  const shorter = tens + (lowerTen ^ 1);
  const lowerOne = u64(from <= 4 * digits);
  const byOnes = lowerOne ^ u64(4 * digits + 4 <= to);
  const half = 4 * digits + 2;
  const nearer = u64(value > half) | (u64(value == half) & digits);
  const longer = digits + (byOnes & (lowerOne ^ 1)) + ((byOnes ^ 1) & nearer);
  exponentOfTen = k + <i32>byTens;
  return longer ^ ((longer ^ shorter) & (0 - byTens));
}
