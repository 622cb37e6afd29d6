import { quoteName } from '../../tsql/quote.ts';
import { disown } from '../disown.ts';
import type { Rule } from '../rule.ts';

/** Kinds of users that a statement without a secret can make. */
const plain = new Set(['sql', 'withoutLogin', 'windows', 'windowsGroup']);

export const secretPrincipal: Rule = {
  id: 'secret-principal',
  description:
    'Users and application roles that rest on a password, key or Entra are left out; what they own falls to dbo',
  apply: (database, _target, report) => {
    const lost = new Set<string>();
    const lose = (name: string, what: string) => {
      lost.add(name);
      report(
        'blocker',
        quoteName(name),
        `${what} rests on a secret or key that a script can't carry; it is left out with its permissions and memberships`,
      );
    };
    for (const user of database.users) if (!plain.has(user.kind)) lose(user.name, `user of kind ${user.kind}`);
    for (const role of database.roles) if (role.application) lose(role.name, 'application role');
    return lost.size === 0 ? database : disown(database, lost, report);
  },
};
