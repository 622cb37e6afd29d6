import type { Database } from '../model/database.ts';
import { quoteName } from '../tsql/quote.ts';
import type { Report } from './rule.ts';

/** Takes the principals out; what they own gets its default owner. Permissions and memberships go with the orphans. */
export function disown(database: Database, lost: ReadonlySet<string>, report: Report): Database {
  const owned = <T extends { schema: string; name: string; owner: string | null }>(list: readonly T[]): readonly T[] =>
    list.map(item => {
      if (item.owner === null || !lost.has(item.owner)) return item;
      report(
        'rewritten',
        `${quoteName(item.schema)}.${quoteName(item.name)}`,
        `its owner ${quoteName(item.owner)} is left out`,
      );
      return { ...item, owner: null };
    });
  const fallToDbo = <T extends { name: string; owner: string }>(list: readonly T[]): readonly T[] =>
    list.map(item => {
      if (!lost.has(item.owner)) return item;
      report('rewritten', quoteName(item.name), `its owner ${quoteName(item.owner)} is left out; it belongs to dbo`);
      return { ...item, owner: 'dbo' };
    });
  return {
    ...database,
    users: database.users.filter(u => !lost.has(u.name)),
    roles: fallToDbo(database.roles.filter(r => !lost.has(r.name))),
    schemas: fallToDbo(database.schemas),
    aliasTypes: owned(database.aliasTypes),
    tableTypes: owned(database.tableTypes),
    xmlSchemaCollections: owned(database.xmlSchemaCollections),
    sequences: owned(database.sequences),
    synonyms: owned(database.synonyms),
    tables: owned(database.tables),
    views: owned(database.views),
    functions: owned(database.functions),
    procedures: owned(database.procedures),
    triggers: owned(database.triggers),
    rules: owned(database.rules),
    defaults: owned(database.defaults),
  };
}
