/** DB_ID, DB_NAME, DATABASEPROPERTYEX, DATABASEPROPERTY. Properties as Microsoft's page of DATABASEPROPERTYEX lists them. */
import { databaseRow } from '../state.ts';
import { num, type Row, text, textOrNull } from '../store.ts';
import { variant } from '../table-loader.ts';
import { comparisonStyle, lcidOf } from './collation-functions.ts';
import { type Answer, bit, type FunctionCall, type MetadataFunctions } from './function-call.ts';

type Property = (database: Row) => Answer;
const flag =
  (column: string): Property =>
  d =>
    bit(num(d[column]) === 1);
const word =
  (column: string, words: readonly string[]): Property =>
  d =>
    words[num(d[column])] ?? null;

const states = ['ONLINE', 'RESTORING', 'RECOVERING', 'RECOVERY_PENDING', 'SUSPECT', 'EMERGENCY', 'OFFLINE'];

const properties: Readonly<Record<string, Property>> = {
  COLLATION: d => text(d['collation_name']),
  COMPARISONSTYLE: d => comparisonStyle(text(d['collation_name'])),
  LCID: d => lcidOf(text(d['collation_name'])),
  SQLSORTORDER: d => bit(text(d['collation_name']) === 'SQL_Latin1_General_CP1_CI_AS') * 52,
  ISANSINULLDEFAULT: flag('is_ansi_null_default_on'),
  ISANSINULLSENABLED: flag('is_ansi_nulls_on'),
  ISANSIPADDINGENABLED: flag('is_ansi_padding_on'),
  ISANSIWARNINGSENABLED: flag('is_ansi_warnings_on'),
  ISARITHMETICABORTENABLED: flag('is_arithabort_on'),
  ISAUTOCLOSE: flag('is_auto_close_on'),
  ISAUTOCREATESTATISTICS: flag('is_auto_create_stats_on'),
  ISAUTOCREATESTATISTICSINCREMENTAL: flag('is_auto_create_stats_incremental_on'),
  ISAUTOSHRINK: flag('is_auto_shrink_on'),
  ISAUTOUPDATESTATISTICS: flag('is_auto_update_stats_on'),
  ISCLONE: () => 0,
  ISCLOSECURSORSONCOMMITENABLED: flag('is_cursor_close_on_commit_on'),
  ISFULLTEXTENABLED: flag('is_fulltext_enabled'),
  ISINSTANDBY: flag('is_in_standby'),
  ISLOCALCURSORSDEFAULT: flag('is_local_cursor_default'),
  ISMEMORYOPTIMIZEDELEVATETOSNAPSHOTENABLED: flag('is_memory_optimized_elevate_to_snapshot_on'),
  ISMERGEPUBLISHED: flag('is_merge_published'),
  ISNULLCONCAT: flag('is_concat_null_yields_null_on'),
  ISNUMERICROUNDABORTENABLED: flag('is_numeric_roundabort_on'),
  ISPARAMETERIZATIONFORCED: flag('is_parameterization_forced'),
  ISPUBLISHED: flag('is_published'),
  ISQUOTEDIDENTIFIERSENABLED: flag('is_quoted_identifier_on'),
  ISRECURSIVETRIGGERSENABLED: flag('is_recursive_triggers_on'),
  ISSUBSCRIBED: flag('is_subscribed'),
  ISSYNCWITHBACKUP: flag('is_sync_with_backup'),
  ISTORNPAGEDETECTIONENABLED: d => bit(num(d['page_verify_option']) === 1),
  ISVERIFIEDCLONE: () => 0,
  ISXTPSUPPORTED: () => 1,
  RECOVERY: word('recovery_model', ['', 'FULL', 'BULK_LOGGED', 'SIMPLE']),
  STATUS: word('state', states),
  UPDATEABILITY: word('is_read_only', ['READ_WRITE', 'READ_ONLY']),
  USERACCESS: word('user_access', ['MULTI_USER', 'SINGLE_USER', 'RESTRICTED_USER']),
  VERSION: () => 1,
  LASTGOODCHECKDBTIME: () => variant('datetime', '1900-01-01 00:00:00.000'),
};

function databaseProperty(call: FunctionCall): Answer {
  const [name, property] = [call.text(0), call.text(1)?.trim().toUpperCase()];
  const row = name === null ? undefined : databaseRow(call.state, name);
  if (!row || property === undefined) return null;
  if (call.state.options.azure && (property === 'EDITION' || property === 'SERVICEOBJECTIVE'))
    return property === 'EDITION' ? 'GeneralPurpose' : 'GP_Gen5_2';
  return Object.hasOwn(properties, property) ? (properties[property]?.(row) ?? null) : null;
}

export const databaseFunctions: MetadataFunctions = {
  DB_ID(call) {
    if (call.count === 0) return call.scope.db;
    const name = call.text(0);
    const row = name === null ? undefined : databaseRow(call.state, name);
    return row ? num(row['database_id']) : null;
  },
  DB_NAME(call) {
    const id = call.count === 0 ? call.scope.db : call.int(0);
    if (id === null) return null;
    return textOrNull(call.state.store.get('SELECT name FROM "b.sys.databases" WHERE database_id = ?', id)?.['name']);
  },
  ORIGINAL_DB_NAME: call => call.context.database,
  DATABASEPROPERTYEX: databaseProperty,
  DATABASEPROPERTY(call) {
    const [name, property] = [call.text(0), call.text(1)?.trim().toUpperCase() ?? ''];
    const row = name === null ? undefined : databaseRow(call.state, name);
    if (!row) return null;
    switch (property) {
      case 'ISTRUNCLOG':
        return bit(num(row['recovery_model']) === 3);
      case 'ISBULKCOPY':
        return bit(num(row['recovery_model']) === 2);
      case 'ISDBOONLY':
        return bit(num(row['user_access']) === 2);
      case 'ISSINGLEUSER':
        return bit(num(row['user_access']) === 1);
      case 'ISREADONLY':
        return bit(num(row['is_read_only']) === 1);
      case 'ISOFFLINE':
        return bit(num(row['state']) === 6);
      case 'ISEMERGENCYMODE':
        return bit(num(row['state']) === 5);
      case 'ISSUSPECT':
      case 'ISDETACHED':
      case 'ISINLOAD':
      case 'ISINRECOVERY':
      case 'ISNOTRECOVERED':
      case 'ISSHUTDOWN':
        return 0;
      default: {
        const answer = Object.hasOwn(properties, property) ? properties[property]?.(row) : null;
        return typeof answer === 'number' ? answer : null;
      }
    }
  },
  DATABASE_COLLATION: call => {
    const name = call.count === 0 ? call.context.database : call.text(0);
    const row = name === null ? undefined : databaseRow(call.state, name);
    return row ? text(row['collation_name']) : null;
  },
};
