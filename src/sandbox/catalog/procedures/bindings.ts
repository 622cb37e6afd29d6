/** sp_bindefault, sp_bindrule and their opposites: rules and default objects on columns and alias types. */
import { findType } from '../ddl/column-types.ts';
import { splitName } from '../resolver.ts';
import { findColumn, findObject, objectChanged, typeOf } from '../state.ts';
import { num, type Row } from '../store.ts';
import {
  note,
  type Procedure,
  type ProcedureCall,
  type ProcedureOutcome,
  type Procedures,
  procedureError,
} from './procedure.ts';

/** The words and message numbers of one of the two kinds. */
interface Kind {
  readonly word: 'default' | 'rule';
  readonly type: 'D' | 'R';
  readonly column: 'default_object_id' | 'rule_object_id';
  readonly missing: number;
  readonly boundToColumn: readonly [number, string];
  readonly boundToType: readonly [number, string];
  readonly boundToColumns: readonly [number, string];
  readonly unboundFromColumn: readonly [number, string];
  readonly unboundFromType: readonly [number, string];
  readonly unboundFromColumns: readonly [number, string];
  /** Nothing is bound to the column, to the type. */
  readonly notBound: readonly [number, number];
}

const defaults: Kind = {
  word: 'default',
  type: 'D',
  column: 'default_object_id',
  missing: 15016,
  boundToColumn: [15511, 'Default bound to column.'],
  boundToType: [15512, 'Default bound to data type.'],
  boundToColumns: [15513, 'The new default has been bound to columns(s) of the specified user data type.'],
  unboundFromColumn: [15519, 'Default unbound from table column.'],
  unboundFromType: [15520, 'Default unbound from data type.'],
  unboundFromColumns: [15521, 'Columns of the specified user data type had their defaults unbound.'],
  notBound: [15236, 15237],
};
const rules: Kind = {
  word: 'rule',
  type: 'R',
  column: 'rule_object_id',
  missing: 15017,
  boundToColumn: [15514, 'Rule bound to table column.'],
  boundToType: [15515, 'Rule bound to data type.'],
  boundToColumns: [15516, 'The new rule has been bound to column(s) of the specified user data type.'],
  unboundFromColumn: [15522, 'Rule unbound from table column.'],
  unboundFromType: [15523, 'Rule unbound from data type.'],
  unboundFromColumns: [15524, 'Columns of the specified user data type had their rules unbound.'],
  notBound: [15238, 15239],
};

type Target =
  | { readonly kind: 'column'; readonly objectId: number; readonly row: Row }
  | { readonly kind: 'type'; readonly row: Row };

/** `table.column`, or the name of an alias type; 15148 when it is neither. */
function targetOf(call: ProcedureCall, written: string): Target {
  const { scope } = call;
  const name = splitName(written);
  if (name.schema !== null) {
    const table = findObject(scope, name.database, name.schema);
    const column = table && typeOf(table) === 'U' ? findColumn(scope, num(table['object_id']), name.name) : null;
    if (table && column) return { kind: 'column', objectId: num(table['object_id']), row: column.row };
  }
  const type = name.database === null ? findType(scope, name.schema, name.name) : undefined;
  if (type && num(type['user_type_id']) > 256 && num(type['is_table_type']) === 0) return { kind: 'type', row: type };
  throw procedureError(
    15148,
    `The data type or table column '${written}' does not exist or you do not have permission.`,
  );
}

/** Columns of the type that have what the type had, or nothing: they follow unless 'futureonly' is given. */
function followColumns(call: ProcedureCall, kind: Kind, type: Row, before: number, after: number): boolean {
  const { scope } = call;
  const columns = scope.store.all(
    `SELECT object_id, column_id FROM "b.sys.columns" WHERE db = ? AND user_type_id = ? AND ${kind.column} IN (0, ?)`,
    scope.db,
    num(type['user_type_id']),
    before,
  );
  for (const column of columns) {
    scope.store.update(
      'sys.columns',
      { db: scope.db, object_id: num(column['object_id']), column_id: num(column['column_id']) },
      { [kind.column]: after },
    );
    objectChanged(scope, num(column['object_id']));
  }
  return columns.length > 0;
}

