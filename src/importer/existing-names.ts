/** What a database has before an import: names that a script must not make anew. */

import type { Session } from '../connection/session.ts';
import { quoteName, quoteQualified } from '../tsql/quote.ts';
import type { NamedThing, NameKind } from './statement-names.ts';

export interface ExistingThing extends NamedThing {
  /** sys.objects.type of an object, else ''. */
  readonly type: string;
}

export type ExistingNames = ReadonlyMap<string, ExistingThing>;

/** Kinds that share their names are one here; case does not count, so that no collation is guessed. */
export function keyOf(thing: NamedThing, defaultSchema: string): string {
  const schema =
    thing.kind === 'object' || thing.kind === 'type' || thing.kind === 'xml schema collection'
      ? (thing.schema ?? defaultSchema)
      : '';
  return `${thing.kind}\u0000${schema}\u0000${thing.name}`.toLowerCase();
}

export function quoteThing(thing: NamedThing): string {
  return thing.kind === 'object'
    ? quoteQualified(thing.schema, thing.name)
    : `${thing.kind} ${quoteQualified(thing.schema, thing.name)}`;
}

/** One query a kind; constraints belong to their tables and are no names of their own here. */
const queries: readonly (readonly [NameKind, string])[] = [
  [
    'object',
    "SELECT s.[name], o.[name], o.[type] FROM [sys].[objects] AS o JOIN [sys].[schemas] AS s ON s.[schema_id] = o.[schema_id] WHERE o.[is_ms_shipped] = 0 AND (o.[parent_object_id] = 0 OR o.[type] IN ('TR', 'TA'))",
  ],
  [
    'type',
    "SELECT s.[name], t.[name], '' AS [type] FROM [sys].[types] AS t JOIN [sys].[schemas] AS s ON s.[schema_id] = t.[schema_id] WHERE t.[is_user_defined] = 1",
  ],
  ['schema', "SELECT NULL AS [schema], [name], '' AS [type] FROM [sys].[schemas]"],
  ['principal', "SELECT NULL AS [schema], [name], '' AS [type] FROM [sys].[database_principals]"],
  ['partition function', "SELECT NULL AS [schema], [name], '' AS [type] FROM [sys].[partition_functions]"],
  ['partition scheme', "SELECT NULL AS [schema], [name], '' AS [type] FROM [sys].[partition_schemes]"],
  [
    'xml schema collection',
    "SELECT s.[name], x.[name], '' AS [type] FROM [sys].[xml_schema_collections] AS x JOIN [sys].[schemas] AS s ON s.[schema_id] = x.[schema_id] WHERE x.[xml_collection_id] > 65535",
  ],
  ['full-text catalog', "SELECT NULL AS [schema], [name], '' AS [type] FROM [sys].[fulltext_catalogs]"],
];

/** Names that every database has. */
const builtIn = /^(dbo|guest|sys|information_schema|public|db_\w+|##ms_.*)$/i;

/** @param own names that do not count, such as the import's journal */
export async function readExistingNames(session: Session, own: ReadonlySet<string>): Promise<ExistingNames> {
  const found = new Map<string, ExistingThing>();
  for (const [kind, sql] of queries) {
    for (const [schema, name, type] of (await session.query(sql)).rows) {
      if ((kind === 'schema' || kind === 'principal') && builtIn.test(String(name))) continue;
      if (kind === 'object' && own.has(String(name))) continue;
      const thing: ExistingThing = {
        kind,
        schema: schema === null ? null : String(schema),
        name: String(name),
        type: String(type).trim(),
      };
      found.set(keyOf(thing, 'dbo'), thing);
    }
  }
  return found;
}

export async function readDefaultSchema(session: Session): Promise<string> {
  const { rows } = await session.query('SELECT SCHEMA_NAME() AS [schema]');
  return typeof rows[0]?.[0] === 'string' ? rows[0][0] : 'dbo';
}

/** Words of DROP for a type of sys.objects. */
const dropWords: Readonly<Record<string, string>> = {
  U: 'TABLE',
  V: 'VIEW',
  P: 'PROCEDURE',
  PC: 'PROCEDURE',
  FN: 'FUNCTION',
  IF: 'FUNCTION',
  TF: 'FUNCTION',
  FS: 'FUNCTION',
  FT: 'FUNCTION',
  AF: 'AGGREGATE',
  TR: 'TRIGGER',
  TA: 'TRIGGER',
  SN: 'SYNONYM',
  SO: 'SEQUENCE',
  R: 'RULE',
  D: 'DEFAULT',
  SQ: 'QUEUE',
};

/** Statement that drops it; null for what is not dropped: schemas and principals may hold what is not the script's. */
export function dropStatement(thing: ExistingThing): string | null {
  const name = quoteQualified(thing.schema, thing.name);
  switch (thing.kind) {
    case 'object': {
      const word = dropWords[thing.type];
      return word === undefined ? null : `DROP ${word} ${name}`;
    }
    case 'type':
      return `DROP TYPE ${name}`;
    case 'xml schema collection':
      return `DROP XML SCHEMA COLLECTION ${name}`;
    case 'partition function':
      return `DROP PARTITION FUNCTION ${quoteName(thing.name)}`;
    case 'partition scheme':
      return `DROP PARTITION SCHEME ${quoteName(thing.name)}`;
    case 'full-text catalog':
      return `DROP FULLTEXT CATALOG ${quoteName(thing.name)}`;
    default:
      return null;
  }
}
