/** COLMETADATA flags and collations of catalog columns, as a real SQL Server 2025 sends them (captured: "empty schema …", "… descriptor"). */
import type { ColumnFacts, ViewFacts } from './view-facts.ts';

/** Code and description columns have the fixed collation Latin1_General_CI_AS_KS_WS; names have the database's. */
export function isCatalogCollated(column: ColumnFacts): boolean {
  return (
    (column.name.endsWith('_desc') || column.type.name === 'char' || column.name === 'encryption_algorithm_name') &&
    ['char', 'varchar', 'nvarchar', 'nchar'].includes(column.type.name)
  );
}

/** Columns that are expressions in the views' definitions, bits aside. */
const expressions =
  /^(definition|filter_definition|collation_name|generated_always_type(_desc)?|encryption_(type|type_desc|algorithm_name)|column_encryption_key_(id|database_name)|graph_type(_desc)?|ledger_view_column_type(_desc)?|(delete|update)_referential_action|\w+_lsn|differential_base_time|user_access(_desc)?|snapshot_isolation_state|state)$/;

const plainViews = new Set(['sys.all_columns', 'sys.system_columns']);

/** Flags where they are not simply 8 or 9. */
export function wireFlags(view: ViewFacts, column: ColumnFacts): number | null {
  const name = `${view.schema}.${view.name}`;
  if (view.schema === 'msdb.dbo' || view.name.startsWith('dm_') || plainViews.has(name)) return null;
  const expression = column.nullable ? 33 : 32;
  if (view.schema === 'INFORMATION_SCHEMA') return null;
  if (column.type.name === 'bit') return expression;
  if (column.name === 'type' && column.type.name === 'char' && column.nullable) return 33;
  if (view.name === 'system_objects' && (column.name === 'principal_id' || column.name === 'parent_object_id'))
    return 33;
  if (
    view.name === 'database_files' &&
    (column.name === 'name' || column.name === 'physical_name' || column.name === 'size')
  )
    return expression;
  return expressions.test(column.name) ? expression : null;
}
