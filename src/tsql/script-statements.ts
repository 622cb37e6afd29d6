import { type ScriptPosition, XpdbError } from '../model/error.ts';
import { constantString } from './constant-string.ts';
import { parseScalarText } from './ddl/expression.ts';
import { parseDdl } from './ddl/parse-statement.ts';
import type { DdlStatement, ObjectName } from './ddl/statement.ts';
import { definingProcedures } from './ddl/system-procedure.ts';
import { tokenize } from './lexer.ts';
import type { Token } from './token.ts';
import { TokenCursor } from './token-cursor.ts';

/** What a statement of a script does to the database, as far as its definition goes. */
export type ScriptAction =
  | { readonly kind: 'ddl'; readonly statement: DdlStatement }
  /** DBCC CHECKIDENT (table, RESEED, value). */
  | { readonly kind: 'reseed'; readonly table: ObjectName; readonly value: bigint }
  /** INSERT of another form than VALUES; `oneRow`: of one row for certain. */
  | { readonly kind: 'insert'; readonly table: ObjectName; readonly oneRow: boolean }
  /** Something that defines objects, but what it does is not known before it runs, or that can't be read. */
  | { readonly kind: 'unknown'; readonly what: string; readonly position: ScriptPosition };

/** Variables of a batch that were set to constants, by name in lower case. */
export type BatchVariables = Map<string, string>;

/**
 * Reads the statements of a piece of a script: definitions, and those inside IF, blocks, TRY and EXEC of constant text. Of a
 * condition on whether something exists it takes that nothing does, because a script makes a database from its beginning.
 * Queries and changes of rows are passed over.
 */
export function readStatements(text: string, position: ScriptPosition, variables: BatchVariables): ScriptAction[] {
  const cursor = new TokenCursor(tokenize(text, { position }), text, 0, position.file);
  return readList(cursor, variables, () => false);
}

function readList(cursor: TokenCursor, variables: BatchVariables, end: () => boolean): ScriptAction[] {
  const actions: ScriptAction[] = [];
  while (!cursor.atEnd && !end()) {
    if (cursor.take(';')) continue;
    const before = cursor.index;
    for (const action of readOne(cursor, variables)) actions.push(action);
    if (cursor.index === before) cursor.next();
  }
  return actions;
}

function readOne(cursor: TokenCursor, variables: BatchVariables): ScriptAction[] {
  const start = cursor.index;
  const position = cursor.position();
  try {
    const ddl = parseDdl(cursor, variables);
    if (ddl) return ddl.map(statement => ({ kind: 'ddl', statement }));
    if (cursor.isWord('IF')) return readIf(cursor, variables);
    if (cursor.isWord('WHILE')) {
      cursor.next();
      skipCondition(cursor);
      return undecided(readOne(cursor, variables), position);
    }
    if (cursor.isWord('BEGIN')) return readBlock(cursor, variables);
    if (cursor.isWord('DECLARE')) return readDeclare(cursor, variables);
    if (cursor.isWord('SET') || cursor.isWord('SELECT')) return readAssignment(cursor, variables);
    if (cursor.isOneOf('EXEC', 'EXECUTE')) return readExecute(cursor, variables, position);
    if (cursor.isWord('DBCC', 'CHECKIDENT')) return readReseed(cursor);
    if (cursor.isWord('INSERT')) return readInsert(cursor);
    skipStatement(cursor);
    return [];
  } catch (error) {
    if (!(error instanceof XpdbError)) throw error;
    // What the grammar here does not know is for the server to judge; that it was not understood must not be lost.
    const at = error.details.position ?? position;
    if (cursor.index <= start) cursor.index = start;
    skipStatement(cursor);
    return [{ kind: 'unknown', what: `statement that can't be read: ${error.message}`, position: at }];
  }
}

/** Words that begin a statement, where a statement that is passed over must have ended. */
const starts = new Set(
  'CREATE ALTER DROP GRANT DENY REVOKE EXEC EXECUTE DBCC IF WHILE DECLARE BEGIN USE INSERT END ELSE PRINT RAISERROR'.split(
    ' ',
  ),
);

/** Moves behind a statement that defines nothing: to its semicolon or the next word that must begin another one. */
function skipStatement(cursor: TokenCursor): void {
  let cases = 0;
  let updates = false;
  for (let first = true; !cursor.atEnd; first = false) {
    if (cursor.is('(')) {
      cursor.skipParentheses();
      continue;
    }
    if (cursor.is(';')) {
      cursor.next();
      return;
    }
    const word = cursor.token.kind === 'word' ? cursor.token.value : '';
    if (word === 'CASE') cases++;
    else if (word === 'END' && cases > 0) cases--;
    else if (!first && (starts.has(word) || (word === 'SET' && !updates))) return;
    if (word === 'UPDATE' || word === 'MERGE') updates = true;
    cursor.next();
  }
}

