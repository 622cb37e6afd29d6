/** How the values of a column that was read become values of a column that is loaded: laid out anew, never decoded. */

import { XpdbError } from '../../model/error.ts';
import { codePageNumberOf } from '../code-page.ts';
import { Layout, layoutOf } from '../value-layout.ts';
import { type WireColumn, WireType } from '../wire-column.ts';
import type { BulkColumn } from './bulk-column.ts';
import { declaredType, maxLength } from './type-name.ts';

/** What is done with a value; the first five are copied with their lengths. */
export const RelayStep = {
  byteLength: 0,
  ushortLength: 1,
  plp: 2,
  textPointer: 3,
  longLength: 4,
  /** A NOT NULL column's value without length gets one. */
  fixed: 5,
  /** decimal: zeros up to the target's size. */
  widen: 6,
  /** Between the framings of bounded and of max types. */
  reframe: 7,
} as const;

export interface RelayColumn {
  readonly step: number;
  readonly from: number;
  readonly to: number;
  /** Bytes of a fixed value, or of the target's decimals. */
  readonly size: number;
}

/**
 * @param source the column as it was read
 * @throws XpdbError naming the column when its values are none of the target's type
 */
export function relayColumn(source: WireColumn, target: BulkColumn): RelayColumn {
  const { wire } = target;
  const from = layoutOf(source);
  const to = layoutOf(wire);
  if (family(source) !== family(wire)) throw mismatch(source, target);
  if (isDecimal(source)) {
    if (source.scale !== wire.scale || source.precision > wire.precision) throw mismatch(source, target);
    return { step: RelayStep.widen, from, to, size: wire.maxLength };
  }
  if (source.scale !== wire.scale || !samePage(source, wire) || !fits(source, wire)) throw mismatch(source, target);
  const size = from < Layout.byteLength ? from : 0;
  if (from < Layout.byteLength) return { step: RelayStep.fixed, from, to, size };
  if (from !== to) return { step: RelayStep.reframe, from, to, size };
  return { step: from - Layout.byteLength, from, to, size };
}

function isDecimal({ type }: WireColumn): boolean {
  return type === WireType.decimalN || type === WireType.numericN;
}

/** Types whose values have the same bytes. */
function family(column: WireColumn): string {
  switch (column.type) {
    case WireType.decimalN:
    case WireType.numericN:
      return 'decimal';
    case WireType.bigVarChar:
    case WireType.bigChar:
      return 'varchar';
    case WireType.nvarchar:
    case WireType.nchar:
      return 'nvarchar';
    case WireType.bigVarBinary:
    case WireType.bigBinary:
    case WireType.udt:
      return 'varbinary';
    case WireType.timeN:
    case WireType.datetime2N:
    case WireType.datetimeOffsetN:
      return declaredType({ ...column, scale: 0 });
    default:
      // Nullable and fixed forms of one type have one name.
      return declaredType(column);
  }
}

/** Bytes are not converted, so both must be of the same code page. */
function samePage(source: WireColumn, target: WireColumn): boolean {
  if (family(source) !== 'varchar' && source.type !== WireType.text) return true;
  return codePageNumberOf(source.collation, source.name) === codePageNumberOf(target.collation, target.name);
}

/** A column that is wider than the target's may still hold values that fit: that is for the server to say. */
function fits(source: WireColumn, target: WireColumn): boolean {
  // binary has its length; the server takes no shorter one (captured: bulk.binary-short).
  return (
    target.type !== WireType.bigBinary || (source.type === WireType.bigBinary && source.maxLength === target.maxLength)
  );
}

function mismatch(source: WireColumn, target: BulkColumn): XpdbError {
  const length = source.type === WireType.udt ? { ...source, maxLength } : source;
  const hint =
    source.type === WireType.vector && target.wire.type !== WireType.vector
      ? 'the server takes no vectors in their binary form: import the rows as SQL'
      : 'make the column as it was, or import the rows as SQL';
  if (family(source) === family(target.wire) && !samePage(source, target.wire)) {
    const page = (column: WireColumn) => codePageNumberOf(column.collation, column.name);
    return new XpdbError(
      `the column ${target.name} is of code page ${page(target.wire)}, the rows have ${page(source)} for it`,
      { hint },
    );
  }
  return new XpdbError(
    `the column ${target.name} is ${target.declaration}, the rows have ${declaredType(length)} for it`,
    { hint },
  );
}
