import { quoteQualified } from '../../tsql/quote.ts';
import { removeModules } from '../remove-modules.ts';
import type { Rule } from '../rule.ts';

export const sequence: Rule = {
  id: 'sequence',
  description: 'Sequences need 2012',
  apply: (database, target, report) => {
    if (target.number >= 110 || database.sequences.length === 0) return database;
    const needs = new Set<string>();
    const without = removeModules(database, database.sequences, (severity, object, message, line) => {
      needs.add(message);
      report(severity, object, message, line);
    });
    for (const s of database.sequences) {
      const name = quoteQualified(s.schema, s.name);
      const used = [...needs].some(message => message.includes(name));
      report(
        used ? 'blocker' : 'dropped',
        name,
        used ? 'sequence, which the target does not have' : 'sequence that nothing in the database uses',
      );
    }
    return without;
  },
};
