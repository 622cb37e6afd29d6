/** What statements share while one request runs. */
import type { BindContext } from '../bind/scope.ts';
import type { ServerMessage } from '../catalog-access.ts';
import type { Statement } from '../parser/ast.ts';
import type { Run } from '../query/runtime.ts';
import { newRun } from '../session/run.ts';
import type { Session } from '../session/session.ts';
import { Cancelled, type Waiter } from '../session/write-lock.ts';
import { command } from './commands.ts';
import type { BatchFrame } from './frame.ts';
import type { StatementFaults } from './statement-faults.ts';
import type { Tokens } from './tokens.ts';

/** The batch ends here; its errors are told already. */
export class BatchAborted extends Error {
  constructor() {
    super('batch aborted');
    this.name = 'BatchAborted';
  }
}

export type Flow = 'next' | 'break' | 'continue' | 'return';

export class Execution {
  readonly session: Session;
  readonly tokens: Tokens;
  readonly signal: AbortSignal;
  readonly faults: StatementFaults;
  frame: BatchFrame;
  /** TRY blocks around the current statement. */
  tryDepth = 0;
  /** EXEC and sp_executesql around it. */
  nesting = 0;
  /** `nesting` where the innermost TRY stands. */
  tryNesting = 0;
  /** TRY blocks that an attention ended. */
  cancelledTries = 0;
  /** Command of the statement that runs, for the DONE of a cancelled one. */
  command: number = command.none;
  /** The batch as the client sent it. */
  batchText = '';
  /** Value of RETURN. */
  returnValue = 0;
  /** Number of the last error that was told, for the status of sp_executesql. */
  toldError = 0;
  /** Runs statements of a text in a frame; set by the executor (statements of EXEC need it). */
  readonly runText: (x: Execution, text: string, frame: BatchFrame) => Promise<Flow>;
  readonly runOne: (x: Execution, statement: Statement) => Promise<Flow>;
  /** Statements of a text. @throws ServerError */
  readonly parse: (text: string) => Statement[];
  private lastYield = performance.now();

  constructor(
    session: Session,
    tokens: Tokens,
    signal: AbortSignal,
    frame: BatchFrame,
    faults: StatementFaults,
    executor: Pick<Execution, 'runText' | 'runOne' | 'parse'>,
  ) {
    this.session = session;
    this.tokens = tokens;
    this.signal = signal;
    this.frame = frame;
    this.faults = faults;
    this.runText = executor.runText;
    this.runOne = executor.runOne;
    this.parse = executor.parse;
  }

  get waiter(): Waiter {
    return this.session.waiter(this.signal);
  }
  run(): Run {
    return newRun(this.session, this.frame, this.signal);
  }
  bind(): BindContext {
    return { session: this.session, frame: this.frame, commonTables: [], database: null, viewDepth: 0 };
  }

  /** null under SET NOCOUNT ON. */
  counted(rows: number): number | null {
    return this.session.options.noCount ? null : rows;
  }

  /** An INFO message that the sandbox says once in a session for each text. */
  notice(text: string, line: number): void {
    const { told } = this.session;
    if (told.has(text)) return;
    told.add(text);
    const message: ServerMessage = { number: 40001, state: 1, class: 0, message: text, line: null };
    this.tokens.message(message, line);
  }

  /** Lets sockets be read now and then, so that attention arrives and other sessions go on. */
  async breathe(): Promise<void> {
    if (performance.now() - this.lastYield > 15) {
      await new Promise<void>(resolve => setImmediate(resolve));
      this.lastYield = performance.now();
    }
    if (this.signal.aborted) throw new Cancelled();
  }
}
