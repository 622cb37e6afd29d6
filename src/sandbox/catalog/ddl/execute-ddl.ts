/** One DDL statement into the catalog. */
import type { CreateStatistics, DdlStatement, ObjectName } from '../../../tsql/ddl/statement.ts';
import type { CatalogContext, DdlOutcome } from '../../engine/catalog-access.ts';
import { ServerError } from '../../engine/server-error.ts';
import { executeProcedure, procedureArguments } from '../procedures/execute-procedure.ts';
import { type CatalogState, columnsOf, nameAsWritten, type Scope, scopeOf } from '../state.ts';
import { num, text } from '../store.ts';
import { alterDatabase } from './alter-database.ts';
import { alterTable } from './alter-table.ts';
import { createDatabase, dropDatabase, useDatabase } from './database.ts';
import { dropObjects } from './drop.ts';
import { command, done, fail } from './failure.ts';
import { alterIndex, createIndex, indexedObject } from './indexes.ts';
import { createLogin } from './login.ts';
import { createModule, triggerState } from './module.ts';
import { createPartitionFunction, createPartitionScheme } from './partition.ts';
import { alterScopedConfiguration } from './scoped-configuration.ts';
import { alterAuthorization, alterRole, changePermission, createRole, createSchema, createUser } from './security.ts';
import { createSequence, createSynonym } from './sequence.ts';
import { storedExpression } from './stored-expression.ts';
import { createTable } from './table.ts';
import { createType, createXmlSchemaCollection } from './type.ts';

function scopeOfName(state: CatalogState, context: CatalogContext, name: ObjectName): Scope {
  if (name.name.startsWith('#'))
    return { ...scopeOf(state, context, 'tempdb'), context: { ...context, defaultSchema: 'dbo' } };
  return scopeOf(state, context, name.database);
}

function createStatistics(scope: Scope, statement: CreateStatistics): DdlOutcome {
  const object = indexedObject(scope, statement.on.schema, statement.on.name);
  const id = num(object['object_id']);
  const written = nameAsWritten(statement.on.schema, statement.on.name);
  const rows = scope.store.all(
    'SELECT stats_id, name_key FROM "b.sys.stats" WHERE db = ? AND object_id = ?',
    scope.db,
    id,
  );
  if (rows.some(r => r['name_key'] === scope.state.key(scope.db, statement.name))) {
    throw fail(1927, `There are already statistics on table '${written}' named '${statement.name}'.`);
  }
  const indexes = scope.store.all('SELECT index_id FROM "b.sys.indexes" WHERE db = ? AND object_id = ?', scope.db, id);
  const statsId = Math.max(1, ...rows.map(r => num(r['stats_id'])), ...indexes.map(r => num(r['index_id']))) + 1;
  const columns = columnsOf(scope, id);
  scope.store.insert('sys.stats', {
    db: scope.db,
    object_id: id,
    name: statement.name,
    stats_id: statsId,
    user_created: true,
    has_filter: statement.filter !== null,
    filter_definition: statement.filter === null ? null : storedExpression(statement.filter),
  });
  statement.columns.forEach((name, i) => {
    const column = columns.find(c => text(c['name_key']) === scope.state.key(scope.db, name));
    if (!column) throw fail(1911, `Column name '${name}' does not exist in the target table or view.`);
    scope.store.insert('sys.stats_columns', {
      db: scope.db,
      object_id: id,
      stats_id: statsId,
      stats_column_id: i + 1,
      column_id: num(column['column_id']),
    });
  });
  return done(command.none);
}

function dispatch(state: CatalogState, statement: DdlStatement, context: CatalogContext): DdlOutcome {
  const here = (name: ObjectName): Scope => scopeOfName(state, context, name);
  switch (statement.kind) {
    case 'createDatabase':
      return createDatabase(state, statement, context);
    case 'alterDatabase':
      return alterDatabase(state, statement, context);
    case 'dropDatabase':
      return dropDatabase(state, statement, context);
    case 'use':
      return useDatabase(state, statement.database, context);
    case 'createSchema':
      return createSchema(scopeOf(state, context), statement, (element, schema) =>
        dispatch(state, element, { ...context, defaultSchema: schema }),
      );
    case 'createTable':
      return createTable(here(statement.name), statement);
    case 'alterTable':
      return alterTable(here(statement.name), statement);
    case 'createIndex':
      return createIndex(here(statement.on), statement);
    case 'alterIndex':
      return alterIndex(here(statement.on), statement);
    case 'drop':
      return dropObjects(scopeOf(state, context), statement, here);
    case 'createModule':
      return createModule(scopeOf(state, context), statement);
    case 'triggerState':
      return triggerState(scopeOf(state, context), statement);
    case 'createType':
      return createType(here(statement.name), statement);
    case 'createXmlSchemaCollection':
      return createXmlSchemaCollection(scopeOf(state, context), statement);
    case 'createPartitionFunction':
      return createPartitionFunction(scopeOf(state, context), statement);
    case 'createPartitionScheme':
      return createPartitionScheme(scopeOf(state, context), statement);
    case 'createSynonym':
      return createSynonym(here(statement.name), statement);
    case 'createSequence':
      return createSequence(here(statement.name), statement);
    case 'createUser':
      return createUser(scopeOf(state, context), statement);
    case 'createRole':
      return createRole(scopeOf(state, context), statement);
    case 'alterRole':
      return alterRole(scopeOf(state, context), statement);
    case 'createLogin':
      return createLogin(scopeOf(state, context), statement);
    case 'permission':
      return changePermission(scopeOf(state, context), statement);
    case 'alterAuthorization':
      return alterAuthorization(scopeOf(state, context), statement);
    case 'createStatistics':
      return createStatistics(here(statement.on), statement);
    case 'systemProcedure': {
      const outcome = executeProcedure(state, statement.procedure, procedureArguments(statement), context);
      if (!outcome) throw fail(2812, `Could not find stored procedure '${statement.procedure}'.`, { state: 62 });
      return outcome;
    }
    case 'unsupported':
      if (statement.what === 'database scoped configuration')
        return alterScopedConfiguration(scopeOf(state, context), statement);
      throw fail(
        40000,
        `not supported by the sandbox: ${statement.what}${statement.name === '' ? '' : ` ${statement.name}`}`,
      );
    case 'setOption':
    case 'setIdentityInsert':
      throw fail(40000, `not supported by the sandbox: ${statement.kind} as a definition`);
  }
}

/** CurCmd of a statement that failed, by its kind. */
function failedCommand(statement: DdlStatement, number: number): number {
  if (statement.kind === 'alterDatabase')
    return number === 5011 || number === 5070 || number === 226 ? command.alterDatabase : command.none;
  if (statement.kind === 'drop' && statement.what === 'index')
    return number === 3748 ? command.none : command.dropIndex;
  return command.none;
}

/** Runs a statement. Errors become messages of the outcome; a defect is thrown. */
export function executeDdl(state: CatalogState, statement: DdlStatement, context: CatalogContext): DdlOutcome {
  try {
    return dispatch(state, statement, context);
  } catch (error) {
    if (!(error instanceof ServerError)) throw error;
    return {
      command: failedCommand(statement, error.number),
      messages: [
        { number: error.number, state: error.state, class: error.class, message: error.message, line: error.line },
        ...error.more,
      ],
    };
  }
}
