/** Whether statements ran whose answer was never seen: the catalog of the target tells it of most. */

import type { Session } from '../connection/session.ts';
import { XpdbError } from '../model/error.ts';
import { parseDdl } from '../tsql/ddl/parse-statement.ts';
import type { AlterDatabase, DdlStatement, ObjectName, SystemProcedure } from '../tsql/ddl/statement.ts';
import { parseProcedureCall } from '../tsql/ddl/system-procedure.ts';
import { tokenize } from '../tsql/lexer.ts';
import { quoteName, quoteString } from '../tsql/quote.ts';
import { TokenCursor } from '../tsql/token-cursor.ts';
import { changesRows } from './changed-tables.ts';
import { fullTextOutcome } from './full-text-outcome.ts';
import { serverProcedures } from './server-procedures.ts';
import { quoteObjectName } from './session-state.ts';

/**
 * Whether a statement ran.
 * - `repeat`: it may run again, for it says what shall be and not what to add
 * - `unknown`: nothing in the catalog tells
 */
export type Outcome = 'done' | 'not done' | 'repeat' | 'unknown';

/** Whether `SELECT … FROM` this has a row, as it should when a statement ran, or as it should not. */
export type Told = (from: string, there?: boolean) => Promise<Outcome>;

/** @param text of a batch, or of a part of it */
export async function lookUpOutcome(session: Session, text: string): Promise<Outcome> {
  const statements = readEffects(text);
  if (statements === null) return 'unknown';
  const told: Told = async (from, there = true) => {
    const { rows } = await session.query(`SELECT 1 AS [found] FROM ${from}`);
    return rows.length > 0 === there ? 'done' : 'not done';
  };
  const outcomes: Outcome[] = [];
  for (const statement of statements) outcomes.push(await outcomeOf(statement, told));
  return joined(outcomes);
}

/** Statements run in their order, so those that did are the first ones. */
function joined(outcomes: readonly Outcome[]): Outcome {
  if (outcomes.length === 0 || outcomes.includes('unknown')) return 'unknown';
  if (outcomes.every(o => o === 'repeat')) return 'repeat';
  if (outcomes.every(o => o !== 'done')) return 'not done';
  return outcomes.at(-1) === 'done' && !outcomes.includes('not done') ? 'done' : 'unknown';
}

type Effect = DdlStatement | 'reconfigure';

const defines = ['CREATE', 'ALTER', 'DROP', 'GRANT', 'DENY', 'REVOKE'];

/** Everything in a text that changes something, also under conditions and in EXEC ('…'); null where that can't be told. */
function readEffects(text: string): readonly Effect[] | null {
  const cursor = new TokenCursor(tokenize(text), text);
  const found: Effect[] = [];
  try {
    while (!cursor.atEnd) {
      if (cursor.is('(')) {
        cursor.skipParentheses();
        continue;
      }
      if (cursor.takeWord('RECONFIGURE')) {
        cursor.takeWord('WITH', 'OVERRIDE');
        found.push('reconfigure');
        continue;
      }
      const call = readCall(cursor);
      if (call === null) return null;
      if (call.length > 0) {
        found.push(...call);
        continue;
      }
      const ddl = cursor.isOneOf(...defines) ? parseDdl(cursor) : [];
      if (ddl === undefined) return null;
      const { tokens, index } = cursor;
      if (changesRows(tokens, index) || cursor.isOneOf('BACKUP', 'RESTORE', 'BULK')) return null;
      found.push(...ddl);
      if (ddl.length === 0) cursor.next();
    }
  } catch (error) {
    if (!(error instanceof XpdbError)) throw error;
    return null;
  }
  return found;
}

/** A call at the cursor, with EXEC or without; none when there is no call; null for one of which nothing is known. */
function readCall(cursor: TokenCursor): readonly Effect[] | null {
  const isExec = cursor.isOneOf('EXEC', 'EXECUTE');
  if (!isExec && !(cursor.index === 0 && cursor.atName)) return [];
  const call = parseProcedureCall(cursor, name => serverProcedures.has(name));
  if (call !== null) return [call];
  if (!isExec) return [];
  cursor.next();
  const { kind, value } = cursor.peek();
  if (!cursor.is('(') || (kind !== 'string' && kind !== 'nstring') || cursor.peek(2).text !== ')') return null;
  cursor.skipParentheses();
  return readEffects(value);
}

