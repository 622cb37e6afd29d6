/** What the parts of the catalog share: the store, the posed server, the engine's parts, and look-ups by name. */
import type { CatalogContext, RowStore, ScalarEvaluator } from '../engine/catalog-access.ts';
import { ServerError } from '../engine/server-error.ts';
import type { ApplicationLocks } from './application-locks.ts';
import { isCaseSensitive } from './collations.ts';
import type { ServerOptions } from './server-options.ts';
import type { SessionContext } from './session-context.ts';
import type { Sessions } from './sessions.ts';
import { num, type Row, type Store, text } from './store.ts';

export interface CatalogState {
  readonly options: ServerOptions;
  readonly store: Store;
  rows(): RowStore;
  evaluator(): ScalarEvaluator;
  /** Now as datetime text, to 1/300 s. */
  now(): string;
  /** Folds a name for look-up by the database's collation (null = the server's). */
  key(db: number | null, name: string): string;
  /** A new object id of the database. */
  newObjectId(db: number): number;
  /** A definition changed: cached forms of the object are forgotten; 0 = everything of the database. */
  touch(db: number, objectId: number): void;
  /** Identity values given out, beside SQLite since a rollback does not undo them. */
  readonly identity: {
    get(db: number, objectId: number): bigint | null;
    set(db: number, objectId: number, value: bigint | null): void;
    forget(db: number, objectId: number): void;
  };
  readonly sessions: Sessions;
  readonly locks: ApplicationLocks;
  readonly sessionContext: SessionContext;
}

/** A handler's view of one statement. */
export interface Scope {
  readonly state: CatalogState;
  readonly store: Store;
  readonly context: CatalogContext;
  readonly db: number;
  readonly version: number;
}

