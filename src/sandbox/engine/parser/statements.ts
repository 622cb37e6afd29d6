/** A batch as a list of statements. Everything is parsed before anything runs, as the server does. */

import { ServerError, unsupported } from '../server-error.ts';
import type { Statement } from './ast.ts';
import { Cursor } from './cursor.ts';
import { parseDbcc } from './dbcc-statement.ts';
import { parseDeclare } from './declare-statement.ts';
import { parseDelete } from './delete-statement.ts';
import { parseExecute } from './execute-statement.ts';
import { expressionList, parseCondition, parseExpression } from './expressions.ts';
import { parseInsert } from './insert-statement.ts';
import { isStatementStart, reserved } from './keywords.ts';
import type { ParseContext, ParserOptions } from './parse-context.ts';
import { parseQuery, parseWith, skipParentheses } from './queries.ts';
import { parseSet } from './set-statement.ts';
import { parseUpdate } from './update-statement.ts';

export function parseBatch(source: string, options: ParserOptions): Statement[] {
  const c = new Cursor(source, options.quotedIdentifier);
  const x: ParseContext = { c, options };
  const statements: Statement[] = [];
  while (c.accept(';'));
  // EXEC may be left out of a batch's first statement.
  if (c.isIdentifier() && !isStatementStart(c)) {
    const t = c.peek();
    if (t.kind === 'name' || /^(SP_|XP_)/.test(t.value) || c.isOperator('.', 1))
      statements.push(parseExecute(x, t.line));
  }
  for (;;) {
    while (c.accept(';'));
    if (c.peek().kind === 'end') return statements;
    statements.push(statement(x));
  }
}

const ddlStarts = new Set(['CREATE', 'ALTER', 'DROP', 'GRANT', 'DENY', 'REVOKE']);

