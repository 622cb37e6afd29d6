/** OBJECTPROPERTY and OBJECTPROPERTYEX. Properties as Microsoft's page of OBJECTPROPERTY lists them. */
import { objectById, type Scope, typeOf } from '../state.ts';
import { num, type Row, text, type Value } from '../store.ts';
import { variant } from '../table-loader.ts';
import { type Answer, bit, type FunctionCall, type MetadataFunctions } from './function-call.ts';

interface Subject {
  readonly scope: Scope;
  readonly id: number;
  readonly type: string;
  readonly row: Row;
}
type Property = (subject: Subject) => number | null;

const isType =
  (...types: readonly string[]): Property =>
  s =>
    bit(types.includes(s.type));
/** Only for objects of these types, else NULL. */
const only =
  (types: readonly string[], property: Property): Property =>
  s =>
    types.includes(s.type) ? property(s) : null;

function exists(s: Subject, sql: string): number {
  return bit(s.scope.store.get(`SELECT 1 AS x FROM ${sql}`, s.scope.db, s.id) !== undefined);
}
const having =
  (sql: string): Property =>
  s =>
    exists(s, sql);
function field(s: Subject, view: string, column: string): Value | undefined {
  return s.scope.store.get(`SELECT ${column} AS v FROM "b.${view}" WHERE db = ? AND object_id = ?`, s.scope.db, s.id)?.[
    'v'
  ];
}
const flagOf =
  (view: string, column: string): Property =>
  s => {
    const value = field(s, view, column);
    return value === undefined || value === null ? null : bit(num(value) === 1);
  };

const tables = ['U', 'S', 'IT', 'TT'];
const modules = ['P', 'V', 'FN', 'IF', 'TF', 'TR', 'R', 'D'];
const triggers = ['TR', 'TA'];
const constraintStates = ['F', 'C'];
const triggerEvent = (type: number): Property =>
  only(triggers, having(`"b.sys.trigger_events" WHERE db = ? AND object_id = ? AND type = ${type}`));
const triggerOrder = (type: number, column: 'is_first' | 'is_last'): Property =>
  only(triggers, having(`"b.sys.trigger_events" WHERE db = ? AND object_id = ? AND type = ${type} AND ${column} = 1`));
const tableTrigger = (type: number, insteadOf = false): Property =>
  only(
    [...tables, 'V'],
    having(
      `"b.sys.triggers" t JOIN "b.sys.trigger_events" e ON e.db = t.db AND e.object_id = t.object_id WHERE t.db = ? AND t.parent_id = ? AND e.type = ${type} AND t.is_instead_of_trigger = ${bit(insteadOf)}`,
    ),
  );
const child = (type: string): Property =>
  only(tables, having(`"b.sys.objects" WHERE db = ? AND parent_object_id = ? AND type = '${type.padEnd(2)}'`));
const column = (condition: string): Property =>
  only([...tables, 'V'], having(`"b.sys.columns" WHERE db = ? AND object_id = ? AND ${condition}`));
const index = (condition: string): Property =>
  only([...tables, 'V'], having(`"b.sys.indexes" WHERE db = ? AND object_id = ? AND ${condition}`));
const keyClustered = (wanted: number): Property =>
  only(
    ['PK', 'UQ'],
    having(
      `"b.sys.key_constraints" k JOIN "b.sys.objects" o ON o.db = k.db AND o.object_id = k.object_id JOIN "b.sys.indexes" i ON i.db = o.db AND i.object_id = o.parent_object_id AND i.index_id = k.unique_index_id WHERE k.db = ? AND k.object_id = ? AND i.type = ${wanted}`,
    ),
  );
const oneOf =
  (...properties: readonly Property[]): Property =>
  s => {
    for (const property of properties) {
      const value = property(s);
      if (value !== null) return value;
    }
    return null;
  };

