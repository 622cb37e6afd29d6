/** Conversions to bytes. */
import { ServerError } from '../server-error.ts';
import { checkBinaryStyle } from './convert-errors.ts';
import { bytesOfGuid } from './guid.ts';
import { describeType, isBytes, isCharacter, isUnicode, type SqlType } from './sql-type.ts';
import { encodeText } from './text-codec.ts';
import type { Present, Value } from './values.ts';

export function toBinary(value: Present, from: SqlType, to: SqlType, style: number | null): Value {
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
