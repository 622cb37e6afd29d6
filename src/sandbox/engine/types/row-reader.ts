/** Bytes of a ROW token to values. */
import { fixedTypeBytes } from '../../../model/type-size.ts';
import { ServerError } from '../server-error.ts';
import { type Collation, collationNamed } from './collation.ts';
import { guidOfBytes } from './guid.ts';
import {
  binaryType,
  charType,
  datetime2Type,
  datetimeOffsetType,
  decimalType,
  nvarcharType,
  type SqlType,
  timeType,
  types,
  varbinaryType,
  varcharType,
} from './sql-type.ts';
import { decodeText } from './text-codec.ts';
import { type Value, Variant, ZonedTime } from './values.ts';
import { timeBytes, utf8Binary } from './wire-form.ts';

/** Framing of a column's cells: how to find where the next begins. */
export type Framing = 'plp' | 'text' | 'variant' | 'byte' | 'short' | number;

export function framingOf(t: SqlType, nullable: boolean): Framing {
  const size = fixedTypeBytes[t.name];
  if (size !== undefined) return nullable ? 'byte' : size;
  switch (t.name) {
    case 'decimal':
    case 'numeric':
    case 'date':
    case 'time':
    case 'datetime2':
    case 'datetimeoffset':
    case 'uniqueidentifier':
      return 'byte';
    case 'char':
    case 'nchar':
    case 'binary':
    case 'timestamp':
    case 'vector':
      return 'short';
    case 'varchar':
    case 'nvarchar':
    case 'varbinary':
      return t.length < 0 ? 'plp' : 'short';
    case 'text':
    case 'ntext':
    case 'image':
      return 'text';
    case 'sql_variant':
      return 'variant';
    default:
      return 'plp';
  }
}

/** Where the cell at `at` ends. */
export function cellEnd(b: Buffer, at: number, framing: Framing): number {
  switch (framing) {
    case 'byte':
      return at + 1 + b[at]!;
    case 'short': {
      const n = b.readUInt16LE(at);
      return at + 2 + (n === 0xffff ? 0 : n);
    }
    case 'variant':
      return at + 4 + b.readUInt32LE(at);
    case 'text': {
      const n = b[at]!;
      return n === 0 ? at + 1 : at + 1 + n + 8 + 4 + b.readUInt32LE(at + 1 + n + 8);
    }
    case 'plp': {
      if (b.readUInt32LE(at) === 0xffffffff && b.readUInt32LE(at + 4) === 0xffffffff) return at + 8;
      let p = at + 8;
      for (;;) {
        const n = b.readUInt32LE(p);
        p += 4;
        if (n === 0) return p;
        p += n;
      }
    }
    default:
      return at + framing;
  }
}

export function isNullCell(b: Buffer, at: number, framing: Framing): boolean {
  switch (framing) {
    case 'byte':
    case 'text':
      return b[at] === 0;
    case 'short':
      return b.readUInt16LE(at) === 0xffff;
    case 'variant':
      return b.readUInt32LE(at) === 0;
    case 'plp':
      return b.readUInt32LE(at) === 0xffffffff && b.readUInt32LE(at + 4) === 0xffffffff;
    default:
      return false;
  }
}

/** The content of a cell that is not NULL. */
function content(b: Buffer, at: number, framing: Framing): Buffer {
  switch (framing) {
    case 'byte':
      return b.subarray(at + 1, at + 1 + b[at]!);
    case 'short':
      return b.subarray(at + 2, at + 2 + b.readUInt16LE(at));
    case 'variant':
      return b.subarray(at + 4, at + 4 + b.readUInt32LE(at));
    case 'text': {
      const start = at + 1 + b[at]! + 12;
      return b.subarray(start, start + b.readUInt32LE(start - 4));
    }
    case 'plp': {
      const first = b.readUInt32LE(at + 8);
      if (first === 0) return b.subarray(at, at);
      if (b.readUInt32LE(at + 12 + first) === 0) return b.subarray(at + 12, at + 12 + first);
      const parts: Buffer[] = [];
      for (let p = at + 8; ; ) {
        const n = b.readUInt32LE(p);
        if (n === 0) return Buffer.concat(parts);
        parts.push(b.subarray(p + 4, p + 4 + n));
        p += 4 + n;
      }
    }
    default:
      return b.subarray(at, at + framing);
  }
}

function unsigned(b: Buffer, at: number, bytes: number): number {
  let n = 0;
  for (let i = bytes - 1; i >= 0; i--) n = n * 256 + b[at + i]!;
  return n;
}
const perDay = 864_000_000_000n;

