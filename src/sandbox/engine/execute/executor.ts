/** Runs the statements of a batch one after another, as the server does. */
import type { Statement, Statements } from '../parser/ast.ts';
import { ddlParser } from '../parser/parse-ddl.ts';
import { parseBatch } from '../parser/statements.ts';
import { ServerError } from '../server-error.ts';
import type { Session } from '../session/session.ts';
import { Cancelled } from '../session/write-lock.ts';
import { declareBulk } from './bulk-statement.ts';
import { command } from './commands.ts';
import { compile } from './compile.ts';
import { ifStatement, runStatements, tryCatch, waitFor, whileStatement } from './control.ts';
import { dbcc } from './dbcc.ts';
import { ddl, use } from './ddl.ts';
import { deleteRows, truncate } from './delete.ts';
import { doom, Raised, reachOf, ScopeAborted, tellError } from './errors.ts';
import type { Execution, Flow } from './execution.ts';
import { type BatchFrame, declareAll } from './frame.ts';
import { insert } from './insert.ts';
import { print, raiserror, throwStatement } from './messages.ts';
import { execute, executeText } from './procedure.ts';
import { evaluate, select } from './select.ts';
import { setIdentityInsert, setOption } from './settings.ts';
import { faultError, strikingFault } from './statement-faults.ts';
import { beginImplicitly, transactionStatement } from './transactions.ts';
import { update } from './update.ts';
import { declare, setStatement } from './variables.ts';

export function parseText(session: Session, text: string): Statement[] {
  return parseBatch(text, {
    quotedIdentifier: session.options.quotedIdentifier,
    parseDdl: ddlParser(),
    version: session.version,
  });
}

/** Commands of the DONE of a statement that fails. */
const failedCommands: Partial<Record<keyof Statements, number>> = {
  select: command.select,
  insert: command.insert,
  update: command.update,
  delete: command.delete,
  truncate: command.truncate,
  declare: command.select,
  setVariable: command.select,
  setOption: command.setDate,
  if: command.condition,
  while: command.condition,
  print: command.print,
  raiserror: command.raiserror,
  transaction: command.begin,
  executeText: command.execute,
  execute: command.execute,
  dbcc: command.dbcc,
  waitfor: command.condition,
};

const rowStatements = new Set<keyof Statements>(['select', 'insert', 'update', 'delete']);
const writing = new Set<keyof Statements>(['insert', 'update', 'delete', 'truncate', 'ddl', 'insertBulk']);
/** Statements whose own parts set @@ERROR. */
const compound = new Set<keyof Statements>(['if', 'while', 'block', 'tryCatch', 'execute', 'executeText']);
/** Statements that open a transaction under SET IMPLICIT_TRANSACTIONS ON. */
const implicit = new Set<keyof Statements>(['select', 'insert', 'update', 'delete', 'truncate', 'ddl']);

/** Runs a text in a frame. Its own syntax errors are told here; those of a nested text can be caught by a TRY around it. */
export async function runText(x: Execution, text: string, frame: BatchFrame): Promise<Flow> {
  const outer = x.frame;
  x.frame = frame;
  try {
    let statements: Statement[];
    try {
      statements = parseText(x.session, text);
      refuseCompany(statements);
      declareAll(statements, frame, x.session);
      compile(x, statements);
    } catch (error) {
      if (!(error instanceof ServerError)) throw error;
      error.line ??= 1;
      if (x.tryDepth > 0 && x.nesting > x.tryNesting) {
        doom(x, error);
        throw new Raised(error);
      }
      tellError(x, error, command.none, 1);
      return 'return';
    }
    if (x.session.options.parseOnly) {
      // Only what ends the mode runs.
      for (const s of statements) if (s.kind === 'setOption' && s.options.includes('PARSEONLY')) await x.runOne(x, s);
      return 'next';
    }
    return await runStatements(x, statements);
  } catch (error) {
    // Nested: the error is told, the text is over, its caller goes on.
    if (error instanceof ScopeAborted && x.nesting > 0) return 'return';
    throw error;
  } finally {
    x.frame = outer;
  }
}

