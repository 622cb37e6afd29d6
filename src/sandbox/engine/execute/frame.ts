/** Variables of a batch or procedure call; all its DECLAREs count from its beginning. */
import type { CreateTable, DdlStatement } from '../../../tsql/ddl/statement.ts';
import { resolveType } from '../bind/types.ts';
import type { SandboxTable } from '../catalog-access.ts';
import type { Statement, TypeReference } from '../parser/ast.ts';
import type { Frame, Variable } from '../query/runtime.ts';
import type { TableSource } from '../query/table-source.ts';
import { ServerError } from '../server-error.ts';
import type { Session } from '../session/session.ts';
import { userTableSource } from '../storage/user-table-source.ts';
import { failureOf } from './outcome.ts';

export interface BatchFrame extends Frame {
  readonly variables: Map<string, Variable>;
  readonly tables: Map<string, TableSource>;
  /** Definitions of table variables, names as in `tables`. */
  readonly tableDefinitions: Map<string, SandboxTable>;
}

export const newFrame = (): BatchFrame => ({
  variables: new Map(),
  tables: new Map(),
  tableDefinitions: new Map(),
});

/** Enters the variables that statements declare. @throws ServerError 134, 243 … */
export function declareAll(statements: readonly Statement[], frame: BatchFrame, session: Session): void {
  for (const s of statements) {
    switch (s.kind) {
      case 'declare':
        for (const v of s.variables) {
          const key = v.name.toLowerCase();
          refuseTwice(frame, v.name, s.line);
          const table = tableOfType(v.type, session);
          if (table) addTable(frame, v.name, table, session);
          else frame.variables.set(key, { type: resolveType(v.type, session, 1), value: null });
        }
        break;
      case 'declareTable': {
        refuseTwice(frame, s.name, s.line);
        addTable(frame, s.name, defineVariable(s.create, session), session);
        break;
      }
      case 'if':
        declareAll([s.then, ...(s.otherwise ? [s.otherwise] : [])], frame, session);
        break;
      case 'while':
        declareAll([s.body], frame, session);
        break;
      case 'block':
        declareAll(s.statements, frame, session);
        break;
      case 'tryCatch':
        declareAll([...s.body, ...s.handler], frame, session);
        break;
      default:
    }
  }
}

function addTable(frame: BatchFrame, name: string, table: SandboxTable, session: Session): void {
  const { variableRows } = session.parts;
  variableRows.create(table);
  frame.tables.set(name.toLowerCase(), { ...userTableSource(table, variableRows), schema: null, name });
  frame.tableDefinitions.set(name.toLowerCase(), table);
}

/** A variable of a table type of the user. */
function tableOfType(type: TypeReference, session: Session): SandboxTable | null {
  if (type.arguments.length > 0) return null;
  const found = session.catalog.tableType(type.name, session.context);
  return found && { ...found.table, objectId: -++variableTables };
}

function refuseTwice(frame: BatchFrame, name: string, line: number): void {
  if (frame.variables.has(name.toLowerCase()) || frame.tables.has(name.toLowerCase()))
    throw new ServerError(
      134,
      `The variable name '${name}' has already been declared. Variable names must be unique within a query batch or stored procedure.`,
      { class: 15, line },
    );
}

/** Drops the rows of table variables. */
export function releaseFrame(frame: BatchFrame, session: Session): void {
  for (const table of frame.tableDefinitions.values()) {
    session.parts.variableRows.drop(table.databaseId, table.objectId);
    session.catalog.setIdentityState(table, null);
  }
}

let variableTables = 0;

/** The catalog reads the definition like that of a table of tempdb, and forgets it: a table variable is in no catalog view of ours. */
function defineVariable(create: DdlStatement, session: Session): SandboxTable {
  const { catalog, parts } = session;
  const number = ++variableTables;
  const name = { server: null, database: 'tempdb', schema: 'dbo', name: `@${number}` };
  catalog.sqlite.exec('SAVEPOINT variable');
  try {
    const outcome = catalog.executeDdl({ ...(create as CreateTable), name }, session.context);
    const failure = failureOf(outcome);
    if (failure) throw failure;
    const found = catalog.resolve(name, session.context);
    if (found?.kind !== 'table') throw new Error('a table variable was not made');
    return { ...found, objectId: -number };
  } finally {
    parts.storage.forgetStatements();
    catalog.sqlite.exec('ROLLBACK TO variable');
    catalog.sqlite.exec('RELEASE variable');
    catalog.afterRollback();
  }
}
