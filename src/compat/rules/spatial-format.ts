import type { Rule } from '../rule.ts';
import { mapColumns } from '../tables.ts';

export const spatialFormat: Rule = {
  id: 'spatial-format',
  description: 'Circular arcs, curve polygons and the full globe need 2012',
  apply: (database, target, report) => {
    if (target.number >= 110) return database;
    return mapColumns(database, (column, object) => {
      const { schema, name } = column.type;
      if (schema === null && (name === 'geometry' || name === 'geography'))
        report(
          'info',
          object,
          `values with circular arcs or of the full globe are in a format that ${target.version} does not read: it refuses their rows`,
        );
      return column;
    });
  },
};
