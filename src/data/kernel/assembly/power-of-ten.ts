/** Powers of ten as 128 bits with the highest one set, rounded up: 10^n ≤ g · 2^(log2Power(n) - 127). */

import { POWERS } from './memory';

/** The least exponent of the table; the largest is 324. */
const FIRST: i32 = -292;

/** floor(log2(10^n)), exact for |n| ≤ 1233. */
@inline
export function log2Power(n: i32): i32 {
  return (n * 1741647) >> 19;
}

@inline
export function lowPower(n: i32): u64 {
  return load<u64>(POWERS + ((n - FIRST) << 4));
}

@inline
export function highPower(n: i32): u64 {
  return load<u64>(POWERS + ((n - FIRST) << 4), 8);
}