/** datetime text of the server's granularity: .000, .003, .007. */
export function datetimeText(date: Date): string {
  const iso = date.toISOString();
  const tenths = Math.round((date.getUTCMilliseconds() * 3) / 10);
  const rounded = Math.min(997, Math.round((tenths * 10) / 3));
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)}.${String(rounded).padStart(3, '0')}`;
}

export function foldName(name: string, collation: string): string {
  const trimmed = name.replace(/ +$/, '');
  return isCaseSensitive(collation) ? trimmed : trimmed.toLowerCase();
}

export function databaseRow(state: Pick<CatalogState, 'store' | 'key'>, name: string): Row | undefined {
  return state.store.get('SELECT * FROM "b.sys.databases" WHERE name_key = ?', state.key(null, name));
}

/** The database a statement works in: the name's own, else the session's. 911 when it does not exist. */
export function scopeOf(state: CatalogState, context: CatalogContext, database: string | null = null): Scope {
  const row = databaseRow(state, database ?? context.database);
  if (!row) {
    throw new ServerError(
      911,
      `Database '${database ?? context.database}' does not exist. Make sure that the name is entered correctly.`,
    );
  }
  return { state, store: state.store, context, db: num(row['database_id']), version: state.options.version };
}

export interface SchemaRow {
  readonly id: number;
  readonly name: string;
}

export function findSchema(scope: Scope, name: string): SchemaRow | null {
  const row = scope.store.get(
    'SELECT schema_id, name FROM "b.sys.schemas" WHERE db = ? AND name_key = ?',
    scope.db,
    scope.state.key(scope.db, name),
  );
  return row ? { id: num(row['schema_id']), name: text(row['name']) } : null;
}

/** Default schema of who runs the statement: its own when it exists in this database, else dbo. */
export function defaultSchema(scope: Scope): SchemaRow {
  return findSchema(scope, scope.context.defaultSchema) ?? { id: 1, name: 'dbo' };
}

/** The schema into which an object is created; 2760 when it does not exist. */
export function schemaFor(scope: Scope, schema: string | null): SchemaRow {
  if (schema === null || schema === '') return defaultSchema(scope);
  const found = findSchema(scope, schema);
  if (!found) {
    throw new ServerError(
      2760,
      `The specified schema name "${schema}" either does not exist or you do not have permission to use it.`,
    );
  }
  return found;
}

export function schemaName(scope: Scope, id: number): string {
  return text(
    scope.store.get('SELECT name FROM "b.sys.schemas" WHERE db = ? AND schema_id = ?', scope.db, id)?.['name'],
  );
}

/** A row of sys.objects by schema id and name. */
export function objectIn(scope: Scope, schemaId: number, name: string): Row | undefined {
  return scope.store.get(
    'SELECT * FROM "b.sys.objects" WHERE db = ? AND schema_id = ? AND name_key = ?',
    scope.db,
    schemaId,
    scope.state.key(scope.db, name),
  );
}

export function objectById(scope: Scope, id: number): Row | undefined {
  return scope.store.get('SELECT * FROM "b.sys.objects" WHERE db = ? AND object_id = ?', scope.db, id);
}

/** A user object by a name of one or two parts: default schema first, then dbo. */
export function findObject(scope: Scope, schema: string | null, name: string): Row | undefined {
  if (schema !== null && schema !== '') {
    const found = findSchema(scope, schema);
    return found ? objectIn(scope, found.id, name) : undefined;
  }
  const own = defaultSchema(scope);
  return objectIn(scope, own.id, name) ?? (own.id === 1 ? undefined : objectIn(scope, 1, name));
}

export const typeOf = (row: Row): string => text(row['type']).trimEnd();

/** `dbo.T` as error messages write names. */
export function nameAsWritten(schema: string | null, name: string): string {
  return schema === null || schema === '' ? name : `${schema}.${name}`;
}

export function principalNamed(scope: Scope, name: string): Row | undefined {
  return scope.store.get(
    'SELECT * FROM "b.sys.database_principals" WHERE db = ? AND name_key = ?',
    scope.db,
    scope.state.key(scope.db, name),
  );
}

/** 15151 for a principal that does not exist. */
export function principalOrThrow(scope: Scope, name: string, verb = 'find', kind = 'user'): Row {
  const row = principalNamed(scope, name);
  if (!row) {
    throw new ServerError(
      15151,
      `Cannot ${verb} the ${kind} '${name}', because it does not exist or you do not have permission.`,
    );
  }
  return row;
}

export interface ColumnRow {
  readonly id: number;
  readonly name: string;
  readonly row: Row;
}

export function findColumn(scope: Scope, objectId: number, name: string): ColumnRow | null {
  const row = scope.store.get(
    'SELECT * FROM "b.sys.columns" WHERE db = ? AND object_id = ? AND name_key = ?',
    scope.db,
    objectId,
    scope.state.key(scope.db, name),
  );
  return row ? { id: num(row['column_id']), name: text(row['name']), row } : null;
}

export function columnsOf(scope: Scope, objectId: number): Row[] {
  return scope.store.all(
    'SELECT * FROM "b.sys.columns" WHERE db = ? AND object_id = ? ORDER BY column_id',
    scope.db,
    objectId,
  );
}

export function databaseCollation(scope: Scope): string {
  return text(
    scope.store.get('SELECT collation_name FROM "b.sys.databases" WHERE database_id = ?', scope.db)?.['collation_name'],
  );
}

export interface NewObject {
  readonly name: string;
  readonly schemaId: number;
  readonly type: string;
  readonly parentId?: number;
  readonly id?: number;
  readonly principalId?: number | null;
}

/** Adds a row to sys.objects; yields its id. */
export function addObject(scope: Scope, object: NewObject): number {
  const id = object.id ?? scope.state.newObjectId(scope.db);
  const now = scope.state.now();
  scope.store.insert('sys.objects', {
    db: scope.db,
    object_id: id,
    name: object.name,
    schema_id: object.schemaId,
    parent_object_id: object.parentId ?? 0,
    principal_id: object.principalId ?? null,
    type: object.type,
    create_date: now,
    modify_date: now,
  });
  return id;
}

/** modify_date of an object moves, and cached forms of it are forgotten. */
export function objectChanged(scope: Scope, id: number): void {
  scope.store.update('sys.objects', { db: scope.db, object_id: id }, { modify_date: scope.state.now() });
  scope.state.touch(scope.db, id);
}

/** 2714 when the name is taken in the schema. */
export function refuseTakenName(scope: Scope, schemaId: number, name: string, state = 6): void {
  if (objectIn(scope, schemaId, name)) {
    throw new ServerError(2714, `There is already an object named '${name}' in the database.`, { state });
  }
}
