/** Names that the server gives to constraints without one: `PK__Orders__3214EC0724927208`, `DF__Orders__Total__25869641`. */

const hex = (n: number): string => (n >>> 0).toString(16).toUpperCase().padStart(8, '0');

/** A stable 32-bit number of the key's columns (the server's own function is not public). */
function columnsHash(columns: readonly string[]): number {
  let h = 0x811c9dc5;
  for (const c of columns.join('\u0001')) {
    h ^= c.codePointAt(0) ?? 0;
    h = Math.imul(h, 0x01000193);
  }
  return h;
}

/** PK and UQ: 8 characters of the table's name and 16 hexadecimal digits, the last 8 being the object id. */
export function keyName(
  kind: 'primaryKey' | 'unique',
  table: string,
  columns: readonly string[],
  objectId: number,
): string {
  return `${kind === 'primaryKey' ? 'PK' : 'UQ'}__${table.slice(0, 8)}__${hex(columnsHash(columns))}${hex(objectId)}`;
}

/** DF, CK and FK: 9 characters of the table, 5 of the column (none for constraints of the table), object id in hexadecimal. */
export function constraintName(
  prefix: 'DF' | 'CK' | 'FK',
  table: string,
  column: string | null,
  objectId: number,
): string {
  const middle = column === null ? '' : `${column.slice(0, 5)}__`;
  return `${prefix}__${table.slice(0, 9)}__${middle}${hex(objectId)}`;
}
