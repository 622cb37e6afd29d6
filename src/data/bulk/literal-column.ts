/** What the writer of literals needs to know of a column, looked up once. */

import { codePageNumberOf } from '../code-page.ts';
import { Family, familyOf } from '../type-family.ts';
import { Layout, layoutOf } from '../value-layout.ts';
import { type WireColumn, WireType } from '../wire-column.ts';
import { type CodePageEncoder, codePageEncoder } from './code-page-encoder.ts';
import { DateKind } from './date-literal.ts';
import { maxLength } from './type-name.ts';
import { frameHead } from './value-frame.ts';

/** Families of types by the literals that they take. */
export const LiteralKind = {
  integer: 0,
  decimal: 1,
  float: 2,
  bit: 3,
  unicode: 4,
  character: 5,
  date: 6,
  money: 7,
  guid: 8,
  binary: 9,
  xml: 10,
  udt: 11,
  variant: 12,
  /** Of a type that has no literals here: json as such and vectors of half precision, which SQL Server describes as text unless it is asked not to. */
  none: 13,
  /** Of single precision. */
  vector: 14,
} as const;

/** Kinds whose values ANSI_PADDING OFF cuts. */
const trimmable = new Set<number>([
  LiteralKind.unicode,
  LiteralKind.character,
  LiteralKind.binary,
  LiteralKind.variant,
]);

/** All have the same shape, so that the hot path stays monomorphic. */
export interface LiteralColumn {
  readonly kind: number;
  readonly layout: number;
  /** Bytes before a value's data. */
  readonly head: number;
  /** A text or binary value of bounded length as it is: neither filled up nor looked at. */
  readonly simple: boolean;
  readonly nullable: boolean;
  /** Bytes of a number's value, sign byte included. */
  readonly size: number;
  readonly precision: number;
  readonly scale: number;
  /** Of DateKind. */
  readonly dateKind: number;
  /** Most bytes of a value. */
  readonly limit: number;
  /** char, nchar, binary: values are filled up to `limit`. */
  readonly fixed: boolean;
  /** Of char, varchar and text. */
  readonly page: CodePageEncoder | null;
  /**
   * Created under ANSI_PADDING OFF: the server cuts blanks or zeros at the end of what an INSERT gives it, so only values
   * without are taken.
   */
  readonly trimmed: boolean;
  readonly wire: WireColumn;
  /** CLR type behind varbinary. */
  readonly udt: WireColumn['udt'];
}

/**
 * @param wire as the load sends the column
 * @throws XpdbError naming the column for a collation without a known code page
 */
export function literalColumn(
  wire: WireColumn,
  options: { readonly nullable: boolean; readonly trimmed: boolean; readonly udt: WireColumn['udt'] },
): LiteralColumn {
  const family = familyOf(wire.type);
  const kind = options.udt === null ? literalKind(family, wire) : LiteralKind.udt;
  const page = kind === LiteralKind.character ? codePageEncoder(codePageNumberOf(wire.collation, wire.name)) : null;
  const layout = layoutOf(wire);
  // The catalog calls columns of other types not padded, too.
  const trimmed = options.trimmed && trimmable.has(kind);
  const fixed = wire.type === WireType.bigChar || wire.type === WireType.nchar || wire.type === WireType.bigBinary;
  return {
    kind,
    layout,
    head: frameHead(layout),
    simple: layout === Layout.ushortLength && !fixed && !trimmed,
    nullable: options.nullable,
    size: wire.maxLength,
    precision: wire.precision,
    scale: wire.scale,
    dateKind: dateKindOf(family, wire.maxLength),
    limit: wire.maxLength === maxLength || kind === LiteralKind.xml ? Number.MAX_SAFE_INTEGER : wire.maxLength,
    fixed,
    page,
    trimmed,
    wire,
    udt: options.udt,
  };
}

function literalKind(family: number, wire: WireColumn): number {
  if (family === Family.vector) return wire.scale === 0 ? LiteralKind.vector : LiteralKind.none;
  return kinds[family] ?? LiteralKind.none;
}

const kinds: Readonly<Record<number, number>> = {
  [Family.int]: LiteralKind.integer,
  [Family.bit]: LiteralKind.bit,
  [Family.decimal]: LiteralKind.decimal,
  [Family.float]: LiteralKind.float,
  [Family.money]: LiteralKind.money,
  [Family.utf16]: LiteralKind.unicode,
  [Family.characters]: LiteralKind.character,
  [Family.date]: LiteralKind.date,
  [Family.time]: LiteralKind.date,
  [Family.datetime2]: LiteralKind.date,
  [Family.datetimeOffset]: LiteralKind.date,
  [Family.datetime]: LiteralKind.date,
  [Family.guid]: LiteralKind.guid,
  [Family.binary]: LiteralKind.binary,
  [Family.xml]: LiteralKind.xml,
  [Family.udt]: LiteralKind.udt,
  [Family.variant]: LiteralKind.variant,
};

const dateKinds: Readonly<Record<number, number>> = {
  [Family.date]: DateKind.date,
  [Family.time]: DateKind.time,
  [Family.datetime2]: DateKind.datetime2,
  [Family.datetimeOffset]: DateKind.datetimeOffset,
};

function dateKindOf(family: number, size: number): number {
  return dateKinds[family] ?? (size === 4 ? DateKind.smalldatetime : DateKind.datetime);
}
