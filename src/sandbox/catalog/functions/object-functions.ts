/** OBJECT_ID, OBJECT_NAME, SCHEMA_NAME and their like. */
import { temporaryName } from '../ddl/table.ts';
import { splitName } from '../resolver.ts';
import {
  defaultSchema,
  findObject,
  findSchema,
  objectById,
  type Scope,
  schemaName,
  scopeOf,
  typeOf,
} from '../state.ts';
import { num, type Row, text, textOrNull } from '../store.ts';
import { isCompatibilityView, systemObjectId, systemProcedures } from '../system-content.ts';
import { viewNamed } from '../view-facts.ts';
import { type FunctionCall, type MetadataFunctions, scopeById } from './function-call.ts';

/** A system view or procedure by its name; null when the posed version has none. */
function systemObject(scope: Scope, schema: string | null, name: string): number | null {
  const lower = name.toLowerCase();
  const lowerSchema = schema?.toLowerCase() ?? null;
  const candidates =
    lowerSchema === 'information_schema'
      ? ['information_schema']
      : lowerSchema === 'sys' || ((lowerSchema === null || lowerSchema === 'dbo') && isCompatibilityView(lower))
        ? ['sys']
        : [];
  for (const candidate of candidates) {
    const view = viewNamed(`${candidate}.${lower}`);
    if (view && view.since <= scope.version) return systemObjectId(`${view.schema}.${view.name}`);
  }
  const procedure = systemProcedures(scope.version).find(p => p === lower);
  return procedure && lowerSchema !== 'information_schema' ? systemObjectId(`sys.${procedure}`) : null;
}

/** An object by a written name of one to three parts. */
export function objectNamed(call: FunctionCall, written: string): { readonly scope: Scope; readonly row: Row } | null {
  const name = splitName(written);
  if (name.name === '') return null;
  const temporary = name.name.startsWith('#');
  if (
    name.database !== null &&
    call.state.store.get(
      'SELECT 1 AS x FROM "b.sys.databases" WHERE name_key = ?',
      call.state.key(null, name.database),
    ) === undefined
  )
    return null;
  if (temporary && name.database?.toLowerCase() !== 'tempdb') return null;
  const scope = name.database === null ? call.scope : scopeOf(call.state, call.context, name.database);
  const row = findObject(scope, name.schema, temporary ? temporaryName(name.name, call.context.sessionId) : name.name);
  return row ? { scope, row } : null;
}

/** The object's id, of the session's database unless the name says another; system objects have negative ones. */
export function objectIdOf(call: FunctionCall, written: string): number | null {
  const found = objectNamed(call, written);
  if (found) return num(found.row['object_id']);
  const name = splitName(written);
  return systemObject(call.scope, name.schema, name.name);
}

function objectId(call: FunctionCall): number | null {
  const written = call.text(0);
  if (written === null) return null;
  const id = objectIdOf(call, written);
  const type = call.count > 1 ? call.text(1) : null;
  if (id === null || call.count < 2) return id;
  if (type === null) return null;
  const own = objectNamed(call, written);
  const actual = own
    ? typeOf(own.row)
    : text(call.state.store.get('SELECT type FROM "b.sys.system_objects" WHERE object_id = ?', id)?.['type']).trim();
  return actual === type.trim().toUpperCase() ? id : null;
}

/** A row with name and schema_id, of sys.objects or sys.system_objects. */
function objectRow(call: FunctionCall): { readonly scope: Scope; readonly row: Row } | null {
  const id = call.int(0);
  if (id === null) return null;
  const scope = call.count > 1 ? scopeById(call, call.int(1) ?? 0) : call.scope;
  if (!scope) return null;
  const row =
    objectById(scope, id) ??
    scope.store.get('SELECT * FROM "b.sys.triggers" WHERE db = ? AND object_id = ?', scope.db, id) ??
    scope.store.get('SELECT * FROM "b.sys.system_objects" WHERE object_id = ?', id);
  return row ? { scope, row } : null;
}

export const objectFunctions: MetadataFunctions = {
  OBJECT_ID: objectId,
  OBJECT_NAME: call => textOrNull(objectRow(call)?.row['name']),
  OBJECT_SCHEMA_NAME(call) {
    const found = objectRow(call);
    if (!found || found.row['schema_id'] === null) return null;
    return schemaName(found.scope, num(found.row['schema_id'])) || null;
  },
  OBJECT_DEFINITION(call) {
    const id = call.int(0);
    if (id === null) return null;
    for (const view of ['sys.sql_modules', 'sys.check_constraints', 'sys.default_constraints']) {
      const row = call.scope.store.get(
        `SELECT definition FROM "b.${view}" WHERE db = ? AND object_id = ?`,
        call.scope.db,
        id,
      );
      if (row) return textOrNull(row['definition']);
    }
    return null;
  },
  SCHEMA_ID(call) {
    if (call.count === 0) return defaultSchema(call.scope).id;
    const name = call.text(0);
    return name === null ? null : (findSchema(call.scope, name)?.id ?? null);
  },
  SCHEMA_NAME(call) {
    if (call.count === 0) return defaultSchema(call.scope).name;
    const id = call.int(0);
    return id === null ? null : schemaName(call.scope, id) || null;
  },
  STATS_DATE: () => null,
};
