/** Procedures that set options of the database or of the server: sp_dboption, sp_dbcmptlevel, sp_configure and their like. */
import { optionFields } from '../ddl/database-options.ts';
import { databaseRow } from '../state.ts';
import { num, text } from '../store.ts';
import {
  invalidParameter,
  note,
  nothing,
  type ProcedureCall,
  type ProcedureOutcome,
  type Procedures,
  procedureError,
  switchOf,
} from './procedure.ts';
import { column, table, textColumn } from './result.ts';

/** Options of sp_dboption → option of ALTER DATABASE and its values for true and false. */
const oldOptions: Readonly<Record<string, readonly [string, string, string]>> = {
  'ansi null default': ['ANSI_NULL_DEFAULT', 'ON', 'OFF'],
  'ansi nulls': ['ANSI_NULLS', 'ON', 'OFF'],
  'ansi padding': ['ANSI_PADDING', 'ON', 'OFF'],
  'ansi warnings': ['ANSI_WARNINGS', 'ON', 'OFF'],
  arithabort: ['ARITHABORT', 'ON', 'OFF'],
  'auto create statistics': ['AUTO_CREATE_STATISTICS', 'ON', 'OFF'],
  'auto update statistics': ['AUTO_UPDATE_STATISTICS', 'ON', 'OFF'],
  autoclose: ['AUTO_CLOSE', 'ON', 'OFF'],
  autoshrink: ['AUTO_SHRINK', 'ON', 'OFF'],
  'concat null yields null': ['CONCAT_NULL_YIELDS_NULL', 'ON', 'OFF'],
  'cursor close on commit': ['CURSOR_CLOSE_ON_COMMIT', 'ON', 'OFF'],
  'db chaining': ['DB_CHAINING', 'ON', 'OFF'],
  'dbo use only': ['RESTRICTED_USER', '', 'MULTI_USER'],
  'default to local cursor': ['CURSOR_DEFAULT', 'LOCAL', 'GLOBAL'],
  'numeric roundabort': ['NUMERIC_ROUNDABORT', 'ON', 'OFF'],
  offline: ['OFFLINE', '', 'ONLINE'],
  'quoted identifier': ['QUOTED_IDENTIFIER', 'ON', 'OFF'],
  'read only': ['READ_ONLY', '', 'READ_WRITE'],
  'recursive triggers': ['RECURSIVE_TRIGGERS', 'ON', 'OFF'],
  'select into/bulkcopy': ['RECOVERY', 'BULK_LOGGED', 'FULL'],
  'single user': ['SINGLE_USER', '', 'MULTI_USER'],
  'torn page detection': ['TORN_PAGE_DETECTION', 'ON', 'OFF'],
  'trunc. log on chkpt.': ['RECOVERY', 'SIMPLE', 'FULL'],
};

function setOption(call: ProcedureCall): ProcedureOutcome {
  const [database, option, value] = [call.text('dbname'), call.text('optname'), call.text('optvalue')];
  if (database === null || option === null)
    return {
      results: [
        table(
          [textColumn('Settable database options:', 35)],
          Object.keys(oldOptions).map(o => [o]),
        ),
      ],
    };
  const row = databaseRow(call.state, database);
  if (!row)
    throw procedureError(
      15010,
      `The database '${database}' does not exist. Supply a valid database name. To see available databases, use sys.databases.`,
    );
  // Options may be cut short as long as they are unmistakable.
  const wanted = option.trim().toLowerCase();
  const exact = Object.hasOwn(oldOptions, wanted)
    ? [wanted]
    : Object.keys(oldOptions).filter(o => o.startsWith(wanted));
  const known = exact.length === 1 ? oldOptions[exact[0] ?? ''] : undefined;
  if (!known) throw procedureError(15011, `Database option '${option}' does not exist.`);
  const on = switchOf(value);
  if (on === null) throw procedureError(15241, "Usage: sp_dboption [dbname [,optname [,'true' | 'false']]]");
  const [name, yes, no] = known;
  // A state word of its own stands for the whole option; the opposite word for its end.
  const [word, setting] = yes === '' ? [on ? name : no, ''] : [name, on ? yes : no];
  const fields = optionFields(word, setting, call.scope.version);
  const db = num(row['database_id']);
  if (fields !== 'other') call.state.store.update('sys.databases', { database_id: db }, fields);
  call.state.touch(db, 0);
  return nothing;
}

