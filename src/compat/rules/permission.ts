import { quoteName, quoteQualified } from '../../tsql/quote.ts';
import type { Rule } from '../rule.ts';

/** First version of permissions that a database can grant and 2008 does not know. */
const since: readonly [RegExp, number][] = [
  [/^CREATE SEQUENCE$/, 110],
  [
    /^(UNMASK|ALTER ANY MASK|ALTER ANY SECURITY POLICY|ALTER ANY COLUMN .*|VIEW ANY COLUMN .*|ALTER ANY DATABASE SCOPED CONFIGURATION)$/,
    130,
  ],
  [/^(ALTER ANY EXTERNAL (DATA SOURCE|FILE FORMAT))$/, 130],
  [/^(EXECUTE ANY EXTERNAL SCRIPT|ALTER ANY EXTERNAL (LIBRARY|LANGUAGE)|ADMINISTER DATABASE BULK OPERATIONS)$/, 140],
  [/SENSITIVITY CLASSIFICATION$/, 150],
  [
    /^VIEW (DATABASE )?(SECURITY|PERFORMANCE) (STATE|DEFINITION)$|^VIEW (SECURITY|PERFORMANCE) DEFINITION$|LEDGER|^CREATE USER$/,
    160,
  ],
];

export const permission: Rule = {
  id: 'permission',
  description: 'Permissions that the target does not know are left out',
  apply: (database, target, report) => ({
    ...database,
    permissions: database.permissions.filter(p => {
      const first = since.find(([pattern]) => pattern.test(p.permission))?.[1] ?? 0;
      // UNMASK on less than the database came with 2022.
      const needed = p.permission === 'UNMASK' && p.securable.class !== 'DATABASE' ? 160 : first;
      if (target.number >= needed) return true;
      const object = p.securable.name === null ? 'DATABASE' : quoteQualified(p.securable.schema, p.securable.name);
      report('dropped', object, `${p.state} ${p.permission} to ${quoteName(p.grantee)}`);
      return false;
    }),
  }),
};