function refuseColumn(call: ProcedureCall, kind: Kind, column: Row): void {
  const { scope } = call;
  const type = num(column['system_type_id']);
  if (kind.word === 'rule') {
    if ([34, 35, 99, 189].includes(type) || num(column['max_length']) === -1)
      throw procedureError(15107, 'Cannot bind a rule to a column of data type text, ntext, image, or timestamp.');
    return;
  }
  if (type === 189) throw procedureError(15101, 'Cannot bind a default to a column of data type timestamp.');
  if (num(column['is_identity']) === 1) throw procedureError(15102, 'Cannot bind a default to an identity column.');
  const bound = num(column['default_object_id']);
  const own =
    bound !== 0 &&
    scope.store.get('SELECT 1 AS x FROM "b.sys.default_constraints" WHERE db = ? AND object_id = ?', scope.db, bound);
  if (own)
    throw procedureError(15103, 'Cannot bind a default to a column created with or altered to have a default value.');
}

function setColumn(call: ProcedureCall, kind: Kind, target: Extract<Target, { kind: 'column' }>, id: number): void {
  const { scope } = call;
  scope.store.update(
    'sys.columns',
    { db: scope.db, object_id: target.objectId, column_id: num(target.row['column_id']) },
    { [kind.column]: id },
  );
  objectChanged(scope, target.objectId);
}

function setType(call: ProcedureCall, kind: Kind, type: Row, id: number): void {
  call.scope.store.update(
    'sys.types',
    { db: call.scope.db, user_type_id: num(type['user_type_id']) },
    { [kind.column]: id },
  );
}

const futureOnly = (call: ProcedureCall): boolean => call.text('futureonly')?.trim().toLowerCase() === 'futureonly';

function bind(call: ProcedureCall, kind: Kind, parameter: string): ProcedureOutcome {
  const { scope } = call;
  const written = call.text(parameter) ?? '';
  const name = splitName(written);
  const object = findObject(scope, name.schema, name.name);
  if (!object || typeOf(object) !== kind.type || num(object['parent_object_id']) !== 0)
    throw procedureError(kind.missing, `The ${kind.word} '${written}' does not exist.`);
  const id = num(object['object_id']);
  const target = targetOf(call, call.text('objname') ?? '');
  if (target.kind === 'column') {
    refuseColumn(call, kind, target.row);
    setColumn(call, kind, target, id);
    return { messages: [note(...kind.boundToColumn)] };
  }
  const before = num(target.row[kind.column]);
  setType(call, kind, target.row, id);
  const messages = [note(...kind.boundToType)];
  if (!futureOnly(call) && followColumns(call, kind, target.row, before, id))
    messages.push(note(...kind.boundToColumns));
  return { messages };
}

function unbind(call: ProcedureCall, kind: Kind): ProcedureOutcome {
  const { scope } = call;
  const written = call.text('objname') ?? '';
  const target = targetOf(call, written);
  const bound = num(target.row[kind.column]);
  if (target.kind === 'column') {
    const constraint =
      kind.word === 'default' &&
      scope.store.get('SELECT 1 AS x FROM "b.sys.default_constraints" WHERE db = ? AND object_id = ?', scope.db, bound);
    if (constraint) throw procedureError(15049, `Cannot unbind from '${written}'. Use ALTER TABLE DROP CONSTRAINT.`);
    if (bound === 0) throw procedureError(kind.notBound[0], `Column '${written}' has no ${kind.word}.`);
    setColumn(call, kind, target, 0);
    return { messages: [note(...kind.unboundFromColumn)] };
  }
  if (bound === 0) throw procedureError(kind.notBound[1], `User data type '${written}' has no ${kind.word}.`);
  setType(call, kind, target.row, 0);
  const messages = [note(...kind.unboundFromType)];
  if (!futureOnly(call) && followColumns(call, kind, target.row, bound, 0))
    messages.push(note(...kind.unboundFromColumns));
  return { messages };
}

const binding = (kind: Kind, parameter: string): Procedure => ({
  required: [parameter, 'objname'],
  optional: ['futureonly'],
  run: call => bind(call, kind, parameter),
});
const unbinding = (kind: Kind): Procedure => ({
  required: ['objname'],
  optional: ['futureonly'],
  run: call => unbind(call, kind),
});

export const bindings: Procedures = {
  sp_bindefault: binding(defaults, 'defname'),
  sp_bindrule: binding(rules, 'rulename'),
  sp_unbindefault: unbinding(defaults),
  sp_unbindrule: unbinding(rules),
};
