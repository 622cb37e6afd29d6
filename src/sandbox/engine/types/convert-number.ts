/** Conversions to numbers. */
import { ServerError } from '../server-error.ts';
import { explicitOnly, overflow, word } from './convert-errors.ts';
import { decimalOfDouble, doubleOfDecimal, fitsPrecision, parseDecimal, rescale } from './decimal.ts';
import { isBinary, isCharacter, isDateTime, isDecimal, isFloat, isInteger, isMoney, type SqlType } from './sql-type.ts';
import type { Present, Value } from './values.ts';

const integerRanges: Readonly<Record<string, readonly [bigint, bigint]>> = {
  tinyint: [0n, 255n],
  smallint: [-32768n, 32767n],
  int: [-2147483648n, 2147483647n],
  bigint: [-9223372036854775808n, 9223372036854775807n],
  smallmoney: [-2147483648n, 2147483647n],
  money: [-9223372036854775808n, 9223372036854775807n],
};

function toIntegerRange(value: bigint, to: SqlType, from: SqlType, text: string): number | bigint {
  const [low, high] = integerRanges[to.name]!;
  if (value < low || value > high) {
    if (isCharacter(from)) {
      if (to.name === 'int')
        throw new ServerError(248, `The conversion of the ${from.name} value '${text}' overflowed an int column.`);
      if (to.name === 'bigint') throw overflow('bigint', from.name);
      throw new ServerError(
        244,
        `The conversion of the ${from.name} value '${text}' overflowed an INT${to.name === 'tinyint' ? 1 : 2} column. Use a larger integer column.`,
        { state: to.name === 'tinyint' ? 1 : 2 },
      );
    }
    if (
      (to.name === 'tinyint' || to.name === 'smallint') &&
      (from.name === 'int' || from.name === 'smallint' || from.name === 'tinyint')
    )
      throw new ServerError(220, `Arithmetic overflow error for data type ${to.name}, value = ${value}.`, {
        state: to.name === 'tinyint' ? 2 : 1,
      });
    throw overflow(to.name, isInteger(from) ? 'expression' : word(from));
  }
  return to.name === 'bigint' ? value : Number(value);
}

/** Whole part of a number, cut toward zero. */
function wholeOf(value: Present, from: SqlType): bigint {
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw overflow('int', from.name);
    return BigInt(Math.trunc(value));
  }
  const n = value as bigint;
  if (isMoney(from)) return rescale(n, 4, 0);
  return isDecimal(from) ? rescale(n, from.scale, 0, true) : n;
}

export function toInteger(value: Present, from: SqlType, to: SqlType): Value {
  if (isCharacter(from)) {
    const text = (value as string).trim();
    if (text === '') return to.name === 'bigint' ? 0n : 0;
    if (to.name === 'bit') {
      const lower = text.toLowerCase();
      if (lower === 'true') return 1;
      if (lower === 'false') return 0;
      if (/^[+-]?\d+$/.test(text)) return BigInt(text.replace(/^\+/, '')) === 0n ? 0 : 1;
    } else if (/^[+-]?\s*\d+$/.test(text))
      return toIntegerRange(BigInt(text.replace(/[+\s]/g, '')), to, from, value as string);
    if (to.name === 'bigint')
      throw new ServerError(8114, `Error converting data type ${from.name} to bigint.`, { state: 5 });
    throw new ServerError(
      245,
      `Conversion failed when converting the ${from.name} value '${value as string}' to data type ${to.name}.`,
    );
  }
  if (isBinary(from)) {
    const bytes = value as Uint8Array;
    const width = to.name === 'bigint' ? 8 : to.name === 'int' ? 4 : to.name === 'smallint' ? 2 : 1;
    const cut = Buffer.alloc(width);
    const tail = bytes.subarray(Math.max(0, bytes.length - width));
    cut.set(tail, width - tail.length);
    if (to.name === 'bit') return cut[0] === 0 ? 0 : 1;
    return width === 8
      ? cut.readBigInt64BE()
      : width === 4
        ? cut.readInt32BE()
        : width === 2
          ? cut.readInt16BE()
          : cut[0]!;
  }
  if (to.name === 'bit') return typeof value === 'bigint' ? (value === 0n ? 0 : 1) : value === 0 ? 0 : 1;
  if (isDateTime(from)) {
    if (from.name !== 'datetime' && from.name !== 'smalldatetime') throw explicitOnly(from, to, true);
    const perDay = from.name === 'datetime' ? 25_920_000 : 1440;
    return toIntegerRange(BigInt(Math.round((value as number) / perDay)), to, from, '');
  }
  if (typeof value === 'number' && isInteger(from) && to.name === 'int') return value;
  return toIntegerRange(wholeOf(value, from), to, from, '');
}