/** A value from the content of its cell. */
function decodeContent(c: Buffer, t: SqlType): Exclude<Value, null> {
  switch (t.name) {
    case 'bit':
      return c[0] === 0 ? 0 : 1;
    case 'tinyint':
      return c[0]!;
    case 'smallint':
      return c.readInt16LE(0);
    case 'int':
      return c.readInt32LE(0);
    case 'bigint':
      return c.readBigInt64LE(0);
    case 'real':
      return c.readFloatLE(0);
    case 'float':
      return c.readDoubleLE(0);
    case 'smallmoney':
      return BigInt(c.readInt32LE(0));
    case 'money':
      return (BigInt(c.readInt32LE(0)) << 32n) | BigInt(c.readUInt32LE(4));
    case 'datetime':
      return c.readInt32LE(0) * 25_920_000 + c.readUInt32LE(4);
    case 'smalldatetime':
      return c.readUInt16LE(0) * 1440 + c.readUInt16LE(2);
    case 'decimal':
    case 'numeric': {
      let n = 0n;
      for (let i = c.length - 4; i >= 1; i -= 4) n = (n << 32n) | BigInt(c.readUInt32LE(i));
      return c[0] === 0 ? -n : n;
    }
    case 'date':
      return unsigned(c, 0, 3);
    case 'time':
      return unsigned(c, 0, c.length) * 10 ** (7 - t.scale);
    case 'datetime2':
      return (
        BigInt(unsigned(c, c.length - 3, 3)) * perDay +
        BigInt(unsigned(c, 0, c.length - 3)) * 10n ** BigInt(7 - t.scale)
      );
    case 'datetimeoffset': {
      const n = timeBytes(t.scale);
      const utc = BigInt(unsigned(c, n, 3)) * perDay + BigInt(unsigned(c, 0, n)) * 10n ** BigInt(7 - t.scale);
      return new ZonedTime(utc, c.readInt16LE(n + 3));
    }
    case 'uniqueidentifier':
      return guidOfBytes(c);
    case 'nchar':
    case 'nvarchar':
    case 'ntext':
    case 'xml': {
      const text = c.toString('utf16le');
      return t.name === 'xml' && text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
    }
    case 'char':
    case 'varchar':
    case 'text':
      return decodeText(c, t.collation!);
    case 'json':
      return decodeText(c, utf8Binary);
    case 'sql_variant':
      return decodeVariant(c);
    default:
      return new Uint8Array(c);
  }
}

export type CellReader = (b: Buffer, at: number) => Value;

export function cellReader(t: SqlType, nullable: boolean): CellReader {
  const framing = framingOf(t, nullable);
  return (b, at) => (isNullCell(b, at, framing) ? null : decodeContent(content(b, at, framing), t));
}

const collationsByBytes = new Map<string, Collation>();
/** A collation known only by its five bytes: the common ones by name, others by code page through their language. */
export function collationOfBytes(bytes: Uint8Array): Collation {
  const key = Buffer.from(bytes).toString('hex');
  let found = collationsByBytes.get(key);
  if (!found) {
    const base = collationNamed('SQL_Latin1_General_CP1_CI_AS');
    const info = Buffer.from(bytes).readUInt32LE(0);
    const flags = (info >>> 20) & 0xff;
    found =
      key === Buffer.from(base.bytes).toString('hex')
        ? base
        : {
            name: `wire ${key}`,
            ignoreCase: (flags & 1) !== 0,
            ignoreAccent: (flags & 2) !== 0,
            binary: (flags & 0x30) !== 0,
            utf8: (flags & 0x40) !== 0,
            bytes: new Uint8Array(bytes),
          };
    collationsByBytes.set(key, found);
  }
  return found;
}
/** Lets a named collation be found again by its bytes. */
export function rememberCollation(c: Collation): void {
  const key = Buffer.from(c.bytes).toString('hex');
  const known = collationsByBytes.get(key);
  if (!known || known.name.startsWith('wire ')) collationsByBytes.set(key, c);
}

function decodeVariant(c: Buffer): Variant {
  const properties = c.subarray(2, 2 + c[1]!);
  const value = c.subarray(2 + c[1]!);
  let t: SqlType;
  switch (c[0]) {
    case 0x32:
    case 0x68:
      t = types.bit;
      break;
    case 0x30:
      t = types.tinyint;
      break;
    case 0x34:
      t = types.smallint;
      break;
    case 0x38:
      t = types.int;
      break;
    case 0x7f:
      t = types.bigint;
      break;
    case 0x3b:
      t = types.real;
      break;
    case 0x3e:
      t = types.float;
      break;
    case 0x7a:
      t = types.smallmoney;
      break;
    case 0x3c:
      t = types.money;
      break;
    case 0x3d:
      t = types.datetime;
      break;
    case 0x3a:
      t = types.smalldatetime;
      break;
    case 0x6a:
      t = decimalType(properties[0]!, properties[1]!, 'decimal');
      break;
    case 0x6c:
      t = decimalType(properties[0]!, properties[1]!, 'numeric');
      break;
    case 0x28:
      t = types.date;
      break;
    case 0x29:
      t = timeType(properties[0]!);
      break;
    case 0x2a:
      t = datetime2Type(properties[0]!);
      break;
    case 0x2b:
      t = datetimeOffsetType(properties[0]!);
      break;
    case 0x24:
      t = types.uniqueidentifier;
      break;
    case 0xa5:
      t = varbinaryType(properties.readUInt16LE(0));
      break;
    case 0xad:
      t = binaryType(properties.readUInt16LE(0));
      break;
    case 0xa7:
    case 0xaf:
    case 0xe7:
    case 0xef: {
      const collation = collationOfBytes(properties.subarray(0, 5));
      const length = properties.readUInt16LE(5);
      t =
        c[0] === 0xa7
          ? varcharType(length, collation, 1)
          : c[0] === 0xe7
            ? nvarcharType(length / 2, collation, 1)
            : charType(c[0] === 0xaf ? 'char' : 'nchar', c[0] === 0xaf ? length : length / 2, collation, 1);
      break;
    }
    default:
      throw new ServerError(40000, `not supported by the sandbox: sql_variant of base type 0x${c[0]!.toString(16)}`);
  }
  return new Variant(t, decodeContent(value, t) as Exclude<Value, null | Variant>);
}