/** BEGIN … END, BEGIN TRY … CATCH, BEGIN TRANSACTION. What stands in CATCH runs only when something failed. */
function readBlock(cursor: TokenCursor, variables: BatchVariables): ScriptAction[] {
  cursor.next();
  if (cursor.takeOneOf('TRAN', 'TRANSACTION', 'DISTRIBUTED') !== null) {
    skipStatement(cursor);
    return [];
  }
  const trying = cursor.takeOneOf('TRY', 'CATCH');
  const actions = readList(cursor, variables, () => cursor.isWord('END'));
  cursor.takeWord('END');
  if (trying !== null) cursor.takeWord(trying);
  return trying === 'CATCH' ? [] : actions;
}

function readIf(cursor: TokenCursor, variables: BatchVariables): ScriptAction[] {
  const position = cursor.position();
  cursor.next();
  const from = cursor.index;
  skipCondition(cursor);
  const holds = conditionHolds(cursor, from, cursor.index);
  const then = readOne(cursor, variables);
  while (cursor.is(';') && cursor.peek().value === 'ELSE') cursor.next();
  const otherwise = cursor.takeWord('ELSE') ? readOne(cursor, variables) : [];
  if (holds === null) return undecided([...then, ...otherwise], position);
  return holds ? then : otherwise;
}

/** To the word that begins the statement behind a condition. */
function skipCondition(cursor: TokenCursor): void {
  let cases = 0;
  while (!cursor.atEnd) {
    if (cursor.is('(')) {
      cursor.skipParentheses();
      continue;
    }
    const word = cursor.token.kind === 'word' ? cursor.token.value : '';
    if (word === 'CASE') cases++;
    else if (word === 'END' && cases > 0) cases--;
    else if (cases === 0 && isBodyStart(cursor, word)) return;
    cursor.next();
  }
}

const bodyStarts = new Set(
  (
    'ALTER BEGIN BREAK CHECKPOINT CLOSE COMMIT CONTINUE CREATE DBCC DEALLOCATE DECLARE DELETE DENY DROP EXEC EXECUTE FETCH GOTO GRANT IF INSERT ' +
    'KILL MERGE OPEN PRINT RAISERROR RECONFIGURE RETURN REVERT REVOKE ROLLBACK SAVE SELECT SET SHUTDOWN THROW TRUNCATE UPDATE USE WAITFOR WHILE'
  ).split(' '),
);

function isBodyStart(cursor: TokenCursor, word: string): boolean {
  // A function's name may be such a word: `IF UPDATE(a)` stands in triggers.
  return bodyStarts.has(word) && !(word === 'UPDATE' && cursor.peek().text === '(');
}

/** Whether a condition holds in a database that has nothing yet; null where that does not tell. */
function conditionHolds(cursor: TokenCursor, from: number, to: number): boolean | null {
  const words = cursor.tokens.slice(from, to).filter(t => t.kind === 'word' || t.kind === 'operator');
  const values = words.map(t => t.value.toUpperCase());
  if (values.includes('OR')) return null;
  while (values[0] === '(') values.shift();
  if (values[0] === 'EXISTS') return false;
  if (values[0] === 'NOT' && values.slice(1).find(v => v !== '(') === 'EXISTS') return true;
  // OBJECT_ID('…') IS NULL, DB_ID(…) IS NOT NULL, TYPE_ID(…), SCHEMA_ID(…) …
  if (/^(OBJECT|DB|TYPE|SCHEMA|USER|DATABASE_PRINCIPAL)_ID$/.test(values[0] ?? '')) {
    const tail = values.filter(v => v !== ')' && v !== '(').slice(-3);
    if (tail.join(' ').endsWith('IS NOT NULL')) return false;
    if (tail.join(' ').endsWith('IS NULL')) return true;
  }
  return null;
}

/** Definitions that run or not: nothing is done, and each is named. */
function undecided(actions: readonly ScriptAction[], position: ScriptPosition): ScriptAction[] {
  const defining = actions.filter(
    a =>
      a.kind === 'unknown' || (a.kind === 'ddl' && !matterless.has(a.statement.kind) && !isHarmlessCall(a.statement)),
  );
  return defining.length === 0 ? [] : [{ kind: 'unknown', what: 'definition under a condition', position }];
}

const matterless = new Set<DdlStatement['kind']>([
  'setOption',
  'setIdentityInsert',
  'use',
  'dropDatabase',
  'drop',
  'createLogin',
]);

/** Old ways to set options that decide nothing of what a database holds. */
function isHarmlessCall(statement: DdlStatement): boolean {
  return (
    (statement.kind === 'systemProcedure' && /^sp_(fulltext_database|dboption|configure)$/.test(statement.procedure)) ||
    (statement.kind === 'alterDatabase' && statement.action.kind === 'set')
  );
}

/** `DECLARE @a int = 1, @b …`: constants are remembered. */
function readDeclare(cursor: TokenCursor, variables: BatchVariables): ScriptAction[] {
  cursor.next();
  do {
    if (cursor.token.kind !== 'variable') break;
    const name = cursor.next().value.toLowerCase();
    variables.delete(name);
    cursor.takeWord('AS');
    while (!cursor.atEnd && !cursor.is('=') && !cursor.is(',') && !cursor.is(';') && !isNextStatement(cursor)) {
      if (cursor.is('(')) cursor.skipParentheses();
      else cursor.next();
    }
    if (cursor.take('=')) variables.set(name, parseScalarText(cursor));
  } while (cursor.take(','));
  if (!cursor.atEnd && !isNextStatement(cursor)) skipStatement(cursor);
  return [];
}

