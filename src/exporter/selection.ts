import type { Finding } from '../compat/finding.ts';
import type { Database } from '../model/database.ts';
import { ExitCode, XpdbError } from '../model/error.ts';
import type { QualifiedName } from '../model/name.ts';
import { matchesPattern, wildcard } from '../model/name-pattern.ts';
import type { Table } from '../model/table.ts';
import { quoteName, quoteQualified } from '../tsql/quote.ts';

export interface Selection {
  readonly tables: readonly string[];
  readonly excludeTables: readonly string[];
  readonly schemas: readonly string[];
  readonly excludeSchemas: readonly string[];
}

/**
 * The part of a database that was asked for. With `tables` only those tables (and what belongs to them) remain.
 * @throws XpdbError (usage) when a pattern matches nothing, which is nearly always a typing error
 */
export function select(database: Database, selection: Selection): Database {
  const { tables, excludeTables, schemas, excludeSchemas } = selection;
  if ([tables, excludeTables, schemas, excludeSchemas].every(list => list.length === 0)) return database;
  for (const pattern of [...tables, ...excludeTables]) {
    if (!database.tables.some(t => matchesPattern(t, pattern))) throw noMatch('table', pattern);
  }
  for (const pattern of [...schemas, ...excludeSchemas]) {
    const all = new Set([...database.schemas.map(s => s.name), ...database.tables.map(t => t.schema), 'dbo']);
    if (![...all].some(s => wildcard(pattern).test(s))) throw noMatch('schema', pattern);
  }
  const inSchema = (object: { schema: string }) =>
    (schemas.length === 0 || schemas.some(p => wildcard(p).test(object.schema))) &&
    !excludeSchemas.some(p => wildcard(p).test(object.schema));
  const chosen = database.tables.filter(
    t =>
      inSchema(t) &&
      (tables.length === 0 || tables.some(p => matchesPattern(t, p))) &&
      !excludeTables.some(p => matchesPattern(t, p)),
  );
  const isChosen = (name: QualifiedName) => chosen.some(t => t.schema === name.schema && t.name === name.name);
  const tableNames = new Set(database.tables.map(t => `${t.schema}\u0000${t.name}`));
  const isTable = (name: QualifiedName) => tableNames.has(`${name.schema}\u0000${name.name}`);
  /** Objects that are no tables go along by schema, but not when tables were named. */
  const others = <T extends { schema: string }>(list: readonly T[]) => (tables.length > 0 ? [] : list.filter(inSchema));
  const types = tables.length > 0 ? usedTypes(database, chosen) : typesOf(database);
  const typeSchemas = new Set(Object.values(types).flatMap(list => list.map(t => t.schema)));
  return {
    ...database,
    ...types,
    tables: chosen.map(t => ({ ...t, foreignKeys: t.foreignKeys.filter(k => isChosen(k.referencedTable)) })),
    views: others(database.views),
    functions: others(database.functions),
    procedures: others(database.procedures),
    synonyms: others(database.synonyms),
    sequences: others(database.sequences),
    schemas: database.schemas.filter(
      s =>
        typeSchemas.has(s.name) ||
        (inSchema({ schema: s.name }) && (tables.length === 0 || chosen.some(t => t.schema === s.name))),
    ),
    triggers: database.triggers.filter(t =>
      isTable(t.parent) ? isChosen(t.parent) : tables.length === 0 && inSchema(t.parent),
    ),
    permissions: database.permissions.filter(p => {
      // A user without it is one who may not connect.
      if (p.permission === 'CONNECT' && p.securable.class === 'DATABASE') return true;
      if (p.securable.class !== 'OBJECT')
        return tables.length === 0 && (p.securable.class !== 'SCHEMA' || inSchema({ schema: p.securable.name ?? '' }));
      const name = { schema: p.securable.schema ?? '', name: p.securable.name ?? '' };
      return isTable(name) ? isChosen(name) : tables.length === 0 && inSchema(name);
    }),
    extendedProperties: database.extendedProperties.filter(p => {
      if (p.levels.length === 0) return tables.length === 0;
      const [first, second] = p.levels;
      if (first?.type !== 'SCHEMA') return tables.length === 0;
      if (!second) return tables.length === 0 && inSchema({ schema: first.name });
      const name = { schema: first.name, name: second.name };
      return second.type === 'TABLE' ? isChosen(name) : tables.length === 0 && inSchema(name);
    }),
  };
}

/** Foreign keys of tables that were asked for, to tables that were not: a target can't have them. */
export function findLostKeys(database: Database, selected: Database): Finding[] {
  if (selected === database) return [];
  return selected.tables.flatMap(table => {
    const owner = quoteQualified(table.schema, table.name);
    const whole = database.tables.find(t => t.schema === table.schema && t.name === table.name)!;
    return whole.foreignKeys
      .filter(key => !table.foreignKeys.includes(key))
      .map(key => ({
        rule: 'foreign-key-left-out',
        severity: 'dropped',
        object: `${owner}.${quoteName(key.name)}`,
        message: `a foreign key to ${quoteQualified(key.referencedTable.schema, key.referencedTable.name)}, which is not in the selection`,
      }));
  });
}

type Types = Pick<Database, 'aliasTypes' | 'tableTypes' | 'xmlSchemaCollections' | 'rules' | 'defaults'>;

/** Modules, whose texts nobody reads here, may use any of them. */
function typesOf({ aliasTypes, tableTypes, xmlSchemaCollections, rules, defaults }: Database): Types {
  return { aliasTypes, tableTypes, xmlSchemaCollections, rules, defaults };
}

/** What the columns of the tables need. */
function usedTypes(database: Database, chosen: readonly Table[]): Types {
  const columns = chosen.flatMap(t => t.columns);
  const isOneOf = (names: readonly (QualifiedName | null | undefined)[]) => {
    const keys = new Set(names.map(n => (n ? `${n.schema}\u0000${n.name}` : '')));
    return ({ schema, name }: QualifiedName) => keys.has(`${schema}\u0000${name}`);
  };
  const named = columns.flatMap(({ type: { schema, name } }) => (schema === null ? [] : [{ schema, name }]));
  const aliasTypes = database.aliasTypes.filter(isOneOf(named));
  const bound = [...columns, ...aliasTypes];
  return {
    aliasTypes,
    tableTypes: [],
    xmlSchemaCollections: database.xmlSchemaCollections.filter(
      isOneOf([...columns.map(c => c.type), ...aliasTypes.map(t => t.baseType)].map(t => t.xmlSchemaCollection)),
    ),
    rules: database.rules.filter(isOneOf(bound.map(b => b.boundRule))),
    defaults: database.defaults.filter(isOneOf(bound.map(b => b.boundDefault))),
  };
}

function noMatch(what: string, pattern: string): XpdbError {
  return new XpdbError(`no ${what} matches ${pattern}`, { exitCode: ExitCode.usage });
}