function statement(x: ParseContext): Statement {
  const { c } = x;
  const t = c.peek();
  const line = t.line;
  if (t.kind === 'operator' && t.text === '(') return { kind: 'select', line, query: parseQuery(c) };
  if (t.kind !== 'word') return c.fail(t);
  if (ddlStarts.has(t.value)) return ddl(x);
  switch (t.value) {
    case 'SELECT':
      return { kind: 'select', line, query: parseQuery(c) };
    case 'WITH': {
      c.next();
      const tables = parseWith(c);
      if (c.isWord('SELECT') || c.isOperator('(')) return { kind: 'select', line, query: parseQuery(c, tables) };
      if (c.isWord('INSERT')) return parseInsert(x, tables);
      if (c.isWord('UPDATE')) return parseUpdate(x, tables);
      if (c.isWord('DELETE')) return parseDelete(x, tables);
      if (c.isWord('MERGE')) throw unsupported('MERGE', line);
      return c.fail();
    }
    case 'INSERT':
      return parseInsert(x, []);
    case 'UPDATE':
      if (c.isWord('STATISTICS', 1)) return nothing(x, 'UPDATE STATISTICS');
      return parseUpdate(x, []);
    case 'DELETE':
      return parseDelete(x, []);
    case 'TRUNCATE': {
      c.next();
      c.expectWord('TABLE');
      const name = c.objectName();
      if (c.isWord('WITH')) throw unsupported('TRUNCATE TABLE … WITH (PARTITIONS)', line);
      return { kind: 'truncate', line, name };
    }
    case 'DECLARE':
      return parseDeclare(x);
    case 'SET':
      return parseSet(x);
    case 'IF': {
      c.next();
      const condition = parseCondition(c);
      const then = inner(x);
      let otherwise: Statement | null = null;
      if (c.isOperator(';') && c.isWord('ELSE', 1)) c.next();
      if (c.acceptWord('ELSE')) otherwise = inner(x);
      return { kind: 'if', line, condition, then, otherwise };
    }
    case 'WHILE': {
      c.next();
      const condition = parseCondition(c);
      return { kind: 'while', line, condition, body: inner(x) };
    }
    case 'BEGIN':
      return begin(x);
    case 'BREAK':
    case 'CONTINUE':
      c.next();
      return { kind: t.value === 'BREAK' ? 'break' : 'continue', line };
    case 'RETURN': {
      c.next();
      const next = c.peek();
      const value =
        next.kind === 'end' ||
        c.isOperator(';') ||
        (next.kind === 'word' && (reserved.has(next.value) || isStatementStart(c)))
          ? null
          : parseExpression(c);
      return { kind: 'return', line, value };
    }
    case 'PRINT':
      c.next();
      return { kind: 'print', line, value: parseExpression(c) };
    case 'RAISERROR':
      return raiserror(x);
    case 'THROW': {
      c.next();
      if (x.options.version < 110) throw new ServerError(102, `Incorrect syntax near 'THROW'.`, { class: 15, line });
      if (c.isOperator(';') || c.peek().kind === 'end' || c.isWord('END'))
        return { kind: 'throw', line, number: null, message: null, state: null };
      const number = parseExpression(c);
      c.expect(',');
      const message = parseExpression(c);
      c.expect(',');
      return { kind: 'throw', line, number, message, state: parseExpression(c) };
    }
    case 'WAITFOR': {
      c.next();
      const mode = c.next().value;
      if (mode !== 'DELAY' && mode !== 'TIME') throw unsupported('WAITFOR with a statement', line);
      return { kind: 'waitfor', line, mode, value: parseExpression(c) };
    }
    case 'EXEC':
    case 'EXECUTE':
      c.next();
      return parseExecute(x, line);
    case 'COMMIT':
    case 'ROLLBACK':
    case 'SAVE': {
      c.next();
      if (!c.acceptWord('TRAN') && !c.acceptWord('TRANSACTION')) c.acceptWord('WORK');
      const name =
        c.isIdentifier() && !isStatementStart(c) ? c.identifier() : c.peek().kind === 'variable' ? c.next().text : null;
      return {
        kind: 'transaction',
        line,
        action: t.value === 'COMMIT' ? 'commit' : t.value === 'SAVE' ? 'save' : 'rollback',
        name,
      };
    }
    case 'USE':
      c.next();
      return { kind: 'use', line, database: c.identifier() };
    case 'DBCC':
      return parseDbcc(x);
    case 'CHECKPOINT':
      c.next();
      if (c.peek().kind === 'number') c.next();
      return { kind: 'checkpoint', line };
    case 'RECONFIGURE':
      c.next();
      if (c.acceptWord('WITH')) c.expectWord('OVERRIDE');
      return { kind: 'nothing', line, what: 'RECONFIGURE' };
    case 'ENABLE':
    case 'DISABLE':
      if (c.isWord('TRIGGER', 1)) return ddl(x);
      return c.fail(t);
    case 'GOTO':
    case 'MERGE':
    case 'KILL':
    case 'BULK':
    case 'OPEN':
    case 'CLOSE':
    case 'FETCH':
    case 'DEALLOCATE':
    case 'BACKUP':
    case 'RESTORE':
    case 'SETUSER':
    case 'REVERT':
    case 'READTEXT':
    case 'WRITETEXT':
    case 'UPDATETEXT':
    case 'SHUTDOWN':
    case 'ADD':
      throw unsupported(t.value === 'BULK' ? 'BULK INSERT' : t.value, line);
    default:
      if (!reserved.has(t.value) && c.isOperator(':', 1)) throw unsupported('labels (GOTO)', line);
      return c.fail(t);
  }
}

/** The statement of IF, ELSE, WHILE. */
function inner(x: ParseContext): Statement {
  while (x.c.isOperator(';')) x.c.fail();
  if (x.c.peek().kind === 'end') x.c.fail();
  return statement(x);
}

function nothing(x: ParseContext, what: string): Statement {
  const { c } = x;
  const line = c.line;
  c.next();
  c.next();
  c.objectName();
  if (c.isOperator('(')) skipParentheses(c);
  else if (c.isIdentifier() && !isStatementStart(c)) c.identifier();
  if (c.isWord('WITH')) {
    c.next();
    do {
      c.next();
      if (c.peek().kind === 'number') c.next();
      if (c.isWord('PERCENT') || c.isWord('ROWS')) c.next();
    } while (c.accept(','));
  }
  return { kind: 'nothing', line, what };
}

