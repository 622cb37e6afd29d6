import type { Database } from '../model/database.ts';
import type { QualifiedName } from '../model/name.ts';

/**
 * Takes out permissions and extended properties of what rules took out: they would fail on the target, and the finding of
 * their object stands for them.
 */
export function dropOrphans(original: Database, current: Database): Database {
  const before = thingsOf(original);
  const after = thingsOf(current);
  const isLost = (path: string) => before.has(path) && !after.has(path);
  const principals = principalsOf(current);
  const lostPrincipals = new Set([...principalsOf(original)].filter(name => !principals.has(name)));
  return {
    ...current,
    memberships: current.memberships.filter(m => !lostPrincipals.has(m.member) && !lostPrincipals.has(m.role)),
    permissions: current.permissions.filter(({ securable, grantee, grantor }) => {
      if (lostPrincipals.has(grantee) || lostPrincipals.has(grantor)) return false;
      if (/USER|ROLE/.test(securable.class)) return !lostPrincipals.has(securable.name ?? '');
      if (securable.class !== 'OBJECT') return true;
      const object = pathOf({ schema: securable.schema ?? '', name: securable.name ?? '' });
      return ![object, ...securable.columns.map(c => child(object, c))].some(isLost);
    }),
    extendedProperties: current.extendedProperties.filter(({ levels }) => {
      const [first, second, third] = levels;
      if (first?.type === 'USER' && lostPrincipals.has(first.name)) return false;
      if (first?.type === 'FILEGROUP' && isLost(filegroupPath(first.name))) return false;
      if (first?.type !== 'SCHEMA' || !second) return true;
      const object = pathOf({ schema: first.name, name: second.name });
      return !isLost(object) && !(third && isLost(child(object, third.name)));
    }),
  };
}

const pathOf = (name: QualifiedName) => `${name.schema}\u0000${name.name}`;
const child = (object: string, name: string) => `${object}\u0000${name}`;
const filegroupPath = (name: string) => `filegroup\u0001${name}`;

function principalsOf(database: Database): Set<string> {
  return new Set([...database.users, ...database.roles].map(p => p.name));
}

/** Objects, and what lies in them: columns, constraints, indexes, triggers. */
function thingsOf(database: Database): Set<string> {
  const things = new Set<string>();
  const { tables, views, functions, procedures, synonyms, sequences, rules, defaults } = database;
  for (const object of [
    ...tables,
    ...views,
    ...functions,
    ...procedures,
    ...synonyms,
    ...sequences,
    ...rules,
    ...defaults,
  ])
    things.add(pathOf(object));
  for (const table of tables) {
    const defaultNames = table.columns.flatMap(c => (c.default ? [c.default] : []));
    const { columns, keys, foreignKeys, checks, indexes } = table;
    for (const part of [...columns, ...keys, ...foreignKeys, ...checks, ...indexes, ...defaultNames])
      things.add(child(pathOf(table), part.name));
  }
  for (const view of views) for (const index of view.indexes) things.add(child(pathOf(view), index.name));
  for (const trigger of database.triggers) things.add(child(pathOf(trigger.parent), trigger.name));
  for (const group of database.properties.filegroups) things.add(filegroupPath(group.name));
  return things;
}
