import { describe, expect, it } from 'vitest';
import { unsupportedViews } from '../../src/catalog/unsupported.ts';
import { type CatalogView, catalogViews } from '../../src/catalog/views.ts';
import { viewFacts } from '../support/fake-catalog.ts';

/** Why a catalog view needs no query of its own. Every other view is read, or its rows are named as unsupported. */
const viewReasons: readonly (readonly [string, RegExp])[] = [
  ['the same rows in the words of the standard', /^INFORMATION_SCHEMA\./],
  ['the same rows in the form of SQL Server 2000', /^sys\.sys[a-z]+$/],
  ['the same rows with those of the server', /^sys\.(all_\w+|views)$/],
  [
    'objects of the server itself',
    /^sys\.(system_\w+|internal_tables|fulltext_system_stopwords|filetable_system_\w+)$/,
  ],
  [
    'objects of the server, not of a database',
    /^sys\.(server_(?!principals$)\w+|servers|sql_logins|linked_logins|credentials)$/,
  ],
  [
    'objects of the server, not of a database',
    /^sys\.(backup_devices|configurations|cryptographic_providers|endpoints)$/,
  ],
  ['objects of the server, not of a database', /^sys\.(master_files|messages|event_notification_event_types)$/],
  ['objects of the server, not of a database', /^sys\.fulltext_(document_types|languages|semantic_languages)$/],
  ['history of backups, not of a database', /^msdb\./],
  ['state, not definitions', /^sys\.(dm_\w+|allocation_units|column_store_row_groups)$/],
  ['settings that query_store_on stands for', /^sys\.database_query_store_options$/],
  ['parts of an assembly', /^sys\.(assembly_(files|modules|references)|type_assembly_usages|function_order_columns)$/],
  ['parts of a key', /^sys\.(column_encryption_key_values|key_encryptions)$/],
  ['parts of an audit specification', /^sys\.database_audit_specification_details$/],
  ['parts of an edge constraint', /^sys\.edge_constraint_clauses$/],
  ['parts of an external library or language', /^sys\.external_(language|library)_files$/],
  ['parts of a FileTable', /^sys\.filetables$/],
  ['parts of a full-text index or stoplist', /^sys\.fulltext_(index_\w+|stopwords)$/],
  ['parts of a search property list', /^sys\.registered_search_properties$/],
  [
    'columns or indexes that sys.columns and sys.indexes list',
    /^sys\.(masked_columns|(hash|json|spatial|vector|xml)_indexes)$/,
  ],
  ['parts of an index that is named', /^sys\.(json_index_paths|selective_xml_index_\w+|spatial_index_tessellations)$/],
  ['parts of a temporal table', /^sys\.periods$/],
  ['parts of a security policy', /^sys\.security_predicates$/],
  ['parts of Service Broker objects', /^sys\.(message_type_xml_\w+|service_contract_\w+|service_queues)$/],
  ['parts of statistics', /^sys\.stats_columns$/],
  ['parts of a module, whose text has them', /^sys\.(events|numbered_procedure_parameters)$/],
  ['parts of a collection, whose text has them', /^sys\.xml_schema_(components|elements|facets|namespaces)$/],
  [
    'uses that other views tell',
    /^sys\.(column_type_usages|parameter_type_usages|sql_dependencies|sql_expression_dependencies)$/,
  ],
];

