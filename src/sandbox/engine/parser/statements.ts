/** A batch as a list of statements. Everything is parsed before anything runs, as the server does. */
import type { DdlStatement } from '../../../tsql/ddl/statement.ts';
import { ServerError, unsupported } from '../server-error.ts';
import type { DmlTarget, ExecArgument, Expression, Output, Statement, StatementOf, TableReference } from './ast.ts';
import { Cursor, objectName } from './cursor.ts';
import { expressionList, parseCondition, parseExpression, parseType } from './expressions.ts';
import { reserved } from './keywords.ts';
import {
  columnList,
  parseQuery,
  parseTop,
  parseWith,
  selectItems,
  skipParentheses,
  tableHints,
  tableReferences,
  valueRows,
} from './queries.ts';

/** Reads one DDL statement at an offset of the batch. `end`: where the next statement begins. */
export type DdlParser = (
  source: string,
  offset: number,
  quotedIdentifier: boolean,
) => { readonly statement: DdlStatement; readonly end: number };

export interface ParserOptions {
  readonly quotedIdentifier: boolean;
  readonly parseDdl: DdlParser;
  /** 100 … 170: syntax newer than that is refused as its server would. */
  readonly version: number;
}

interface Context {
  readonly c: Cursor;
  readonly options: ParserOptions;
}

export function parseBatch(source: string, options: ParserOptions): Statement[] {
  const c = new Cursor(source, options.quotedIdentifier);
  const x: Context = { c, options };
  const statements: Statement[] = [];
  while (c.accept(';'));
  // EXEC may be left out of a batch's first statement.
  if (c.isIdentifier() && !isStatementStart(c)) {
    const t = c.peek();
    if (t.kind === 'name' || /^(SP_|XP_)/.test(t.value) || c.isOperator('.', 1)) statements.push(execute(x, t.line));
  }
  for (;;) {
    while (c.accept(';'));
    if (c.peek().kind === 'end') return statements;
    statements.push(statement(x));
  }
}

const starts = new Set(
  'SELECT INSERT UPDATE DELETE MERGE TRUNCATE DECLARE SET IF WHILE BEGIN BREAK CONTINUE RETURN PRINT RAISERROR THROW WAITFOR GOTO EXEC EXECUTE COMMIT ROLLBACK SAVE USE DBCC CHECKPOINT KILL BULK CREATE ALTER DROP GRANT DENY REVOKE ENABLE DISABLE WITH OPEN CLOSE FETCH DEALLOCATE RECONFIGURE BACKUP RESTORE SETUSER REVERT'.split(
    ' ',
  ),
);
const isStatementStart = (c: Cursor): boolean => c.isAnyWord(starts);

const ddlStarts = new Set(['CREATE', 'ALTER', 'DROP', 'GRANT', 'DENY', 'REVOKE']);

function statement(x: Context): Statement {
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
      if (c.isWord('INSERT')) return insert(x, tables);
      if (c.isWord('UPDATE')) return update(x, tables);
      if (c.isWord('DELETE')) return remove(x, tables);
      if (c.isWord('MERGE')) throw unsupported('MERGE', line);
      return c.fail();
    }
    case 'INSERT':
      return insert(x, []);
    case 'UPDATE':
      if (c.isWord('STATISTICS', 1)) return nothing(x, 'UPDATE STATISTICS');
      return update(x, []);
    case 'DELETE':
      return remove(x, []);
    case 'TRUNCATE': {
      c.next();
      c.expectWord('TABLE');
      const name = c.objectName();
      if (c.isWord('WITH')) throw unsupported('TRUNCATE TABLE … WITH (PARTITIONS)', line);
      return { kind: 'truncate', line, name };
    }
    case 'DECLARE':
      return declare(x);
    case 'SET':
      return set(x);
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
      return execute(x, line);
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
      return dbcc(x);
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
function inner(x: Context): Statement {
  while (x.c.isOperator(';')) x.c.fail();
  if (x.c.peek().kind === 'end') x.c.fail();
  return statement(x);
}