const properties: Readonly<Record<string, Property>> = {
  ISTABLE: isType(...tables),
  ISUSERTABLE: isType('U'),
  ISSYSTEMTABLE: isType('S'),
  ISVIEW: isType('V'),
  ISPROCEDURE: isType('P', 'PC'),
  ISEXTENDEDPROC: isType('X'),
  ISSCALARFUNCTION: isType('FN', 'FS'),
  ISINLINEFUNCTION: isType('IF'),
  ISTABLEFUNCTION: isType('IF', 'TF', 'FT'),
  ISTRIGGER: isType(...triggers),
  ISRULE: isType('R'),
  ISDEFAULT: s => bit(s.type === 'D' && num(s.row['parent_object_id']) === 0),
  ISDEFAULTCNST: s => bit(s.type === 'D' && num(s.row['parent_object_id']) !== 0),
  ISCHECKCNST: isType('C'),
  ISFOREIGNKEY: isType('F'),
  ISPRIMARYKEY: isType('PK'),
  ISUNIQUECNST: isType('UQ'),
  ISCONSTRAINT: isType('C', 'F', 'PK', 'UQ', 'D'),
  ISQUEUE: isType('SQ'),
  ISEXECUTED: isType('P', 'FN', 'IF', 'TF', 'V', 'TR'),
  ISMSSHIPPED: s => bit(num(s.row['is_ms_shipped']) === 1),
  ISREPLPROC: only(['P'], () => 0),
  ISSYSTEMVERSIONED: only(['U'], () => 0),
  ISENCRYPTED: only(modules, s => bit(num(field(s, 'sys.sql_modules', 'encrypted')) === 1)),
  ISSCHEMABOUND: only(modules, flagOf('sys.sql_modules', 'is_schema_bound')),
  ISANSINULLSON: oneOf(
    only(modules, flagOf('sys.sql_modules', 'uses_ansi_nulls')),
    only(['U'], flagOf('sys.tables', 'uses_ansi_nulls')),
  ),
  ISQUOTEDIDENTON: oneOf(
    only(modules, flagOf('sys.sql_modules', 'uses_quoted_identifier')),
    only(['U'], () => 1),
  ),
  ISINDEXED: index('type > 0'),
  ISINDEXABLE: isType('U'),
  ISDETERMINISTIC: only(['FN', 'IF', 'TF', 'V'], () => 0),
  ISUSERDEFINEDFUNCTION: isType('FN', 'IF', 'TF'),
  EXECISANSINULLSON: only(modules, flagOf('sys.sql_modules', 'uses_ansi_nulls')),
  EXECISQUOTEDIDENTON: only(modules, flagOf('sys.sql_modules', 'uses_quoted_identifier')),
  EXECISSTARTUP: only(['P'], flagOf('sys.procedures', 'is_auto_executed')),
  EXECISWITHNATIVECOMPILATION: only(modules, () => 0),
  EXECISAFTERTRIGGER: only(triggers, s => bit(num(field(s, 'sys.triggers', 'is_instead_of_trigger')) === 0)),
  EXECISINSTEADOFTRIGGER: only(triggers, flagOf('sys.triggers', 'is_instead_of_trigger')),
  EXECISTRIGGERDISABLED: only(triggers, flagOf('sys.triggers', 'is_disabled')),
  EXECISTRIGGERNOTFORREPL: only(triggers, flagOf('sys.triggers', 'is_not_for_replication')),
  EXECISINSERTTRIGGER: triggerEvent(1),
  EXECISUPDATETRIGGER: triggerEvent(2),
  EXECISDELETETRIGGER: triggerEvent(3),
  EXECISFIRSTINSERTTRIGGER: triggerOrder(1, 'is_first'),
  EXECISFIRSTUPDATETRIGGER: triggerOrder(2, 'is_first'),
  EXECISFIRSTDELETETRIGGER: triggerOrder(3, 'is_first'),
  EXECISLASTINSERTTRIGGER: triggerOrder(1, 'is_last'),
  EXECISLASTUPDATETRIGGER: triggerOrder(2, 'is_last'),
  EXECISLASTDELETETRIGGER: triggerOrder(3, 'is_last'),
  CNSTISCLUSTKEY: keyClustered(1),
  CNSTISNONCLUSTKEY: keyClustered(2),
  CNSTISCOLUMN: only(['C', 'D', 'PK', 'UQ', 'F'], s =>
    bit(num(field(s, s.type === 'C' ? 'sys.check_constraints' : 'sys.default_constraints', 'parent_column_id')) !== 0),
  ),
  CNSTISDISABLED: only(constraintStates, s =>
    bit(num(field(s, s.type === 'F' ? 'sys.foreign_keys' : 'sys.check_constraints', 'is_disabled')) === 1),
  ),
  CNSTISNOTTRUSTED: only(constraintStates, s =>
    bit(num(field(s, s.type === 'F' ? 'sys.foreign_keys' : 'sys.check_constraints', 'is_not_trusted')) === 1),
  ),
  CNSTISNOTREPL: only(constraintStates, s =>
    bit(num(field(s, s.type === 'F' ? 'sys.foreign_keys' : 'sys.check_constraints', 'is_not_for_replication')) === 1),
  ),
  CNSTISDELETECASCADE: only(['F'], s => bit(num(field(s, 'sys.foreign_keys', 'delete_referential_action')) === 1)),
  CNSTISUPDATECASCADE: only(['F'], s => bit(num(field(s, 'sys.foreign_keys', 'update_referential_action')) === 1)),
  TABLEHASPRIMARYKEY: child('PK'),
  TABLEHASUNIQUECNST: child('UQ'),
  TABLEHASFOREIGNKEY: child('F'),
  TABLEHASCHECKCNST: child('C'),
  TABLEHASDEFAULTCNST: child('D'),
  TABLEHASFOREIGNREF: only(tables, having('"b.sys.foreign_keys" WHERE db = ? AND referenced_object_id = ?')),
  TABLEHASIDENTITY: column('is_identity = 1'),
  TABLEHASROWGUIDCOL: column('is_rowguidcol = 1'),
  TABLEHASTIMESTAMP: column('system_type_id = 189'),
  TABLEHASTEXTIMAGE: column('system_type_id IN (34, 35, 99)'),
  TABLEHASCOLUMNSET: column('is_column_set = 1'),
  TABLEHASVARDECIMALSTORAGEFORMAT: only(tables, () => 0),
  TABLEHASINDEX: index('type > 0'),
  TABLEHASCLUSTINDEX: index('type = 1'),
  TABLEHASNONCLUSTINDEX: index('type = 2'),
  TABLEHASINSERTTRIGGER: tableTrigger(1),
  TABLEHASUPDATETRIGGER: tableTrigger(2),
  TABLEHASDELETETRIGGER: tableTrigger(3),
  TABLEINSERTTRIGGERCOUNT: only(tables, s => triggerCount(s, 1)),
  TABLEUPDATETRIGGERCOUNT: only(tables, s => triggerCount(s, 2)),
  TABLEDELETETRIGGERCOUNT: only(tables, s => triggerCount(s, 3)),
  TABLEHASAFTERTRIGGER: only(
    tables,
    having('"b.sys.triggers" WHERE db = ? AND parent_id = ? AND is_instead_of_trigger = 0'),
  ),
  TABLEHASINSTEADOFTRIGGER: only(
    [...tables, 'V'],
    having('"b.sys.triggers" WHERE db = ? AND parent_id = ? AND is_instead_of_trigger = 1'),
  ),
  TABLEISFAKE: only(tables, () => 0),
  TABLEISPINNED: only(tables, () => 0),
  TABLEISMEMORYOPTIMIZED: only(['U'], () => 0),
  TABLETEXTINROWLIMIT: only(tables, s => num(field(s, 'sys.tables', 'text_in_row_limit'))),
  TABLELOCKESCALATION: only(['U'], s => num(field(s, 'sys.tables', 'lock_escalation'))),
  TABLETEMPORALTYPE: only(['U'], () => 0),
  TABLEFULLTEXTCATALOGID: only([...tables, 'V'], () => 0),
  TABLEHASACTIVEFULLTEXTINDEX: only([...tables, 'V'], () => 0),
  TABLEFULLTEXTPOPULATESTATUS: only([...tables, 'V'], () => 0),
  TABLEFULLTEXTBACKGROUNDUPDATEINDEXON: only([...tables, 'V'], () => 0),
  TABLEFULLTEXTCHANGETRACKINGON: only([...tables, 'V'], () => 0),
  OWNERID: s => num(s.row['principal_id']) || num(schemaOwner(s)),
  SCHEMAID: s => num(s.row['schema_id']),
};

