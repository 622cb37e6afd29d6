/** The table of power-of-ten.ts in the kernel. Made, not stored: it takes a millisecond, and 10 KB in the module. */

const first = -292;
const last = 324;

/** 128 bits of each power of ten from 10^-292 to 10^324, rounded up, the highest bit set, low half before the high half. */
export function powersOfTen(): BigUint64Array {
  const table = new BigUint64Array(2 * (last - first + 1));
  for (let n = first; n <= last; n++) {
    const power = leading128(n);
    table[2 * (n - first)] = BigInt.asUintN(64, power);
    table[2 * (n - first) + 1] = power >> 64n;
  }
  return table;
}

function leading128(n: number): bigint {
  // floor(log2(10^n)), exact for |n| ≤ 1233.
  const shift = BigInt(((n * 1741647) >> 19) - 127);
  if (n >= 0) {
    const power = 10n ** BigInt(n);
    return shift <= 0n ? power << -shift : -(-power >> shift);
  }
  // 2^-shift / 10^-n, rounded up.
  const divisor = 10n ** BigInt(-n);
  return ((1n << -shift) + divisor - 1n) / divisor;
}
