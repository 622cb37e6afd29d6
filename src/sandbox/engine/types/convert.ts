/** Conversions between values of two static types, as CAST, CONVERT and implicit conversion do them. */
import { ServerError } from '../server-error.ts';
import { toBinary } from './convert-binary.ts';
import { checkBinaryStyle, explicitOnly, overflow, word } from './convert-errors.ts';
import { toDecimal, toFloat, toInteger, toMoney } from './convert-number.ts';
import { defaultDateStyle, formatMoment, parseMoment } from './date-text.ts';
import { days1900, type Moment, momentOf, momentOfBytes, ticksPerDay, valueOfMoment } from './date-time.ts';
import { doubleOfDecimal, formatDecimal, rescale } from './decimal.ts';
import { guidOfBytes, guidPattern } from './guid.ts';
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
import { decodeText, textBytes, throughCodePage } from './text-codec.ts';
import { type Present, type Value, Variant } from './values.ts';
import { checkVector, vectorOfText, vectorText } from './vector-value.ts';

export type Converter = (value: Value, settings: SessionSettings) => Value;

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
  if (from.name === 'vector') return vectorText(value as Uint8Array);
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
        if (from.name === 'vector') return vectorText(value as Uint8Array);
        if (isCharacter(from) || from.name === 'json') return value as string;
        throw explicitOnly(from, to, true);
      case 'vector':
        if (from.name === 'vector' && from.scale === to.scale) return checkVector(value as Uint8Array, to);
        if (from.name === 'vector') return vectorOfText(vectorText(value as Uint8Array), to);
        if (isCharacter(from) || from.name === 'json') return vectorOfText(value as string, to);
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
    case 'vector':
      // Bytes may be a client's.
      return false;
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
