import type { Database } from '../model/database.ts';
import type { ConstraintName } from '../model/name.ts';
import type { Table } from '../model/table.ts';

/**
 * Gives system-named constraints their name for good where a later statement must name them: disabled ones, and those with an
 * extended property. It is the name that the source gave them; one that a script left out is made here.
 */
export function nameReferredConstraints(database: Database): Database {
  const described = new Set(
    database.extendedProperties
      .filter(p => p.levels[2]?.type === 'CONSTRAINT')
      .map(({ levels }) => pathOf(levels[0]!.name, levels[1]!.name, levels[2]!.name)),
  );
  return { ...database, tables: database.tables.map(table => nameConstraints(table, described)) };
}

const pathOf = (schema: string, table: string, constraint: string) => `${schema}\u0000${table}\u0000${constraint}`;

function nameConstraints(table: Table, described: ReadonlySet<string>): Table {
  const taken = new Set([...table.keys, ...table.checks, ...table.foreignKeys].map(c => c.name));
  const invent = (prefix: string): string => {
    for (let i = 1; ; i++) {
      const name = `${prefix}_${table.name}_${i}`;
      if (!taken.has(name)) {
        taken.add(name);
        return name;
      }
    }
  };
  const named =
    (prefix: string) =>
    <T extends ConstraintName & { readonly disabled?: boolean }>(constraint: T): T => {
      const referred = constraint.disabled === true || described.has(pathOf(table.schema, table.name, constraint.name));
      if (!constraint.systemNamed || !referred) return constraint;
      return { ...constraint, systemNamed: false, name: constraint.name === '' ? invent(prefix) : constraint.name };
    };
  return {
    ...table,
    columns: table.columns.map(c => (c.default ? { ...c, default: named('DF')(c.default) } : c)),
    keys: table.keys.map(k => named(k.kind === 'primaryKey' ? 'PK' : 'UQ')(k)),
    checks: table.checks.map(named('CK')),
    foreignKeys: table.foreignKeys.map(named('FK')),
  };
}
