/** Whether statements ran whose answer was never seen: the catalog of the target tells it of most. */

import type { Session } from '../connection/session.ts';
import { XpdbError } from '../model/error.ts';
import { parseDdl } from '../tsql/ddl/parse-statement.ts';
import type { AlterDatabase, DdlStatement, ObjectName, SystemProcedure } from '../tsql/ddl/statement.ts';
import { parseProcedureCall } from '../tsql/ddl/system-procedure.ts';
import { tokenize } from '../tsql/lexer.ts';
import { quoteName, quoteString } from '../tsql/quote.ts';
import { TokenCursor } from '../tsql/token-cursor.ts';
import { fullTextOutcome } from './full-text-outcome.ts';
import { serverProcedures } from './server-procedures.ts';

/**
 * Whether a statement ran.
 * - `repeat`: it may run again, for it says what shall be and not what to add
 * - `unknown`: nothing in the catalog tells
 */
export type Outcome = 'done' | 'not done' | 'repeat' | 'unknown';

/** @param text of a batch, or of a part of it */
export async function lookUpOutcome(session: Session, text: string): Promise<Outcome> {
  const statements = readEffects(text);
  if (statements === null) return 'unknown';
  const outcomes: Outcome[] = [];
  for (const statement of statements) outcomes.push(await outcomeOf(session, statement));
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

const changesRows = new Set(['INSERT', 'UPDATE', 'DELETE', 'MERGE', 'TRUNCATE', 'INTO', 'BACKUP', 'RESTORE', 'BULK']);

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
      const ddl = cursor.isOneOf('CREATE', 'ALTER', 'DROP') ? parseDdl(cursor) : [];
      if (ddl === undefined || cursor.isOneOf(...changesRows)) return null;
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

async function outcomeOf(session: Session, statement: Effect): Promise<Outcome> {
  if (statement === 'reconfigure') return 'repeat';
  const isThere = async (where: string) => ((await exists(session, where)) ? 'done' : 'not done');
  const object = (name: ObjectName) => `(SELECT OBJECT_ID(${quoteString(quoted(name))}) AS [id]) [o] WHERE [id]`;
  switch (statement.kind) {
    case 'createDatabase':
      return isThere(`[sys].[databases] WHERE [name] = ${quoteString(statement.name)}`);
    case 'dropDatabase':
      return absent(session, `[sys].[databases] WHERE [name] IN (${statement.names.map(quoteString).join(', ')})`);
    case 'alterDatabase':
      return alterOutcome(session, statement);
    case 'alterAuthorization':
      return 'repeat';
    case 'systemProcedure':
      return callOutcome(session, statement);
    case 'createTable':
      return isThere(`${object(statement.name)} IS NOT NULL`);
    case 'createModule':
      return statement.verb === 'CREATE' ? isThere(`${object(statement.name)} IS NOT NULL`) : 'repeat';
    case 'createType':
      return isThere(`(SELECT TYPE_ID(${quoteString(quoted(statement.name))}) AS [id]) [t] WHERE [id] IS NOT NULL`);
    case 'unsupported':
      if (statement.what === 'database scoped configuration') return 'repeat';
      return fullTextOutcome(statement, where => exists(session, where));
    default:
      return 'unknown';
  }
}

async function alterOutcome(session: Session, { name, action }: AlterDatabase): Promise<Outcome> {
  const catalog = name === null ? '[sys]' : `${quoteName(name)}.[sys]`;
  const present = async (view: string, where: string, yes = true) =>
    (await exists(session, `${view} WHERE ${where}`)) === yes ? 'done' : 'not done';
  const named = (value: string) => `[name] = ${quoteString(value)}`;
  switch (action.kind) {
    case 'set': {
      const tracking = action.options.CHANGE_TRACKING;
      if (tracking === undefined) return 'repeat';
      const id = name === null ? 'DB_ID()' : `DB_ID(${quoteString(name)})`;
      return present('[sys].[change_tracking_databases]', `[database_id] = ${id}`, tracking !== 'OFF');
    }
    case 'collate':
      return 'repeat';
    case 'modifyName':
      return present('[sys].[databases]', named(action.newName));
    case 'addFile':
      return present(`${catalog}.[database_files]`, named(action.files[0]!.logicalName));
    case 'removeFile':
      return present(`${catalog}.[database_files]`, named(action.logicalName), false);
    case 'modifyFile': {
      const { newName } = action.file;
      return newName === undefined ? 'repeat' : present(`${catalog}.[database_files]`, named(newName));
    }
    case 'addFilegroup':
      return present(`${catalog}.[filegroups]`, named(action.filegroup.name));
    case 'removeFilegroup':
      return present(`${catalog}.[filegroups]`, named(action.name), false);
    case 'modifyFilegroup': {
      const { change } = action;
      const groups = `${catalog}.[filegroups]`;
      if (typeof change === 'object') return present(groups, named(change.newName));
      // "The filegroup already has the property set" (5045): a second time fails.
      return present(groups, `${named(action.name)} AND ${filegroupState[change]}`);
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

async function callOutcome(session: Session, { procedure, args }: SystemProcedure): Promise<Outcome> {
  const outcome = serverProcedures.get(procedure)?.outcome ?? 'unknown';
  if (typeof outcome === 'string') return outcome;
  const [index, name] = outcome.argument;
  const value = (args.find(a => a.name === name) ?? args.filter(a => a.name === null)[index])?.value;
  if (value === undefined || value === null) return 'unknown';
  const found = await exists(session, `${outcome.view} WHERE [name] = ${quoteString(value)}`);
  return found === outcome.there ? 'done' : 'not done';
}

function quoted({ database, schema, name }: ObjectName): string {
  const parts = database === null ? [schema, name] : [database, schema ?? '', name];
  return parts
    .map(p => (p === null ? null : p === '' ? '' : quoteName(p)))
    .filter(p => p !== null)
    .join('.');
}

async function absent(session: Session, where: string): Promise<Outcome> {
  return (await exists(session, where)) ? 'not done' : 'done';
}

async function exists(session: Session, where: string): Promise<boolean> {
  return (await session.query(`SELECT 1 AS [found] FROM ${where}`)).rows.length > 0;
}