function nothing(x: Context, what: string): Statement {
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

function ddl(x: Context): Statement {
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

function begin(x: Context): Statement {
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

function blockUntilEnd(x: Context, mayBeEmpty = false): Statement[] {
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

function dmlTarget(c: Cursor): DmlTarget {
  if (c.peek().kind === 'variable') return { kind: 'variableTable', name: c.next().text };
  for (const word of ['OPENROWSET', 'OPENQUERY', 'OPENDATASOURCE']) if (c.isWord(word)) throw unsupported(word, c.line);
  return { kind: 'object', name: c.objectName() };
}

function output(c: Cursor): Output | null {
  if (!c.acceptWord('OUTPUT')) return null;
  const items = selectItems(c);
  let into: { target: DmlTarget; columns: readonly string[] | null } | null = null;
  if (c.acceptWord('INTO'))
    into = { target: dmlTarget(c), columns: c.isOperator('(') && !c.isWord('SELECT', 1) ? columnList(c) : null };
  return { items, into };
}

function insert(x: Context, ctes: StatementOf<'insert'>['with']): Statement {
  const { c } = x;
  const line = c.next().line;
  if (c.isWord('BULK') && !c.isOperator('.', 1)) return insertBulk(x, line);
  const top = c.isWord('TOP') ? parseTop(c) : null;
  c.acceptWord('INTO');
  const target = dmlTarget(c);
  tableHints(c);
  let columns: string[] | null = null;
  if (c.isOperator('(') && !c.isWord('SELECT', 1) && !c.isWord('WITH', 1) && !c.isOperator('(', 1))
    columns = insertColumns(c);
  const clause = output(c);
  const make = (source: StatementOf<'insert'>['source']): Statement => ({
    kind: 'insert',
    line,
    with: ctes,
    target,
    columns,
    output: clause,
    top,
    source,
  });
  if (c.isWord('VALUES')) {
    c.next();
    const rows = valueRows(c);
    if (rows.length > 1000)
      throw new ServerError(
        10738,
        'The number of row value expressions in the INSERT statement exceeds the maximum allowed number of 1000 row values.',
        { class: 15, line },
      );
    return make({ kind: 'values', rows });
  }
  if (c.isWord('DEFAULT') && c.isWord('VALUES', 1)) {
    c.next();
    c.next();
    return make({ kind: 'defaults' });
  }
  if (c.isWord('EXEC') || c.isWord('EXECUTE')) {
    const at = c.next().line;
    return make({ kind: 'execute', statement: execute(x, at) });
  }
  return make({ kind: 'query', query: parseQuery(c) });
}

function insertColumns(c: Cursor): string[] {
  c.expect('(');
  const names: string[] = [];
  do {
    const parts = c.nameParts();
    names.push(parts[parts.length - 1]!);
  } while (c.accept(','));
  c.expect(')');
  return names;
}

function insertBulk(x: Context, line: number): Statement {
  const { c } = x;
  c.next();
  const name = c.objectName();
  const columns: { name: string; type: ReturnType<typeof parseType>; collation: string | null }[] = [];
  if (!c.isOperator('(')) throw new ServerError(102, `Incorrect syntax near '${name.name}'.`, { class: 15, line });
  c.next();
  do {
    const column = c.anyIdentifier();
    const type = parseType(c);
    const collation = c.acceptWord('COLLATE') ? c.anyIdentifier() : null;
    columns.push({ name: column, type, collation });
  } while (c.accept(','));
  c.expect(')');
  const options: string[] = [];
  if (c.acceptWord('WITH')) {
    c.expect('(');
    do {
      const t = c.next();
      const option = t.value.toUpperCase();
      if (
        ![
          'KEEP_NULLS',
          'TABLOCK',
          'CHECK_CONSTRAINTS',
          'FIRE_TRIGGERS',
          'ROWS_PER_BATCH',
          'KILOBYTES_PER_BATCH',
          'ORDER',
          'ALLOW_ENCRYPTED_VALUE_MODIFICATIONS',
        ].includes(option)
      )
        throw new ServerError(102, `Incorrect syntax near '${t.text}'.`, { class: 15, line: t.line });
      options.push(option);
      if (option === 'ORDER') skipParentheses(c);
      else if (c.accept('=')) c.next();
    } while (c.accept(','));
    c.expect(')');
  }
  return { kind: 'insertBulk', line, name, columns, options };
}

const setOperators = new Set(['=', '+=', '-=', '*=', '/=', '%=', '&=', '|=', '^=']);

function update(x: Context, ctes: StatementOf<'update'>['with']): Statement {
  const { c } = x;
  const line = c.next().line;
  const top = c.isWord('TOP') ? parseTop(c) : null;
  const target = dmlTarget(c);
  tableHints(c);
  c.expectWord('SET');
  const set: StatementOf<'update'>['set'][number][] = [];
  do {
    if (c.peek().kind === 'variable') {
      const variable = c.next().text;
      const operator = c.next().text;
      if (!setOperators.has(operator)) c.fail();
      if (c.isIdentifier() && c.isOperator('=', 1)) {
        const column = c.identifier();
        c.next();
        set.push({ kind: 'column', column, operator: '=', value: parseExpression(c), variable });
      } else set.push({ kind: 'variable', variable, operator, value: parseExpression(c) });
      continue;
    }
    const parts = c.nameParts();
    if (parts[parts.length - 1]!.toUpperCase() === 'WRITE' && c.isOperator('(')) {
      c.next();
      const [value, offset, length] = expressionList(c) as [Expression, Expression, Expression];
      c.expect(')');
      set.push({ kind: 'write', column: parts[parts.length - 2]!, value, offset, length });
      continue;
    }
    if (c.isOperator('(')) throw unsupported(`method ${parts.join('.')}()`, line);
    const operator = c.next();
    if (!setOperators.has(operator.text)) c.fail(operator);
    set.push({
      kind: 'column',
      column: parts[parts.length - 1]!,
      operator: operator.text,
      value: parseExpression(c),
      variable: null,
    });
  } while (c.accept(','));
  const clause = output(c);
  const from: TableReference[] = c.acceptWord('FROM') ? tableReferences(c) : [];
  const where = whereClause(c);
  return { kind: 'update', line, with: ctes, top, target, set, output: clause, from, where };
}

function whereClause(c: Cursor) {
  let where = null;
  if (c.acceptWord('WHERE')) {
    if (c.isWord('CURRENT') && c.isWord('OF', 1)) throw unsupported('WHERE CURRENT OF', c.line);
    where = parseCondition(c);
  }
  if (c.isWord('OPTION') && c.isOperator('(', 1)) {
    c.next();
    skipParentheses(c);
  }
  return where;
}

function remove(x: Context, ctes: StatementOf<'delete'>['with']): Statement {
  const { c } = x;
  const line = c.next().line;
  const top = c.isWord('TOP') ? parseTop(c) : null;
  c.acceptWord('FROM');
  const target = dmlTarget(c);
  tableHints(c);
  const clause = output(c);
  const from: TableReference[] = c.acceptWord('FROM') ? tableReferences(c) : [];
  return { kind: 'delete', line, with: ctes, top, target, output: clause, from, where: whereClause(c) };
}

function declare(x: Context): Statement {
  const { c } = x;
  const line = c.next().line;
  const variables: { name: string; type: ReturnType<typeof parseType>; value: Expression | null }[] = [];
  do {
    const t = c.next();
    if (t.kind !== 'variable') {
      if (c.isWord('CURSOR') || c.isWord('INSENSITIVE') || c.isWord('SCROLL')) throw unsupported('cursors', line);
      c.fail(t);
    }
    c.acceptWord('AS');
    if (c.isWord('TABLE') && c.isOperator('(', 1)) {
      const from = c.peek(1).start;
      const open = new Cursor(c.source, x.options.quotedIdentifier);
      open.seek(from);
      skipParentheses(open);
      // A table variable is declared like a table: read its list with the DDL parser.
      const end = open.peek().kind === 'end' ? c.source.length : open.peek().start;
      const prefix = 'CREATE TABLE [v] ';
      const { statement: create } = x.options.parseDdl(
        prefix + c.source.slice(from, end).trimEnd(),
        0,
        x.options.quotedIdentifier,
      );
      c.seek(end);
      return { kind: 'declareTable', line, name: t.text, create };
    }
    if (c.isWord('CURSOR')) throw unsupported('cursors', line);
    const type = parseType(c);
    const value = c.accept('=') ? parseExpression(c) : null;
    variables.push({ name: t.text, type, value });
  } while (c.accept(','));
  return { kind: 'declare', line, variables };
}

/** Words of SET that take ON or OFF, alone or in a list. */
const onOff = new Set(
  'ANSI_NULLS QUOTED_IDENTIFIER ANSI_PADDING ANSI_WARNINGS ANSI_NULL_DFLT_ON ANSI_NULL_DFLT_OFF ANSI_DEFAULTS ARITHABORT ARITHIGNORE NUMERIC_ROUNDABORT CONCAT_NULL_YIELDS_NULL CURSOR_CLOSE_ON_COMMIT IMPLICIT_TRANSACTIONS NOCOUNT NOEXEC PARSEONLY FMTONLY XACT_ABORT FORCEPLAN REMOTE_PROC_TRANSACTIONS SHOWPLAN_ALL SHOWPLAN_TEXT SHOWPLAN_XML NO_BROWSETABLE'.split(
    ' ',
  ),
);

function set(x: Context): Statement {
  const { c } = x;
  const line = c.next().line;
  const t = c.next();
  if (t.kind === 'variable') {
    if (c.isOperator('.')) throw unsupported('method of a variable', line);
    const operator = c.next();
    if (!setOperators.has(operator.text)) c.fail(operator);
    return { kind: 'setVariable', line, name: t.text, operator: operator.text, value: parseExpression(c) };
  }
  if (t.kind !== 'word') c.fail(t);
  if (t.value === 'IDENTITY_INSERT') {
    const name = c.objectName();
    const word = c.next();
    if (word.value !== 'ON' && word.value !== 'OFF') c.fail(word);
    return { kind: 'setIdentityInsert', line, name, on: word.value === 'ON' };
  }
  if (t.value === 'TRANSACTION') {
    c.expectWord('ISOLATION');
    c.expectWord('LEVEL');
    const words = [c.next().value];
    if (c.isWord('READ') || c.isWord('COMMITTED') || c.isWord('UNCOMMITTED')) words.push(c.next().value);
    if (words[0] === 'REPEATABLE') words.push(c.isWord('READ') ? c.next().value : '');
    return {
      kind: 'setOption',
      line,
      options: ['TRANSACTION ISOLATION LEVEL'],
      value: words.join(' ').trim(),
      expression: null,
    };
  }
  if (t.value === 'STATISTICS') {
    do c.next();
    while (c.accept(','));
    const word = c.next();
    return { kind: 'setOption', line, options: ['STATISTICS'], value: word.value, expression: null };
  }
  if (t.value === 'OFFSETS' || t.value === 'CONTEXT_INFO') throw unsupported(`SET ${t.value}`, line);
  const options = [t.value];
  while (c.accept(',')) options.push(c.next().value);
  if (onOff.has(t.value)) {
    const word = c.next();
    if (word.kind !== 'word' || (word.value !== 'ON' && word.value !== 'OFF')) c.fail(word);
    // QUOTED_IDENTIFIER counts from here to the end of the batch at parse time.
    if (options.includes('QUOTED_IDENTIFIER') || options.includes('ANSI_DEFAULTS'))
      c.lexer.quotedIdentifier = word.value === 'ON';
    return { kind: 'setOption', line, options, value: word.value, expression: null };
  }
  if (
    ![
      'ROWCOUNT',
      'TEXTSIZE',
      'DATEFORMAT',
      'DATEFIRST',
      'LANGUAGE',
      'LOCK_TIMEOUT',
      'DEADLOCK_PRIORITY',
      'QUERY_GOVERNOR_COST_LIMIT',
      'FIPS_FLAGGER',
    ].includes(t.value)
  ) {
    throw new ServerError(195, `'${t.text}' is not a recognized SET option.`, { class: 15, line, state: 5 });
  }
  const value = c.peek();
  if (value.kind === 'word' || value.kind === 'name') {
    c.next();
    return { kind: 'setOption', line, options, value: value.text, expression: null };
  }
  return { kind: 'setOption', line, options, value: '', expression: parseExpression(c) };
}

function raiserror(x: Context): Statement {
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

function execute(x: Context, line: number): Statement {
  const { c } = x;
  if (c.accept('(')) {
    const text = expressionList(c);
    c.expect(')');
    if (c.isWord('AT') || c.isWord('AS')) throw unsupported(`EXECUTE … ${c.peek().value}`, line);
    // 'a' + @b is one expression already; several by comma are parameters of a linked server.
    return { kind: 'executeText', line, text };
  }
  if (c.isWord('AS') && (c.isWord('USER', 1) || c.isWord('LOGIN', 1) || c.isWord('CALLER', 1)))
    throw unsupported('EXECUTE AS', line);
  let returnVariable: string | null = null;
  let nameVariable: string | null = null;
  if (c.peek().kind === 'variable' && c.isOperator('=', 1)) {
    returnVariable = c.next().text;
    c.next();
  }
  let name = objectName(['']);
  if (c.peek().kind === 'variable') nameVariable = c.next().text;
  else name = c.objectName();
  if (c.accept(';')) {
    if (c.peek().kind !== 'number') return { kind: 'execute', line, returnVariable, name, nameVariable, arguments: [] };
    c.next();
  }
  const args: ExecArgument[] = [];
  if (startsArgument(c)) {
    do {
      let argumentName: string | null = null;
      if (c.peek().kind === 'variable' && c.isOperator('=', 1)) {
        argumentName = c.next().text.slice(1);
        c.next();
      }
      const value = execValue(c);
      const out = c.acceptWord('OUTPUT') || c.acceptWord('OUT');
      args.push({ name: argumentName, value, output: out });
    } while (c.accept(','));
  }
  if (c.isWord('WITH') && (c.isWord('RECOMPILE', 1) || c.isWord('RESULT', 1))) {
    if (c.isWord('RESULT', 1)) throw unsupported('EXECUTE … WITH RESULT SETS', line);
    c.next();
    c.next();
  }
  return { kind: 'execute', line, returnVariable, name, nameVariable, arguments: args };
}

function startsArgument(c: Cursor): boolean {
  const t = c.peek();
  switch (t.kind) {
    case 'end':
      return false;
    case 'operator':
      return t.text === '-' || t.text === '+';
    case 'word':
      return t.value === 'NULL' || t.value === 'DEFAULT' || (!reserved.has(t.value) && !isStatementStart(c));
    default:
      return true;
  }
}

/** Arguments are constants, variables or bare words (taken as text). */
function execValue(c: Cursor): Expression | null {
  const t = c.peek();
  if (t.kind === 'word' && t.value === 'DEFAULT') {
    c.next();
    return null;
  }
  if (t.kind === 'name' || (t.kind === 'word' && t.value !== 'NULL')) {
    c.next();
    return { kind: 'literal', form: 'nstring', text: t.kind === 'word' ? t.text : t.value, line: t.line };
  }
  if (t.kind === 'operator') {
    const sign = c.next();
    const number = c.next();
    if (number.kind !== 'number' && number.kind !== 'money') c.fail(number);
    return {
      kind: 'unary',
      operator: sign.text === '-' ? '-' : '+',
      line: t.line,
      operand: { kind: 'literal', form: number.kind, text: number.value, line: t.line },
    };
  }
  c.next();
  if (t.kind === 'variable') return { kind: 'variable', name: t.text, line: t.line };
  if (t.kind === 'word') return { kind: 'literal', form: 'null', text: 'NULL', line: t.line };
  if (t.kind === 'end') return c.fail(t);
  return { kind: 'literal', form: t.kind, text: t.value, line: t.line };
}

function dbcc(x: Context): Statement {
  const { c } = x;
  const line = c.next().line;
  const command = c.next().value;
  let args: Expression[] = [];
  if (c.accept('(')) {
    if (!c.isOperator(')')) {
      args = [];
      do {
        const t = c.peek();
        if (t.kind === 'word' || t.kind === 'name')
          args.push({ kind: 'literal', form: 'nstring', text: dbccName(c), line: t.line });
        else args.push(parseExpression(c));
      } while (c.accept(','));
    }
    c.expect(')');
  }
  const options: string[] = [];
  if (c.acceptWord('WITH')) {
    do options.push(c.next().value);
    while (c.accept(','));
  }
  return { kind: 'dbcc', line, command, arguments: args, options };
}

function dbccName(c: Cursor): string {
  const start = c.peek().start;
  let end = c.next().end;
  while (c.accept('.')) end = c.next().end;
  return c.source.slice(start, end);
}
