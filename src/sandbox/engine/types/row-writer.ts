/** Values to the bytes of a ROW token. */
import { fixedTypeBytes } from '../../../model/type-size.ts';
import { ServerError } from '../server-error.ts';
import { bytesOfGuid } from './guid.ts';
import type { SqlType } from './sql-type.ts';
import { encodeText } from './text-codec.ts';
import type { Value, Variant, ZonedTime } from './values.ts';
import { timeBytes, utf8Binary } from './wire-form.ts';

export class RowWriter {
  buffer = Buffer.allocUnsafe(1024);
  position = 0;

  reserve(n: number): void {
    if (this.position + n <= this.buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.buffer.length * 2, this.position + n));
    this.buffer.copy(larger, 0, 0, this.position);
    this.buffer = larger;
  }
  byte(n: number): void {
    this.reserve(1);
    this.buffer[this.position++] = n;
  }
  uint16(n: number): void {
    this.reserve(2);
    this.position = this.buffer.writeUInt16LE(n, this.position);
  }
  uint32(n: number): void {
    this.reserve(4);
    this.position = this.buffer.writeUInt32LE(n, this.position);
  }
  little(n: number, bytes: number): void {
    this.reserve(bytes);
    for (let i = 0, rest = n; i < bytes; i++, rest = Math.floor(rest / 256)) this.buffer[this.position++] = rest % 256;
  }
  bytes(source: Uint8Array): void {
    this.reserve(source.length);
    this.buffer.set(source, this.position);
    this.position += source.length;
  }
  copy(source: Buffer, start: number, end: number): void {
    this.reserve(end - start);
    this.position += source.copy(this.buffer, this.position, start, end);
  }
  utf16(text: string): void {
    this.reserve(text.length * 2);
    this.position += this.buffer.write(text, this.position, 'utf16le');
  }
  /** A copy of what was written since `from`. */
  take(from = 0): Buffer {
    const out = Buffer.from(this.buffer.subarray(from, this.position));
    this.position = from;
    return out;
  }
}

export type CellWriter = (w: RowWriter, value: Value) => void;

function fixedBytes(w: RowWriter, t: SqlType, v: Exclude<Value, null>): void {
  w.reserve(8);
  const { buffer, position } = w;
  switch (t.name) {
    case 'bit':
    case 'tinyint':
      buffer[position] = v as number;
      w.position += 1;
      return;
    case 'smallint':
      w.position = buffer.writeInt16LE(v as number, position);
      return;
    case 'int':
      w.position = buffer.writeInt32LE(v as number, position);
      return;
    case 'bigint':
      w.position = buffer.writeBigInt64LE(v as bigint, position);
      return;
    case 'real':
      w.position = buffer.writeFloatLE(v as number, position);
      return;
    case 'float':
      w.position = buffer.writeDoubleLE(v as number, position);
      return;
    case 'smallmoney':
      w.position = buffer.writeInt32LE(Number(v), position);
      return;
    case 'money': {
      const n = v as bigint;
      buffer.writeInt32LE(Number(n >> 32n), position);
      w.position = buffer.writeUInt32LE(Number(n & 0xffffffffn), position + 4);
      return;
    }
    case 'datetime': {
      const n = v as number;
      const days = Math.floor(n / 25_920_000);
      buffer.writeInt32LE(days, position);
      w.position = buffer.writeUInt32LE(n - days * 25_920_000, position + 4);
      return;
    }
    default: {
      const n = v as number;
      const days = Math.floor(n / 1440);
      buffer.writeUInt16LE(days, position);
      w.position = buffer.writeUInt16LE(n - days * 1440, position + 2);
    }
  }
}
export function decimalBytes(precision: number): number {
  return precision <= 9 ? 5 : precision <= 19 ? 9 : precision <= 28 ? 13 : 17;
}
/** As few bytes as the value needs: results that are computed come so (captured: numeric(38,0) of 1 in 5 bytes). */
function compactBytes(v: bigint): number {
  const magnitude = v < 0n ? -v : v;
  return magnitude < 0x1_0000_0000n ? 5 : magnitude < 1n << 64n ? 9 : magnitude < 1n << 96n ? 13 : 17;
}
function writeDecimal(w: RowWriter, v: bigint, n: number): void {
  w.reserve(n);
  w.buffer[w.position++] = v < 0n ? 0 : 1;
  let rest = v < 0n ? -v : v;
  if (n === 5) {
    w.position = w.buffer.writeUInt32LE(Number(rest), w.position);
    return;
  }
  for (let i = 1; i < n; i += 4, rest >>= 32n)
    w.position = w.buffer.writeUInt32LE(Number(rest & 0xffffffffn), w.position);
}

