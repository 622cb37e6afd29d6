/** Which rows a sample of a table has: by their keys, so that both sides choose the same ones. */

import type { Column } from '../model/column.ts';
import type { Table } from '../model/table.ts';
import { scriptDataType } from '../scripter/data-type.ts';
import { quoteName } from '../tsql/quote.ts';

/** Columns of the primary key, or of a unique key or index; none where the table has nothing of that kind. */
export function keyColumns(table: Table): readonly string[] {
  const enabled = table.keys.filter(k => !k.disabled);
  const key =
    enabled.find(k => k.kind === 'primaryKey') ??
    enabled[0] ??
    table.indexes.find(i => i.unique && !i.disabled && i.filter === null);
  return key?.columns.map(c => c.name) ?? [];
}

/** A prime (2^31 - 1), so that no step of the keys has a factor with it, and factors below it: no product leaves bigint. */
const prime = 2_147_483_647;
const factor = 1_640_531_527n;

/**
 * A condition that holds for about one in `n` rows, the same ones on both sides; null where nothing tells the rows apart alike on both, so
 * that all of them must be read.
 *
 * It is arithmetic on whole numbers, and MD5 over what is the same bytes on servers of every version and in every collation. CHECKSUM is not:
 * it depends on the code page.
 */
export function sampleCondition(from: Table, to: Table, n: number): string | null {
  const numbers = keyColumns(from).flatMap(name => {
    const [a, b] = [from, to].map(t => t.columns.find(c => c.name === name));
    return a && b && scriptDataType(a.type) === scriptDataType(b.type) ? (keyNumber(a) ?? []) : [];
  });
  if (numbers.length === 0 || n <= 1) return null;
  let power = 1n;
  const terms = numbers.map(number => {
    power = (power * factor) % BigInt(prime);
    return `ISNULL(${number}, 0) % ${prime} * ${power} % ${prime}`;
  });
  return `ABS((${terms.join(' + ')}) % ${prime}) % ${n} = 0`;
}

/** A bigint made of a key column's value; null for types of which it could be another one on another server. */
function keyNumber(column: Column): string | null {
  const name = quoteName(column.name);
  if (column.computed || column.type.schema !== null) return null;
  switch (column.type.name) {
    case 'tinyint':
    case 'smallint':
    case 'int':
    case 'bigint':
      return `CONVERT(bigint, ${name})`;
    case 'char':
    case 'varchar':
    case 'nchar':
    case 'nvarchar':
    case 'sysname':
    case 'decimal':
    case 'numeric':
      return `CONVERT(bigint, SUBSTRING(HASHBYTES('MD5', CONVERT(nvarchar(4000), ${name})), 1, 4))`;
    case 'uniqueidentifier':
      return `CONVERT(bigint, SUBSTRING(HASHBYTES('MD5', CONVERT(varbinary(16), ${name})), 1, 4))`;
    case 'binary':
    case 'varbinary':
      return `CONVERT(bigint, SUBSTRING(HASHBYTES('MD5', ${name}), 1, 4))`;
    case 'date':
    case 'datetime':
    case 'smalldatetime':
    case 'datetime2':
      // ISO 8601, whatever the language.
      return `CONVERT(bigint, SUBSTRING(HASHBYTES('MD5', CONVERT(nvarchar(40), ${name}, 126)), 1, 4))`;
    default:
      return null;
  }
}
