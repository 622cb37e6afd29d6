/** The tokens of one response: DONE is held back until it is known whether more follows. */
import type { WireColumn } from '../../../data/wire-column.ts';
import type { DoneToken, ResponseWriter } from '../../tds/engine.ts';
import type { ServerMessage } from '../catalog-access.ts';
import { command } from './commands.ts';

export class Tokens {
  readonly out: ResponseWriter;
  /** Above 0: inside a procedure call, whose statements end with DONEINPROC. */
  procedureDepth = 0;
  private held: DoneToken | null = null;

  constructor(out: ResponseWriter) {
    this.out = out;
  }

  private flush(): void {
    const { held } = this;
    if (!held) return;
    this.held = null;
    this.out.done({ ...held, more: true });
  }

  columns(columns: readonly WireColumn[]): void {
    this.flush();
    this.out.columns(columns);
  }
  order(columns: readonly number[]): void {
    this.out.order(columns);
  }
  rows(bytes: Uint8Array): void {
    this.out.rows(bytes);
  }

  /** Class 10 and below as INFO (10 shows as 0), above as ERROR. */
  message(m: ServerMessage, line: number): void {
    this.flush();
    const message = {
      number: m.number,
      state: m.state,
      class: m.class === 10 ? 0 : m.class,
      message: m.message,
      line: m.line ?? line,
      ...(m.procedure === undefined ? {} : { procedure: m.procedure }),
    };
    if (m.class > 10) this.out.error(message);
    else this.out.info(message);
  }

  done(current: number, count: number | bigint | null, error = false): void {
    this.flush();
    if (this.procedureDepth > 0) this.out.done({ kind: 'doneInProc', more: true, error, count, command: current });
    else this.held = { kind: 'done', error, count, command: current };
  }

  returnStatus(status: number): void {
    this.flush();
    this.out.returnStatus(status);
  }
  returnValue(name: string, ordinal: number, column: WireColumn, value: Uint8Array): void {
    this.flush();
    this.out.returnValue(name, ordinal, column, value);
  }
  /** End of a procedure call. */
  doneProcedure(error = false): void {
    this.flush();
    if (this.procedureDepth > 0)
      this.out.done({ kind: 'doneInProc', more: true, error, count: null, command: command.execute });
    else this.held = { kind: 'doneProc', error, count: null, command: command.execute };
  }

  databaseChanged(to: string, from: string): void {
    this.flush();
    this.out.databaseChanged(to, from);
  }
  languageChanged(to: string, from: string): void {
    this.flush();
    this.out.languageChanged(to, from);
  }
  transactionChanged(how: 'begun' | 'committed' | 'rolledBack'): void {
    this.flush();
    this.out.transactionChanged(how);
  }

  /** The last token of the response. */
  end(): void {
    this.out.done(this.held ?? { kind: 'done', count: null, command: command.none });
    this.held = null;
  }
}
