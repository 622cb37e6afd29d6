import type { DataType } from '../../model/data-type.ts';
import type { QualifiedName } from '../../model/name.ts';
import type { TokenCursor } from '../token-cursor.ts';

/** Names that T-SQL takes for a system type, and the name of sys.types. */
const synonyms: Record<string, string> = {
  integer: 'int',
  dec: 'decimal',
  character: 'char',
  'character varying': 'varchar',
  'char varying': 'varchar',
  'national char': 'nchar',
  'national character': 'nchar',
  'national character varying': 'nvarchar',
  'national char varying': 'nvarchar',
  'national text': 'ntext',
  'binary varying': 'varbinary',
  'double precision': 'float',
  rowversion: 'timestamp',
};

const systemTypes = new Set(
  (
    'bit tinyint smallint int bigint decimal numeric money smallmoney float real date time datetime datetime2 datetimeoffset smalldatetime char varchar ' +
    'nchar nvarchar text ntext binary varbinary image uniqueidentifier timestamp sql_variant xml sysname hierarchyid geometry geography json vector cursor'
  ).split(' '),
);

const withLength = new Set(['char', 'varchar', 'nchar', 'nvarchar', 'binary', 'varbinary']);

/** A data type in the model's canonical form. A name that is no system type is an alias or CLR type (schema '' when left out). */
export function parseDataType(cursor: TokenCursor): DataType {
  const first = cursor.objectName();
  const system = first.schema === null || first.schema.toLowerCase() === 'sys';
  let name = first.name.toLowerCase();
  if (first.schema === null) name = withSecondWords(cursor, name);
  name = synonyms[name] ?? name;
  if (!system || !systemTypes.has(name)) return { schema: first.schema ?? '', name: first.name };
  const args = typeArguments(cursor, name);
  if (withLength.has(name)) {
    const length = args[0] ?? '1';
    return { schema: null, name, length: length.toLowerCase() === 'max' ? 'max' : Number(length) };
  }
  switch (name) {
    case 'decimal':
    case 'numeric':
      return { schema: null, name, precision: Number(args[0] ?? 18), scale: Number(args[1] ?? 0) };
    case 'time':
    case 'datetime2':
    case 'datetimeoffset':
      return { schema: null, name, scale: Number(args[0] ?? 7) };
    case 'float':
      // float(1…24) is real to the catalog.
      return { schema: null, name: args[0] !== undefined && Number(args[0]) <= 24 ? 'real' : 'float' };
    case 'vector':
      return args[1]?.toLowerCase() === 'float16'
        ? { schema: null, name, dimensions: Number(args[0]), vectorBaseType: 'float16' }
        : { schema: null, name, dimensions: Number(args[0]) };
    default:
      return { schema: null, name };
    case 'xml':
      return xmlType(cursor);
  }
}

/** `double precision`, `national character varying` and their like are several words. */
function withSecondWords(cursor: TokenCursor, name: string): string {
  if (name === 'double' && cursor.takeWord('PRECISION')) return 'double precision';
  let words = name;
  if (name === 'national') words += ` ${cursor.name().toLowerCase()}`;
  if (/(^|\s)(char|character|binary)$/.test(words) && cursor.takeWord('VARYING')) words += ' varying';
  return words;
}

function typeArguments(cursor: TokenCursor, name: string): string[] {
  if (name === 'xml' || !cursor.is('(')) return [];
  return cursor.list(() => (cursor.token.kind === 'number' ? cursor.next().text : cursor.name()));
}

function xmlType(cursor: TokenCursor): DataType {
  if (!cursor.take('(')) return { schema: null, name: 'xml' };
  const document = cursor.takeWord('DOCUMENT');
  if (!document) cursor.takeWord('CONTENT');
  const { schema, name } = cursor.objectName();
  cursor.expect(')');
  const xmlSchemaCollection: QualifiedName = { schema: schema ?? '', name };
  return { schema: null, name: 'xml', xmlSchemaCollection, xmlDocument: document };
}