function writeTime(w: RowWriter, ticks: number, scale: number): void {
  w.little(Math.round(ticks / 10 ** (7 - scale)), timeBytes(scale));
}
const perDay = 864_000_000_000n;

function writeDateTime(w: RowWriter, t: SqlType, v: Exclude<Value, null>): void {
  switch (t.name) {
    case 'date':
      return w.little(v as number, 3);
    case 'time':
      return writeTime(w, v as number, t.scale);
    case 'datetime2': {
      const n = v as bigint;
      writeTime(w, Number(n % perDay), t.scale);
      return w.little(Number(n / perDay), 3);
    }
    default: {
      const z = v as ZonedTime;
      writeTime(w, Number(z.utc % perDay), t.scale);
      w.little(Number(z.utc / perDay), 3);
      w.reserve(2);
      w.position = w.buffer.writeInt16LE(z.offset, w.position);
    }
  }
}
function dateTimeBytes(t: SqlType): number {
  return t.name === 'date'
    ? 3
    : t.name === 'time'
      ? timeBytes(t.scale)
      : t.name === 'datetime2'
        ? timeBytes(t.scale) + 3
        : timeBytes(t.scale) + 5;
}

/** PLP with known length in one chunk (several above 1 GB never occur). `unknown`: the length that xml comes with. */
function plp(w: RowWriter, length: number, write: () => void, unknown = false): void {
  w.reserve(16 + length);
  if (unknown) {
    w.uint32(0xfffffffe);
    w.uint32(0xffffffff);
  } else {
    w.uint32(length);
    w.uint32(0);
  }
  if (length > 0) {
    w.uint32(length);
    write();
  }
  w.uint32(0);
}
const plpNull = (w: RowWriter): void => {
  w.uint32(0xffffffff);
  w.uint32(0xffffffff);
};
const textPointer = Buffer.from('64756d6d79207465787470747200000064756d6d79545300', 'hex');

/** The writer of a column's cells. `nullable` as in `wireColumn`. `compact`: decimals take no more bytes than they need. */
export function cellWriter(t: SqlType, nullable: boolean, compact = false): CellWriter {
  const size = fixedTypeBytes[t.name];
  if (size !== undefined) {
    if (!nullable) return (w, v) => fixedBytes(w, t, v ?? 0);
    return (w, v) => {
      if (v === null) return w.byte(0);
      w.byte(size);
      fixedBytes(w, t, v);
    };
  }
  switch (t.name) {
    case 'decimal':
    case 'numeric': {
      const width = decimalBytes(t.precision);
      return (w, v) => {
        if (v === null) return w.byte(0);
        const n = compact ? compactBytes(v as bigint) : width;
        w.byte(n);
        writeDecimal(w, v as bigint, n);
      };
    }
    case 'date':
    case 'time':
    case 'datetime2':
    case 'datetimeoffset': {
      const n = dateTimeBytes(t);
      return (w, v) => {
        if (v === null) return w.byte(0);
        w.byte(n);
        writeDateTime(w, t, v);
      };
    }
    case 'uniqueidentifier':
      return (w, v) => {
        if (v === null) return w.byte(0);
        w.byte(16);
        w.bytes(bytesOfGuid(v as string));
      };
    case 'nchar':
    case 'nvarchar':
      if (t.length < 0)
        return (w, v) => {
          if (v === null) return plpNull(w);
          plp(w, (v as string).length * 2, () => w.utf16(v as string));
        };
      return (w, v) => {
        if (v === null) return w.uint16(0xffff);
        w.uint16((v as string).length * 2);
        w.utf16(v as string);
      };
    case 'char':
    case 'varchar': {
      const collation = t.collation!;
      return (w, v) => {
        if (v === null) return t.length < 0 ? plpNull(w) : w.uint16(0xffff);
        const b = encodeText(v as string, collation);
        if (t.length < 0) return plp(w, b.length, () => w.bytes(b));
        w.uint16(b.length);
        w.bytes(b);
      };
    }
    case 'json':
      return (w, v) => {
        if (v === null) return plpNull(w);
        const b = encodeText(v as string, utf8Binary);
        plp(w, b.length, () => w.bytes(b));
      };
    case 'xml':
      return (w, v) => {
        if (v === null) return plpNull(w);
        plp(w, (v as string).length * 2, () => w.utf16(v as string), true);
      };
    case 'binary':
    case 'varbinary':
    case 'timestamp':
    case 'vector':
      return (w, v) => {
        if (v === null) return t.length < 0 ? plpNull(w) : w.uint16(0xffff);
        const b = v as Uint8Array;
        if (t.length < 0) return plp(w, b.length, () => w.bytes(b));
        w.uint16(b.length);
        w.bytes(b);
      };
    case 'hierarchyid':
    case 'geometry':
    case 'geography':
      return (w, v) => {
        if (v === null) return plpNull(w);
        plp(w, (v as Uint8Array).length, () => w.bytes(v as Uint8Array));
      };
    case 'text':
    case 'ntext':
    case 'image':
      return (w, v) => {
        if (v === null) return w.byte(0);
        const b =
          t.name === 'image'
            ? (v as Uint8Array)
            : t.name === 'text'
              ? encodeText(v as string, t.collation!)
              : Buffer.from(v as string, 'utf16le');
        w.byte(16);
        w.bytes(textPointer);
        w.uint32(b.length);
        w.bytes(b);
      };
    case 'sql_variant':
      return writeVariant;
    default:
      throw new ServerError(40000, `not supported by the sandbox: ${t.name} on the wire`);
  }
}

