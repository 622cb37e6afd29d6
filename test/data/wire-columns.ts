/** Columns and framed values for tests of the codecs, written after MS-TDS 2.2.5.4 and independent of the code under test. */

import { collationFromName } from '../../src/data/collation.ts';
import { type WireColumn, WireType } from '../../src/data/wire-column.ts';
import { hex, u16, u32, u64 } from '../connection/tds-bytes.ts';

export function wireColumn(type: WireType, more: Partial<WireColumn> = {}): WireColumn {
  return {
    name: 'c',
    type,
    userType: 0,
    flags: 9,
    maxLength: 0,
    precision: 0,
    scale: 0,
    collation: null,
    udt: null,
    ...more,
  };
}

const latin = collationFromName('SQL_Latin1_General_CP1_CI_AS');
const max = 0xffff;

/** Nullable columns, as nearly all on the wire are. */
export const columns = {
  tinyint: wireColumn(WireType.intN, { maxLength: 1 }),
  smallint: wireColumn(WireType.intN, { maxLength: 2 }),
  int: wireColumn(WireType.intN, { maxLength: 4 }),
  bigint: wireColumn(WireType.intN, { maxLength: 8 }),
  bit: wireColumn(WireType.bitN, { maxLength: 1 }),
  decimal: (precision: number, scale: number) => wireColumn(WireType.decimalN, { maxLength: 17, precision, scale }),
  numeric: (precision: number, scale: number) => wireColumn(WireType.numericN, { maxLength: 17, precision, scale }),
  money: wireColumn(WireType.moneyN, { maxLength: 8 }),
  smallmoney: wireColumn(WireType.moneyN, { maxLength: 4 }),
  float: wireColumn(WireType.floatN, { maxLength: 8 }),
  real: wireColumn(WireType.floatN, { maxLength: 4 }),
  datetime: wireColumn(WireType.datetimeN, { maxLength: 8 }),
  smalldatetime: wireColumn(WireType.datetimeN, { maxLength: 4 }),
  date: wireColumn(WireType.dateN),
  time: (scale: number) => wireColumn(WireType.timeN, { scale }),
  datetime2: (scale: number) => wireColumn(WireType.datetime2N, { scale }),
  datetimeoffset: (scale: number) => wireColumn(WireType.datetimeOffsetN, { scale }),
  guid: wireColumn(WireType.guid, { maxLength: 16 }),
  binary: wireColumn(WireType.bigBinary, { maxLength: 8000 }),
  varbinary: wireColumn(WireType.bigVarBinary, { maxLength: 8000 }),
  varbinaryMax: wireColumn(WireType.bigVarBinary, { maxLength: max }),
  image: wireColumn(WireType.image, { maxLength: 0x7fffffff }),
  nchar: wireColumn(WireType.nchar, { maxLength: 8000, collation: latin }),
  nvarchar: wireColumn(WireType.nvarchar, { maxLength: 8000, collation: latin }),
  nvarcharMax: wireColumn(WireType.nvarchar, { maxLength: max, collation: latin }),
  ntext: wireColumn(WireType.ntext, { maxLength: 0x7fffffff, collation: latin }),
  char: (collation: string) =>
    wireColumn(WireType.bigChar, { maxLength: 8000, collation: collationFromName(collation) }),
  varchar: (collation: string) =>
    wireColumn(WireType.bigVarChar, { maxLength: 8000, collation: collationFromName(collation) }),
  varcharMax: (collation: string) =>
    wireColumn(WireType.bigVarChar, { maxLength: max, collation: collationFromName(collation) }),
  text: wireColumn(WireType.text, { maxLength: 0x7fffffff, collation: latin }),
  xml: wireColumn(WireType.xml),
  variant: wireColumn(WireType.variant, { maxLength: 8009 }),
  udt: (schema: string, name: string) =>
    wireColumn(WireType.udt, { maxLength: max, udt: { schema, name, assembly: 'a' } }),
  json: wireColumn(WireType.json),
  vector: (dimensions: number) => wireColumn(WireType.vector, { maxLength: 8 + 4 * dimensions }),
} as const;

/** A value with a length byte before it. */
export const short = (bytes: Uint8Array): Buffer => Buffer.concat([Buffer.of(bytes.length), bytes]);
/** A value with two length bytes before it. */
export const sized = (bytes: Uint8Array): Buffer => Buffer.concat([u16(bytes.length), bytes]);
/** A sql_variant: its length, base type, properties and value. */
export const variant = (type: string, properties: string, value: Uint8Array): Buffer => {
  const inside = Buffer.concat([hex(type), Buffer.of(hex(properties).length), hex(properties), value]);
  return Buffer.concat([u32(inside.length), inside]);
};
/** text, ntext, image: pointer, time stamp, length, bytes. */
export const pointed = (bytes: Uint8Array): Buffer =>
  Buffer.concat([Buffer.of(16), Buffer.alloc(24, 0xaa), u32(bytes.length), bytes]);

export const i16 = (value: number): Buffer => u16(value & 0xffff);
export const i32 = (value: number): Buffer => u32(value);
export const i64 = (value: bigint): Buffer => u64(BigInt.asUintN(64, value));
export function f64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  return bytes;
}
export function f32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return bytes;
}
export function little(value: bigint, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  for (let i = 0, rest = value; i < length; i++, rest >>= 8n) bytes[i] = Number(rest & 255n);
  return bytes;
}

/** Sign byte and magnitude, in the length that the precision has on the wire. */
export function decimal(unscaled: bigint, precision: number): Buffer {
  const length = precision <= 9 ? 4 : precision <= 19 ? 8 : precision <= 28 ? 12 : 16;
  const size = unscaled < 0n ? -unscaled : unscaled;
  return Buffer.concat([Buffer.of(unscaled < 0n ? 0 : 1), little(size, length)]);
}

/** Ten-thousandths, high half first. */
export function money(unscaled: bigint): Buffer {
  const bits = BigInt.asUintN(64, unscaled);
  return Buffer.concat([u32(Number(bits >> 32n)), u32(Number(bits & 0xffffffffn))]);
}

/** Days from 0001-01-01. */
export function days(year: number, month: number, day: number): number {
  const date = new Date(Date.UTC(2000, month - 1, day));
  date.setUTCFullYear(year, month - 1, day);
  return Math.round((date.getTime() + 62135596800000) / 86400000);
}
export const dateBytes = (n: number): Buffer => little(BigInt(n), 3);
export const timeBytes = (units: bigint, scale: number): Buffer => little(units, scale <= 2 ? 3 : scale <= 4 ? 4 : 5);

/** Units of 10^-scale seconds since midnight. */
export function units(hour: number, minute: number, second: number, fraction: string): bigint {
  return BigInt(hour * 3600 + minute * 60 + second) * 10n ** BigInt(fraction.length) + BigInt(fraction || '0');
}
