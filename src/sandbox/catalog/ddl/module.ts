/** Views, procedures, functions, triggers, rules and defaults: the text as sent, and what the catalog says of it. */
import type { CreateModule, ObjectName, TriggerState } from '../../../tsql/ddl/statement.ts';
import { readModuleHeader } from '../../../tsql/module-header.ts';
import type { DdlOutcome } from '../../engine/catalog-access.ts';
import {
  addObject,
  databaseCollation,
  findObject,
  nameAsWritten,
  objectChanged,
  objectIn,
  principalNamed,
  type Scope,
  schemaFor,
  typeOf,
} from '../state.ts';
import { num, type Row, text } from '../store.ts';
import { storedType } from '../system-types.ts';
import { findType, paddable, plainType, type ResolvedType, resolveType } from './column-types.ts';
import { recordModuleDependencies, schemaBoundReference } from './dependencies.ts';
import { command, done, fail, keywordError } from './failure.ts';
import { type ModuleSignature, readSignature } from './parameters.ts';
import { removeObject } from './table.ts';
import { refuseNewerSyntax } from './version-gates.ts';

const commands = {
  view: command.createView,
  procedure: command.createProcedure,
  function: command.none,
  trigger: command.createTrigger,
  rule: command.none,
  default: command.none,
} as const;

function typeCode(statement: CreateModule): string {
  switch (statement.module) {
    case 'view':
      return 'V';
    case 'procedure':
      return 'P';
    case 'trigger':
      return 'TR';
    case 'rule':
      return 'R';
    case 'default':
      return 'D';
    case 'function':
      return statement.functionKind === 'scalar' ? 'FN' : statement.functionKind === 'inline' ? 'IF' : 'TF';
  }
}

/** The stored text: an ALTER is kept as the CREATE that it amounts to, the rest stays to the letter. */
function storedText(given: string): string {
  const header = readModuleHeader(given);
  if (!header || header.verb === 'CREATE') return given;
  const verb = header.verb === 'ALTER' ? 'CREATE' : 'CREATE  ';
  return given.slice(0, header.verbStart) + verb + given.slice(header.verbEnd);
}

export function createModule(scope: Scope, statement: CreateModule): DdlOutcome {
  if (statement.verb === 'CREATE OR ALTER' && scope.version < 130) throw keywordError('OR');
  if (statement.name.database !== null && statement.module !== 'trigger') {
    const what = statement.module.toUpperCase();
    throw fail(
      166,
      `'CREATE/ALTER ${what}' does not allow specifying the database name as a prefix to the object name.`,
      { class: 15 },
    );
  }
  refuseNewerSyntax(statement.text, scope.version);
  if (statement.module === 'trigger') return createTrigger(scope, statement);
  const schema = schemaFor(scope, statement.name.schema);
  const existing = objectIn(scope, schema.id, statement.name.name);
  const type = typeCode(statement);
  const altering = statement.verb === 'ALTER' || (statement.verb === 'CREATE OR ALTER' && existing !== undefined);
  const written = nameAsWritten(statement.name.schema, statement.name.name);
  if (statement.procedureNumber !== null && statement.procedureNumber > 1) {
    if (!existing)
      throw fail(
        2730,
        `Cannot create procedure '${statement.name.name}' with a group number of ${statement.procedureNumber} because a procedure with the same name and a group number of 1 does not currently exist in the database. Must execute CREATE PROCEDURE '${statement.name.name}';1 first.`,
        { class: 11 },
      );
    scope.store.remove('sys.numbered_procedures', {
      db: scope.db,
      object_id: num(existing['object_id']),
      procedure_number: statement.procedureNumber,
    });
    scope.store.insert('sys.numbered_procedures', {
      db: scope.db,
      object_id: num(existing['object_id']),
      procedure_number: statement.procedureNumber,
      definition: statement.encrypted ? null : storedText(statement.text),
    });
    return done(commands.procedure);
  }
  if (
    altering &&
    (!existing ||
      (typeOf(existing) !== type &&
        !(statement.module === 'function' && ['FN', 'IF', 'TF'].includes(typeOf(existing)))))
  ) {
    throw fail(208, `Invalid object name '${written}'.`, { state: 6 });
  }
  if (!altering && existing) {
    throw fail(2714, `There is already an object named '${statement.name.name}' in the database.`, {
      state: statement.module === 'procedure' ? 3 : 3,
    });
  }
  const id =
    existing && altering
      ? num(existing['object_id'])
      : addObject(scope, { name: statement.name.name, schemaId: schema.id, type });
  if (existing && altering) scope.store.update('sys.objects', { db: scope.db, object_id: id }, { type });
  writeModule(scope, id, statement, altering);
  return done(commands[statement.module]);
}