/** MS-TDS 2.2.5.5.4: total length, base type, count of property bytes, properties, value. */
function writeVariant(w: RowWriter, v: Value): void {
  if (v === null) return w.uint32(0);
  const { type: t, value } = v as Variant;
  const start = w.position;
  w.uint32(0);
  const size = fixedTypeBytes[t.name];
  if (size !== undefined) {
    const codes: Record<string, number> = {
      bit: 0x32,
      tinyint: 0x30,
      smallint: 0x34,
      int: 0x38,
      bigint: 0x7f,
      real: 0x3b,
      float: 0x3e,
      smallmoney: 0x7a,
      money: 0x3c,
      datetime: 0x3d,
      smalldatetime: 0x3a,
    };
    w.byte(codes[t.name]!);
    w.byte(0);
    fixedBytes(w, t, value);
  } else
    switch (t.name) {
      case 'decimal':
      case 'numeric':
        w.byte(t.name === 'decimal' ? 0x6a : 0x6c);
        w.byte(2);
        w.byte(t.precision);
        w.byte(t.scale);
        writeDecimal(w, value as bigint, decimalBytes(t.precision));
        break;
      case 'date':
        w.byte(0x28);
        w.byte(0);
        writeDateTime(w, t, value);
        break;
      case 'time':
      case 'datetime2':
      case 'datetimeoffset':
        w.byte(t.name === 'time' ? 0x29 : t.name === 'datetime2' ? 0x2a : 0x2b);
        w.byte(1);
        w.byte(t.scale);
        writeDateTime(w, t, value);
        break;
      case 'uniqueidentifier':
        w.byte(0x24);
        w.byte(0);
        w.bytes(bytesOfGuid(value as string));
        break;
      case 'char':
      case 'varchar':
      case 'nchar':
      case 'nvarchar': {
        const unicode = t.name === 'nchar' || t.name === 'nvarchar';
        w.byte(t.name === 'char' ? 0xaf : t.name === 'varchar' ? 0xa7 : t.name === 'nchar' ? 0xef : 0xe7);
        w.byte(7);
        w.bytes(t.collation!.bytes);
        w.uint16(unicode ? t.length * 2 : t.length);
        if (unicode) w.utf16(value as string);
        else w.bytes(encodeText(value as string, t.collation!));
        break;
      }
      default:
        w.byte(t.name === 'binary' ? 0xad : 0xa5);
        w.byte(2);
        w.uint16(t.length);
        w.bytes(value as Uint8Array);
    }
  w.buffer.writeUInt32LE(w.position - start - 4, start);
}
