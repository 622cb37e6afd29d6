import type { Rule } from '../rule.ts';

export const containment: Rule = {
  id: 'containment',
  description: 'Contained databases need 2012',
  apply: (database, target, report) => {
    if (target.number >= 110 || database.properties.containment === 'NONE') return database;
    report('rewritten', 'DATABASE', 'containment PARTIAL becomes NONE');
    return { ...database, properties: { ...database.properties, containment: 'NONE' } };
  },
};
