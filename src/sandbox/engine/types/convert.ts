/** Conversions between values of two static types, as CAST, CONVERT and implicit conversion do them. */
import { ServerError } from '../server-error.ts';
import { defaultDateStyle, formatMoment, parseMoment } from './date-text.ts';
import { days1900, type Moment, momentOf, momentOfBytes, ticksPerDay, valueOfMoment } from './date-time.ts';
import { decimalOfDouble, doubleOfDecimal, fitsPrecision, formatDecimal, parseDecimal, rescale } from './decimal.ts';
import { formatFloat } from './number-text.ts';
import type { SessionSettings } from './session-settings.ts';
import {
  describeType,
  isBinary,
  isBytes,
  isCharacter,
  isDateTime,
  isDecimal,
  isFloat,
  isInteger,
  isMoney,
  isUnicode,
  nvarcharType,
  type SqlType,
} from './sql-type.ts';
import { decodeText, encodeText, textBytes, throughCodePage } from './text-codec.ts';
import { type Value, Variant } from './values.ts';

export type Converter = (value: Value, settings: SessionSettings) => Value;
type Present = Exclude<Value, null>;

const integerRanges: Readonly<Record<string, readonly [bigint, bigint]>> = {
  tinyint: [0n, 255n],
  smallint: [-32768n, 32767n],
  int: [-2147483648n, 2147483647n],
  bigint: [-9223372036854775808n, 9223372036854775807n],
  smallmoney: [-2147483648n, 2147483647n],
  money: [-9223372036854775808n, 9223372036854775807n],
};

const overflow = (to: string, from = 'expression', state = 2): ServerError =>
  new ServerError(8115, `Arithmetic overflow error converting ${from} to data type ${to}.`, { state });

/** Name of a source type in messages: without length. */
const word = (t: SqlType): string => (t.name === 'decimal' ? 'numeric' : t.name);

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

