import type { Column } from '../../model/column.ts';
import type { DataType } from '../../model/data-type.ts';
import type { Rule } from '../rule.ts';
import { mapColumns } from '../tables.ts';

/** Name that an older version knows, or null when the collation is as old as the target. */
export function olderCollation(name: string, version: number): string | null {
  let result = name;
  // Suffixes and families by first version (documentation of Windows collations).
  if (version < 170) result = result.replace(/_160_/, '_100_');
  if (version < 150) result = result.replace(/_UTF8$/i, '');
  // _140_ collations are supplementary by themselves.
  if (version < 140)
    result = result.replace(
      /_140_(.*?)(_VSS)?$/,
      (_, rest: string) => `_100_${rest}${/BIN2?$/.test(rest) ? '' : '_SC'}`,
    );
  if (version < 110) result = result.replace(/_SC$/i, '');
  return result === name ? null : result;
}

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
      if (own !== null && utf8(own))
        report(
          'blocker',
          'DATABASE',
          'char and varchar in module texts hold UTF-8 on the source and one code page on the target',
        );
    }
    const properties = older === null ? database.properties : { ...database.properties, collation: older };
    return mapColumns({ ...database, properties }, (column, object): Column => {
      const name = column.collation ?? (isCharacter(column.type) ? own : null);
      const replacement = name === null ? null : olderCollation(name, number);
      if (name === null || replacement === null) return column;
      const type = utf8(name) ? unicodeType(column.type) : column.type;
      report(
        'rewritten',
        object,
        `collation ${name} becomes ${replacement}${type === column.type ? '' : ` and ${column.type.name} becomes ${type.name}(${type.length})`}`,
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