function writeModule(scope: Scope, id: number, statement: CreateModule, altering: boolean): void {
  const { store, db } = scope;
  const given = storedText(statement.text);
  const signature = readSignature(given);
  for (const view of ['sys.sql_modules', 'sys.parameters', 'sys.views', 'sys.procedures'] as const)
    store.remove(view, { db, object_id: id });
  if (statement.module === 'view' || statement.module === 'function')
    store.remove('sys.columns', { db, object_id: id });
  const executeAs = executeAsId(scope, given, signature.options);
  store.insert('sys.sql_modules', {
    db,
    object_id: id,
    definition: statement.encrypted ? null : given,
    text: given,
    encrypted: statement.encrypted,
    uses_ansi_nulls: scope.context.ansiNulls,
    uses_quoted_identifier: scope.context.quotedIdentifier,
    is_schema_bound: statement.schemaBound,
    uses_database_collation: statement.schemaBound,
    is_recompiled: signature.options.includes('RECOMPILE'),
    null_on_null_input: /returns\s+null\s+on\s+null\s+input/i.test(given),
    execute_as_principal_id: executeAs,
    is_inlineable: statement.functionKind === 'scalar' && scope.version >= 150,
    inline_type: statement.functionKind === 'scalar' && scope.version >= 150,
  });
  if (statement.module === 'view') {
    store.insert('sys.views', {
      db,
      object_id: id,
      with_check_option: /\bwith\s+check\s+option\s*;?\s*$/i.test(given),
      column_names: signature.columnNames.length > 0 ? JSON.stringify(signature.columnNames) : null,
    });
    writeResultColumns(scope, id, viewQuery(given, signature), signature);
  }
  if (statement.module === 'procedure') store.insert('sys.procedures', { db, object_id: id });
  if (statement.module === 'procedure' || statement.module === 'function') writeParameters(scope, id, signature);
  if (statement.functionKind === 'inline') writeResultColumns(scope, id, inlineQuery(given, signature), signature);
  if (statement.functionKind === 'table') writeTableColumns(scope, id, signature);
  if (statement.module !== 'rule' && statement.module !== 'default')
    recordModuleDependencies(scope, id, given.slice(signature.bodyStart), statement.schemaBound);
  if (altering) objectChanged(scope, id);
}

/** sp_refreshview and its like: the columns that a view or inline function shows now. */
export function describeModule(scope: Scope, id: number): void {
  const { store, db } = scope;
  const given = text(
    store.get('SELECT text FROM "b.sys.sql_modules" WHERE db = ? AND object_id = ?', db, id)?.['text'],
  );
  const type = text(
    store.get('SELECT type FROM "b.sys.objects" WHERE db = ? AND object_id = ?', db, id)?.['type'],
  ).trim();
  if (type === 'V' || type === 'IF') {
    const signature = readSignature(given);
    store.remove('sys.columns', { db, object_id: id });
    const query = type === 'V' ? viewQuery(given, signature) : inlineQuery(given, signature);
    writeResultColumns(scope, id, query, signature);
  }
  objectChanged(scope, id);
}

/** EXECUTE AS OWNER is −2, a named user its id, CALLER NULL; SELF is who creates it. */
function executeAsId(scope: Scope, given: string, options: readonly string[]): number | null {
  const as = options.indexOf('EXECUTE') >= 0 || options.indexOf('EXEC') >= 0;
  if (!as) return null;
  const match = /\bexec(?:ute)?\s+as\s+(?:(owner|self|caller)\b|N?'((?:[^']|'')*)')/i.exec(given);
  const who = match?.[1]?.toUpperCase();
  if (who === 'OWNER') return -2;
  if (who === 'SELF') return 1;
  if (match?.[2] === undefined) return null;
  const principal = principalNamed(scope, match[2].replaceAll("''", "'"));
  if (!principal)
    throw fail(15151, `Cannot find the user '${match[2]}', because it does not exist or you do not have permission.`);
  return num(principal['principal_id']);
}