/** CREATE VIEW and its like take the whole batch. */
const wholeBatch =
  /^\s*(?:CREATE|ALTER|CREATE\s+OR\s+ALTER)\s+(?:VIEW|PROC|PROCEDURE|FUNCTION|TRIGGER|DEFAULT|RULE|SCHEMA)\b/i;

function ddl(x: ParseContext): Statement {
  const { c, options } = x;
  const t = c.peek();
  const text = c.source.slice(t.start, t.start + 200);
  const module = wholeBatch.exec(text);
  if (module && hasTokensBefore(c, t.start)) {
    const words = text.trim().split(/\s+/);
    const second = /^OR$/i.test(words[1] ?? '') ? (words[3] ?? '') : (words[1] ?? '');
    throw new ServerError(
      111,
      `'${words[0]!.toUpperCase()} ${second.toUpperCase()}' must be the first statement in a query batch.`,
      { class: 15, line: t.line },
    );
  }
  const { statement: parsed, end } = options.parseDdl(c.source, t.start, options.quotedIdentifier);
  c.seek(end);
  return { kind: 'ddl', line: t.line, statement: parsed };
}

function hasTokensBefore(c: Cursor, offset: number): boolean {
  const before = new Cursor(c.source.slice(0, offset), true);
  while (before.accept(';'));
  return before.peek().kind !== 'end';
}

function begin(x: ParseContext): Statement {
  const { c } = x;
  const line = c.next().line;
  if (c.isWord('TRAN') || c.isWord('TRANSACTION') || c.isWord('DISTRIBUTED')) {
    if (c.acceptWord('DISTRIBUTED')) throw unsupported('BEGIN DISTRIBUTED TRANSACTION', line);
    c.next();
    const name =
      c.isIdentifier() && !isStatementStart(c) ? c.identifier() : c.peek().kind === 'variable' ? c.next().text : null;
    if (c.isWord('WITH') && c.isWord('MARK', 1)) {
      c.next();
      c.next();
      if (c.peek().kind === 'string' || c.peek().kind === 'nstring') c.next();
    }
    return { kind: 'transaction', line, action: 'begin', name };
  }
  if (c.acceptWord('TRY')) {
    const body = blockUntilEnd(x);
    c.expectWord('TRY');
    while (c.accept(';'));
    c.expectWord('BEGIN');
    const catchLine = c.line;
    c.expectWord('CATCH');
    const handler = blockUntilEnd(x, true);
    c.expectWord('CATCH');
    return { kind: 'tryCatch', line, body, handler, catchLine };
  }
  if (c.isWord('ATOMIC')) throw unsupported('BEGIN ATOMIC', line);
  if (c.isWord('DIALOG') || c.isWord('CONVERSATION')) throw unsupported('Service Broker statements', line);
  const statements = blockUntilEnd(x);
  return { kind: 'block', line, statements };
}

function blockUntilEnd(x: ParseContext, mayBeEmpty = false): Statement[] {
  const { c } = x;
  const statements: Statement[] = [];
  for (;;) {
    while (c.accept(';'));
    if (c.isWord('END')) {
      if (statements.length === 0 && !mayBeEmpty && !c.isWord('TRY', 1)) c.fail();
      c.next();
      return statements;
    }
    if (c.peek().kind === 'end') c.fail();
    statements.push(statement(x));
  }
}

function raiserror(x: ParseContext): Statement {
  const { c } = x;
  const line = c.next().line;
  if (!c.isOperator('(')) throw unsupported('RAISERROR without parentheses', line);
  c.next();
  const args = expressionList(c);
  c.expect(')');
  const options: string[] = [];
  if (c.acceptWord('WITH')) {
    do options.push(c.next().value);
    while (c.accept(','));
  }
  if (args.length < 3) throw new ServerError(102, "Incorrect syntax near ')'.", { class: 15, line });
  return {
    kind: 'raiserror',
    line,
    message: args[0]!,
    severity: args[1]!,
    state: args[2]!,
    arguments: args.slice(3),
    options,
  };
}
