/** Exact decimal numbers: unscaled bigints beside a scale. */
import { ServerError } from '../server-error.ts';

const powers: bigint[] = [];
for (let i = 0, p = 1n; i <= 80; i++, p *= 10n) powers.push(p);
export const powerOfTen = (n: number): bigint => powers[n] ?? 10n ** BigInt(n);

/** Other scale, rounding half away from zero (or cutting). */
export function rescale(value: bigint, from: number, to: number, cut = false): bigint {
  if (to === from) return value;
  if (to > from) return value * powerOfTen(to - from);
  const divisor = powerOfTen(from - to);
  const quotient = value / divisor;
  if (cut) return quotient;
  const rest = value % divisor;
  const twice = (rest < 0n ? -rest : rest) * 2n;
  return twice >= divisor ? quotient + (value < 0n ? -1n : 1n) : quotient;
}

export function fitsPrecision(value: bigint, precision: number): boolean {
  const limit = powerOfTen(precision);
  return value < limit && value > -limit;
}

/** `-0012.50` → {unscaled: -1250n, scale: 2}; null when it is no decimal number. */
export function parseDecimal(text: string): { unscaled: bigint; scale: number } | null {
  const match = /^\s*([+-]?)(\d*)(?:\.(\d*))?\s*$/.exec(text);
  if (!match || (match[2] === '' && (match[3] ?? '') === '')) return null;
  const fraction = match[3] ?? '';
  const digits = BigInt(`${match[2]}${fraction}` || '0');
  return { unscaled: match[1] === '-' ? -digits : digits, scale: fraction.length };
}

export function formatDecimal(value: bigint, scale: number): string {
  if (scale === 0) return value.toString();
  const negative = value < 0n;
  const digits = (negative ? -value : value).toString().padStart(scale + 1, '0');
  const cut = digits.length - scale;
  return `${negative ? '-' : ''}${digits.slice(0, cut)}.${digits.slice(cut)}`;
}

/** Exact value of a double, cut to `scale` digits with rounding. */
export function decimalOfDouble(value: number, scale: number): bigint {
  if (!Number.isFinite(value))
    throw new ServerError(8115, 'Arithmetic overflow error converting float to data type numeric.', { state: 6 });
  // 17 significant digits are what the server keeps of a float.
  const [mantissa, exponentText] = value.toExponential(16).split('e') as [string, string];
  const parsed = parseDecimal(mantissa)!;
  const exponent = Number(exponentText);
  const scaleNow = parsed.scale - exponent;
  return scaleNow >= 0
    ? rescale(parsed.unscaled, scaleNow, scale)
    : parsed.unscaled * powerOfTen(-scaleNow) * powerOfTen(scale);
}

export function doubleOfDecimal(value: bigint, scale: number): number {
  return Number(formatDecimal(value, scale));
}