function viewQuery(given: string, signature: ModuleSignature): string {
  return given
    .slice(signature.bodyStart)
    .replace(/\bwith\s+check\s+option\s*;?\s*$/i, '')
    .replace(/;\s*$/, '');
}

/** RETURN ( SELECT … ) → SELECT …, with parameters left for the engine to resolve. */
function inlineQuery(given: string, signature: ModuleSignature): string {
  const body = given
    .slice(signature.bodyStart)
    .trim()
    .replace(/^return\b/i, '')
    .trim()
    .replace(/;\s*$/, '')
    .replace(/\bend\s*$/i, match => match);
  return body.startsWith('(') && body.endsWith(')') ? body.slice(1, -1) : body;
}

function writeResultColumns(scope: Scope, id: number, query: string, signature: ModuleSignature): void {
  let described: ReturnType<ReturnType<Scope['state']['evaluator']>['describeQuery']> = null;
  try {
    described = scope.state.evaluator().describeQuery(query, scope.context);
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'ServerError') throw error;
  }
  if (!described) {
    // Only the names are known; sql_variant would be a guess, so columns of unknown type are not listed.
    return;
  }
  const seen = new Set<string>();
  described.forEach((column, i) => {
    const name = signature.columnNames[i] ?? column.name;
    const key = scope.state.key(scope.db, name);
    if (name === '')
      throw fail(4511, `Create View or Function failed because no column name was specified for column ${i + 1}.`);
    if (seen.has(key)) {
      throw fail(
        4506,
        `Column names in each view or function must be unique. Column name '${name}' in view or function '${text(scope.store.get('SELECT name FROM "b.sys.objects" WHERE db = ? AND object_id = ?', scope.db, id)?.['name'])}' is specified more than once.`,
      );
    }
    seen.add(key);
    const type = storedType(column.type);
    if (!type) return;
    insertColumn(scope, id, i + 1, name, { ...type }, column.nullable, column.collation);
  });
}

function insertColumn(
  scope: Scope,
  id: number,
  ordinal: number,
  name: string,
  type: Pick<ResolvedType, 'systemTypeId' | 'userTypeId' | 'maxLength' | 'precision' | 'scale' | 'character'>,
  nullable: boolean,
  collation: string | null,
): void {
  scope.store.insert('sys.columns', {
    db: scope.db,
    object_id: id,
    name,
    column_id: ordinal,
    system_type_id: type.systemTypeId,
    user_type_id: type.userTypeId,
    max_length: type.maxLength,
    precision: type.precision,
    scale: type.scale,
    collation_name: type.character ? (collation ?? databaseCollation(scope)) : null,
    is_nullable: nullable,
    is_ansi_padded: paddable(type.systemTypeId),
  });
}

function writeTableColumns(scope: Scope, id: number, signature: ModuleSignature): void {
  signature.columns.forEach((column, i) => {
    const type = resolveType(scope, column.type, i + 1);
    insertColumn(scope, id, i + 1, column.name, type, column.nullable, null);
  });
}

/** A parameter may also be of a table type, which columns may not. */
function parameterType(
  scope: Scope,
  type: ModuleSignature['parameters'][number]['type'],
  ordinal: number,
): ResolvedType {
  const row = findType(scope, type.schema ?? 'dbo', type.name);
  if (row && num(row['is_table_type']) === 1) {
    return {
      systemTypeId: 243,
      userTypeId: num(row['user_type_id']),
      maxLength: -1,
      precision: 0,
      scale: 0,
      character: false,
      ...plainType,
    };
  }
  if (type.name.toLowerCase() === 'cursor') return { ...resolveType(scope, { schema: null, name: 'int' }, ordinal) };
  return resolveType(scope, type, ordinal);
}

