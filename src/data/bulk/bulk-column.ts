/** Columns of a bulk load as the server wants them declared and described. */

import { collationName } from '../collation.ts';
import { type WireColumn, WireType } from '../wire-column.ts';
import { declaredType, maxLength } from './type-name.ts';

export interface BulkColumn {
  readonly name: string;
  /** The column as a SELECT describes it. */
  readonly source: WireColumn;
  /** As the load's COLMETADATA describes it: the nullable form of its type, 4 for "updatable" and 1 for "nullable" in its flags. */
  readonly wire: WireColumn;
  readonly nullable: boolean;
  /** `nvarchar(60) COLLATE Latin1_General_CI_AS`: it decides how the bytes are read (captured: bulk.source-declaration-wins). */
  readonly declaration: string;
}

export interface BulkColumnOptions {
  /** Name of the column's collation as the catalog has it; made from the wire's bytes when left out. */
  readonly collation?: string | null;
  /**
   * Babelfish reads 17 bytes of every decimal, whatever its length byte says. SQL Server reads as many as the precision asks
   * for, and the shorter form is what it sends itself.
   */
  readonly wideDecimals?: boolean;
}

const updatable = 4;

/**
 * @param source the column of a result of the target table
 * @throws XpdbError naming the column for a collation that no name is known of
 */
export function bulkColumn(source: WireColumn, options: BulkColumnOptions = {}): BulkColumn {
  const nullable = (source.flags & 1) !== 0;
  const wire: WireColumn = {
    ...source,
    ...nullableForm(source, options.wideDecimals ?? false),
    userType: 0,
    flags: updatable | (nullable ? 1 : 0),
  };
  const collation =
    source.collation === null ? null : (options.collation ?? collationName(source.collation, source.name));
  const declaration = declaredType(wire) + (collation === null ? '' : ` COLLATE ${collation}`);
  return { name: source.name, source, wire, nullable, declaration };
}

function nullableForm(source: WireColumn, wideDecimals: boolean): Partial<WireColumn> {
  switch (source.type) {
    case WireType.int1:
      return { type: WireType.intN, maxLength: 1 };
    case WireType.int2:
      return { type: WireType.intN, maxLength: 2 };
    case WireType.int4:
      return { type: WireType.intN, maxLength: 4 };
    case WireType.int8:
      return { type: WireType.intN, maxLength: 8 };
    case WireType.bit:
      return { type: WireType.bitN, maxLength: 1 };
    case WireType.float4:
      return { type: WireType.floatN, maxLength: 4 };
    case WireType.float8:
      return { type: WireType.floatN, maxLength: 8 };
    case WireType.money:
      return { type: WireType.moneyN, maxLength: 8 };
    case WireType.money4:
      return { type: WireType.moneyN, maxLength: 4 };
    case WireType.datetime:
      return { type: WireType.datetimeN, maxLength: 8 };
    case WireType.datetime4:
      return { type: WireType.datetimeN, maxLength: 4 };
    case WireType.decimalN:
    case WireType.numericN:
      return { maxLength: wideDecimals ? 17 : decimalBytes(source.precision) };
    // As Microsoft's own client sends CLR types: their serialized bytes.
    case WireType.udt:
      return {
        type: WireType.bigVarBinary,
        udt: null,
        maxLength: source.maxLength > 8000 ? maxLength : source.maxLength,
      };
    default:
      return {};
  }
}

/** Sign byte and magnitude by precision (MS-TDS 2.2.5.5.1.6). */
export function decimalBytes(precision: number): number {
  return precision <= 9 ? 5 : precision <= 19 ? 9 : precision <= 28 ? 13 : 17;
}
