/** Dispatch from a column's type to the codec that writes its literal. Hot path: one switch a cell. */

import { XpdbError } from '../model/error.ts';
import { writeBinary } from './binary.ts';
import { writeCharacters, writeUtf16 } from './character.ts';
import { type CodePage, codePage, codePageOf } from './code-page.ts';
import {
  writeDate,
  writeDatetime,
  writeDatetime2,
  writeDatetimeOffset,
  writeSmalldatetime,
  writeTime,
} from './date-time.ts';
import { writeDecimal, writeMoney } from './decimal.ts';
import { writeAscii, writeBytes } from './digits.ts';
import { floatTrouble, writeFloat4, writeFloat8 } from './float.ts';
import { writeGuid } from './guid.ts';
import { writeBit, writeInt4, writeInt8, writeIntN } from './integer.ts';
import { type LiteralState, noRoom } from './literal-state.ts';
import { replacement } from './lossy-text.ts';
import { Family, familyOf } from './type-family.ts';
import { udtTypeName } from './udt.ts';
import { readVariant, variantCollate, variantTypeName } from './variant.ts';
import { hasDenormal, vectorValueType, writeVectorNumbers } from './vector.ts';
import { type WireColumn, WireType } from './wire-column.ts';
import { writeXml } from './xml.ts';

/** What a column's literals need, looked up once. All codecs have the same shape, so that the hot path stays monomorphic. */
export interface ColumnCodec {
  readonly name: string;
  readonly family: number;
  readonly scale: number;
  readonly page: CodePage | null;
  /** Of CLR types: what follows the bytes, ` AS [schema].[type])`. */
  readonly suffix: Uint8Array;
  /** Most bytes a literal takes beside three for each byte of the value. */
  readonly overhead: number;
  /** What a script has for bytes that are no characters of their page; null where the bytes can stand there as a binary literal. */
  readonly substitute: string | null;
  /** Denormal floats seen, which text cannot carry. */
  denormals: number;
  /** Values for whose bytes the substitute was written. */
  replaced: number;
}

const noBytes = new Uint8Array(0);

/**
 * Only char and varchar take a binary literal as the bytes that it is. Into text there is no conversion from binary, nvarchar takes it for
 * UTF-16, and inside an expression it becomes a string of the database's collation.
 */
function substituteFor(type: WireType): string | null {
  return type === WireType.bigVarChar || type === WireType.bigChar ? null : replacement;
}

/**
 * @param unicode names of the columns that are nchar or nvarchar where the script runs
 * @throws XpdbError naming the column for a collation without a known code page
 */
export function columnCodecs(columns: readonly WireColumn[], unicode?: ReadonlySet<string>): readonly ColumnCodec[] {
  return columns.map(column =>
    columnCodec(column, unicode?.has(column.name) ? replacement : substituteFor(column.type)),
  );
}

/** @throws XpdbError naming the column for a collation without a known code page */
export function columnCodec(column: WireColumn, substitute = substituteFor(column.type)): ColumnCodec {
  const family = familyOf(column.type);
  let page: CodePage | null = null;
  if (family === Family.characters) page = codePageOf(column.collation, column.name);
  else if (family === Family.json) page = codePage(65001);
  let suffix: Uint8Array = noBytes;
  if (family === Family.udt) {
    if (column.udt === null) throw new XpdbError(`the CLR type of column ${column.name} has no name`);
    suffix = new TextEncoder().encode(` AS ${udtTypeName(column.udt)})`);
  }
  return {
    name: column.name,
    family,
    scale: column.scale,
    page,
    suffix,
    overhead: 64 + suffix.length + (family === Family.variant ? 400 : 0) + (family === Family.vector ? 40000 : 0),
    substitute,
    denormals: 0,
    replaced: 0,
  };
}

/**
 * Writes the literal of one value that is not NULL.
 * @param out with room for three bytes a byte of the value and the codec's `overhead`
 * @returns the next position, or noRoom
 * @throws XpdbError naming the column for what SQL Server cannot hold (NaN, infinity)
 */
export function writeLiteral(
  codec: ColumnCodec,
  out: DataView,
  pos: number,
  bytes: DataView,
  at: number,
  length: number,
  state: LiteralState,
): number {
  switch (codec.family) {
    case Family.int:
      if (length === 4) return writeInt4(out, pos, bytes, at);
      if (length === 8) return writeInt8(out, pos, bytes, at);
      return writeIntN(out, pos, bytes, at, length);
    case Family.bit:
      return writeBit(out, pos, bytes, at);
    case Family.decimal:
      return writeDecimal(out, pos, bytes, at, length, codec.scale);
    case Family.float:
      return writeFloat(codec, out, pos, bytes, at, length, state);
    case Family.datetime2:
      return closeQuote(out, writeDatetime2(out, openQuote(out, pos), bytes, at, length, codec.scale));
    case Family.utf16:
      return writeUtf16(out, pos, bytes, at, at + length, state);
    case Family.characters:
      return writeCharacters(out, pos, bytes, at, at + length, codec, state);
    default:
      return writeOther(codec, out, pos, bytes, at, length, state);
  }
}