async function outcomeOf(statement: Effect, told: Told): Promise<Outcome> {
  if (statement === 'reconfigure') return 'repeat';
  switch (statement.kind) {
    case 'createDatabase':
      return told(`[sys].[databases] WHERE [name] = ${quoteString(statement.name)}`);
    case 'dropDatabase':
      return told(`[sys].[databases] WHERE [name] IN (${statement.names.map(quoteString).join(', ')})`, false);
    case 'alterDatabase':
      return alterOutcome(statement, told);
    case 'alterAuthorization':
    case 'permission':
      return 'repeat';
    case 'systemProcedure':
      return callOutcome(statement, told);
    case 'createTable':
      return told(hasId('OBJECT_ID', statement.name));
    case 'createModule':
      return statement.verb === 'CREATE' ? told(hasId('OBJECT_ID', statement.name)) : 'repeat';
    case 'createType':
      return told(hasId('TYPE_ID', statement.name));
    case 'unsupported':
      if (statement.what === 'database scoped configuration') return 'repeat';
      return fullTextOutcome(statement, told);
    default:
      return 'unknown';
  }
}

function hasId(idOf: 'OBJECT_ID' | 'TYPE_ID', name: ObjectName): string {
  return `(SELECT ${idOf}(${quoteString(quoteObjectName(name))}) AS [id]) [o] WHERE [id] IS NOT NULL`;
}

async function alterOutcome({ name, action }: AlterDatabase, told: Told): Promise<Outcome> {
  const catalog = name === null ? '[sys]' : `${quoteName(name)}.[sys]`;
  const named = (view: string, value: string) => `${view} WHERE [name] = ${quoteString(value)}`;
  const files = `${catalog}.[database_files]`;
  const groups = `${catalog}.[filegroups]`;
  switch (action.kind) {
    case 'set': {
      const tracking = action.options.CHANGE_TRACKING;
      if (tracking === undefined) return 'repeat';
      const id = name === null ? 'DB_ID()' : `DB_ID(${quoteString(name)})`;
      return told(`[sys].[change_tracking_databases] WHERE [database_id] = ${id}`, tracking !== 'OFF');
    }
    case 'collate':
      return 'repeat';
    case 'modifyName':
      return told(named('[sys].[databases]', action.newName));
    case 'addFile':
      return told(named(files, action.files[0]!.logicalName));
    case 'removeFile':
      return told(named(files, action.logicalName), false);
    case 'modifyFile': {
      const { newName } = action.file;
      return newName === undefined ? 'repeat' : told(named(files, newName));
    }
    case 'addFilegroup':
      return told(named(groups, action.filegroup.name));
    case 'removeFilegroup':
      return told(named(groups, action.name), false);
    case 'modifyFilegroup': {
      const { change } = action;
      if (typeof change === 'object') return told(named(groups, change.newName));
      // "The filegroup already has the property set" (5045): a second time fails.
      return told(`${named(groups, action.name)} AND ${filegroupState[change]}`);
    }
  }
}

type FilegroupChange = Extract<Extract<AlterDatabase['action'], { kind: 'modifyFilegroup' }>['change'], string>;
const filegroupState: Readonly<Record<FilegroupChange, string>> = {
  DEFAULT: '[is_default] = 1',
  READ_ONLY: '[is_read_only] = 1',
  READ_WRITE: '[is_read_only] = 0',
  AUTOGROW_ALL_FILES: '[is_autogrow_all_files] = 1',
  AUTOGROW_SINGLE_FILE: '[is_autogrow_all_files] = 0',
};

async function callOutcome({ procedure, args }: SystemProcedure, told: Told): Promise<Outcome> {
  const outcome = serverProcedures.get(procedure)?.outcome ?? 'unknown';
  if (typeof outcome === 'string') return outcome;
  const [index, name] = outcome.argument;
  const value = (args.find(a => a.name === name) ?? args.filter(a => a.name === null)[index])?.value;
  if (value === undefined || value === null) return 'unknown';
  return told(`${outcome.view} WHERE [name] = ${quoteString(value)}`, outcome.there);
}
