/** Names → objects, as the engine asks for them. */
import type { ObjectName } from '../../tsql/ddl/statement.ts';
import type {
  CatalogColumn,
  CatalogContext,
  CatalogView,
  ResolvedObject,
  SandboxModule,
  SandboxTable,
  SandboxTableType,
} from '../engine/catalog-access.ts';
import { temporaryName } from './ddl/table.ts';
import { type CatalogState, databaseRow, findObject, findSchema, type Scope, typeOf } from './state.ts';
import { ident, num, type Row, text, textOrNull } from './store.ts';
import { isCompatibilityView } from './system-content.ts';
import { typeOfRow } from './table-loader.ts';
import { type ViewFacts, viewFacts, viewNamed } from './view-facts.ts';
import { isPerDatabase } from './views/view-statements.ts';
import { isCatalogCollated, wireFlags } from './wire-flags.ts';

const masterOnly = new Set(['sysdatabases', 'sysaltfiles', 'syslanguages']);

/** Parts of a base object name of a synonym: `[db].[dbo].[T]` → from right to left. */
export function splitName(written: string): ObjectName {
  const parts: string[] = [];
  const pattern = /\[((?:[^\]]|\]\])*)\]|"((?:[^"]|"")*)"|([^.[\]"\s]+)|(\.)/gy;
  let expectPart = true;
  for (let match = pattern.exec(written); match; match = pattern.exec(written)) {
    if (match[4]) {
      if (expectPart) parts.push('');
      expectPart = true;
      continue;
    }
    parts.push((match[1]?.replaceAll(']]', ']') ?? match[2]?.replaceAll('""', '"') ?? match[3]) || '');
    expectPart = false;
  }
  const at = (fromRight: number): string | null => parts[parts.length - fromRight] || null;
  return { name: at(1) ?? '', schema: at(2), database: at(3), server: at(4) };
}

const moduleKinds: Readonly<Record<string, SandboxModule['kind']>> = {
  V: 'view',
  P: 'procedure',
  FN: 'scalarFunction',
  IF: 'inlineFunction',
  TF: 'tableFunction',
  TR: 'trigger',
};

export interface Resolver {
  resolve(name: ObjectName, context: CatalogContext): ResolvedObject | null;
  tableType(name: ObjectName, context: CatalogContext): SandboxTableType | null;
}

export interface Refreshers {
  /** What must be brought up to date before a view is read; null = nothing. */
  of(view: string, db: number): (() => void) | null;
}

interface ViewShape {
  readonly facts: ViewFacts;
  readonly columns: readonly CatalogColumn[];
  readonly perDatabase: boolean;
}