/** @throws XpdbError naming the column for what SQL Server cannot hold */
export function writeFloat(
  codec: ColumnCodec,
  out: DataView,
  pos: number,
  bytes: DataView,
  at: number,
  length: number,
  state: LiteralState,
): number {
  const single = length === 4;
  const trouble = floatTrouble(bytes, at, single);
  if (trouble !== null) {
    noteTrouble(codec, trouble, single ? bytes.getFloat32(at, true) : bytes.getFloat64(at, true), state);
  }
  return single ? writeFloat4(out, pos, bytes, at) : writeFloat8(out, pos, bytes, at);
}

/** The families that are not worth the hot function's size. */
function writeOther(
  codec: ColumnCodec,
  out: DataView,
  pos: number,
  bytes: DataView,
  at: number,
  length: number,
  state: LiteralState,
): number {
  switch (codec.family) {
    case Family.date:
      return closeQuote(out, writeDate(out, openQuote(out, pos), bytes, at));
    case Family.time:
      return closeQuote(out, writeTime(out, openQuote(out, pos), bytes, at, length, codec.scale));
    case Family.datetimeOffset:
      return closeQuote(out, writeDatetimeOffset(out, openQuote(out, pos), bytes, at, length, codec.scale));
    case Family.datetime: {
      const start = openQuote(out, pos);
      return closeQuote(out, (length === 4 ? writeSmalldatetime : writeDatetime)(out, start, bytes, at));
    }
    case Family.money:
      return writeMoney(out, pos, bytes, at, length);
    case Family.guid:
      return closeQuote(out, writeGuid(out, openQuote(out, pos), bytes, at));
    case Family.binary:
      return writeBinary(out, pos, bytes, at, length);
    case Family.xml:
      return writeXml(out, pos, bytes, at, at + length, state);
    case Family.udt: {
      const next = writeBinary(out, writeAscii(out, pos, 'CAST('), bytes, at, length);
      return writeBytes(out, next, codec.suffix);
    }
    case Family.json: {
      const next = writeCharacters(out, writeAscii(out, pos, 'CAST('), bytes, at, at + length, codec, state);
      return next === noRoom ? noRoom : writeAscii(out, next, ' AS json)');
    }
    case Family.vector: {
      const numbers = closeQuote(
        out,
        writeVectorNumbers(out, openQuote(out, writeAscii(out, pos, 'CAST(')), bytes, at, length, codec.name),
      );
      if (!state.canonical && hasDenormal(bytes, at, length)) codec.denormals++;
      return writeAscii(out, numbers, ` AS ${vectorValueType(bytes, at)})`);
    }
    case Family.variant:
      return writeVariant(codec, out, pos, bytes, at, length, state);
    default:
      throw new XpdbError(`column ${codec.name} has no type, but a value`);
  }
}

function writeVariant(
  codec: ColumnCodec,
  out: DataView,
  pos: number,
  bytes: DataView,
  at: number,
  length: number,
  state: LiteralState,
): number {
  const variant = readVariant(bytes, at, length, codec.name);
  // No longer than the bytes, which just fit the base type.
  const base = columnCodec(variant.column, '?');
  const value = writeLiteral(
    base,
    out,
    writeAscii(out, pos, 'CAST(CAST('),
    bytes,
    variant.at,
    variant.end - variant.at,
    state,
  );
  if (value === noRoom) return noRoom;
  codec.denormals += base.denormals;
  codec.replaced += base.replaced;
  const { column } = variant;
  return writeAscii(out, value, `${variantCollate(column)} AS ${variantTypeName(column)}) AS sql_variant)`);
}

function openQuote(out: DataView, pos: number): number {
  out.setInt16(pos, 0x274e, true);
  return pos + 2;
}

function closeQuote(out: DataView, pos: number): number {
  out.setUint8(pos, 0x27);
  return pos + 1;
}

function noteTrouble(codec: ColumnCodec, trouble: string, value: number, state: LiteralState): void {
  if (trouble === 'denormal') {
    if (!state.canonical) codec.denormals++;
    return;
  }
  throw new XpdbError(`column ${codec.name} holds ${value}, which no literal of T-SQL can express`, {
    hint: 'correct the row, leave it out with --where, or leave the column out',
  });
}
