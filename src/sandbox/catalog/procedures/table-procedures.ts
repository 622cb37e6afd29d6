/** Procedures that set properties of tables, indexes, statistics, triggers and modules. */

import { indexNamed } from '../ddl/indexes.ts';
import { describeModule } from '../ddl/module.ts';
import { splitName } from '../resolver.ts';
import { findObject, objectChanged, typeOf } from '../state.ts';
import { num, type Row } from '../store.ts';
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

function objectOf(
  call: ProcedureCall,
  parameter: string,
  types: readonly string[],
  missing: (name: string) => Error,
): Row {
  const written = call.text(parameter) ?? '';
  const name = splitName(written);
  const row = findObject(call.scope, name.schema, name.name);
  if (!row || !types.includes(typeOf(row))) throw missing(written);
  return row;
}

const noTable = (name: string): Error =>
  procedureError(
    15388,
    `There is no user table matching the input name '${name}' in the current database or you do not have permission to access the table.`,
  );

function tableOption(call: ProcedureCall): ProcedureOutcome {
  const id = num(objectOf(call, 'tablenamepattern', ['U'], noTable)['object_id']);
  const value = call.value('optionvalue');
  const on = switchOf(value);
  const where = { db: call.scope.db, object_id: id };
  switch (call.text('optionname')?.trim().toLowerCase()) {
    case 'text in row': {
      // On is 256 bytes, off none, else the size that is given.
      const size = Number(value);
      const limit = on === null || size > 1 ? size : on ? 256 : 0;
      if (!(limit === 0 || (limit >= 24 && limit <= 7000))) throw invalidParameter(call);
      call.scope.store.update('sys.tables', where, { text_in_row_limit: limit });
      break;
    }
    case 'large value types out of row':
      if (on === null) throw invalidParameter(call);
      call.scope.store.update('sys.tables', where, { large_value_types_out_of_row: on });
      break;
    case 'table lock on bulk load':
      if (on === null) throw invalidParameter(call);
      call.scope.store.update('sys.tables', where, { lock_on_bulk_load: on });
      break;
    case 'vardecimal storage format':
    case 'insert row lock':
    case 'pintable':
      if (on === null) throw invalidParameter(call);
      break;
    default:
      throw invalidParameter(call);
  }
  objectChanged(call.scope, id);
  return nothing;
}

function indexOption(call: ProcedureCall): ProcedureOutcome {
  const { scope } = call;
  const name = splitName(call.text('indexnamepattern') ?? '');
  const whole = findObject(scope, name.schema, name.name);
  const owner = whole ?? (name.schema === null ? undefined : findObject(scope, name.database, name.schema));
  const index = !whole && owner ? indexNamed(scope, num(owner['object_id']), name.name) : undefined;
  if (!owner || typeOf(owner) !== 'U' || (!whole && !index)) throw noTable(call.text('indexnamepattern') ?? '');
  const on = switchOf(call.value('optionvalue'));
  const fields = {
    allowrowlocks: { allow_row_locks: on ?? true },
    allowpagelocks: { allow_page_locks: on ?? true },
    disallowrowlocks: { allow_row_locks: on === false },
    disallowpagelocks: { allow_page_locks: on === false },
  }[call.text('optionname')?.trim().toLowerCase() ?? ''];
  if (!fields || on === null) throw invalidParameter(call);
  const where = { db: scope.db, object_id: num(owner['object_id']) };
  scope.store.update('sys.indexes', index ? { ...where, index_id: num(index['index_id']) } : where, fields);
  objectChanged(scope, where.object_id);
  return nothing;
}