function writeParameters(scope: Scope, id: number, signature: ModuleSignature): void {
  const all = [
    ...(signature.returns
      ? [{ name: '', type: signature.returns, output: true, readOnly: false, hasDefault: false, ordinal: 0 }]
      : []),
    ...signature.parameters.map((p, i) => ({ ...p, ordinal: i + 1 })),
  ];
  for (const p of all) {
    const type = parameterType(scope, p.type, p.ordinal);
    scope.store.insert('sys.parameters', {
      db: scope.db,
      object_id: id,
      name: p.name,
      parameter_id: p.ordinal,
      system_type_id: type.systemTypeId,
      user_type_id: type.userTypeId,
      max_length: type.maxLength,
      precision: type.precision,
      scale: type.scale,
      is_output: p.output,
      is_cursor_ref: p.type.name.toLowerCase() === 'cursor',
      has_default_value: false,
      is_readonly: p.readOnly,
      is_nullable: true,
    });
  }
}

const dmlCodes: Readonly<Record<string, number>> = { INSERT: 1, UPDATE: 2, DELETE: 3 };

function triggerNamed(scope: Scope, schemaId: number | null, name: string): Row | undefined {
  return scope.store.get(
    `SELECT * FROM "b.sys.triggers" WHERE db = ? AND name_key = ? AND ${schemaId === null ? 'parent_class = 0' : 'schema_id = ?'}`,
    ...(schemaId === null
      ? [scope.db, scope.state.key(scope.db, name)]
      : [scope.db, scope.state.key(scope.db, name), schemaId]),
  );
}

function createTrigger(scope: Scope, statement: CreateModule): DdlOutcome {
  const { trigger } = statement;
  if (!trigger) throw fail(40000, 'not supported by the sandbox: CREATE TRIGGER without ON');
  if (trigger.on === 'ALL SERVER') throw fail(40000, 'not supported by the sandbox: CREATE TRIGGER ON ALL SERVER');
  const onDatabase = trigger.on === 'DATABASE';
  const parent = trigger.on === 'DATABASE' ? null : triggerParent(scope, trigger.on, statement.name.name);
  const schemaId = parent ? num(parent['schema_id']) : null;
  const existing = triggerNamed(scope, schemaId, statement.name.name);
  const altering = statement.verb === 'ALTER' || (statement.verb === 'CREATE OR ALTER' && existing !== undefined);
  if (altering && !existing)
    throw fail(208, `Invalid object name '${nameAsWritten(statement.name.schema, statement.name.name)}'.`, {
      state: 6,
    });
  if (!altering && (existing || (schemaId !== null && objectIn(scope, schemaId, statement.name.name)))) {
    throw fail(2714, `There is already an object named '${statement.name.name}' in the database.`, { state: 2 });
  }
  if (parent && typeOf(parent) === 'V' && !trigger.insteadOf)
    throw fail(8197, `The object '${text(parent['name'])}' does not exist or is invalid for this operation.`, {
      state: 6,
    });
  const { store, db } = scope;
  const now = scope.state.now();
  let id = existing ? num(existing['object_id']) : 0;
  if (altering) {
    store.remove('sys.trigger_events', { db, object_id: id });
    store.update(
      'sys.triggers',
      { db, object_id: id },
      { modify_date: now, is_not_for_replication: trigger.notForReplication, is_instead_of_trigger: trigger.insteadOf },
    );
  } else {
    id =
      onDatabase || schemaId === null
        ? scope.state.newObjectId(db)
        : addObject(scope, { name: statement.name.name, schemaId, type: 'TR', parentId: num(parent?.['object_id']) });
    store.insert('sys.triggers', {
      db,
      name: statement.name.name,
      object_id: id,
      parent_class: onDatabase ? 0 : 1,
      parent_id: parent ? num(parent['object_id']) : 0,
      schema_id: schemaId,
      type: 'TR',
      create_date: now,
      modify_date: now,
      is_not_for_replication: trigger.notForReplication,
      is_instead_of_trigger: trigger.insteadOf,
    });
  }
  trigger.events.forEach(event => {
    const name = event.toUpperCase();
    store.insert('sys.trigger_events', {
      db,
      object_id: id,
      type: dmlCodes[name] ?? ddlEventCode(name),
      type_desc: name,
    });
  });
  writeModule(scope, id, statement, altering);
  scope.state.touch(db, parent ? num(parent['object_id']) : id);
  return done(command.createTrigger);
}