function configure(call: ProcedureCall): ProcedureOutcome {
  const [name, value] = [call.text('configname'), call.int('configvalue')];
  const { store } = call.scope;
  const all = store.all('SELECT * FROM "b.sys.configurations" ORDER BY name');
  const advanced = all.some(r => text(r['name']) === 'show advanced options' && num(r['value_in_use']) === 1);
  const visible = all.filter(r => advanced || num(r['is_advanced']) === 0);
  if (name === null) return { results: [listed(visible)] };
  const lower = name.trim().toLowerCase();
  const found = visible.filter(r => text(r['name']).toLowerCase().startsWith(lower));
  const row = found.find(r => text(r['name']).toLowerCase() === lower) ?? (found.length === 1 ? found[0] : undefined);
  if (!row)
    throw procedureError(
      found.length > 1 ? 15124 : 15123,
      found.length > 1
        ? `The configuration option '${name}' is not unique.`
        : `The configuration option '${name}' does not exist, or it may be an advanced option.`,
      { line: 51 },
    );
  if (!call.given('configvalue') || value === null) return { results: [listed([row])] };
  if (value < num(row['minimum']) || value > num(row['maximum']))
    throw procedureError(15129, `'${value}' is not a valid value for configuration option '${text(row['name'])}'.`);
  // RECONFIGURE does nothing here, so the value is in use at once.
  store.update(
    'sys.configurations',
    { configuration_id: num(row['configuration_id']) },
    { value, value_in_use: value },
  );
  return {
    messages: [
      note(
        15457,
        `Configuration option '${text(row['name'])}' changed from ${num(row['value'])} to ${value}. Run the RECONFIGURE statement to install.`,
        185,
      ),
    ],
  };
}

function listed(rows: readonly Record<string, unknown>[]): ReturnType<typeof table> {
  const integer = (name: string) => column(name, 'int');
  return table(
    [textColumn('name', 35), integer('minimum'), integer('maximum'), integer('config_value'), integer('run_value')],
    rows.map(r => [
      String(r['name']),
      Number(r['minimum']),
      Number(r['maximum']),
      Number(r['value']),
      Number(r['value_in_use']),
    ]),
  );
}

/** Full-text search is not installed on the pretended server. */
const noFullText = (): ProcedureOutcome => {
  throw procedureError(7609, 'Full-Text Search is not installed, or a full-text component cannot be loaded.', {
    class: 17,
    state: 5,
  });
};

export const databaseProcedures: Procedures = {
  sp_dboption: { required: [], optional: ['dbname', 'optname', 'optvalue'], until: 105, run: setOption },
  sp_dbcmptlevel: {
    required: [],
    optional: ['dbname', 'new_cmptlevel'],
    run(call) {
      const name = call.text('dbname') ?? call.context.database;
      const row = databaseRow(call.state, name);
      if (!row)
        throw procedureError(
          15010,
          `The database '${name}' does not exist. Supply a valid database name. To see available databases, use sys.databases.`,
        );
      const level = call.text('new_cmptlevel');
      if (level === null)
        return { messages: [note(15054, `The current compatibility level is ${num(row['compatibility_level'])}.`)] };
      const fields = optionFields('COMPATIBILITY_LEVEL', level, call.scope.version);
      if (fields !== 'other')
        call.state.store.update('sys.databases', { database_id: num(row['database_id']) }, fields);
      return nothing;
    },
  },
  sp_configure: { required: [], optional: ['configname', 'configvalue'], run: configure },
  sp_fulltext_database: {
    required: ['action'],
    run(call) {
      const action = call.text('action')?.trim().toLowerCase();
      if (action !== 'enable' && action !== 'disable') throw invalidParameter(call);
      call.scope.store.update(
        'sys.databases',
        { database_id: call.scope.db },
        { is_fulltext_enabled: action === 'enable' },
      );
      return nothing;
    },
  },
  sp_fulltext_catalog: { required: [], optional: ['ftcat', 'action', 'path'], run: noFullText },
  sp_fulltext_table: { required: [], optional: ['tabname', 'action', 'ftcat', 'keyname'], run: noFullText },
  sp_fulltext_column: {
    required: [],
    optional: ['tabname', 'colname', 'action', 'language', 'type_colname'],
    run: noFullText,
  },
  sp_fulltext_service: { required: [], optional: ['action', 'value'], run: noFullText },
  sp_db_vardecimal_storage_format: {
    required: [],
    optional: ['dbname', 'vardecimal_storage_format'],
    run: () => nothing,
  },
  sp_addumpdevice: {
    required: ['devtype', 'logicalname', 'physicalname'],
    optional: ['cntrltype', 'devstatus'],
    run(call) {
      if (call.text('devtype')?.trim().toLowerCase() !== 'disk') throw invalidParameter(call);
      call.scope.store.insert('sys.backup_devices', {
        name: call.text('logicalname'),
        type: 2,
        physical_name: call.text('physicalname'),
      });
      return { messages: [note(15471, "'Disk' device added.")] };
    },
  },
};