function refuseCompany(statements: readonly Statement[]): void {
  if (statements.length > 1 && statements.some(s => s.kind === 'insertBulk'))
    throw new ServerError(428, 'Insert bulk cannot be used in a multi-statement batch.', { class: 15 });
}

export async function runOne(x: Execution, s: Statement): Promise<Flow> {
  const { session } = x;
  const current = failedCommands[s.kind] ?? command.none;
  x.command = current;
  try {
    if (session.options.noExec && s.kind !== 'setOption') return 'next';
    await strike(x, s);
    if (implicit.has(s.kind)) beginImplicitly(x);
    const flow = await dispatch(x, s);
    if (!compound.has(s.kind) && s.kind !== 'raiserror') session.lastError = 0;
    return flow;
  } catch (error) {
    if (!(error instanceof ServerError)) throw error;
    error.line ??= s.line;
    const caught =
      x.tryDepth > 0 && (reachOf(error, session.options.xactAbort) !== 'scope' || x.nesting > x.tryNesting);
    if (!caught) {
      tellError(x, error, current, s.line);
      return 'next';
    }
    doom(x, error);
    session.rowCount = 0;
    x.tokens.done(current, rowStatements.has(s.kind) ? x.counted(0) : null);
    throw new Raised(error);
  }
}

/** Errors that a test asked for. */
async function strike(x: Execution, s: Statement): Promise<void> {
  if (x.faults.length === 0 || compound.has(s.kind)) return;
  const fault = strikingFault(x.faults, x.batchText, writing.has(s.kind));
  if (!fault) return;
  if (fault.kind === 'hang')
    await new Promise<never>((_, reject) => {
      const cancelled = (): void => reject(new Cancelled());
      x.signal.addEventListener('abort', cancelled, { once: true });
      if (x.signal.aborted) cancelled();
    });
  else throw faultError(fault.kind, x.session.id, x.session.database);
}

async function dispatch(x: Execution, s: Statement): Promise<Flow> {
  switch (s.kind) {
    case 'select':
      await select(x, s);
      return 'next';
    case 'insert':
      await insert(x, s);
      return 'next';
    case 'update':
      await update(x, s);
      return 'next';
    case 'delete':
      await deleteRows(x, s);
      return 'next';
    case 'truncate':
      await truncate(x, s);
      return 'next';
    case 'declare':
      await declare(x, s);
      return 'next';
    case 'declareTable':
      return 'next';
    case 'setVariable':
      await setStatement(x, s);
      return 'next';
    case 'setOption':
      setOption(x, s);
      return 'next';
    case 'setIdentityInsert':
      setIdentityInsert(x, s);
      return 'next';
    case 'if':
      return ifStatement(x, s);
    case 'while':
      return whileStatement(x, s);
    case 'block':
      return runStatements(x, s.statements);
    case 'tryCatch':
      return tryCatch(x, s);
    case 'break':
      return 'break';
    case 'continue':
      return 'continue';
    case 'return':
      if (s.value) x.returnValue = Number(evaluate(x, s.value).value ?? 0);
      return 'return';
    case 'print':
      print(x, s);
      return 'next';
    case 'raiserror':
      raiserror(x, s);
      return 'next';
    case 'throw':
      return throwStatement(x, s);
    case 'waitfor':
      await waitFor(x, s);
      return 'next';
    case 'executeText':
      await executeText(x, s);
      return 'next';
    case 'execute':
      await execute(x, s);
      return 'next';
    case 'transaction':
      await transactionStatement(x, s);
      return 'next';
    case 'use':
      await use(x, s);
      return 'next';
    case 'ddl':
      await ddl(x, s);
      return 'next';
    case 'dbcc':
      await dbcc(x, s);
      return 'next';
    case 'checkpoint':
    case 'nothing':
      x.tokens.done(command.none, null);
      return 'next';
    case 'insertBulk':
      declareBulk(x, s);
      return 'next';
  }
}
