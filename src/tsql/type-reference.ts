import type { TypeReference } from './expression.ts';
import type { TokenCursor } from './token-cursor.ts';

/** The server's own types, as sys.types names them. */
export const systemTypes: ReadonlySet<string> = new Set(
  `bigint binary bit char date datetime datetime2 datetimeoffset decimal float geography geometry hierarchyid image int json
  money nchar ntext numeric nvarchar real rowversion smalldatetime smallint smallmoney sql_variant sysname text time timestamp
  tinyint uniqueidentifier varbinary varchar vector xml cursor table`.split(/\s+/),
);

/** Names of the standard, longest first, and what the server takes them for (Data type synonyms, Transact-SQL reference). */
const synonyms: readonly (readonly [readonly string[], string])[] = [
  [['NATIONAL', 'CHARACTER', 'VARYING'], 'nvarchar'],
  [['NATIONAL', 'CHAR', 'VARYING'], 'nvarchar'],
  [['NATIONAL', 'CHARACTER'], 'nchar'],
  [['NATIONAL', 'CHAR'], 'nchar'],
  [['NATIONAL', 'TEXT'], 'ntext'],
  [['CHARACTER', 'VARYING'], 'varchar'],
  [['CHAR', 'VARYING'], 'varchar'],
  [['BINARY', 'VARYING'], 'varbinary'],
  [['DOUBLE', 'PRECISION'], 'float'],
  [['CHARACTER'], 'char'],
  [['DEC'], 'decimal'],
  [['INTEGER'], 'int'],
];

/** `int`, `decimal(10, 2)`, `[nvarchar](max)`, `dbo.Phone`, `xml(CONTENT dbo.Coll)`, `double precision`. */
export function parseTypeReference(cursor: TokenCursor): TypeReference {
  let parts: string[] = [];
  let system = false;
  const synonym = synonyms.find(([words]) => cursor.isWord(...words));
  if (synonym) {
    cursor.index += synonym[0].length;
    parts = [synonym[1]];
    system = true;
  } else {
    parts.push(cursor.name());
    while (cursor.take('.')) parts.push(cursor.is('.') ? '' : cursor.name());
    const last = parts.at(-1)!.toLowerCase();
    const inSys = parts.length === 1 || (parts.length === 2 && parts[0]!.toLowerCase() === 'sys');
    if (inSys && systemTypes.has(last)) {
      parts = [last];
      system = true;
    }
  }
  const args: string[] = [];
  if (cursor.take('(')) {
    do {
      const from = cursor.index;
      while (!cursor.is(',') && !cursor.is(')') && !cursor.atEnd) {
        if (cursor.is('(')) cursor.fail("')'");
        cursor.next();
      }
      if (cursor.index === from) cursor.fail('a length');
      const text = cursor.slice(from, cursor.index);
      args.push(/^max$/i.test(text) ? 'max' : text);
    } while (cursor.take(','));
    cursor.expect(')');
  }
  return { parts, args, system };
}
