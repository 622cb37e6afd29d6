import { quoteName } from '../../tsql/quote.ts';
import type { Rule } from '../rule.ts';

export const groupDefaultSchema: Rule = {
  id: 'group-default-schema',
  description: 'The default schema of a Windows group needs 2012',
  apply: (database, target, report) => {
    if (target.number >= 110) return database;
    return {
      ...database,
      users: database.users.map(user => {
        if (user.kind !== 'windowsGroup' || user.defaultSchema === null) return user;
        report('dropped', quoteName(user.name), `default schema ${quoteName(user.defaultSchema)} of a Windows group`);
        return { ...user, defaultSchema: null };
      }),
    };
  },
};
