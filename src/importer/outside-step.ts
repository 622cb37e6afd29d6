/**
 * Steps that can't run in a transaction: noted in the journal before, ticked off after. When the process or the connection
 * ended between, the note is there, and a look at the target says whether the statement ran.
 */

import type { Session } from '../connection/session.ts';
import { ConnectionLostError } from '../connection/sql-error.ts';
import { XpdbError } from '../model/error.ts';
import { tokenize } from '../tsql/lexer.ts';
import { quoteName, quoteString } from '../tsql/quote.ts';
import type { Token } from '../tsql/token.ts';
import { TokenCursor } from '../tsql/token-cursor.ts';
import type { Journal } from './journal.ts';
import { type OnMessage, sendStep } from './send-step.ts';
import type { Step } from './step.ts';
import type { Target } from './target.ts';
import { nameValue, wordOf } from './token-edit.ts';

/**
 * @param journal null before the database and its journal exist
 * @param noted whether an earlier run noted the step and ended before it ticked it off
 * @throws XpdbError when such a step's outcome can't be told
 */
export async function runOutside(
  target: Target,
  journal: Journal | null,
  step: Step,
  noted: boolean,
  onMessage: OnMessage,
): Promise<void> {
  await target.settle(step.before);
  const outcome = noted && step.kind === 'batch' ? await lookUpOutcome(target.session, step.text) : 'not done';
  if (outcome === 'unknown') {
    throw new XpdbError('the import ended while this statement ran, and nothing on the server tells whether it did', {
      position: step.first,
      hint: 'look at the target; when the statement ran, take it out of the script and put blank lines in its place, then --resume',
    });
  }
  if (journal && !noted) await target.session.execute(journal.add('note', step.last, null));
  try {
    if (outcome !== 'done') await sendStep(target, step, onMessage);
    else target.assume(step.after);
  } catch (error) {
    // A refusal is certain: nothing is left to look up.
    if (journal && !(error instanceof ConnectionLostError) && !target.session.closed) {
      await target.session.execute(journal.remove('note', step.last));
    }
    throw error;
  }
  if (journal) {
    await target.session.execute(
      `BEGIN TRANSACTION\n${journal.remove('note', step.last)}\n${journal.moveTo(step.last)}\nCOMMIT TRANSACTION`,
    );
  }
}

/**
 * Whether a statement that was noted did run.
 * - `repeat`: it may run again, for it says what shall be and not what to add
 * - `unknown`: nothing in the catalog tells
 */
export type Outcome = 'done' | 'not done' | 'repeat' | 'unknown';

/** @param text of the step, whose first statement is what was noted */
export async function lookUpOutcome(session: Session, text: string): Promise<Outcome> {
  const tokens = tokenize(text);
  const at = tokens.findIndex(t => ['CREATE', 'ALTER', 'DROP'].includes(wordOf(t)));
  if (at < 0) return wordOf(tokens[0]) === 'RECONFIGURE' ? 'repeat' : 'unknown';
  const verb = wordOf(tokens[at]);
  if (wordOf(tokens[at + 1]) === 'DATABASE') return databaseOutcome(session, verb, tokens.slice(at));
  if (wordOf(tokens[at + 1]) === 'FULLTEXT') return fullTextOutcome(session, verb, tokens.slice(at), text);
  return 'unknown';
}

async function databaseOutcome(session: Session, verb: string, tokens: readonly Token[]): Promise<Outcome> {
  const name = nameValue(tokens[2]!);
  if (verb === 'CREATE' || verb === 'DROP') {
    const found = await exists(session, `[sys].[databases] WHERE [name] = ${quoteString(name)}`);
    return found === (verb === 'CREATE') ? 'done' : 'not done';
  }
  const words = [3, 4, 5].map(i => wordOf(tokens[i]));
  const catalog = wordOf(tokens[2]) === 'CURRENT' ? '[sys]' : `${quoteName(name)}.[sys]`;
  if (words[0] === 'ADD' && words[1] === 'FILEGROUP') {
    const group = quoteString(nameValue(tokens[5]!));
    return (await exists(session, `${catalog}.[filegroups] WHERE [name] = ${group}`)) ? 'done' : 'not done';
  }
  if (words[0] === 'ADD') {
    const logical = tokens.findIndex((t, i) => wordOf(t) === 'NAME' && tokens[i + 1]?.text === '=');
    if (logical < 0) return 'unknown';
    const file = quoteString(nameValue(tokens[logical + 2]!));
    return (await exists(session, `${catalog}.[database_files] WHERE [name] = ${file}`)) ? 'done' : 'not done';
  }
  // SET, COLLATE and MODIFY say what shall be.
  return words[0] === 'REMOVE' ? 'unknown' : 'repeat';
}

async function fullTextOutcome(
  session: Session,
  verb: string,
  tokens: readonly Token[],
  text: string,
): Promise<Outcome> {
  const kind = wordOf(tokens[2]);
  if (verb === 'ALTER') return kind === 'INDEX' ? 'repeat' : 'unknown';
  let found: boolean;
  if (kind === 'CATALOG') {
    found = await exists(session, `[sys].[fulltext_catalogs] WHERE [name] = ${quoteString(nameValue(tokens[3]!))}`);
  } else if (kind === 'STOPLIST') {
    found = await exists(session, `[sys].[fulltext_stoplists] WHERE [name] = ${quoteString(nameValue(tokens[3]!))}`);
  } else if (kind === 'INDEX' && wordOf(tokens[3]) === 'ON') {
    const cursor = new TokenCursor(tokens, text, 4);
    const { schema, name } = cursor.objectName();
    const object = quoteString(schema === null ? quoteName(name) : `${quoteName(schema)}.${quoteName(name)}`);
    found = await exists(session, `[sys].[fulltext_indexes] WHERE [object_id] = OBJECT_ID(${object})`);
  } else return 'unknown';
  return found === (verb === 'CREATE') ? 'done' : 'not done';
}

async function exists(session: Session, where: string): Promise<boolean> {
  return (await session.query(`SELECT 1 AS [found] FROM ${where}`)).rows.length > 0;
}
