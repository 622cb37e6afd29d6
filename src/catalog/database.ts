import type { DatabaseFile, DatabaseOptions, DatabaseProperties, Filegroup } from '../model/database.ts';
import { scriptString } from '../tsql/literal.ts';
import { quoteName } from '../tsql/quote.ts';
import { type Catalog, type CatalogRow, flag, groupBy, int, intOrZero, text, textOrNull } from './catalog.ts';

export function readProperties(catalog: Catalog): DatabaseProperties {
  const row = catalog.rows('database')[0];
  if (!row) throw new Error('sys.databases does not list the current database');
  const name = text(row, 'name');
  for (const [column, kind] of [
    ['is_cdc_enabled', 'change data capture'],
    ['is_ledger_on', 'ledger database'],
    ['is_published', 'replication publication'],
    ['is_merge_published', 'merge replication publication'],
    ['is_subscribed', 'replication subscription'],
    ['is_remote_data_archive_enabled', 'Stretch database'],
    ['is_data_retention_enabled', 'data retention'],
    ['is_change_feed_enabled', 'change feed'],
    ['is_event_stream_enabled', 'change event stream'],
    ['is_data_lake_replication_enabled', 'data lake replication'],
  ] as const) {
    if (flag(row, column)) catalog.unsupported(kind, 'DATABASE');
  }
  // Azure encrypts every database by a key of its own.
  if (flag(row, 'is_encrypted'))
    catalog.unsupported('transparent data encryption', 'DATABASE', catalog.azure ? 'dropped' : undefined);
  if (flag(row, 'is_query_store_on')) catalog.unsupported('query store settings', 'DATABASE', 'dropped');
  if (flag(row, 'is_auto_create_stats_incremental_on'))
    catalog.unsupported('incremental statistics option', 'DATABASE', 'dropped');
  // Names then compare by another collation than the database's.
  const catalogCollation = textOrNull(row, 'catalog_collation_type_desc') ?? 'DATABASE_DEFAULT';
  if (catalogCollation !== 'DATABASE_DEFAULT' && catalogCollation !== textOrNull(row, 'collation_name'))
    catalog.unsupported(`catalog collation ${catalogCollation}`, 'DATABASE');
  const files = groupBy(catalog.rows('files'), 'data_space_id');
  return {
    name,
    collation: textOrNull(row, 'collation_name'),
    compatibilityLevel: int(row, 'compatibility_level'),
    owner: textOrNull(row, 'owner_name'),
    containment: intOrZero(row, 'containment') === 1 ? 'PARTIAL' : 'NONE',
    filegroups: [...catalog.rows('filegroups')]
      .sort((a, b) => int(a, 'data_space_id') - int(b, 'data_space_id'))
      .map(g => readFilegroup(catalog, g, files.get(String(int(g, 'data_space_id'))) ?? [])),
    logFiles: catalog
      .rows('files')
      .filter(f => int(f, 'type') === 1)
      .sort(byId)
      .map(f => {
        if (flag(f, 'is_persistent_log_buffer'))
          catalog.unsupported('persistent log buffer', quoteName(text(f, 'name')), 'dropped');
        return readFile(f);
      }),
    options: { ...readOptions(row), ...readContainedOptions(row), ...readFilestreamOptions(catalog) },
  };
}

const byId = (a: CatalogRow, b: CatalogRow) => int(a, 'file_id') - int(b, 'file_id');

function readFilegroup(catalog: Catalog, row: CatalogRow, files: readonly CatalogRow[]): Filegroup {
  const type = text(row, 'type').trim();
  const kind = type === 'FD' ? 'filestream' : type === 'FX' ? 'memoryOptimized' : 'rows';
  if (kind === 'memoryOptimized') catalog.unsupported('memory-optimized filegroup', quoteName(text(row, 'name')));
  if (flag(row, 'is_autogrow_all_files'))
    catalog.unsupported('AUTOGROW_ALL_FILES option', quoteName(text(row, 'name')), 'dropped');
  return {
    name: text(row, 'name'),
    kind,
    isDefault: flag(row, 'is_default'),
    readOnly: flag(row, 'is_read_only'),
    files: files
      .filter(f => int(f, 'type') !== 1)
      .sort(byId)
      .map(readFile),
  };
}

/** Sizes of sys.database_files are in pages of 8 KB. */
function readFile(row: CatalogRow): DatabaseFile {
  const kind = ({ 0: 'rows', 1: 'log', 2: 'filestream' } as const)[int(row, 'type')];
  if (!kind)
    throw new Error(`database file ${text(row, 'name')} is of type ${int(row, 'type')}, which xpdb does not know`);
  const max = int(row, 'max_size');
  const growth = int(row, 'growth');
  return {
    logicalName: text(row, 'name'),
    physicalName: text(row, 'physical_name'),
    kind,
    sizeKb: kind === 'filestream' ? null : int(row, 'size') * 8,
    // 0 means that the file does not grow, which its growth of 0 says too.
    maxSizeKb: max === -1 ? -1 : max === 0 ? null : max * 8,
    growth:
      kind === 'filestream'
        ? null
        : flag(row, 'is_percent_growth')
          ? { unit: '%', value: growth }
          : { unit: 'KB', value: growth * 8 },
  };
}