export function toDecimal(value: Present, from: SqlType, to: SqlType): Value {
  let result: bigint;
  if (isCharacter(from)) {
    const parsed = parseDecimal(value as string);
    if (!parsed) throw new ServerError(8114, `Error converting data type ${from.name} to numeric.`, { state: 5 });
    result = rescale(parsed.unscaled, parsed.scale, to.scale);
  } else if (isFloat(from)) result = decimalOfDouble(value as number, to.scale);
  else if (isBinary(from))
    throw new ServerError(8114, `Error converting data type ${from.name} to numeric.`, { state: 5 });
  else if (isDateTime(from)) result = decimalOfDouble(dateAsDouble(value, from), to.scale);
  else {
    const scale = isDecimal(from) ? from.scale : isMoney(from) ? 4 : 0;
    result = rescale(typeof value === 'bigint' ? value : BigInt(value as number), scale, to.scale);
  }
  if (!fitsPrecision(result, to.precision))
    throw overflow('numeric', word(from) === 'numeric' ? 'numeric' : word(from), 8);
  return result;
}

function dateAsDouble(value: Present, from: SqlType): number {
  if (from.name === 'datetime') return (value as number) / 25_920_000;
  if (from.name === 'smalldatetime') return (value as number) / 1440;
  throw explicitOnly(from, { ...from, name: 'float' }, true);
}

export function toMoney(value: Present, from: SqlType, to: SqlType): Value {
  let result: bigint;
  if (isCharacter(from)) {
    const text = (value as string)
      .trim()
      .replace(/^([+-]?)\s*[$£€¥¢¤]\s*/, '$1')
      .replace(/^\((.*)\)$/, '-$1')
      .replaceAll(',', '');
    const parsed = text === '' ? { unscaled: 0n, scale: 0 } : parseDecimal(text);
    if (!parsed)
      throw new ServerError(235, `Cannot convert a char value to money. The char value has incorrect syntax.`, {
        state: 0,
      });
    result = rescale(parsed.unscaled, parsed.scale, 4);
  } else if (isFloat(from)) result = decimalOfDouble(value as number, 4);
  else if (isBinary(from)) result = toInteger(value, from, { ...to, name: 'bigint' }) as bigint;
  else if (isDateTime(from)) result = decimalOfDouble(dateAsDouble(value, from), 4);
  else
    result = rescale(
      typeof value === 'bigint' ? value : BigInt(value as number),
      isDecimal(from) ? from.scale : isMoney(from) ? 4 : 0,
      4,
    );
  const [low, high] = integerRanges[to.name]!;
  if (result < low || result > high) throw overflow(to.name, isInteger(from) ? 'expression' : word(from));
  return result;
}

export function toFloat(value: Present, from: SqlType, to: SqlType): Value {
  let n: number;
  if (isCharacter(from)) {
    const text = (value as string).trim();
    if (text === '') n = 0;
    else if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d*)?$/i.test(text)) n = Number(text.replace(/e[+-]?$/i, ''));
    else throw new ServerError(8114, `Error converting data type ${from.name} to ${to.name}.`, { state: 5 });
  } else if (isDecimal(from)) n = doubleOfDecimal(value as bigint, from.scale);
  else if (isMoney(from)) n = doubleOfDecimal(value as bigint, 4);
  else if (isBinary(from)) throw explicitOnly(from, to, true);
  else if (isDateTime(from)) n = dateAsDouble(value, from);
  else n = Number(value);
  if (to.name === 'real') n = Math.fround(n);
  if (!Number.isFinite(n))
    throw new ServerError(232, `Arithmetic overflow error for type ${to.name}, value = ${String(value)}.`, {
      state: 3,
    });
  // The server reads denormals as zero.
  if (n !== 0 && Math.abs(n) < 2.2250738585072014e-308) n = 0;
  return n;
}
