import type { CheckConstraint } from '../../model/check-constraint.ts';
import type { Column } from '../../model/column.ts';
import type { DataType } from '../../model/data-type.ts';
import type { Module } from '../../model/module.ts';
import type { OutputColumn } from '../../model/view.ts';
import { quoteName, quoteQualified } from '../../tsql/quote.ts';
import type { Rule } from '../rule.ts';
import { mapColumns, mapTables } from '../tables.ts';

/** Types newer than 2008, with what carries their values on an older target. */
const mapped: Record<string, { since: number; type: DataType }> = {
  json: { since: 170, type: { schema: null, name: 'nvarchar', length: 'max' } },
  vector: { since: 170, type: { schema: null, name: 'varchar', length: 'max' } },
};

export const dataType: Rule = {
  id: 'data-type',
  description: 'Types that the target lacks become the type that carries their text',
  apply: (database, target, report) => {
    const olderType = (type: DataType): DataType | null => {
      const mapping = type.schema === null ? mapped[type.name] : undefined;
      return mapping && target.number < mapping.since ? mapping.type : null;
    };
    const aliasTypes = database.aliasTypes.map(alias => {
      const type = olderType(alias.baseType);
      if (!type) return alias;
      report('rewritten', quoteQualified(alias.schema, alias.name), `${alias.baseType.name} becomes ${type.name}(max)`);
      return { ...alias, baseType: type };
    });
    const resultOf = <T extends Module & { readonly outputColumns?: readonly OutputColumn[] }>(module: T): T =>
      module.outputColumns
        ? { ...module, outputColumns: module.outputColumns.map(c => ({ ...c, type: olderType(c.type) ?? c.type })) }
        : module;
    const views = database.views.map(resultOf);
    const functions = database.functions.map(resultOf);
    const checked = new Map<string, CheckConstraint[]>();
    const fitted = mapColumns({ ...database, aliasTypes, views, functions }, (column, object, owner): Column => {
      const type = olderType(column.type);
      if (!type) return column;
      const isJson = column.type.name === 'json' && target.number >= 130;
      report(
        'rewritten',
        object,
        `${column.type.name} becomes ${type.name}(max) holding the same text${isJson ? ', checked by ISJSON' : ''}`,
      );
      if (isJson) checked.set(owner, [...(checked.get(owner) ?? []), jsonCheck(column.name)]);
      // json came with its own collation; a mapped column takes the database's.
      return { ...column, type, collation: null };
    });
    return mapTables(fitted, (table, object) => ({
      ...table,
      checks: [...table.checks, ...(checked.get(object) ?? [])],
    }));
  },
};

/** The type json refuses what is no JSON; text needs a constraint for that. */
function jsonCheck(column: string): CheckConstraint {
  return {
    name: '',
    systemNamed: true,
    expression: `(isjson(${quoteName(column)})=(1))`,
    notForReplication: false,
    disabled: false,
    trusted: true,
  };
}
