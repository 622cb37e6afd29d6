/** SET options of databases: which column of sys.databases each one is, and from which version on. */
import type { Fields } from '../store.ts';
import { fail, syntaxError } from './failure.ts';

interface OnOff {
  readonly column: string;
  readonly since?: number;
}

const onOff: Readonly<Record<string, OnOff>> = {
  AUTO_CLOSE: { column: 'is_auto_close_on' },
  AUTO_SHRINK: { column: 'is_auto_shrink_on' },
  AUTO_CREATE_STATISTICS: { column: 'is_auto_create_stats_on' },
  AUTO_UPDATE_STATISTICS: { column: 'is_auto_update_stats_on' },
  AUTO_UPDATE_STATISTICS_ASYNC: { column: 'is_auto_update_stats_async_on' },
  ANSI_NULL_DEFAULT: { column: 'is_ansi_null_default_on' },
  ANSI_NULLS: { column: 'is_ansi_nulls_on' },
  ANSI_PADDING: { column: 'is_ansi_padding_on' },
  ANSI_WARNINGS: { column: 'is_ansi_warnings_on' },
  ARITHABORT: { column: 'is_arithabort_on' },
  CONCAT_NULL_YIELDS_NULL: { column: 'is_concat_null_yields_null_on' },
  NUMERIC_ROUNDABORT: { column: 'is_numeric_roundabort_on' },
  QUOTED_IDENTIFIER: { column: 'is_quoted_identifier_on' },
  RECURSIVE_TRIGGERS: { column: 'is_recursive_triggers_on' },
  CURSOR_CLOSE_ON_COMMIT: { column: 'is_cursor_close_on_commit_on' },
  TRUSTWORTHY: { column: 'is_trustworthy_on' },
  DB_CHAINING: { column: 'is_db_chaining_on' },
  READ_COMMITTED_SNAPSHOT: { column: 'is_read_committed_snapshot_on' },
  DATE_CORRELATION_OPTIMIZATION: { column: 'is_date_correlation_on' },
  HONOR_BROKER_PRIORITY: { column: 'is_honor_broker_priority_on' },
  ENCRYPTION: { column: 'is_encrypted' },
  NESTED_TRIGGERS: { column: 'is_nested_triggers_on', since: 110 },
  TRANSFORM_NOISE_WORDS: { column: 'is_transform_noise_words_on', since: 110 },
  MEMORY_OPTIMIZED_ELEVATE_TO_SNAPSHOT: { column: 'is_memory_optimized_elevate_to_snapshot_on', since: 120 },
  MIXED_PAGE_ALLOCATION: { column: 'is_mixed_page_allocation_on', since: 130 },
  TEMPORAL_HISTORY_RETENTION: { column: 'is_temporal_history_retention_enabled', since: 140 },
  ACCELERATED_DATABASE_RECOVERY: { column: 'is_accelerated_database_recovery_on', since: 150 },
  OPTIMIZED_LOCKING: { column: 'is_optimized_locking_on', since: 170 },
};

/** Options of one word. */
const words: Readonly<Record<string, Fields>> = {
  SINGLE_USER: { user_access: 1 },
  MULTI_USER: { user_access: 0 },
  RESTRICTED_USER: { user_access: 2 },
  READ_ONLY: { is_read_only: true },
  READ_WRITE: { is_read_only: false },
  ONLINE: { state: 0 },
  OFFLINE: { state: 6 },
  EMERGENCY: { state: 5 },
  ENABLE_BROKER: { is_broker_enabled: true },
  DISABLE_BROKER: { is_broker_enabled: false },
  NEW_BROKER: { is_broker_enabled: true },
  ERROR_BROKER_CONVERSATIONS: { is_broker_enabled: true },
};

/** A contained database has settings of its own that a server has for the others. */
export function containmentFields(containment: 'NONE' | 'PARTIAL'): Fields {
  const own = containment === 'PARTIAL';
  return {
    containment: own ? 1 : 0,
    default_language_lcid: own ? 1033 : null,
    default_language_name: own ? 'us_english' : null,
    default_fulltext_language_lcid: own ? 1033 : null,
    default_fulltext_language_name: own ? 'English' : null,
    is_nested_triggers_on: own ? true : null,
    is_transform_noise_words_on: own ? false : null,
    two_digit_year_cutoff: own ? 2049 : null,
  };
}

const choices: Readonly<
  Record<string, { readonly since?: number; readonly values: Readonly<Record<string, Fields>> }>
> = {
  RECOVERY: {
    values: { FULL: { recovery_model: 1 }, BULK_LOGGED: { recovery_model: 2 }, SIMPLE: { recovery_model: 3 } },
  },
  PAGE_VERIFY: {
    values: {
      NONE: { page_verify_option: 0 },
      TORN_PAGE_DETECTION: { page_verify_option: 1 },
      CHECKSUM: { page_verify_option: 2 },
    },
  },
  PARAMETERIZATION: {
    values: { SIMPLE: { is_parameterization_forced: false }, FORCED: { is_parameterization_forced: true } },
  },
  CURSOR_DEFAULT: { values: { LOCAL: { is_local_cursor_default: true }, GLOBAL: { is_local_cursor_default: false } } },
  ALLOW_SNAPSHOT_ISOLATION: { values: { ON: { snapshot_isolation_state: 1 }, OFF: { snapshot_isolation_state: 0 } } },
  CONTAINMENT: { since: 110, values: { NONE: containmentFields('NONE'), PARTIAL: containmentFields('PARTIAL') } },
  DELAYED_DURABILITY: {
    since: 120,
    values: {
      DISABLED: { delayed_durability: 0 },
      ALLOWED: { delayed_durability: 1 },
      FORCED: { delayed_durability: 2 },
    },
  },
};

