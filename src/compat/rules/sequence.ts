import { quoteQualified } from '../../tsql/quote.ts';
import type { Rule } from '../rule.ts';
import { textsOf } from '../texts.ts';

export const sequence: Rule = {
  id: 'sequence',
  description: 'Sequences need 2012',
  apply: (database, target, report) => {
    if (target.number >= 110 || database.sequences.length === 0) return database;
    const texts = [...textsOf(database)].map(t => t.text).join('\n');
    for (const s of database.sequences) {
      const used = /NEXT\s+VALUE\s+FOR/i.test(texts) && texts.toLowerCase().includes(s.name.toLowerCase());
      report(
        used ? 'blocker' : 'dropped',
        quoteQualified(s.schema, s.name),
        used ? 'sequence that a default or a module uses' : 'sequence that nothing in the database uses',
      );
    }
    return { ...database, sequences: [] };
  },
};