/** Why a column of a view that is read is not read itself. */
const columnReasons: readonly (readonly [string, RegExp])[] = [
  ['the word for a code, or the code for a word', /_desc$/],
  ['when, not what', /\.(create|modify)_date$/],
  [
    'replication, which sys.databases tells',
    /\.(is_published|is_schema_published|is_replicated|is_merge_published|has_replication_filter)$/,
  ],
  [
    'replication, which sys.databases tells',
    /\.(is_sync_tran_subscribed|is_non_sql_subscribed|is_dts_replicated|is_distributor|is_sync_with_backup)$/,
  ],
  [
    'replication, which sys.databases tells',
    /sys\.procedures\.(is_execution_replicated|is_repl_serializable_only|skips_repl_constraints)$/,
  ],
  [
    'columns of sys.objects, read there',
    /sys\.(tables|procedures|synonyms|sequences|\w+_constraints|foreign_keys)\.(parent_object_id|type|is_ms_shipped|name|schema_id|principal_id)$/,
  ],
  ['columns of sys.columns, read there', /sys\.(identity|computed)_columns\./],
  ['columns of sys.types, read there', /sys\.(table_types|types)\./],
  [
    'columns of sys.data_spaces, read there',
    /sys\.(partition_schemes|filegroups|data_spaces)\.(type|is_default|is_system|filegroup_guid|log_filegroup_id)$/,
  ],
  ['of a parameter, which the text of its module declares', /sys\.parameters\./],
  ['of a module, which its text says', /sys\.sql_modules\./],
  ['of statistics, which are named as a whole', /sys\.stats\./],
  [
    'parts of what the row is named for',
    /sys\.tables\.(durability|history_\w+|data_retention_\w+|ledger_view_id|is_dropped_ledger_table)$/,
  ],
  [
    'parts of what the row is named for',
    /sys\.columns\.(encryption_algorithm_name|column_encryption_key_\w+|ledger_view_column_type)$/,
  ],
  [
    'parts of what the row is named for',
    /sys\.(indexes\.compression_delay|index_columns\.(column_store_order|data_clustering)_ordinal)$/,
  ],
  [
    'the code for a word that is read',
    /sys\.(databases\.(recovery_model|page_verify_option|state|delayed_durability|catalog_collation_type)|tables\.lock_escalation)$/,
  ],
  [
    'the code for a word that is read',
    /sys\.(columns\.vector_base_type|partitions\.data_compression|trigger_events\.type|database_permissions\.type)$/,
  ],
  ['the code for a word that is read', /sys\.database_filestream_options\.non_transacted_access$/],
  [
    'ids and state of storage',
    /sys\.database_files\.(file_guid|state|is_media_read_only|is_read_only|is_sparse|is_name_reserved|\w+_(lsn|guid|time))$/,
  ],
  [
    'ids and state of storage',
    /sys\.(partitions\.(partition_id|hobt_id)|tables\.(max_column_id_used|has_unchecked_assembly_data))$/,
  ],
  [
    'state of the database where it is, not what it is',
    /sys\.databases\.(source_database_id|is_in_standby|is_cleanly_shutdown|log_reuse_wait|replica_id|group_database_id|service_broker_guid|is_master_key_encrypted_by_server|resource_pool_id|physical_database_name)$/,
  ],
  [
    'without effect on a server, or only in services that take no script',
    /sys\.databases\.(is_fulltext_enabled|is_supplemental_logging_enabled|is_federation_member|is_result_set_caching_on|is_tempdb_spill_to_remote_store|is_stale_page_detection_on|is_memory_optimized_enabled|data_compaction|data_lake_log_publishing|is_vorder_enabled|is_proactive_statistics_refresh_on)$/,
  ],
  ['concerns temporal tables, which are named', /sys\.databases\.is_temporal_history_retention_enabled$/],
  [
    'the name for a number that is read',
    /sys\.(databases\.default_(fulltext_)?language_name|database_principals\.default_language_lcid)$/,
  ],
  ['of a log-in, which is not of the database', /sys\.server_principals\./],
  ['a directory that a user is from, which its SID tells', /sys\.database_principals\.tenant_id$/],
  [
    'derived from other columns',
    /sys\.(check_constraints\.(parent_column_id|uses_database_collation)|foreign_keys\.key_index_id|foreign_key_columns\.\w+_object_id)$/,
  ],
  [
    'always the same on a server',
    /sys\.(key_constraints\.is_enforced|partition_functions\.(type|is_system)|partition_parameters\.(parameter_id|system_type_id)|partition_range_values\.parameter_id)$/,
  ],
  ['made by tuning, gone with it', /sys\.indexes\.(is_ignored_in_optimization|auto_created)$/],
  ['an event that the text of the trigger names', /sys\.trigger_events\.(event_group_type|is_trigger_event)$/],
  ['derived from the current value', /sys\.sequences\.(is_exhausted|system_type_id)$/],
];

const reasonOf = (reasons: typeof viewReasons, name: string): string | undefined =>
  reasons.find(([, pattern]) => pattern.test(name))?.[0];

/** Columns read of a view, by all its queries. */
function readColumns(): ReadonlyMap<string, ReadonlySet<string>> {
  const read = new Map<string, Set<string>>();
  for (const view of Object.values(catalogViews) as CatalogView[]) {
    const names = read.get(view.view) ?? new Set<string>();
    read.set(view.view, names);
    for (const column of view.columns) names.add(typeof column === 'string' ? column : column.name);
    for (const text of [...Object.values(view.expressions ?? {}), view.where ?? ''])
      for (const word of text.match(/\w+/g) ?? []) names.add(word);
  }
  return read;
}

describe('nothing of a catalog is passed over without a reason', () => {
  const read = readColumns();
  const named = new Set(unsupportedViews.map(v => v.view));
  const views = Object.keys(viewFacts).filter(name => name !== '_about');

  it('reads every view, or names its rows, or has a reason', () => {
    const passedOver = views.filter(v => !read.has(v) && !named.has(v) && reasonOf(viewReasons, v) === undefined);
    expect(passedOver).toEqual([]);
  });

  it.each([...read.keys()])('reads every column of %s, or has a reason', view => {
    const columns = (viewFacts[view]?.columns ?? []).map(c => c.name).filter(c => !read.get(view)?.has(c));
    expect(columns.filter(c => reasonOf(columnReasons, `${view}.${c}`) === undefined)).toEqual([]);
  });

  it('has no reason for a view that is read', () => {
    const both = views.filter(v => (read.has(v) || named.has(v)) && reasonOf(viewReasons, v) !== undefined);
    expect(both).toEqual([]);
  });

  it.each([...viewReasons, ...columnReasons])('still needs the reason "%s"', (_, pattern) => {
    const names = views.flatMap(v => [v, ...(viewFacts[v]?.columns ?? []).map(c => `${v}.${c.name}`)]);
    expect(names.some(n => pattern.test(n))).toBe(true);
  });
});