/** Compatibility levels by version: the least and the greatest (version-gates, section 4). */
function compatibilityLevels(version: number): readonly [number, number] {
  const top = version === 105 ? 100 : version;
  return [version <= 105 ? 80 : version === 110 ? 90 : 100, top];
}

/** What an option changes in sys.databases; `other` are options of other views. Errors: 102 and 5012-like for what the version does not know. */
export function optionFields(option: string, value: string, version: number): Fields | 'other' {
  const name = option.toUpperCase();
  const upper = value.toUpperCase().trim();
  const plain = onOff[name];
  if (plain) {
    if ((plain.since ?? 0) > version) throw syntaxError(name);
    if (upper !== 'ON' && !upper.startsWith('ON') && upper !== 'OFF') throw syntaxError(value);
    if (name === 'AUTO_CREATE_STATISTICS' && /INCREMENTAL/.test(upper)) {
      return { [plain.column]: true, is_auto_create_stats_incremental_on: /INCREMENTAL\s*=\s*ON/.test(upper) };
    }
    return { [plain.column]: upper !== 'OFF' };
  }
  const word = words[name];
  if (word) return word;
  const choice = choices[name];
  if (choice) {
    const fields = (choice.since ?? 0) <= version ? choice.values[upper] : undefined;
    if (!fields) throw syntaxError((choice.since ?? 0) <= version ? value : name);
    return fields;
  }
  switch (name) {
    case 'COMPATIBILITY_LEVEL': {
      const [least, greatest] = compatibilityLevels(version);
      const level = Number(value);
      if (!(level >= least && level <= greatest && level % 10 === 0)) {
        const levels = Array.from({ length: (greatest - least) / 10 + 1 }, (_, i) => least + i * 10);
        throw fail(
          15048,
          `Valid values of the database compatibility level are ${levels.slice(0, -1).join(', ')}, or ${levels.at(-1)}.`,
        );
      }
      return { compatibility_level: level };
    }
    case 'TARGET_RECOVERY_TIME': {
      if (version < 110) throw syntaxError('TARGET_RECOVERY_TIME');
      const match = /^(\d+)\s*(SECONDS|MINUTES)?/i.exec(value);
      if (!match) throw syntaxError(value);
      return { target_recovery_time_in_seconds: Number(match[1]) * (/^MINUTES$/i.test(match[2] ?? '') ? 60 : 1) };
    }
    case 'TWO_DIGIT_YEAR_CUTOFF':
      if (version < 110) throw syntaxError(name);
      return { two_digit_year_cutoff: Number(value) };
    case 'DEFAULT_LANGUAGE':
    case 'DEFAULT_FULLTEXT_LANGUAGE':
      if (version < 110) throw syntaxError(name);
      return 'other';
    case 'TORN_PAGE_DETECTION':
      return { page_verify_option: upper === 'ON' ? 1 : 0 };
    case 'QUERY_STORE':
      if (version < 130) throw syntaxError('QUERY_STORE');
      return 'other';
    case 'FILESTREAM':
      if (version < 110) throw syntaxError('FILESTREAM');
      return 'other';
    case 'CHANGE_TRACKING':
    case 'AUTOMATIC_TUNING':
      if (name === 'AUTOMATIC_TUNING' && version < 140) throw syntaxError(name);
      if (upper === 'OFF') return 'other';
      throw fail(40000, `not supported by the sandbox: ALTER DATABASE SET ${name}`);
    case 'VARDECIMAL_STORAGE_FORMAT':
    case 'SUPPLEMENTAL_LOGGING':
      return 'other';
    case 'CATALOG_COLLATION':
      // Of CREATE DATABASE; names are compared by the database's collation here, which is the default.
      if (version < 150) throw syntaxError(name);
      if (upper === 'DATABASE_DEFAULT') return 'other';
      throw fail(40000, `not supported by the sandbox: CATALOG_COLLATION = ${upper}`);
    case 'LEDGER':
      if (version < 160) throw syntaxError(name);
      if (upper === 'OFF') return 'other';
      throw fail(40000, 'not supported by the sandbox: LEDGER = ON');
    case 'REMOTE_DATA_ARCHIVE':
      throw version < 150 ? syntaxError(name) : fail(40000, `not supported by the sandbox: ALTER DATABASE SET ${name}`);
    default:
      throw syntaxError(option);
  }
}

/** Options of a new database, by version. */
export function newDatabaseFields(version: number): Fields {
  return {
    compatibility_level: version === 105 ? 100 : version,
    user_access: 0,
    snapshot_isolation_state: 0,
    state: 0,
    is_cleanly_shutdown: false,
    recovery_model: 1,
    page_verify_option: 2,
    is_auto_create_stats_on: true,
    is_auto_update_stats_on: true,
    is_local_cursor_default: false,
    is_fulltext_enabled: true,
    is_broker_enabled: true,
    log_reuse_wait: 0,
    log_reuse_wait_desc: 'NOTHING',
    ...containmentFields('NONE'),
    target_recovery_time_in_seconds: version >= 130 ? 60 : 0,
    delayed_durability: 0,
    is_query_store_on: version >= 160,
    is_temporal_history_retention_enabled: true,
    catalog_collation_type: 0,
    resource_pool_id: null,
    is_memory_optimized_enabled: true,
  };
}