/** Codes of the commonest DDL events; others get a number of their own kind. */
function ddlEventCode(name: string): number {
  const known: Readonly<Record<string, number>> = {
    CREATE_TABLE: 21,
    ALTER_TABLE: 22,
    DROP_TABLE: 23,
    CREATE_INDEX: 24,
    ALTER_INDEX: 25,
    DROP_INDEX: 26,
    CREATE_VIEW: 41,
    ALTER_VIEW: 42,
    DROP_VIEW: 43,
    CREATE_PROCEDURE: 51,
    ALTER_PROCEDURE: 52,
    DROP_PROCEDURE: 53,
    CREATE_FUNCTION: 61,
    ALTER_FUNCTION: 62,
    DROP_FUNCTION: 63,
    CREATE_TRIGGER: 71,
    ALTER_TRIGGER: 72,
    DROP_TRIGGER: 73,
  };
  return known[name] ?? 10000;
}

function triggerParent(scope: Scope, on: ObjectName, trigger: string): Row {
  const row = findObject(scope, on.schema, on.name);
  if (!row || !['U', 'V'].includes(typeOf(row))) {
    throw fail(
      8197,
      `The object '${nameAsWritten(on.schema, on.name)}' does not exist or is invalid for this operation.`,
      { state: trigger === '' ? 1 : 4 },
    );
  }
  return row;
}

/** ENABLE or DISABLE TRIGGER of a table. */
export function setTriggers(
  scope: Scope,
  parentId: number,
  enable: boolean,
  which: 'ALL' | readonly string[],
  parentName: string,
): void {
  const { store, db } = scope;
  const triggers = store.all(
    'SELECT * FROM "b.sys.triggers" WHERE db = ? AND parent_class = ? AND parent_id = ?',
    db,
    parentId === 0 ? 0 : 1,
    parentId,
  );
  const chosen =
    which === 'ALL'
      ? triggers
      : which.map(name => {
          const row = triggers.find(t => t['name_key'] === scope.state.key(db, name));
          if (!row)
            throw fail(
              1088,
              `Cannot find the object "${name}" because it does not exist or you do not have permissions.`,
              { state: parentName === '' ? 1 : 6 },
            );
          return row;
        });
  for (const row of chosen)
    store.update('sys.triggers', { db, object_id: num(row['object_id']) }, { is_disabled: !enable });
  scope.state.touch(db, parentId);
}

export function triggerState(scope: Scope, statement: TriggerState): DdlOutcome {
  if (statement.on === 'ALL SERVER') throw fail(40000, 'not supported by the sandbox: triggers ON ALL SERVER');
  const names = statement.triggers === 'ALL' ? 'ALL' : statement.triggers.map(t => t.name);
  if (statement.on === 'DATABASE') {
    setTriggers(scope, 0, statement.enable, names, 'DATABASE');
  } else {
    const parent = triggerParent(scope, statement.on, '');
    setTriggers(scope, num(parent['object_id']), statement.enable, names, text(parent['name']));
  }
  return done(command.none);
}

/** Drops a module: 3729 while a schema-bound object refers to it. */
export function dropModule(scope: Scope, row: Row, what: string, written: string): void {
  const id = num(row['object_id']);
  const bound = schemaBoundReference(scope, id);
  if (bound !== null)
    throw fail(3729, `Cannot ${what} '${written}' because it is being referenced by object '${bound}'.`);
  const triggers = scope.store.all(
    'SELECT object_id FROM "b.sys.triggers" WHERE db = ? AND parent_class = 1 AND parent_id = ?',
    scope.db,
    id,
  );
  for (const t of triggers) removeObject(scope, num(t['object_id']));
  const parent = scope.store.get('SELECT parent_id FROM "b.sys.triggers" WHERE db = ? AND object_id = ?', scope.db, id);
  for (const view of [
    'sys.columns',
    'sys.indexes',
    'sys.index_columns',
    'sys.stats',
    'sys.stats_columns',
    'sys.partitions',
  ] as const)
    scope.store.remove(view, { db: scope.db, object_id: id });
  removeObject(scope, id);
  if (parent) scope.state.touch(scope.db, num(parent['parent_id']));
}