function triggerCount(s: Subject, type: number): number {
  return num(
    s.scope.store.get(
      `SELECT count(*) AS n FROM "b.sys.triggers" t JOIN "b.sys.trigger_events" e ON e.db = t.db AND e.object_id = t.object_id
       WHERE t.db = ? AND t.parent_id = ? AND e.type = ?`,
      s.scope.db,
      s.id,
      type,
    )?.['n'],
  );
}

function schemaOwner(s: Subject): Value | undefined {
  return s.scope.store.get(
    'SELECT principal_id FROM "b.sys.schemas" WHERE db = ? AND schema_id = ?',
    s.scope.db,
    num(s.row['schema_id']),
  )?.['principal_id'];
}

function subjectOf(call: FunctionCall): Subject | null {
  const id = call.int(0);
  if (id === null) return null;
  const { scope } = call;
  const row = objectById(scope, id) ?? scope.store.get('SELECT * FROM "b.sys.system_objects" WHERE object_id = ?', id);
  return row ? { scope, id, type: typeOf(row), row } : null;
}

/** NULL for an object or property that there is none of. */
function property(call: FunctionCall): number | null {
  const name = call.text(1)?.trim().toUpperCase();
  const subject = subjectOf(call);
  const read = name !== undefined && Object.hasOwn(properties, name) ? properties[name] : undefined;
  return subject && read ? read(subject) : null;
}

function extended(call: FunctionCall): Answer {
  const name = call.text(1)?.trim().toUpperCase();
  const subject = subjectOf(call);
  if (!subject) return null;
  switch (name) {
    case 'BASETYPE':
      return variant('char(2)', text(subject.row['type']).padEnd(2));
    case 'CARDINALITY':
      return ['U', 'V'].includes(subject.type) && subject.type === 'U'
        ? variant('bigint', String(call.state.rows().rowCount(subject.scope.db, subject.id)))
        : null;
    case 'ISPRECISE':
      return ['FN', 'V'].includes(subject.type) ? 1 : null;
    case 'SYSTEMDATAACCESS':
    case 'USERDATAACCESS':
      return ['FN', 'IF', 'TF', 'V'].includes(subject.type) ? 1 : null;
    default:
      return property(call);
  }
}

export const objectProperties: MetadataFunctions = { OBJECTPROPERTY: property, OBJECTPROPERTYEX: extended };
