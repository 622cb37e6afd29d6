import type { QualifiedName } from '../../model/name.ts';
import type { DropObject } from '../ddl/statement.ts';
import { type Draft, isTemporary } from './draft.ts';
import type { ObjectMap } from './object-map.ts';
import { dropIndex } from './table-index.ts';

/** DROP. What is not there was made before the script, which then begins without it: nothing to note. */
export function dropObjects(draft: Draft, statement: DropObject): void {
  if (statement.what === 'index') {
    if (statement.on && !isTemporary(statement.on))
      for (const { name } of statement.names) dropIndex(draft, draft.resolve(statement.on), name);
    return;
  }
  for (const written of statement.names) {
    const name = draft.resolve(written);
    const key = draft.fold(written.name);
    switch (statement.what) {
      case 'schema':
        draft.schemas.delete(key);
        break;
      case 'user':
        draft.users.delete(key);
        draft.permissions = draft.permissions.filter(p => draft.fold(p.grantee) !== key);
        draft.memberships = draft.memberships.filter(m => draft.fold(m.member) !== key);
        break;
      case 'role':
        draft.roles.delete(key);
        draft.permissions = draft.permissions.filter(p => draft.fold(p.grantee) !== key);
        break;
      case 'partitionFunction':
        draft.partitionFunctions.delete(key);
        break;
      case 'partitionScheme':
        draft.partitionSchemes.delete(key);
        break;
      case 'type':
        draft.aliasTypes.delete(name);
        draft.tableTypes.delete(name);
        break;
      case 'table':
      case 'view':
        if (draft.tables.delete(name) || draft.views.delete(name)) dropBelow(draft, name);
        break;
      case 'trigger':
        draft.triggers.delete(name);
        break;
      default: {
        const map = mapOf(draft, statement.what);
        if (map?.delete(name)) dropBelow(draft, name);
      }
    }
  }
}

function mapOf(draft: Draft, what: DropObject['what']): ObjectMap<QualifiedName> | null {
  const maps: Partial<Record<DropObject['what'], unknown>> = {
    procedure: draft.procedures,
    function: draft.functions,
    synonym: draft.synonyms,
    sequence: draft.sequences,
    rule: draft.rules,
    default: draft.defaults,
    xmlSchemaCollection: draft.xmlSchemaCollections,
  };
  return (maps[what] as ObjectMap<QualifiedName> | undefined) ?? null;
}

/** What goes with an object: its triggers, permissions and extended properties. */
function dropBelow(draft: Draft, name: QualifiedName): void {
  const is = (schema: string | null, other: string | null) =>
    draft.fold(schema ?? '') === draft.fold(name.schema) && draft.fold(other ?? '') === draft.fold(name.name);
  for (const trigger of [...draft.triggers])
    if (is(trigger.parent.schema, trigger.parent.name)) draft.triggers.delete(trigger);
  draft.permissions = draft.permissions.filter(
    p => p.securable.class !== 'OBJECT' || !is(p.securable.schema, p.securable.name),
  );
  draft.extendedProperties = draft.extendedProperties.filter(
    p => p.levels[0]?.type !== 'SCHEMA' || !is(p.levels[0].name, p.levels[1]?.name ?? null),
  );
}