/** All options in the words of ALTER DATABASE … SET, in one fixed order. */
function readOptions(row: CatalogRow): DatabaseOptions {
  const onOff = (column: string) => (flag(row, column) ? 'ON' : 'OFF');
  const options: Record<string, string> = {
    ANSI_NULL_DEFAULT: onOff('is_ansi_null_default_on'),
    ANSI_NULLS: onOff('is_ansi_nulls_on'),
    ANSI_PADDING: onOff('is_ansi_padding_on'),
    ANSI_WARNINGS: onOff('is_ansi_warnings_on'),
    ARITHABORT: onOff('is_arithabort_on'),
    AUTO_CLOSE: onOff('is_auto_close_on'),
    AUTO_SHRINK: onOff('is_auto_shrink_on'),
    AUTO_CREATE_STATISTICS: onOff('is_auto_create_stats_on'),
    AUTO_UPDATE_STATISTICS: onOff('is_auto_update_stats_on'),
    CURSOR_CLOSE_ON_COMMIT: onOff('is_cursor_close_on_commit_on'),
    CURSOR_DEFAULT: flag(row, 'is_local_cursor_default') ? 'LOCAL' : 'GLOBAL',
    CONCAT_NULL_YIELDS_NULL: onOff('is_concat_null_yields_null_on'),
    NUMERIC_ROUNDABORT: onOff('is_numeric_roundabort_on'),
    QUOTED_IDENTIFIER: onOff('is_quoted_identifier_on'),
    RECURSIVE_TRIGGERS: onOff('is_recursive_triggers_on'),
    [flag(row, 'is_broker_enabled') ? 'ENABLE_BROKER' : 'DISABLE_BROKER']: '',
    AUTO_UPDATE_STATISTICS_ASYNC: onOff('is_auto_update_stats_async_on'),
    DATE_CORRELATION_OPTIMIZATION: onOff('is_date_correlation_on'),
    TRUSTWORTHY: onOff('is_trustworthy_on'),
    // 0 off, 1 on, 2 and 3 in transition to off and on.
    ALLOW_SNAPSHOT_ISOLATION: [1, 3].includes(int(row, 'snapshot_isolation_state')) ? 'ON' : 'OFF',
    PARAMETERIZATION: flag(row, 'is_parameterization_forced') ? 'FORCED' : 'SIMPLE',
    READ_COMMITTED_SNAPSHOT: onOff('is_read_committed_snapshot_on'),
    HONOR_BROKER_PRIORITY: onOff('is_honor_broker_priority_on'),
    RECOVERY: text(row, 'recovery_model_desc'),
    PAGE_VERIFY: text(row, 'page_verify_option_desc'),
    DB_CHAINING: onOff('is_db_chaining_on'),
  };
  const access = int(row, 'user_access');
  options[access === 1 ? 'SINGLE_USER' : access === 2 ? 'RESTRICTED_USER' : 'MULTI_USER'] = '';
  if (flag(row, 'is_read_only')) options.READ_ONLY = '';
  // Options of newer versions only where they differ from what a database has by itself.
  if (intOrZero(row, 'target_recovery_time_in_seconds') !== 0) {
    options.TARGET_RECOVERY_TIME = `${int(row, 'target_recovery_time_in_seconds')} SECONDS`;
  }
  const durability = textOrNull(row, 'delayed_durability_desc') ?? 'DISABLED';
  if (durability !== 'DISABLED') options.DELAYED_DURABILITY = durability;
  if (flag(row, 'is_memory_optimized_elevate_to_snapshot_on')) options.MEMORY_OPTIMIZED_ELEVATE_TO_SNAPSHOT = 'ON';
  if (flag(row, 'is_mixed_page_allocation_on')) options.MIXED_PAGE_ALLOCATION = 'ON';
  if (flag(row, 'is_accelerated_database_recovery_on')) options.ACCELERATED_DATABASE_RECOVERY = 'ON';
  if (flag(row, 'is_optimized_locking_on')) options.OPTIMIZED_LOCKING = 'ON';
  return options;
}

/** Options that only a contained database has of its own. */
function readContainedOptions(row: CatalogRow): DatabaseOptions {
  if (intOrZero(row, 'containment') !== 1) return {};
  const onOff = (column: string) => (flag(row, column) ? 'ON' : 'OFF');
  const language = (column: string): string => String(int(row, column));
  return {
    DEFAULT_LANGUAGE: language('default_language_lcid'),
    DEFAULT_FULLTEXT_LANGUAGE: language('default_fulltext_language_lcid'),
    NESTED_TRIGGERS: onOff('is_nested_triggers_on'),
    TRANSFORM_NOISE_WORDS: onOff('is_transform_noise_words_on'),
    TWO_DIGIT_YEAR_CUTOFF: String(int(row, 'two_digit_year_cutoff')),
  };
}

/** What FileTables need of the database. */
function readFilestreamOptions(catalog: Catalog): DatabaseOptions {
  const row = catalog.rows('filestreamOptions')[0];
  if (!row) return {};
  const access = textOrNull(row, 'non_transacted_access_desc') ?? 'OFF';
  const directory = textOrNull(row, 'directory_name');
  const parts = [
    ...(access === 'OFF' ? [] : [`NON_TRANSACTED_ACCESS = ${access}`]),
    ...(directory === null ? [] : [`DIRECTORY_NAME = ${scriptString(directory)}`]),
  ];
  return parts.length === 0 ? {} : { FILESTREAM: `(${parts.join(', ')})` };
}
