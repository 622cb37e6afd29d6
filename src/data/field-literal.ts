/**
 * From a field of CSV or a value of JSON to the literal that a script would have. What stands in a file may come from anywhere, so nothing
 * but a literal ever comes out.
 */

import { XpdbError } from '../model/error.ts';
import { scriptString } from '../tsql/literal.ts';
import { CellKind, cellKind } from './cell-kind.ts';
import { type ColumnCodec, columnCodec } from './cell-literal.ts';
import { Family } from './type-family.ts';
import { columnDimensions, vectorTypeName } from './vector.ts';
import type { WireColumn } from './wire-column.ts';

export interface FieldColumn {
  readonly name: string;
  readonly codec: ColumnCodec;
  readonly kind: number;
  /** ` AS [dbo].[Point])` of CLR types, ` AS json)`, ` AS vector(3))`. */
  readonly suffix: string;
}

export function fieldColumn(column: WireColumn): FieldColumn {
  const codec = columnCodec(column);
  let suffix = new TextDecoder().decode(codec.suffix);
  if (codec.family === Family.json) suffix = ' AS json)';
  if (codec.family === Family.vector) {
    suffix = ` AS ${vectorTypeName(columnDimensions(column.maxLength, column.scale), column.scale)})`;
  }
  return { name: column.name, codec, kind: cellKind(codec), suffix };
}

const integer = /^-?\d{1,20}$/;
const number = /^-?(?:\d{1,40}(?:\.\d{0,40})?|\.\d{1,40})$/;
const float = /^-?(?:\d{1,400}(?:\.\d{0,400})?|\.\d{1,400})(?:[eE][-+]?\d{1,4})?$/;
const hex = /^0[xX](?:[0-9a-fA-F]{2})*$/;
const dtd = /^(?:\s|<\?[\s\S]*?\?>|<!--[\s\S]*?-->)*<!DOCTYPE/;
/** `CAST(7 AS int)`, `CAST(N'a' COLLATE Latin1_General_BIN AS nvarchar(5))`: the base of a sql_variant. */
const variantCast =
  /^CAST\((-?[\d.]+(?:E-?\d+)?|0x(?:[0-9A-F]{2})*|N'(?:[^']|'')*')( COLLATE \w+)? AS (\w+(?:\(\d+(?:, \d+)?\))?)\)$/;

/**
 * @param text of the field, not NULL
 * @throws XpdbError naming the column when the text is none of its type
 */
export function fieldLiteral(column: FieldColumn, text: string): string {
  switch (column.kind) {
    case CellKind.plain:
      return plainLiteral(column, text);
    case CellKind.xml:
      return `CONVERT(xml, ${scriptString(text)}, ${dtd.test(text) ? 3 : 1})`;
    case CellKind.castText:
      return `CAST(${scriptString(text)}${column.suffix}`;
    case CellKind.castBinary:
      if (!hex.test(text)) throw noValue(column, text, 'bytes as 0x and hex digits');
      return `CAST(${text}${column.suffix}`;
    case CellKind.variant: {
      const cast = variantCast.exec(text);
      if (!cast) throw noValue(column, text, 'the CAST of a literal to its base type');
      const [, value, collation = '', type] = cast;
      const literal = value!.startsWith('N') ? scriptString(value!.slice(2, -1).replaceAll("''", "'")) : value!;
      return `CAST(CAST(${literal}${collation} AS ${type}) AS sql_variant)`;
    }
    default:
      return scriptString(text);
  }
}

function plainLiteral(column: FieldColumn, text: string): string {
  switch (column.codec.family) {
    case Family.int:
      if (!integer.test(text)) throw noValue(column, text, 'a whole number');
      return text;
    case Family.bit:
      if (/^[01]$/.test(text)) return text;
      if (/^(?:true|false)$/i.test(text)) return text.toLowerCase() === 'true' ? '1' : '0';
      throw noValue(column, text, '0 or 1');
    case Family.float: {
      if (!float.test(text)) throw noValue(column, text, 'a number');
      // Without an exponent it would be of the type numeric.
      return /e/i.test(text) ? text : `${text}E0`;
    }
    case Family.binary:
      if (!hex.test(text)) throw noValue(column, text, 'bytes as 0x and hex digits');
      return text;
    default:
      if (!number.test(text)) throw noValue(column, text, 'a number');
      return text;
  }
}

function noValue(column: FieldColumn, text: string, wanted: string): XpdbError {
  const shown = text.length > 40 ? `${text.slice(0, 40)}…` : text;
  return new XpdbError(`column ${column.name} holds ${JSON.stringify(shown)}, which is not ${wanted}`);
}
