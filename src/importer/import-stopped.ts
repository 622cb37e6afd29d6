/** An import that ended before its end: the error, and what is in the target now. */

import { ExitCode, XpdbError } from '../model/error.ts';
import { quoteName } from '../tsql/quote.ts';

export interface ImportState {
  readonly database: string;
  /** Database that this import created; null when it was there before. */
  readonly created: string | null;
  /** Whether anything was begun on the target. */
  readonly begun: boolean;
  readonly batches: number;
  readonly rows: number;
  /** It went on with an earlier run, whose batches and rows are not counted. */
  readonly resumed: boolean;
  /** A batch that was put off, since what it refers to is missing: it may be why another one failed. */
  readonly waiting: XpdbError | null;
}

export class ImportStopped extends XpdbError {
  readonly state: ImportState;

  constructor(cause: XpdbError, state: ImportState) {
    const { hint } = cause.details;
    super(cause.message, { ...cause.details, hint: [hint, sentence(state)].filter(Boolean).join('; '), cause });
    this.name = 'ImportStopped';
    this.state = state;
  }

  get resumable(): boolean {
    return this.state.begun && this.exitCode !== ExitCode.usage;
  }
}

function sentence(state: ImportState): string {
  if (!state.begun) return 'nothing was changed';
  const { waiting } = state;
  if (waiting !== null) return `${putOff(waiting)}; ${kept(state)}`;
  return kept(state);
}

function putOff({ message, details }: XpdbError): string {
  const { position } = details;
  const place = position ? `${position.file ?? 'line'}:${position.line}:${position.column}` : 'a statement';
  return `${place} was put off before: ${message}`;
}

function kept({ database, batches, rows, resumed }: ImportState): string {
  const more = resumed ? ' more' : '';
  return `${quoteName(database)} holds ${batches} batches and ${rows} rows${more} of the script, whole up to there; --resume goes on`;
}
