/** What keeps a log-in from reading the rows of tables as they are: rights, masks, encryption, row-level security. */

import type { VersionNumber } from '../compat/version.ts';
import type { Session } from '../connection/session.ts';
import { quoteName, quoteQualified } from '../tsql/quote.ts';
import { flag, intOrZero, queryRecords, text } from './catalog.ts';

/** By quoted names of tables. */
export interface RowAccess {
  readonly withoutSelect: ReadonlySet<string>;
  /** Columns whose values the log-in gets masked. */
  readonly masked: ReadonlyMap<string, readonly string[]>;
  /** Columns of Always Encrypted: their values come as ciphertext. */
  readonly encrypted: ReadonlyMap<string, readonly string[]>;
  /** Tables with an enabled filter predicate, and the name of its policy. */
  readonly filtered: ReadonlyMap<string, string>;
}

const schemaName = 'OBJECT_SCHEMA_NAME([object_id])';
const tableName = 'OBJECT_NAME([object_id])';

/** A number of queries that does not depend on the number of tables. */
export async function readRowAccess(session: Session, version: VersionNumber): Promise<RowAccess> {
  const name = `QUOTENAME(${schemaName}) + N'.' + QUOTENAME(${tableName})`;
  const tables = await queryRecords(
    session,
    `SELECT ${schemaName} AS [schema], ${tableName} AS [table], HAS_PERMS_BY_NAME(${name}, 'OBJECT', 'SELECT') AS [allowed] ` +
      `FROM sys.tables WHERE [is_ms_shipped] = 0`,
  );
  const withoutSelect = new Set(
    tables.filter(r => intOrZero(r, 'allowed') !== 1).map(r => quoteQualified(text(r, 'schema'), text(r, 'table'))),
  );
  const masked = new Map<string, string[]>();
  const encrypted = new Map<string, string[]>();
  const filtered = new Map<string, string>();
  if (version < 130) return { withoutSelect, masked, encrypted, filtered };

  // From 2022 on UNMASK may be granted on a table or column; before, only on the database. A column's name goes without brackets there
  // (documentation of HAS_PERMS_BY_NAME).
  const unmask =
    version >= 160
      ? `HAS_PERMS_BY_NAME(${name}, 'OBJECT', 'UNMASK', [name], 'COLUMN')`
      : "HAS_PERMS_BY_NAME(DB_NAME(), 'DATABASE', 'UNMASK')";
  const columns = await queryRecords(
    session,
    `SELECT ${schemaName} AS [schema], ${tableName} AS [table], [name], [is_masked], [encryption_type], ${unmask} AS [unmask] ` +
      `FROM sys.columns WHERE [is_masked] = 1 OR [encryption_type] IS NOT NULL`,
  );
  for (const row of columns) {
    const table = quoteQualified(text(row, 'schema'), text(row, 'table'));
    const note = (map: Map<string, string[]>) =>
      map.set(table, [...(map.get(table) ?? []), quoteName(text(row, 'name'))]);
    if (flag(row, 'is_masked') && intOrZero(row, 'unmask') !== 1) note(masked);
    if (row.encryption_type !== null) note(encrypted);
  }
  const policies = new Map(
    (await queryRecords(session, 'SELECT [object_id], [name] FROM sys.security_policies WHERE [is_enabled] = 1')).map(
      r => [intOrZero(r, 'object_id'), quoteName(text(r, 'name'))],
    ),
  );
  if (policies.size === 0) return { withoutSelect, masked, encrypted, filtered };
  const predicates = await queryRecords(
    session,
    'SELECT [object_id], OBJECT_SCHEMA_NAME([target_object_id]) AS [schema], OBJECT_NAME([target_object_id]) AS [table] ' +
      'FROM sys.security_predicates WHERE [predicate_type] = 0',
  );
  for (const row of predicates) {
    const policy = policies.get(intOrZero(row, 'object_id'));
    if (policy !== undefined) filtered.set(quoteQualified(text(row, 'schema'), text(row, 'table')), policy);
  }
  return { withoutSelect, masked, encrypted, filtered };
}
