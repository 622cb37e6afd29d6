import { quoteQualified } from '../../tsql/quote.ts';
import { removeModules } from '../remove-modules.ts';
import type { Rule } from '../rule.ts';
import { modulesOf } from '../texts.ts';

export const encryptedModule: Rule = {
  id: 'encrypted-module',
  description: 'Modules whose text the server does not give out are left out',
  apply: (database, _target, report) => {
    const known = new Set(database.unsupported.map(u => u.object));
    const encrypted = modulesOf(database).filter(m => m.definition === null);
    for (const module of encrypted) {
      const object = quoteQualified(module.schema, module.name);
      if (!known.has(object)) report('blocker', object, 'its text is encrypted or not visible to the login');
    }
    return removeModules(database, encrypted, report);
  },
};
