import type { Permission } from '../../model/permission.ts';
import { quoteName, quoteQualified } from '../../tsql/quote.ts';
import type { Rule } from '../rule.ts';

/** What 2008 can grant in a database (documentation: permissions; sys.fn_builtin_permissions of 2008). */
const of2008 = new Set(
  (
    'ALTER|ALTER ANY APPLICATION ROLE|ALTER ANY ASSEMBLY|ALTER ANY ASYMMETRIC KEY|ALTER ANY CERTIFICATE|ALTER ANY CONTRACT|' +
    'ALTER ANY DATABASE AUDIT|ALTER ANY DATABASE DDL TRIGGER|ALTER ANY DATABASE EVENT NOTIFICATION|ALTER ANY DATASPACE|' +
    'ALTER ANY FULLTEXT CATALOG|ALTER ANY MESSAGE TYPE|ALTER ANY REMOTE SERVICE BINDING|ALTER ANY ROLE|ALTER ANY ROUTE|' +
    'ALTER ANY SCHEMA|ALTER ANY SERVICE|ALTER ANY SYMMETRIC KEY|ALTER ANY USER|AUTHENTICATE|BACKUP DATABASE|BACKUP LOG|' +
    'CHECKPOINT|CONNECT|CONNECT REPLICATION|CONTROL|CREATE AGGREGATE|CREATE ASSEMBLY|CREATE ASYMMETRIC KEY|CREATE CERTIFICATE|' +
    'CREATE CONTRACT|CREATE DATABASE|CREATE DATABASE DDL EVENT NOTIFICATION|CREATE DEFAULT|CREATE FULLTEXT CATALOG|' +
    'CREATE FUNCTION|CREATE MESSAGE TYPE|CREATE PROCEDURE|CREATE QUEUE|CREATE REMOTE SERVICE BINDING|CREATE ROLE|CREATE ROUTE|' +
    'CREATE RULE|CREATE SCHEMA|CREATE SERVICE|CREATE SYMMETRIC KEY|CREATE SYNONYM|CREATE TABLE|CREATE TYPE|CREATE VIEW|' +
    'CREATE XML SCHEMA COLLECTION|DELETE|EXECUTE|IMPERSONATE|INSERT|RECEIVE|REFERENCES|SELECT|SEND|SHOWPLAN|' +
    'SUBSCRIBE QUERY NOTIFICATIONS|TAKE OWNERSHIP|UPDATE|VIEW CHANGE TRACKING|VIEW DATABASE STATE|VIEW DEFINITION'
  ).split('|'),
);

/** First version of later ones. What neither list has counts as the newest. */
const since: readonly [RegExp, number][] = [
  [/^CREATE SEQUENCE$/, 110],
  [
    /^(UNMASK|ALTER ANY MASK|ALTER ANY SECURITY POLICY|ALTER ANY COLUMN .*|VIEW ANY COLUMN .*|ALTER ANY DATABASE SCOPED CONFIGURATION|ALTER ANY EXTERNAL (DATA SOURCE|FILE FORMAT)|ALTER ANY DATABASE EVENT SESSION)$/,
    130,
  ],
  [
    /^(EXECUTE ANY EXTERNAL SCRIPT|(ALTER ANY|CREATE) EXTERNAL LIBRARY|ADMINISTER DATABASE BULK OPERATIONS|KILL DATABASE CONNECTION)$/,
    140,
  ],
  [/^((ALTER|VIEW) ANY SENSITIVITY CLASSIFICATION|(ALTER ANY|CREATE) EXTERNAL LANGUAGE)$/, 150],
  [/^(VIEW (ANY |DATABASE )?(SECURITY|PERFORMANCE) (STATE|DEFINITION)|.*LEDGER.*|CREATE USER)$/, 160],
];

function firstVersion({ permission, securable }: Permission): number {
  if (of2008.has(permission)) return 100;
  // UNMASK on less than the database came with 2022.
  if (permission === 'UNMASK' && securable.class !== 'DATABASE') return 160;
  return since.find(([pattern]) => pattern.test(permission))?.[1] ?? 170;
}

export const permission: Rule = {
  id: 'permission',
  description: 'Permissions that the target does not know are left out',
  apply: (database, target, report) => ({
    ...database,
    permissions: database.permissions.filter(p => {
      if (target.number >= firstVersion(p)) return true;
      const object = p.securable.name === null ? 'DATABASE' : quoteQualified(p.securable.schema, p.securable.name);
      report('dropped', object, `${p.state} ${p.permission} to ${quoteName(p.grantee)}`);
      return false;
    }),
  }),
};
