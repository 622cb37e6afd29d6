/** Types as written in statements, resolved. */

import type { DataType } from '../../../model/data-type.ts';
import type { TypeReference } from '../parser/ast.ts';
import type { SessionView } from '../query/runtime.ts';
import { ServerError } from '../server-error.ts';
import { decimalType, type SqlType, sqlType, vectorType } from '../types/sql-type.ts';

const synonyms: Readonly<Record<string, string>> = {
  integer: 'int',
  dec: 'decimal',
  rowversion: 'timestamp',
  'double precision': 'float',
  character: 'char',
  'national text': 'ntext',
};
const plain = new Set([
  'bit',
  'tinyint',
  'smallint',
  'int',
  'bigint',
  'money',
  'smallmoney',
  'real',
  'date',
  'datetime',
  'smalldatetime',
  'uniqueidentifier',
  'timestamp',
  'xml',
  'sql_variant',
  'hierarchyid',
  'geometry',
  'geography',
  'text',
  'ntext',
  'image',
  'sysname',
  'json',
]);
const since: Readonly<Record<string, number>> = { json: 170, vector: 170 };

/** `lengthDefault`: 30 in CAST and CONVERT, 1 in declarations. */
export function resolveType(reference: TypeReference, session: SessionView, lengthDefault: number): SqlType {
  const { name } = reference;
  const collation = session.settings.databaseCollation;
  const unknown = (): ServerError =>
    new ServerError(243, `Type ${name.name} is not a defined system type.`, { line: reference.line });
  const bare = name.schema === null || name.schema.toLowerCase() === 'sys';
  const lower = name.name.toLowerCase();
  const word = synonyms[lower] ?? lower;
  const [first, second] = reference.arguments;
  const count = (value: number | 'max' | undefined): number | undefined => (value === 'max' ? -1 : value);
  if (bare && !(word in since && session.version < since[word]!)) {
    if (plain.has(word)) return sqlType({ schema: null, name: word }, collation);
    switch (word) {
      case 'float':
        return sqlType(
          { schema: null, name: first !== undefined && (first as number) <= 24 ? 'real' : 'float' },
          collation,
        );
      case 'decimal':
      case 'numeric': {
        const precision = (first as number | undefined) ?? 18;
        const scale = (second as number | undefined) ?? 0;
        if (precision < 1 || precision > 38)
          throw new ServerError(
            2750,
            `Column or parameter #1: Specified column precision ${precision} is greater than the maximum precision of 38.`,
            { line: reference.line },
          );
        if (scale > precision)
          throw new ServerError(192, 'The scale must be less than or equal to the precision.', {
            class: 15,
            line: reference.line,
          });
        return decimalType(precision, scale, word);
      }
      case 'time':
      case 'datetime2':
      case 'datetimeoffset': {
        const scale = (first as number | undefined) ?? 7;
        if (scale > 7)
          throw new ServerError(1002, `Line ${reference.line}: Specified scale ${scale} is invalid.`, {
            class: 15,
            line: reference.line,
          });
        return sqlType({ schema: null, name: word, scale }, collation);
      }
      case 'char':
      case 'varchar':
      case 'nchar':
      case 'nvarchar':
      case 'binary':
      case 'varbinary': {
        const n = count(first) ?? lengthDefault;
        const limit = word[0] === 'n' ? 4000 : 8000;
        if (n === 0)
          throw new ServerError(1001, `Line ${reference.line}: Length or precision specification 0 is invalid.`, {
            class: 15,
            line: reference.line,
          });
        if (n > limit)
          throw new ServerError(
            131,
            `The size (${n}) given to the type '${word}' exceeds the maximum allowed for any data type (${8000}).`,
            { class: 15, line: reference.line, state: 3 },
          );
        return sqlType({ schema: null, name: word, length: n < 0 ? 'max' : n } as DataType, collation);
      }
      case 'vector':
        return vectorType(first as number, second === 16 ? 1 : 0);
      default:
    }
  }
  const alias = session.catalog.aliasType(name, session.context);
  if (alias) return { ...sqlType(alias.type, collation) };
  throw name.schema === null
    ? unknown()
    : new ServerError(2715, `Column, parameter, or variable #1: Cannot find data type ${name.schema}.${name.name}.`, {
        line: reference.line,
        state: 3,
      });
}
