import type { VersionNumber } from '../compat/version.ts';

/** A column that came with a later version than its view. */
export interface LaterColumn {
  readonly name: string;
  readonly since: VersionNumber;
}

/** One query on one catalog view. Rows are joined here, by id, so that the number of queries stays the same for any database. */
export interface CatalogView {
  readonly view: string;
  readonly since: VersionNumber;
  readonly columns: readonly (string | LaterColumn)[];
  /** Expressions over the view's columns, by name. */
  readonly expressions?: Readonly<Record<string, string>>;
  readonly where?: string;
}

const since = (version: VersionNumber, ...names: string[]): LaterColumn[] =>
  names.map(name => ({ name, since: version }));

const object = ['object_id', 'name', 'schema_id', 'principal_id'];

/**
 * Every catalog column that xpdb reads. A test holds that each exists in each version that it is asked of.
 * Sources: the pages of Microsoft's documentation on the catalog views of the same names.
 */
export const catalogViews = {
  database: {
    view: 'sys.databases',
    since: 100,
    where: 'database_id = DB_ID()',
    expressions: { owner_name: 'SUSER_SNAME(owner_sid)' },
    columns: [
      'name',
      'compatibility_level',
      'collation_name',
      'user_access',
      'is_read_only',
      'is_auto_close_on',
      'is_auto_shrink_on',
      'state_desc',
      'snapshot_isolation_state',
      'is_read_committed_snapshot_on',
      'recovery_model_desc',
      'page_verify_option_desc',
      'is_auto_create_stats_on',
      'is_auto_update_stats_on',
      'is_auto_update_stats_async_on',
      'is_ansi_null_default_on',
      'is_ansi_nulls_on',
      'is_ansi_padding_on',
      'is_ansi_warnings_on',
      'is_arithabort_on',
      'is_concat_null_yields_null_on',
      'is_numeric_roundabort_on',
      'is_quoted_identifier_on',
      'is_recursive_triggers_on',
      'is_cursor_close_on_commit_on',
      'is_local_cursor_default',
      'is_trustworthy_on',
      'is_db_chaining_on',
      'is_parameterization_forced',
      'is_broker_enabled',
      'is_date_correlation_on',
      'is_honor_broker_priority_on',
      'is_cdc_enabled',
      'is_encrypted',
      'is_published',
      'is_merge_published',
      'is_subscribed',
      ...since(
        110,
        'containment',
        'target_recovery_time_in_seconds',
        'default_language_lcid',
        'default_fulltext_language_lcid',
        'is_nested_triggers_on',
        'is_transform_noise_words_on',
        'two_digit_year_cutoff',
      ),
      ...since(
        120,
        'delayed_durability_desc',
        'is_auto_create_stats_incremental_on',
        'is_memory_optimized_elevate_to_snapshot_on',
      ),
      ...since(130, 'is_query_store_on', 'is_mixed_page_allocation_on', 'is_remote_data_archive_enabled'),
      ...since(150, 'is_accelerated_database_recovery_on', 'catalog_collation_type_desc'),
      ...since(160, 'is_ledger_on', 'is_data_retention_enabled', 'is_change_feed_enabled'),
      ...since(170, 'is_optimized_locking_on', 'is_event_stream_enabled', 'is_data_lake_replication_enabled'),
    ],
  },
  filestreamOptions: {
    view: 'sys.database_filestream_options',
    since: 110,
    where: 'database_id = DB_ID()',
    columns: ['non_transacted_access_desc', 'directory_name'],
  },
  files: {
    view: 'sys.database_files',
    since: 100,
    columns: [
      'file_id',
      'type',
      'data_space_id',
      'name',
      'physical_name',
      'size',
      'max_size',
      'growth',
      'is_percent_growth',
    ],
  },
  filegroups: {
    view: 'sys.filegroups',
    since: 100,
    columns: ['name', 'data_space_id', 'type', 'is_default', 'is_read_only', ...since(130, 'is_autogrow_all_files')],
  },
  dataSpaces: { view: 'sys.data_spaces', since: 100, columns: ['name', 'data_space_id', 'type', 'is_default'] },
  schemas: { view: 'sys.schemas', since: 100, columns: ['schema_id', 'name', 'principal_id'] },
  principals: {
    view: 'sys.database_principals',
    since: 100,
    columns: [
      'principal_id',
      'name',
      'type',
      'default_schema_name',
      'owning_principal_id',
      'sid',
      'is_fixed_role',
      ...since(110, 'authentication_type'),
    ],
  },
  serverPrincipals: { view: 'sys.server_principals', since: 100, columns: ['name', 'sid', 'type'] },
  memberships: { view: 'sys.database_role_members', since: 100, columns: ['role_principal_id', 'member_principal_id'] },
  permissions: {
    view: 'sys.database_permissions',
    since: 100,
    where: 'major_id >= 0',
    columns: [
      'class',
      'class_desc',
      'major_id',
      'minor_id',
      'grantee_principal_id',
      'grantor_principal_id',
      'permission_name',
      'state',
    ],
  },
  types: {
    view: 'sys.types',
    since: 100,
    columns: [
      'user_type_id',
      'system_type_id',
      'name',
      'schema_id',
      'principal_id',
      'max_length',
      'precision',
      'scale',
      'is_nullable',
      'is_user_defined',
      'is_assembly_type',
      'is_table_type',
      'default_object_id',
      'rule_object_id',
    ],
  },
  tableTypes: {
    view: 'sys.table_types',
    since: 100,
    columns: [
      'user_type_id',
      'name',
      'schema_id',
      'principal_id',
      'type_table_object_id',
      ...since(120, 'is_memory_optimized'),
    ],
  },
  xmlSchemaCollections: {
    view: 'sys.xml_schema_collections',
    since: 100,
    columns: ['xml_collection_id', 'name', 'schema_id', 'principal_id'],
  },
  objects: {
    view: 'sys.objects',
    since: 100,
    where: 'is_ms_shipped = 0',
    columns: [...object, 'parent_object_id', 'type', 'type_desc'],
  },
  tables: {
    view: 'sys.tables',
    since: 100,
    where: 'is_ms_shipped = 0',
    expressions: { has_vardecimal: "CONVERT(bit, OBJECTPROPERTY(object_id, N'TableHasVarDecimalStorageFormat'))" },
    columns: [
      ...object,
      'lob_data_space_id',
      'filestream_data_space_id',
      'uses_ansi_nulls',
      'lock_escalation_desc',
      'is_tracked_by_cdc',
      'text_in_row_limit',
      'large_value_types_out_of_row',
      'lock_on_bulk_load',
      ...since(110, 'is_filetable'),
      ...since(120, 'is_memory_optimized'),
      ...since(130, 'temporal_type', 'is_external', 'is_remote_data_archive_enabled'),
      ...since(140, 'is_node', 'is_edge'),
      ...since(160, 'ledger_type'),
    ],
  },
  columns: {
    view: 'sys.columns',
    since: 100,
    columns: [
      'object_id',
      'column_id',
      'name',
      'user_type_id',
      'system_type_id',
      'max_length',
      'precision',
      'scale',
      'collation_name',
      'is_nullable',
      'is_ansi_padded',
      'is_rowguidcol',
      'is_identity',
      'is_computed',
      'is_filestream',
      'is_xml_document',
      'xml_collection_id',
      'default_object_id',
      'rule_object_id',
      'is_sparse',
      'is_column_set',
      ...since(130, 'generated_always_type', 'encryption_type', 'is_hidden', 'is_masked'),
      ...since(140, 'graph_type'),
      ...since(160, 'is_dropped_ledger_column', 'is_data_deletion_filter_column'),
      ...since(170, 'vector_dimensions', 'vector_base_type_desc'),
    ],
  },
  identityColumns: {
    view: 'sys.identity_columns',
    since: 100,
    columns: ['object_id', 'column_id', 'seed_value', 'increment_value', 'last_value', 'is_not_for_replication'],
  },
  computedColumns: {
    view: 'sys.computed_columns',
    since: 100,
    columns: ['object_id', 'column_id', 'definition', 'is_persisted'],
  },
  defaultConstraints: {
    view: 'sys.default_constraints',
    since: 100,
    columns: ['object_id', 'name', 'parent_object_id', 'parent_column_id', 'definition', 'is_system_named'],
  },
  checkConstraints: {
    view: 'sys.check_constraints',
    since: 100,
    columns: [
      'object_id',
      'name',
      'parent_object_id',
      'definition',
      'is_disabled',
      'is_not_for_replication',
      'is_not_trusted',
      'is_system_named',
    ],
  },
  keyConstraints: {
    view: 'sys.key_constraints',
    since: 100,
    columns: ['object_id', 'name', 'parent_object_id', 'type', 'unique_index_id', 'is_system_named'],
  },
  foreignKeys: {
    view: 'sys.foreign_keys',
    since: 100,
    columns: [
      'object_id',
      'name',
      'parent_object_id',
      'referenced_object_id',
      'is_disabled',
      'is_not_for_replication',
      'is_not_trusted',
      'delete_referential_action',
      'update_referential_action',
      'is_system_named',
    ],
  },
  foreignKeyColumns: {
    view: 'sys.foreign_key_columns',
    since: 100,
    columns: ['constraint_object_id', 'constraint_column_id', 'parent_column_id', 'referenced_column_id'],
  },
  indexes: {
    view: 'sys.indexes',
    since: 100,
    columns: [
      'object_id',
      'index_id',
      'name',
      'type',
      'type_desc',
      'is_unique',
      'data_space_id',
      'ignore_dup_key',
      'is_primary_key',
      'is_unique_constraint',
      'fill_factor',
      'is_padded',
      'is_disabled',
      'is_hypothetical',
      'allow_row_locks',
      'allow_page_locks',
      'has_filter',
      'filter_definition',
      ...since(150, 'optimize_for_sequential_key'),
    ],
  },
  indexColumns: {
    view: 'sys.index_columns',
    since: 100,
    columns: [
      'object_id',
      'index_id',
      'index_column_id',
      'column_id',
      'key_ordinal',
      'partition_ordinal',
      'is_descending_key',
      'is_included_column',
    ],
  },
  stats: {
    view: 'sys.stats',
    since: 100,
    columns: ['object_id', 'name', 'stats_id', 'user_created', 'no_recompute', ...since(120, 'is_incremental')],
  },
  partitions: {
    view: 'sys.partitions',
    since: 100,
    columns: [
      'object_id',
      'index_id',
      'partition_number',
      'rows',
      'data_compression_desc',
      'filestream_filegroup_id',
      ...since(160, 'xml_compression'),
    ],
  },
  partitionFunctions: {
    view: 'sys.partition_functions',
    since: 100,
    columns: ['function_id', 'name', 'fanout', 'boundary_value_on_right'],
  },
  partitionParameters: {
    view: 'sys.partition_parameters',
    since: 100,
    columns: ['function_id', 'user_type_id', 'max_length', 'precision', 'scale', 'collation_name'],
  },
  partitionRangeValues: {
    view: 'sys.partition_range_values',
    since: 100,
    columns: ['function_id', 'boundary_id', 'value'],
  },
  partitionSchemes: { view: 'sys.partition_schemes', since: 100, columns: ['data_space_id', 'name', 'function_id'] },
  destinationDataSpaces: {
    view: 'sys.destination_data_spaces',
    since: 100,
    columns: ['partition_scheme_id', 'destination_id', 'data_space_id'],
  },
  modules: {
    view: 'sys.sql_modules',
    since: 100,
    columns: [
      'object_id',
      'definition',
      'uses_ansi_nulls',
      'uses_quoted_identifier',
      'is_schema_bound',
      ...since(120, 'uses_native_compilation'),
    ],
  },
  procedures: { view: 'sys.procedures', since: 100, columns: ['object_id', 'is_auto_executed'] },
  numberedProcedures: {
    view: 'sys.numbered_procedures',
    since: 100,
    columns: ['object_id', 'procedure_number', 'definition'],
  },
  parameters: { view: 'sys.parameters', since: 100, columns: ['object_id', 'parameter_id', 'name'] },
  triggers: {
    view: 'sys.triggers',
    since: 100,
    where: 'is_ms_shipped = 0',
    columns: [
      'object_id',
      'name',
      'parent_class',
      'parent_id',
      'type',
      'is_disabled',
      'is_not_for_replication',
      'is_instead_of_trigger',
    ],
  },
  triggerEvents: { view: 'sys.trigger_events', since: 100, columns: ['object_id', 'type_desc', 'is_first', 'is_last'] },
  synonyms: { view: 'sys.synonyms', since: 100, columns: [...object, 'base_object_name'] },
  sequences: {
    view: 'sys.sequences',
    since: 110,
    columns: [
      ...object,
      'start_value',
      'increment',
      'minimum_value',
      'maximum_value',
      'is_cycling',
      'is_cached',
      'cache_size',
      'user_type_id',
      'precision',
      'scale',
      'current_value',
      ...since(140, 'last_used_value'),
    ],
  },
  extendedProperties: {
    view: 'sys.extended_properties',
    since: 100,
    where: 'major_id >= 0',
    columns: ['class', 'class_desc', 'major_id', 'minor_id', 'name', 'value'],
  },
} satisfies Record<string, CatalogView>;

export type CatalogViewName = keyof typeof catalogViews;

/** The query for a source of `version`, or null where the version lacks the view. Rows come in no order: mappers sort. */
export function catalogQuery(view: CatalogView, version: VersionNumber): string | null {
  if (version < view.since) return null;
  const columns = view.columns.flatMap(c => (typeof c === 'string' ? [c] : version >= c.since ? [c.name] : []));
  const expressions = Object.entries(view.expressions ?? {}).map(([name, expression]) => `${expression} AS ${name}`);
  const list = [...columns.map(c => `[${c}]`), ...expressions].join(', ');
  return `SELECT ${list} FROM ${view.view}${view.where === undefined ? '' : ` WHERE ${view.where}`}`;
}
