import type { Column } from '../../model/column.ts';
import type { DataType } from '../../model/data-type.ts';
import type { Rule } from '../rule.ts';
import { mapColumns } from '../tables.ts';

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
      report('rewritten', `[${alias.schema}].[${alias.name}]`, `${alias.baseType.name} becomes ${type.name}(max)`);
      return { ...alias, baseType: type };
    });
    return mapColumns({ ...database, aliasTypes }, (column, object): Column => {
      const type = olderType(column.type);
      if (!type) return column;
      report('rewritten', object, `${column.type.name} becomes ${type.name}(max) holding the same text`);
      // json came with its own collation; a mapped column takes the database's.
      return { ...column, type, collation: null };
    });
  },
};