function triggerOrder(call: ProcedureCall): ProcedureOutcome {
  const { scope } = call;
  const { store, db } = scope;
  const written = call.text('triggername') ?? '';
  const name = splitName(written);
  const order = call.text('order')?.trim().toLowerCase() ?? '';
  const event = call.text('stmttype')?.trim().toUpperCase() ?? '';
  if (!['first', 'last', 'none'].includes(order)) throw invalidParameter(call);
  const ofDatabase = call.text('namespace')?.trim().toUpperCase() === 'DATABASE';
  const found = ofDatabase
    ? store.get(
        'SELECT * FROM "b.sys.triggers" WHERE db = ? AND name_key = ? AND parent_class = 0',
        db,
        scope.state.key(db, name.name),
      )
    : findObject(scope, name.schema, name.name);
  const trigger = found
    ? store.get('SELECT * FROM "b.sys.triggers" WHERE db = ? AND object_id = ?', db, num(found['object_id']))
    : undefined;
  if (!trigger) throw procedureError(15165, `Could not find object '${written}' or you do not have permission.`);
  if (num(trigger['is_instead_of_trigger']) === 1)
    throw procedureError(15133, `INSTEAD OF trigger '${written}' cannot be associated with an order.`);
  const id = num(trigger['object_id']);
  const own = store.get(
    'SELECT type FROM "b.sys.trigger_events" WHERE db = ? AND object_id = ? AND type_desc = ?',
    db,
    id,
    event,
  );
  if (!own) throw procedureError(15125, `Trigger '${written}' is not a trigger for '${event}'.`);
  const flag = order === 'first' ? 'is_first' : 'is_last';
  if (order !== 'none') {
    const other = store.get(
      `SELECT t.name FROM "b.sys.trigger_events" e JOIN "b.sys.triggers" t ON t.db = e.db AND t.object_id = e.object_id
       WHERE e.db = ? AND t.parent_class = ? AND t.parent_id = ? AND e.type_desc = ? AND e.${flag} = 1 AND t.object_id <> ?`,
      db,
      num(trigger['parent_class']),
      num(trigger['parent_id']),
      event,
      id,
    );
    if (other) throw procedureError(15130, `There already exists a '${order}' trigger for '${event}'.`);
  }
  store.update(
    'sys.trigger_events',
    { db, object_id: id, type_desc: event },
    { is_first: order === 'first', is_last: order === 'last' },
  );
  return nothing;
}

/** View definitions are described anew: columns may have come or gone. */
function refresh(call: ProcedureCall, parameter: string, types: readonly string[]): ProcedureOutcome {
  const row = objectOf(call, parameter, types, name =>
    procedureError(15165, `Could not find object '${name}' or you do not have permission.`),
  );
  describeModule(call.scope, num(row['object_id']));
  return nothing;
}

const moduleTypes = ['V', 'P', 'FN', 'IF', 'TF', 'TR'];

export const tableProcedures: Procedures = {
  sp_tableoption: { required: ['tablenamepattern', 'optionname', 'optionvalue'], run: tableOption },
  sp_indexoption: { required: ['indexnamepattern', 'optionname', 'optionvalue'], run: indexOption },
  sp_settriggerorder: { required: ['triggername', 'order', 'stmttype'], optional: ['namespace'], run: triggerOrder },
  sp_procoption: {
    required: ['procname', 'optionname', 'optionvalue'],
    run(call) {
      const row = objectOf(call, 'procname', ['P'], name =>
        procedureError(15165, `Could not find object '${name}' or you do not have permission.`),
      );
      const on = switchOf(call.value('optionvalue'));
      if (call.text('optionname')?.trim().toLowerCase() !== 'startup' || on === null) throw invalidParameter(call);
      if (call.scope.db !== 1)
        throw procedureError(
          15398,
          'Only objects in the master database owned by dbo can have the startup setting changed.',
          { class: 11 },
        );
      call.scope.store.update('sys.procedures', { db: 1, object_id: num(row['object_id']) }, { is_auto_executed: on });
      return nothing;
    },
  },
  sp_autostats: {
    required: ['tblname'],
    optional: ['flagc', 'indname'],
    run(call) {
      const row = objectOf(call, 'tblname', ['U', 'V'], name =>
        procedureError(
          15390,
          `Input name '${name}' does not have a matching user table or indexed view in the current database.`,
        ),
      );
      const on = switchOf(call.text('flagc'));
      const name = call.text('indname');
      if (on === null) throw invalidParameter(call);
      call.scope.store.update(
        'sys.stats',
        {
          db: call.scope.db,
          object_id: num(row['object_id']),
          ...(name === null ? {} : { name_key: call.state.key(call.scope.db, name) }),
        },
        { no_recompute: !on },
      );
      return nothing;
    },
  },
  sp_refreshview: { required: ['viewname'], run: call => refresh(call, 'viewname', ['V']) },
  sp_refreshsqlmodule: { required: ['name'], optional: ['namespace'], run: call => refresh(call, 'name', moduleTypes) },
  sp_recompile: {
    required: ['objname'],
    run(call) {
      const written = call.text('objname') ?? '';
      objectOf(call, 'objname', ['U', ...moduleTypes], name =>
        procedureError(15165, `Could not find object '${name}' or you do not have permission.`),
      );
      return { messages: [note(15070, `Object '${written}' was successfully marked for recompilation.`)] };
    },
  },
  sp_updatestats: {
    required: [],
    optional: ['resample'],
    run: () => ({ messages: [note(15005, 'Statistics for all tables have been updated.')] }),
  },
};