function isNextStatement(cursor: TokenCursor): boolean {
  return cursor.token.kind === 'word' && (bodyStarts.has(cursor.token.value) || cursor.token.value === 'END');
}

/** `SET @a = …` and `SELECT @a = …` of one constant; everything else is passed over. */
function readAssignment(cursor: TokenCursor, variables: BatchVariables): ScriptAction[] {
  const start = cursor.index;
  cursor.next();
  if (cursor.token.kind === 'variable' && cursor.peek().text === '=') {
    const name = cursor.next().value.toLowerCase();
    cursor.next();
    variables.delete(name);
    const from = cursor.index;
    const plain = !cursor.is('(');
    const text = plain ? parseScalarText(cursor) : '';
    if (plain && (cursor.atEnd || cursor.is(';') || isNextStatement(cursor))) {
      variables.set(name, text);
      return [];
    }
    cursor.index = from;
  } else cursor.index = start;
  skipStatement(cursor);
  return [];
}

/** EXEC ('…'), EXEC sp_executesql N'…' and their like, where the text is constant. */
function readExecute(cursor: TokenCursor, variables: BatchVariables, position: ScriptPosition): ScriptAction[] {
  cursor.next();
  let text: string | null = null;
  if (cursor.is('(')) text = constantOf(cursor.parenthesised().slice(1, -1), variables);
  else if (cursor.atName) {
    const name = cursor.objectName();
    const procedure = name.name.toLowerCase();
    if (procedure === 'sp_executesql') {
      if (cursor.token.kind === 'variable' && cursor.peek().text === '=') cursor.index += 2;
      text = constantOf(parseScalarText(cursor), variables);
    } else if (definingProcedures.has(procedure)) {
      skipStatement(cursor);
      return [{ kind: 'unknown', what: `call of ${procedure} with values that are known only when it runs`, position }];
    }
  }
  skipRest(cursor);
  if (text === null) return [];
  return readStatements(text, position, new Map());
}

/** A statement may end here: whatever still belongs to it is passed over. */
function skipRest(cursor: TokenCursor): void {
  if (!cursor.atEnd && !cursor.is(';') && !isNextStatement(cursor)) skipStatement(cursor);
}

function constantOf(text: string, variables: BatchVariables): string | null {
  return constantString(variables.get(text.trim().toLowerCase()) ?? text);
}

function readReseed(cursor: TokenCursor): ScriptAction[] {
  cursor.index += 2;
  cursor.expect('(');
  const written = cursor.token.kind === 'string' || cursor.token.kind === 'nstring' ? cursor.next().value : null;
  const table = written === null ? cursor.objectName() : nameIn(written);
  let value: bigint | null = null;
  if (cursor.take(',') && cursor.takeWord('RESEED') && cursor.take(',')) {
    const digits = cursor.signedNumber();
    if (/^-?\d+$/.test(digits)) value = BigInt(digits);
  }
  skipRest(cursor);
  while (!cursor.atEnd && !cursor.is(';')) cursor.next();
  return value === null ? [] : [{ kind: 'reseed', table, value }];
}

function nameIn(text: string): ObjectName {
  return new TokenCursor(tokenize(text), text).objectName();
}

function readInsert(cursor: TokenCursor): ScriptAction[] {
  cursor.next();
  cursor.takeWord('INTO');
  const table = cursor.atName ? cursor.objectName() : null;
  const from = cursor.index;
  skipStatement(cursor);
  if (table === null) return [];
  const source = cursor.tokens.slice(from, cursor.index);
  return [{ kind: 'insert', table, oneRow: makesOneRow(source) }];
}

/** Words of a query with which it may have no row, or several. */
const rowWords = new Set('DISTINCT EXCEPT FETCH GROUP HAVING INTERSECT OFFSET SELECT TOP UNION WHERE WITH'.split(' '));

/**
 * DEFAULT VALUES, or SELECT of values alone or of those that an export puts together in temporary tables of one row each.
 * @param tokens behind the table's name
 */
function makesOneRow(tokens: readonly Token[]): boolean {
  const words: string[] = [];
  let depth = 0;
  for (const token of tokens) {
    if (token.text === '(') depth++;
    if (depth === 0 && token.text !== ';') words.push(token.kind === 'word' ? token.value : token.text);
    if (token.text === ')') depth--;
  }
  if (words.length === 2 && words.join(' ') === 'DEFAULT VALUES') return true;
  const [select, ...rest] = words;
  const from = rest.indexOf('FROM');
  const list = from < 0 ? rest : rest.slice(0, from);
  const tables =
    from < 0
      ? []
      : rest
          .slice(from + 1)
          .join(' ')
          .split(' CROSS JOIN ');
  return (
    select === 'SELECT' &&
    !list.some(word => rowWords.has(word)) &&
    tables.every(table => /^\[#xpdb_value_\d+\] AS \[v\d+\]$/.test(table))
  );
}
