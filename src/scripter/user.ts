import { XpdbError } from '../model/error.ts';
import type { User } from '../model/user.ts';
import { quoteName } from '../tsql/quote.ts';
import type { Batch } from './options.ts';

/**
 * CREATE USER. The gate has taken out users that rest on a secret or key (a contained user's password, certificates,
 * asymmetric keys, Entra), since a script can't carry what they rest on.
 */
export function scriptUser(user: User): Batch {
  const schema = user.defaultSchema === null ? '' : ` WITH DEFAULT_SCHEMA = ${quoteName(user.defaultSchema)}`;
  switch (user.kind) {
    case 'sql':
    case 'windows':
    case 'windowsGroup':
      // The login of a user whose own is gone or unseen is taken to have the user's name; import says so when it has not.
      return `CREATE USER ${quoteName(user.name)} FOR LOGIN ${quoteName(user.login ?? user.name)}${schema}`;
    case 'withoutLogin':
      return `CREATE USER ${quoteName(user.name)} WITHOUT LOGIN${schema}`;
    default:
      throw new XpdbError(`a user of kind ${user.kind} can't be scripted`, { object: quoteName(user.name) });
  }
}