function toInteger(value: Present, from: SqlType, to: SqlType): Value {
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

const explicitOnly = (from: SqlType, to: SqlType, never = false): ServerError =>
  never
    ? new ServerError(529, `Explicit conversion from data type ${from.name} to ${to.name} is not allowed.`, {
        state: 2,
      })
    : new ServerError(
        257,
        `Implicit conversion from data type ${from.name} to ${to.name} is not allowed. Use the CONVERT function to run this query.`,
        { state: 3 },
      );

function toDecimal(value: Present, from: SqlType, to: SqlType): Value {
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

function toMoney(value: Present, from: SqlType, to: SqlType): Value {
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

function toFloat(value: Present, from: SqlType, to: SqlType): Value {
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

const conversionFailed = (): ServerError =>
  new ServerError(241, 'Conversion failed when converting date and/or time from character string.');

const outside = (from: SqlType, to: SqlType): ServerError =>
  new ServerError(
    242,
    `The conversion of a ${from.name} data type to a ${to.name} data type resulted in an out-of-range value.`,
    { state: 3 },
  );

function toDateTime(value: Present, from: SqlType, to: SqlType, style: number, settings: SessionSettings): Value {
  let moment: Moment;
  let fromText = false;
  if (isCharacter(from)) {
    const legacy = to.name === 'datetime' || to.name === 'smalldatetime';
    const parsed = parseMoment(value as string, settings.dateFormat, legacy, style);
    const failed = (): ServerError =>
      to.name === 'smalldatetime'
        ? new ServerError(295, 'Conversion failed when converting character string to smalldatetime data type.', {
            state: 3,
          })
        : conversionFailed();
    if (!parsed || (legacy && (style === 22 || style === 23))) throw failed();
    if (parsed === 'outside') throw legacy ? outside(from, to) : failed();
    if (legacy && parsed.fractionDigits > 3) throw failed();
    if (legacy && parsed.offset !== null) {
      if (!/z$/i.test((value as string).trim())) throw failed();
    }
    moment = parsed;
    if (parsed.offset !== null && to.name !== 'datetimeoffset' && !legacy) moment = { ...parsed, offset: null };
    fromText = true;
  } else if (isDateTime(from)) {
    if ((from.name === 'date' && to.name === 'time') || (from.name === 'time' && to.name === 'date'))
      throw explicitOnly(from, to, true);
    moment = momentOf(value, from);
    if (to.name !== 'datetimeoffset' && moment.offset !== null) moment = { ...moment, offset: null };
    // A datetime is 1/300 s: newer types get its ticks in full digits from level 130 on (.0033333).
    if (from.name === 'datetime' && to.name !== 'datetime' && settings.compatibilityLevel >= 130) {
      const n = value as number;
      moment = { ...moment, ticks: Math.round(((n - Math.floor(n / 25_920_000) * 25_920_000) * 100_000) / 3) };
    }
  } else if (to.name === 'datetime' || to.name === 'smalldatetime') {
    if (isBinary(from)) {
      const bytes = Buffer.alloc(8);
      const source = (value as Uint8Array).subarray(-8);
      bytes.set(source, 8 - source.length);
      return to.name === 'datetime'
        ? bytes.readInt32BE(0) * 25_920_000 + bytes.readUInt32BE(4)
        : bytes.readUInt16BE(4) * 1440 + bytes.readUInt16BE(6);
    }
    const n =
      isDecimal(from) || isMoney(from)
        ? doubleOfDecimal(value as bigint, isMoney(from) ? 4 : from.scale)
        : Number(value);
    const days = Math.floor(n);
    moment = { days: days + days1900, ticks: Math.round((n - days) * ticksPerDay), offset: null };
    const result = valueOfMoment(moment, to);
    if (result === null) throw overflow(to.name, 'expression');
    return result;
  } else if (isBinary(from)) {
    const found = momentOfBytes(value as Uint8Array, to);
    if (!found) throw conversionFailed();
    moment = found;
  } else throw explicitOnly(from, to, true);
  const result = valueOfMoment(moment, to, fromText);
  if (result === null) throw outside(from, to);
  return result;
}

const guidPattern = /^\{?([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\}?/i;

export function guidOfBytes(bytes: Uint8Array): string {
  const b = Buffer.alloc(16);
  b.set(bytes.subarray(0, 16));
  const hex = (i: number, j: number, reverse: boolean): string => {
    const part = Buffer.from(b.subarray(i, j));
    return (reverse ? part.reverse() : part).toString('hex');
  };
  return `${hex(0, 4, true)}-${hex(4, 6, true)}-${hex(6, 8, true)}-${hex(8, 10, false)}-${hex(10, 16, false)}`.toUpperCase();
}
export function bytesOfGuid(guid: string): Buffer {
  const b = Buffer.from(guid.replaceAll('-', ''), 'hex');
  b.subarray(0, 4).reverse();
  b.subarray(4, 6).reverse();
  b.subarray(6, 8).reverse();
  return b;
}

/** Text and bytes: style 0 takes them over, 1 and 2 are hexadecimal with and without 0x. */
function checkBinaryStyle(style: number | null, from: SqlType, to: SqlType): void {
  if (style !== null && (style < 0 || style > 2))
    throw new ServerError(9809, `The style ${style} is not supported for conversions from ${from.name} to ${to.name}.`);
}

/** Text of a value in its default or given style, before any width. */
function asText(value: Present, from: SqlType, to: SqlType, style: number | null): string {
  if (isDateTime(from)) {
    const text = formatMoment(value, from, style ?? defaultDateStyle(from));
    if (text === undefined)
      throw new ServerError(
        281,
        `${style} is not a valid style number when converting from ${from.name} to a character string.`,
      );
    return text;
  }
  if (isDecimal(from)) return formatDecimal(value as bigint, from.scale);
  if (isMoney(from)) {
    if (style === 2 || style === 126) return formatDecimal(value as bigint, 4);
    const text = formatDecimal(rescale(value as bigint, 4, 2), 2);
    return style === 1 ? text.replace(/\B(?=(\d{3})+\.)/g, ',') : text;
  }
  if (isFloat(from)) return formatFloat(value as number, style ?? 0);
  if (isBytes(from)) {
    const bytes = value as Uint8Array;
    checkBinaryStyle(style, from, to);
    if (style === 1 || style === 2)
      return `${style === 1 ? '0x' : ''}${Buffer.from(bytes).toString('hex').toUpperCase()}`;
    if (isUnicode(to)) {
      const even = bytes.length % 2 === 0 ? Buffer.from(bytes) : Buffer.concat([bytes, Buffer.of(0)]);
      return even.toString('utf16le');
    }
    return decodeText(bytes, to.collation!);
  }
  return String(value);
}

function toCharacter(value: Present, from: SqlType, to: SqlType, style: number | null): Value {
  let text = typeof value === 'string' ? value : asText(value, from, to, style);
  if (!isUnicode(to) && (isUnicode(from) || from.collation?.name !== to.collation?.name))
    text = throughCodePage(text, to.collation!);
  if (to.length > 0) {
    const width = isUnicode(to) ? text.length : textBytes(text, to.collation!);
    if (width > to.length) {
      if (isCharacter(from) || isBytes(from) || from.name === 'xml' || isDateTime(from) || from.name === 'json')
        text = cutText(text, to);
      else if (from.name === 'uniqueidentifier')
        throw new ServerError(8170, 'Insufficient result space to convert uniqueidentifier value to char.', {
          state: 2,
        });
      else if (isInteger(from)) {
        if (isUnicode(to)) throw overflow('nvarchar');
        text = '*';
      } else if (isFloat(from) && !isUnicode(to))
        throw new ServerError(
          232,
          `Arithmetic overflow error for type ${to.name}, value = ${(value as number).toFixed(6)}.`,
          { state: 2 },
        );
      else if (isMoney(from))
        throw new ServerError(234, `There is insufficient result space to convert a money value to ${to.name}.`, {
          state: 2,
        });
      else
        throw overflow(
          isUnicode(to) ? 'nvarchar' : 'varchar',
          isUnicode(to) ? 'expression' : word(from),
          isUnicode(to) ? 2 : 5,
        );
    }
    if ((to.name === 'char' || to.name === 'nchar') && width < to.length) text = text + ' '.repeat(to.length - width);
  }
  return text;
}

/** Cut to a type's length, never inside a character of the code page. */
export function cutText(text: string, to: SqlType): string {
  if (to.length < 0) return text;
  if (isUnicode(to)) return text.slice(0, to.length);
  let cut = text.slice(0, to.length);
  while (textBytes(cut, to.collation!) > to.length) cut = cut.slice(0, -1);
  return cut;
}

function toBinary(value: Present, from: SqlType, to: SqlType, style: number | null): Value {
  let bytes: Buffer;
  let fromNumber = false;
  if (isBytes(from)) bytes = Buffer.from(value as Uint8Array);
  else if (isCharacter(from) || from.name === 'json') {
    const text = value as string;
    checkBinaryStyle(style, from, to);
    if (style === 1 || style === 2) {
      const hex = style === 1 ? /^0x((?:[0-9a-f]{2})*)$/i.exec(text)?.[1] : /^((?:[0-9a-f]{2})*)$/i.exec(text)?.[1];
      if (hex === undefined)
        throw new ServerError(8114, `Error converting data type ${from.name} to varbinary.`, { state: 5 });
      bytes = Buffer.from(hex, 'hex');
    } else
      bytes =
        isUnicode(from) || from.name === 'json' ? Buffer.from(text, 'utf16le') : encodeText(text, from.collation!);
  } else if (from.name === 'uniqueidentifier') bytes = bytesOfGuid(value as string);
  else if (from.name === 'xml') bytes = Buffer.from(`\ufeff${value as string}`, 'utf16le');
  else {
    fromNumber = true;
    bytes = numberBytes(value, from);
  }
  if (to.length > 0) {
    if (bytes.length > to.length)
      bytes = fromNumber ? bytes.subarray(bytes.length - to.length) : bytes.subarray(0, to.length);
    if ((to.name === 'binary' || to.name === 'timestamp') && bytes.length < to.length) {
      const padded = Buffer.alloc(to.length);
      padded.set(bytes, fromNumber ? to.length - bytes.length : 0);
      bytes = padded;
    }
  }
  return bytes;
}

function numberBytes(value: Present, from: SqlType): Buffer {
  const out = Buffer.alloc(8);
  switch (from.name) {
    case 'bit':
    case 'tinyint':
      return Buffer.of(value as number);
    case 'smallint':
      out.writeInt16BE(value as number);
      return out.subarray(0, 2);
    case 'int':
      out.writeInt32BE(value as number);
      return out.subarray(0, 4);
    case 'smallmoney':
      out.writeInt32BE(Number(value));
      return out.subarray(0, 4);
    case 'bigint':
    case 'money':
      out.writeBigInt64BE(value as bigint);
      return out;
    case 'float':
      out.writeDoubleBE(value as number);
      return out;
    case 'real':
      out.writeFloatBE(value as number);
      return out.subarray(0, 4);
    case 'datetime': {
      const n = value as number;
      const days = Math.floor(n / 25_920_000);
      out.writeInt32BE(days);
      out.writeUInt32BE(n - days * 25_920_000, 4);
      return out;
    }
    case 'smalldatetime': {
      const n = value as number;
      out.writeUInt16BE(Math.floor(n / 1440));
      out.writeUInt16BE(n % 1440, 2);
      return out.subarray(0, 4);
    }
    case 'decimal':
    case 'numeric': {
      const n = value as bigint;
      const words = from.precision <= 9 ? 1 : from.precision <= 19 ? 2 : from.precision <= 28 ? 3 : 4;
      const bytes = Buffer.alloc(4 + words * 4);
      bytes[0] = from.precision;
      bytes[1] = from.scale;
      bytes[3] = n < 0n ? 0 : 1;
      let rest = n < 0n ? -n : n;
      for (let i = 4; i < bytes.length; i++, rest >>= 8n) bytes[i] = Number(rest & 255n);
      return bytes;
    }
    case 'date': {
      out.writeUInt32LE(value as number);
      return out.subarray(0, 3);
    }
    default:
      throw new ServerError(40000, `not supported by the sandbox: conversion of ${describeType(from)} to binary`);
  }
}

/** What `converter` gives where values of both types are the same. */
export const sameValue: Converter = value => value;

/** Converter from one type to another; style as in CONVERT (null = CAST). Throws 529 at once where no conversion exists. */
export function converter(from: SqlType, to: SqlType, style: number | null = null): Converter {
  if (from.name === 'sql_variant' && to.name !== 'sql_variant')
    return (value, settings) =>
      value === null ? null : converter((value as Variant).type, to, style)((value as Variant).value, settings);
  if (to.name === 'sql_variant') {
    if (from.name === 'sql_variant') return sameValue;
    if (
      from.length < 0 ||
      from.name === 'xml' ||
      from.name === 'image' ||
      from.name === 'timestamp' ||
      from.name === 'hierarchyid'
    )
      throw new ServerError(
        529,
        `Explicit conversion from data type ${describeType(from)} to sql_variant is not allowed.`,
        { state: 2 },
      );
    return value =>
      value === null ? null : new Variant({ ...from, userType: 0 }, value as Exclude<Value, null | Variant>);
  }
  const convert = (value: Present, settings: SessionSettings): Value => {
    if (isCharacter(to)) return toCharacter(value, from, to, style);
    if (isInteger(to)) return toInteger(value, from, to);
    if (isDecimal(to)) return toDecimal(value, from, to);
    if (isDateTime(to)) return toDateTime(value, from, to, style ?? 0, settings);
    if (isMoney(to)) return toMoney(value, from, to);
    if (isFloat(to)) return toFloat(value, from, to);
    if (isBinary(to)) return toBinary(value, from, to, style);
    switch (to.name) {
      case 'uniqueidentifier':
        if (isBinary(from)) return guidOfBytes(value as Uint8Array);
        if (isCharacter(from)) {
          const match = guidPattern.exec((value as string).trim());
          if (match) return match[1]!.toUpperCase();
          throw new ServerError(
            8169,
            'Conversion failed when converting from a character string to uniqueidentifier.',
            { state: 2 },
          );
        }
        throw explicitOnly(from, to, true);
      case 'xml':
        if (isCharacter(from)) return stripXmlDeclaration(value as string);
        if (isBinary(from)) {
          const bytes = Buffer.from(value as Uint8Array);
          const utf16 = bytes.length >= 2 && ((bytes[0] === 0xff && bytes[1] === 0xfe) || bytes[1] === 0);
          return stripXmlDeclaration(bytes.toString(utf16 ? 'utf16le' : 'utf8').replace(/^\ufeff/, ''));
        }
        throw explicitOnly(from, to, true);
      case 'json':
      case 'vector':
        if (isCharacter(from) || from.name === 'json' || from.name === 'vector') return value as string;
        throw explicitOnly(from, to, true);
      default:
        if (isBytes(from)) return value;
        throw explicitOnly(from, to, true);
    }
  };
  if (needsNoWork(from, to)) return sameValue;
  return (value, settings) => (value === null ? null : convert(value, settings));
}

const stripXmlDeclaration = (text: string): string => text.replace(/^\ufeff?<\?xml\s[^?]*\?>/, '');

function needsNoWork(from: SqlType, to: SqlType): boolean {
  if (from.name !== to.name) return false;
  switch (from.name) {
    case 'decimal':
    case 'numeric':
      return from.scale === to.scale && from.precision <= to.precision;
    case 'time':
    case 'datetime2':
    case 'datetimeoffset':
      return from.scale <= to.scale;
    case 'nvarchar':
      return to.length < 0 || (from.length > 0 && from.length <= to.length);
    case 'varchar':
      return (
        from.collation?.name === to.collation?.name && (to.length < 0 || (from.length > 0 && from.length <= to.length))
      );
    case 'varbinary':
      return to.length < 0 || (from.length > 0 && from.length <= to.length);
    case 'char':
    case 'nchar':
    case 'binary':
      return from.length === to.length && from.collation?.name === to.collation?.name;
    default:
      return true;
  }
}

/** Text of any value in its default style, for messages and concatenation. */
export function displayText(value: Value, type: SqlType, settings: SessionSettings): string {
  if (value === null) return '<NULL>';
  if (isBytes(type))
    return `0x${Buffer.from(value as Uint8Array)
      .toString('hex')
      .toUpperCase()}`;
  if (isDateTime(type))
    return String(formatMoment(value, type, type.name === 'datetime' || type.name === 'smalldatetime' ? 100 : 121));
  return String(converter(type, nvarcharType(-1, settings.databaseCollation))(value, settings));
}
