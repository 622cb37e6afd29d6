import type { Column } from '../../model/column.ts';
import type { DataType } from '../../model/data-type.ts';
import { baseTypeOf } from '../../model/look-up.ts';
import { quoteName } from '../../tsql/quote.ts';
import { olderCollation } from '../older-collation.ts';
import type { Rule } from '../rule.ts';
import { mapColumns } from '../tables.ts';

const utf8 = (name: string) => /_UTF8$/i.test(name);

export const collation: Rule = {
  id: 'collation',
  description: 'Collations newer than the target give way to the nearest older one; UTF-8 columns become nvarchar',
  apply: (database, target, report) => {
    const { number } = target;
    const own = database.properties.collation;
    const older = own === null ? null : olderCollation(own, number);
    if (older !== null) {
      report('rewritten', 'DATABASE', `collation ${own} becomes ${older}; sorting of rare characters may differ`);
      if (own !== null && utf8(own) && number < 150)
        report(
          'blocker',
          'DATABASE',
          'char and varchar in module texts hold UTF-8 on the source and one code page on the target',
        );
    }
    const properties = older === null ? database.properties : { ...database.properties, collation: older };
    const partitionFunctions = database.partitionFunctions.map(fn => {
      const replacement = fn.collation === null ? null : olderCollation(fn.collation, number);
      if (replacement === null) return fn;
      report('rewritten', quoteName(fn.name), `collation ${fn.collation} becomes ${replacement}`);
      return { ...fn, collation: replacement };
    });
    return mapColumns({ ...database, properties, partitionFunctions }, (column, object): Column => {
      if (column.computed) return column;
      const base = baseTypeOf(column.type, database.aliasTypes);
      const name = column.collation ?? (isCharacter(base) ? own : null);
      const replacement = name === null ? null : olderCollation(name, number);
      if (name === null || replacement === null) return column;
      const unicode = utf8(name) && number < 150 ? unicodeType(base) : base;
      const type = unicode === base ? column.type : unicode;
      report(
        'rewritten',
        object,
        `collation ${name} becomes ${replacement}${type === column.type ? '' : ` and ${base.name} becomes ${type.name}(${type.length})`}`,
      );
      return { ...column, collation: replacement, type };
    });
  },
};

const isCharacter = (type: DataType) => type.schema === null && /^(var)?char$|^text$/.test(type.name);

/** n bytes of UTF-8 hold at most n characters. */
function unicodeType(type: DataType): DataType {
  if (type.schema !== null || !/^(var)?char$/.test(type.name)) return type;
  if (type.length === 'max' || (type.length ?? 1) > 4000) return { schema: null, name: 'nvarchar', length: 'max' };
  return { schema: null, name: `n${type.name}`, length: type.length ?? 1 };
}
