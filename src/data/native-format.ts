/**
 * A file of rows in the native format: `XPDBROWS`, the version (1 byte), the length of the description (4 bytes, little-endian), the
 * description of the columns as JSON in UTF-8; the rows as ROW and NBCROW tokens (MS-TDS 2.2.7.19, 2.2.7.15) as the server sent them;
 * the byte FD, the number of rows (8 bytes) and their sum (16 bytes, see wire-sum.ts).
 */

import { XpdbError } from '../model/error.ts';
import { readCollation } from './column-metadata.ts';
import { type WireColumn, WireType } from './wire-column.ts';

export const nativeVersion = 1;
export const nativeEnd = 0xfd;
/** Of the end: token, rows, sum. */
export const nativeEndBytes = 1 + 8 + 16;

const magic = 'XPDBROWS';
/** Of magic, version and length. */
const fixedBytes = magic.length + 5;
/** 1,024 columns with names of 128 characters are far below. */
const mostHeaderBytes = 8 << 20;

export function nativeHeader(columns: readonly WireColumn[]): Uint8Array {
  const described = columns.map(column => ({
    ...column,
    collation: column.collation === null ? null : Buffer.from(column.collation.bytes).toString('hex'),
  }));
  const json = new TextEncoder().encode(JSON.stringify({ columns: described }));
  const header = new Uint8Array(fixedBytes + json.length);
  header.set(new TextEncoder().encode(magic));
  header[magic.length] = nativeVersion;
  new DataView(header.buffer).setUint32(magic.length + 1, json.length, true);
  header.set(json, fixedBytes);
  return header;
}

/** @param sum 32 hex digits, as Rowsum prints them */
export function nativeTrailer(rows: number, sum: string): Uint8Array {
  const trailer = new Uint8Array(nativeEndBytes);
  trailer[0] = nativeEnd;
  new DataView(trailer.buffer).setBigUint64(1, BigInt(rows), true);
  trailer.set(Buffer.from(sum, 'hex'), 9);
  return trailer;
}

export function readNativeTrailer(bytes: Uint8Array): { readonly rows: number; readonly sum: string } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return {
    rows: Number(view.getBigUint64(1, true)),
    sum: Buffer.from(bytes.subarray(9, nativeEndBytes)).toString('hex'),
  };
}

/**
 * @param name of the file, for messages
 * @returns the columns and where the rows begin; null when more bytes are needed
 * @throws XpdbError for a file of another kind or a newer version, and for a description that is none
 */
export function readNativeHeader(
  bytes: Uint8Array,
  name: string,
): { readonly columns: readonly WireColumn[]; readonly end: number } | null {
  const start = Math.min(bytes.length, magic.length);
  if (Buffer.from(bytes.subarray(0, start)).toString('latin1') !== magic.slice(0, start)) {
    throw new XpdbError(`${name} holds no rows in xpdb's native format`);
  }
  if (bytes.length < fixedBytes) return null;
  const version = bytes[magic.length]!;
  if (version !== nativeVersion) {
    throw new XpdbError(
      `${name} is of version ${version} of the native format; this xpdb reads version ${nativeVersion}`,
      {
        hint: 'use a newer xpdb',
      },
    );
  }
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(magic.length + 1, true);
  if (length > mostHeaderBytes) throw broken(name, 'its description is too long');
  const end = fixedBytes + length;
  if (bytes.length < end) return null;
  let columns: readonly WireColumn[];
  try {
    columns = columnsOf(JSON.parse(Buffer.from(bytes.subarray(fixedBytes, end)).toString('utf8')));
  } catch (error) {
    throw broken(name, error instanceof Error ? error.message : String(error));
  }
  return { columns, end };
}

const wireTypes: ReadonlySet<number> = new Set(Object.values(WireType));

function columnsOf(description: unknown): readonly WireColumn[] {
  const list = field(description, 'columns');
  if (!Array.isArray(list) || list.length > 4096) throw new Error('it lists no columns');
  return list.map((entry: unknown): WireColumn => {
    const type = count(entry, 'type', 255);
    if (!wireTypes.has(type)) throw new Error(`wire type ${type} is unknown`);
    const collation = field(entry, 'collation');
    const udt = field(entry, 'udt');
    return {
      name: text(entry, 'name'),
      type: type as WireType,
      userType: count(entry, 'userType', 0xffffffff),
      flags: count(entry, 'flags', 0xffff),
      maxLength: count(entry, 'maxLength', 0xffffffff),
      precision: count(entry, 'precision', 38),
      scale: count(entry, 'scale', 38),
      collation: collation === null ? null : collationOf(collation),
      udt:
        udt === null ? null : { schema: text(udt, 'schema'), name: text(udt, 'name'), assembly: text(udt, 'assembly') },
    };
  });
}

function collationOf(value: unknown): WireColumn['collation'] {
  if (typeof value !== 'string' || !/^[0-9a-f]{10}$/.test(value)) throw new Error('a collation has not 10 hex digits');
  return readCollation(Buffer.from(value, 'hex'), 0);
}

function field(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !(name in value)) throw new Error(`"${name}" is missing`);
  return (value as Record<string, unknown>)[name];
}

function text(value: unknown, name: string): string {
  const found = field(value, name);
  if (typeof found !== 'string') throw new Error(`"${name}" is no text`);
  return found;
}

function count(value: unknown, name: string, most: number): number {
  const found = field(value, name);
  if (typeof found !== 'number' || !Number.isInteger(found) || found < 0 || found > most) {
    throw new Error(`"${name}" is no number from 0 to ${most}`);
  }
  return found;
}

function broken(name: string, why: string): XpdbError {
  return new XpdbError(`the description of the columns in ${name} is broken: ${why}`);
}
