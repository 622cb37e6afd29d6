/** What a target table is, as far as it decides whether rows may reach it by bulk load. */

import { type CatalogRow, queryRecords } from '../../catalog/catalog.ts';
import type { Session } from '../../connection/session.ts';
import type { ObjectName } from '../../tsql/ddl/statement.ts';
import { quoteQualified, quoteString } from '../../tsql/quote.ts';

export interface ColumnFacts {
  readonly name: string;
  /** Of the system type below an alias type: `json`, `timestamp`; the CLR type's own name. */
  readonly typeName: string;
  /** Bytes; -1 for max types. */
  readonly maxLength: number;
  readonly nullable: boolean;
  readonly collation: string | null;
  readonly isIdentity: boolean;
  readonly isComputed: boolean;
  readonly isRowVersion: boolean;
  readonly isColumnSet: boolean;
  readonly isSparse: boolean;
  readonly isFilestream: boolean;
  readonly isEncrypted: boolean;
  readonly isGeneratedAlways: boolean;
  readonly isHidden: boolean;
  readonly isPadded: boolean;
  /** A rule that sp_bindrule bound. */
  readonly hasRule: boolean;
  /** Expression of its default constraint; null when it has none. */
  readonly defaultText: string | null;
  /** A default that sp_bindefault bound. */
  readonly hasBoundDefault: boolean;
}

export interface TableFacts {
  readonly id: number;
  readonly schema: string;
  readonly name: string;
  readonly columns: readonly ColumnFacts[];
  /** Enabled AFTER or INSTEAD OF triggers for INSERT. */
  readonly insertTriggers: number;
  readonly isMemoryOptimized: boolean;
  readonly isFileTable: boolean;
  readonly isExternal: boolean;
  readonly isGraph: boolean;
  readonly isLedger: boolean;
  readonly isTemporal: boolean;
  /** Some unique index has IGNORE_DUP_KEY. */
  readonly ignoresDuplicates: boolean;
  /** Indexes with a filter, on xml or on spatial columns: changes need certain SET options (error 1934). */
  readonly hasSpecialIndexes: boolean;
  /** The database has indexed views, which may be on this table; they need the same SET options. */
  readonly hasIndexedViews: boolean;
  /** Row-level security. */
  readonly hasSecurityPolicy: boolean;
}

const flag = (row: CatalogRow, column: string): boolean => row[column] === true || row[column] === 1;
const present = (row: CatalogRow, column: string): boolean => Number(row[column] ?? 0) !== 0;
const text = (row: CatalogRow, column: string): string => String(row[column] ?? '');

/** Of sys.trigger_events. */
const insertEvent = 1;
const specialIndexes = '3, 4';

/**
 * Three queries, four from 2016 on. Views are read with all their columns, since those that a version lacks are just not there.
 * @returns null when the name is that of no user table of the current database
 * @throws SqlServerError
 */
export async function readTableFacts(session: Session, table: ObjectName): Promise<TableFacts | null> {
  const name = quoteString(quoteQualified(table.schema, table.name));
  const [found] = await queryRecords(
    session,
    `SELECT t.*, s.[name] AS [schema_name], OBJECT_ID(N'sys.security_predicates') AS [predicates] ` +
      `FROM [sys].[tables] AS t JOIN [sys].[schemas] AS s ON s.[schema_id] = t.[schema_id] ` +
      `WHERE t.[object_id] = OBJECT_ID(${name})`,
  );
  if (!found) return null;
  const id = Number(found.object_id);
  const columns = await queryRecords(
    session,
    `SELECT c.*, d.[definition] AS [default_text], y.[name] AS [type_name] FROM [sys].[columns] AS c ` +
      `JOIN [sys].[types] AS u ON u.[user_type_id] = c.[user_type_id] ` +
      // An alias type has its system type; a CLR type of one's own has none but itself.
      `JOIN [sys].[types] AS y ON y.[user_type_id] = ` +
      `CASE WHEN u.[is_assembly_type] = 1 OR u.[is_user_defined] = 0 THEN u.[user_type_id] ELSE u.[system_type_id] END ` +
      `LEFT JOIN [sys].[default_constraints] AS d ON d.[object_id] = c.[default_object_id] ` +
      `WHERE c.[object_id] = ${id} ORDER BY c.[column_id]`,
  );
  const [counts] = await queryRecords(
    session,
    `SELECT (SELECT COUNT(*) FROM [sys].[triggers] AS g JOIN [sys].[trigger_events] AS e ON e.[object_id] = g.[object_id] ` +
      `WHERE g.[parent_id] = ${id} AND g.[is_disabled] = 0 AND e.[type] = ${insertEvent}) AS [triggers], ` +
      `(SELECT COUNT(*) FROM [sys].[indexes] WHERE [object_id] = ${id} AND [ignore_dup_key] = 1) AS [ignoring], ` +
      `(SELECT COUNT(*) FROM [sys].[indexes] WHERE [object_id] = ${id} ` +
      `AND ([has_filter] = 1 OR [type] IN (${specialIndexes}))) AS [special], ` +
      `(SELECT COUNT(*) FROM [sys].[indexes] AS i JOIN [sys].[views] AS v ON v.[object_id] = i.[object_id]) AS [indexed_views]`,
  );
  const policies = present(found, 'predicates')
    ? await queryRecords(
        session,
        `SELECT COUNT(*) AS [n] FROM [sys].[security_predicates] WHERE [target_object_id] = ${id}`,
      )
    : [];
  return {
    id,
    schema: text(found, 'schema_name'),
    name: text(found, 'name'),
    columns: columns.map(columnFacts),
    insertTriggers: Number(counts?.triggers ?? 0),
    isMemoryOptimized: flag(found, 'is_memory_optimized'),
    isFileTable: flag(found, 'is_filetable'),
    isExternal: flag(found, 'is_external'),
    isGraph: flag(found, 'is_node') || flag(found, 'is_edge'),
    isLedger: present(found, 'ledger_type'),
    isTemporal: present(found, 'temporal_type'),
    ignoresDuplicates: Number(counts?.ignoring ?? 0) > 0,
    hasSpecialIndexes: Number(counts?.special ?? 0) > 0,
    hasIndexedViews: Number(counts?.indexed_views ?? 0) > 0,
    hasSecurityPolicy: Number(policies[0]?.n ?? 0) > 0,
  };
}

function columnFacts(row: CatalogRow): ColumnFacts {
  const typeName = text(row, 'type_name');
  const defaultText = row.default_text;
  return {
    name: text(row, 'name'),
    typeName,
    maxLength: Number(row.max_length ?? 0),
    nullable: flag(row, 'is_nullable'),
    collation: row.collation_name === null || row.collation_name === undefined ? null : text(row, 'collation_name'),
    isIdentity: flag(row, 'is_identity'),
    isComputed: flag(row, 'is_computed'),
    isRowVersion: typeName === 'timestamp',
    isColumnSet: flag(row, 'is_column_set'),
    isSparse: flag(row, 'is_sparse'),
    isFilestream: flag(row, 'is_filestream'),
    isEncrypted: present(row, 'encryption_type'),
    isGeneratedAlways: present(row, 'generated_always_type'),
    isHidden: flag(row, 'is_hidden'),
    isPadded: flag(row, 'is_ansi_padded'),
    hasRule: present(row, 'rule_object_id'),
    defaultText: typeof defaultText === 'string' ? defaultText : null,
    hasBoundDefault: present(row, 'default_object_id') && typeof defaultText !== 'string',
  };
}
