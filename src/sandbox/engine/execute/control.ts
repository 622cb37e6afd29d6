/** IF, WHILE, TRY … CATCH, WAITFOR. */
import { bindCondition } from '../bind/conditions.ts';
import { Scope } from '../bind/scope.ts';
import type { Condition, Statement, StatementOf } from '../parser/ast.ts';
import { ServerError, unsupported } from '../server-error.ts';
import { Cancelled } from '../session/write-lock.ts';
import { command } from './commands.ts';
import { Raised } from './errors.ts';
import type { Execution, Flow } from './execution.ts';
import { DdlFailure } from './outcome.ts';
import { evaluate, planForReading } from './select.ts';

async function test(x: Execution, condition: Condition): Promise<boolean> {
  let result: boolean | null = null;
  const read = (): void => {
    result = bindCondition(condition, new Scope(x.bind(), null))({ row: [], outer: null, run: x.run() });
  };
  x.session.reads.clear();
  read();
  if (x.session.reads.size > 0) {
    await planForReading(x, () => {
      read();
      return { columns: [], correlated: false, orderColumns: null, rows: () => [] };
    });
  }
  return result === true;
}

export async function runStatements(x: Execution, statements: readonly Statement[]): Promise<Flow> {
  for (const s of statements) {
    const flow = await x.runOne(x, s);
    if (flow !== 'next') return flow;
  }
  return 'next';
}

export async function ifStatement(x: Execution, s: StatementOf<'if'>): Promise<Flow> {
  const yes = await test(x, s.condition);
  x.tokens.done(command.condition, null);
  x.session.lastError = 0;
  if (yes) return x.runOne(x, s.then);
  return s.otherwise ? x.runOne(x, s.otherwise) : 'next';
}

export async function whileStatement(x: Execution, s: StatementOf<'while'>): Promise<Flow> {
  for (;;) {
    await x.breathe();
    const yes = await test(x, s.condition);
    x.tokens.done(command.condition, null);
    if (!yes) return 'next';
    const flow = await x.runOne(x, s.body);
    if (flow === 'break') return 'next';
    if (flow === 'return') return flow;
  }
}

export async function tryCatch(x: Execution, s: StatementOf<'tryCatch'>): Promise<Flow> {
  x.tokens.done(command.beginTry, null);
  const outer = x.tryNesting;
  x.tryDepth++;
  x.tryNesting = x.nesting;
  const leave = (): void => {
    x.tryDepth--;
    x.tryNesting = outer;
  };
  let raised: Raised;
  try {
    const flow = await runStatements(x, s.body);
    leave();
    x.tokens.done(command.endTry, null);
    return flow;
  } catch (error) {
    leave();
    if (error instanceof Cancelled) x.cancelledTries++;
    if (!(error instanceof Raised)) throw error;
    raised = error;
  }
  x.tokens.done(command.beginCatch, null);
  const { session } = x;
  const before = session.caught;
  const { error } = raised;
  session.caught = {
    number: error.number,
    severity: error.class,
    state: error.state,
    line: error.line ?? 1,
    message: error.message,
    procedure: raised.procedure ?? (raised.error instanceof DdlFailure ? raised.error.procedure : null),
  };
  session.lastError = error.number;
  try {
    const flow = await runStatements(x, s.handler);
    x.tokens.done(command.endTry, null);
    return flow;
  } finally {
    session.caught = before;
  }
}

/** Milliseconds of `hh:mm[:ss[.mmm]]`. */
function delayOf(text: string, line: number): number {
  const m = /^\s*(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:[.:](\d{1,3}))?)?\s*$/.exec(text);
  if (!m || Number(m[1]) > 23 || Number(m[2]) > 59 || Number(m[3] ?? 0) > 59)
    throw new ServerError(148, `Incorrect time syntax in time string '${text}' used with WAITFOR.`, {
      class: 15,
      line,
    });
  return (
    Number(m[1]) * 3_600_000 + Number(m[2]) * 60_000 + Number(m[3] ?? 0) * 1000 + Number((m[4] ?? '0').padEnd(3, '0'))
  );
}

export async function waitFor(x: Execution, s: StatementOf<'waitfor'>): Promise<void> {
  if (s.mode === 'TIME') throw unsupported('WAITFOR TIME', s.line);
  const { value } = evaluate(x, s.value);
  const ms = delayOf(String(value ?? ''), s.line);
  await new Promise<void>((resolve, reject) => {
    const abort = (): void => {
      clearTimeout(timer);
      reject(new Cancelled());
    };
    const timer = setTimeout(() => {
      x.signal.removeEventListener('abort', abort);
      resolve();
    }, ms);
    x.signal.addEventListener('abort', abort, { once: true });
    if (x.signal.aborted) abort();
  });
  x.tokens.done(command.condition, null);
}
