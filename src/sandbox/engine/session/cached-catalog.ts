/** The catalog with answers kept until a definition changes: scripts of data resolve the same names for every statement. */

import type { ObjectName } from '../../../tsql/ddl/statement.ts';
import type { CatalogContext, ResolvedObject } from '../catalog-access.ts';
import type { ServerCatalog } from './session.ts';

const most = 10_000;

/** `definitions` counts changes of definitions. */
export function cachedCatalog(catalog: ServerCatalog, definitions: { readonly version: number }): ServerCatalog {
  let version = -1;
  const resolved = new Map<string, ResolvedObject | null>();
  const collations = new Map<string, string>();
  const levels = new Map<string, number>();
  const snapshots = new Map<string, boolean>();
  const readOnly = new Map<string, boolean>();
  const fresh = (): void => {
    if (version === definitions.version && resolved.size < most) return;
    version = definitions.version;
    resolved.clear();
    collations.clear();
    levels.clear();
    snapshots.clear();
    readOnly.clear();
  };
  function kept<T>(map: Map<string, T>, key: string, read: () => T): T {
    fresh();
    let found = map.get(key);
    if (found === undefined) {
      found = read();
      map.set(key, found);
    }
    return found;
  }
  const keyOf = (name: ObjectName, context: CatalogContext): string =>
    `${name.database ?? context.database}\u0000${name.schema ?? ''}\u0000${name.name}\u0000${context.database}\u0000${context.defaultSchema}\u0000${name.name.startsWith('#') ? context.sessionId : ''}`;
  return {
    ...catalog,
    resolve(name, context) {
      catalog.checkAccess(name.database ?? context.database, context);
      return kept(resolved, keyOf(name, context), () => catalog.resolve(name, context));
    },
    databaseCollation: name => kept(collations, name, () => catalog.databaseCollation(name)),
    allowsSnapshot: name => kept(snapshots, name, () => catalog.allowsSnapshot(name)),
    isReadOnly: name => kept(readOnly, name, () => catalog.isReadOnly(name)),
    compatibilityLevel: name => kept(levels, name, () => catalog.compatibilityLevel(name)),
  };
}