export function createResolver(
  state: CatalogState,
  table: (db: number, id: number) => SandboxTable | null,
  refreshers: Refreshers,
): Resolver {
  const shapes = new Map<string, ViewShape | null>();
  const views = new Map<string, CatalogView>();

  function shapeOf(name: string): ViewShape | null {
    const key = name.toLowerCase();
    let shape = shapes.get(key);
    if (shape === undefined) {
      const facts = viewNamed(key);
      shape =
        !facts || facts.since > state.options.version
          ? null
          : {
              facts,
              perDatabase: isPerDatabase(facts),
              columns: facts.columns
                .filter(c => c.since <= state.options.version)
                .map(c => ({
                  name: c.name,
                  type: c.type,
                  nullable: c.nullable,
                  wireFlags: wireFlags(facts, c),
                  collation: isCatalogCollated(c)
                    ? 'catalog'
                    : /^(n?(var)?char|sysname|n?text)$/.test(c.type.name)
                      ? 'database'
                      : null,
                  sqliteName: c.name,
                })),
            };
      shapes.set(key, shape);
    }
    return shape;
  }

  function view(name: string, db: number): CatalogView | null {
    const shape = shapeOf(name);
    if (!shape) return null;
    const key = `${db}:${name.toLowerCase()}`;
    let found = views.get(key);
    if (!found) {
      const full = `${shape.facts.schema}.${shape.facts.name}`;
      found = {
        kind: 'catalogView',
        schema: shape.facts.schema === 'msdb.dbo' ? 'dbo' : shape.facts.schema,
        name: shape.facts.name,
        columns: shape.columns,
        from: shape.perDatabase ? `(SELECT * FROM ${ident(full)} WHERE db = ?)` : ident(full),
        fromParameters: shape.perDatabase ? [db] : [],
        refresh: refreshers.of(full, db),
      };
      views.set(key, found);
    }
    return found;
  }

  const collationList: CatalogView = {
    kind: 'catalogView',
    schema: 'sys',
    name: 'fn_helpcollations',
    from: '"collations"',
    fromParameters: [],
    refresh: null,
    columns: [
      {
        name: 'name',
        type: { schema: null, name: 'sysname' },
        nullable: false,
        wireFlags: null,
        collation: 'database',
        sqliteName: 'name',
      },
      {
        name: 'description',
        type: { schema: null, name: 'nvarchar', length: 1000 },
        nullable: false,
        wireFlags: null,
        collation: 'database',
        sqliteName: 'description',
      },
    ],
  };

  /** Names of system views compare by the database's collation too: a case-sensitive one has no `sys.Objects`. */
  function systemView(schema: string | null, name: string, db: number): CatalogView | null {
    const found = anySystemView(schema, name, db);
    if (!found || state.key(db, 'A') !== 'A') return found;
    return found.name === name && (schema === null || schema === 'dbo' || schema === found.schema) ? found : null;
  }

  function anySystemView(schema: string | null, name: string, db: number): CatalogView | null {
    const lower = name.toLowerCase();
    const lowerSchema = schema?.toLowerCase() ?? null;
    if (lower === 'fn_helpcollations' && (lowerSchema === null || lowerSchema === 'sys')) return collationList;
    if (lowerSchema === 'sys' || lowerSchema === 'information_schema') return view(`${lowerSchema}.${lower}`, db);
    if (lowerSchema === null || lowerSchema === 'dbo') {
      const database = text(
        state.store.get('SELECT name FROM "b.sys.databases" WHERE database_id = ?', db)?.['name'],
      ).toLowerCase();
      if (database === 'msdb') {
        const table = view(`msdb.dbo.${lower}`, db);
        if (table) return table;
      }
      if (isCompatibilityView(lower) && (!masterOnly.has(lower) || database === 'master'))
        return view(`sys.${lower}`, db);
    }
    return null;
  }

  function moduleOf(scope: Scope, row: Row, kind: SandboxModule['kind']): SandboxModule {
    const id = num(row['object_id']);
    const module = scope.store.get(
      'SELECT definition, text FROM "b.sys.sql_modules" WHERE db = ? AND object_id = ?',
      scope.db,
      id,
    );
    const given = textOrNull(
      scope.store.get('SELECT column_names FROM "b.sys.views" WHERE db = ? AND object_id = ?', scope.db, id)?.[
        'column_names'
      ],
    );
    const head = scope.store.get(
      'SELECT s.name AS schema_name, d.name AS database_name FROM "b.sys.schemas" s JOIN "b.sys.databases" d ON d.database_id = s.db WHERE s.db = ? AND s.schema_id = ?',
      scope.db,
      row['schema_id'] ?? 1,
    );
    return {
      kind,
      databaseId: scope.db,
      database: text(head?.['database_name']),
      objectId: id,
      schema: text(head?.['schema_name']),
      name: text(row['name']),
      definition: text(module?.['text'] ?? module?.['definition']),
      columnNames: given === null ? [] : (JSON.parse(given) as string[]),
    };
  }

  function objectOf(scope: Scope, row: Row): ResolvedObject {
    const id = num(row['object_id']);
    const type = typeOf(row);
    const moduleKind = moduleKinds[type];
    if (moduleKind) return moduleOf(scope, row, moduleKind);
    if (type === 'U') {
      const found = table(scope.db, id);
      if (found) return found;
    }
    if (type === 'SN') {
      const base = text(
        scope.store.get('SELECT base_object_name FROM "b.sys.synonyms" WHERE db = ? AND object_id = ?', scope.db, id)?.[
          'base_object_name'
        ],
      );
      return { kind: 'synonym', objectId: id, target: splitName(base) };
    }
    if (type === 'SO') {
      const sequence = scope.store.get('SELECT * FROM "b.sys.sequences" WHERE db = ? AND object_id = ?', scope.db, id);
      return {
        kind: 'sequence',
        databaseId: scope.db,
        objectId: id,
        name: text(row['name']),
        schema: text(
          scope.store.get(
            'SELECT name FROM "b.sys.schemas" WHERE db = ? AND schema_id = ?',
            scope.db,
            row['schema_id'] ?? 1,
          )?.['name'],
        ),
        type: typeOfRow({ ...(sequence ?? {}), max_length: 8 } as Row),
      };
    }
    return { kind: 'other', objectId: id, type };
  }

  function scopeFor(name: ObjectName, context: CatalogContext): Scope | null {
    const row = databaseRow(state, name.database ?? context.database);
    return row
      ? { state, store: state.store, context, db: num(row['database_id']), version: state.options.version }
      : null;
  }

  return {
    resolve(given, context) {
      // Local temporary tables lie in tempdb, whatever the session's database.
      const temporary = given.name.startsWith('#');
      const name = temporary
        ? { ...given, database: 'tempdb', schema: 'dbo', name: temporaryName(given.name, context.sessionId) }
        : given;
      const scope = scopeFor(name, context);
      if (!scope) return null;
      const schema = name.schema === '' ? null : name.schema;
      if (schema !== null && /^(sys|information_schema)$/i.test(schema)) return systemView(schema, name.name, scope.db);
      const own = findObject(scope, schema, name.name);
      return own ? objectOf(scope, own) : systemView(schema, name.name, scope.db);
    },
    tableType(name, context) {
      const scope = scopeFor(name, context);
      if (!scope) return null;
      const schemas = name.schema
        ? [findSchema(scope, name.schema)]
        : [findSchema(scope, context.defaultSchema), findSchema(scope, 'dbo')];
      for (const schema of schemas) {
        if (!schema) continue;
        const row = scope.store.get(
          `SELECT x.type_table_object_id AS id FROM "b.sys.types" t JOIN "b.sys.table_types" x ON x.db = t.db AND x.user_type_id = t.user_type_id
           WHERE t.db = ? AND t.schema_id = ? AND t.name_key = ?`,
          scope.db,
          schema.id,
          state.key(scope.db, name.name),
        );
        const found = row ? table(scope.db, num(row['id'])) : null;
        if (found)
          return {
            kind: 'tableType',
            objectId: found.objectId,
            table: { ...found, schema: schema.name, name: name.name },
          };
      }
      return null;
    },
  };
}

/** Names of every view of the posed version, for completeness tests. */
export const viewsOf = (version: number): readonly string[] =>
  viewFacts.filter(v => v.since <= version).map(v => `${v.schema}.${v.name}`);
