/** The batch of the script that is being read: its pieces come together here, and go to the target as one step or, where it is long, as several. */

import { type ScriptPosition, XpdbError } from '../model/error.ts';
import { BatchBuilder } from './batch-builder.ts';
import { placeOf } from './insert-batches.ts';
import type { ResumePlace } from './resume-place.ts';
import { quoteObjectName, type SessionSnapshot, type SessionState } from './session-state.ts';
import type { StatementFacts } from './statement-facts.ts';
import type { BatchStep, InsertStatement, ScriptPlace } from './step.ts';
import type { StepSink } from './step-sink.ts';

export interface OpenBatchOptions {
  /** Before the place to resume at, batches at these places wait for another try. */
  readonly isDeferred: (place: ScriptPlace) => boolean;
  readonly onDeferred: (step: BatchStep) => void;
  /** Whether an earlier run created it already. */
  readonly isCreated: (database: string) => Promise<boolean>;
  /** The step that created a database was run. */
  readonly onCreated: (database: string, place: ScriptPlace) => Promise<void>;
}

/** Statements of the script, as one piece of its text. */
export interface BatchText {
  readonly text: string;
  readonly position: ScriptPosition;
  readonly place: ScriptPlace;
  readonly facts: StatementFacts;
  /** What the script had set before it. */
  readonly before: SessionSnapshot;
  /** Object that it concerns, for messages. */
  readonly object: string | null;
  /** A database that it creates. */
  readonly creates: string | null;
}

/** A batch is cut here where cutting changes nothing … */
const cutLength = 1 << 20;
/** … and can't be held beyond this. */
const maxLength = 256 << 20;

export class OpenBatch {
  readonly #sink: StepSink;
  readonly #state: SessionState;
  readonly #resume: ResumePlace;
  readonly #options: OpenBatchOptions;
  readonly #builder = new BatchBuilder();
  #isCut = false;
  #creates: string | null = null;

  constructor(sink: StepSink, state: SessionState, resume: ResumePlace, options: OpenBatchOptions) {
    this.#sink = sink;
    this.#state = state;
    this.#resume = resume;
    this.#options = options;
  }

  /** Nothing waits to be sent. */
  get empty(): boolean {
    return this.#builder.empty;
  }

  /** What is here and what follows must be one step. */
  get keepsWhole(): boolean {
    return this.#builder.keepsBatch;
  }

  /** A part of it was sent. */
  get isCut(): boolean {
    return this.#isCut;
  }

  get isLong(): boolean {
    return this.#builder.length >= cutLength;
  }

  /** @throws XpdbError when it is too long to be sent as one, and can't be cut */
  addText({ text, position, place, facts, before, object, creates }: BatchText): void {
    this.#builder.addText(text, position, place, facts, before, object);
    this.#creates ??= creates;
    this.checkLength(position);
  }

  /** @param file index of the script that has them */
  addInserts(statements: readonly InsertStatement[], file: number): void {
    for (const statement of statements) {
      const place = placeOf(statement, file);
      this.#builder.addInsert(statement, place, this.#state.now, quoteObjectName(statement.head.table));
    }
  }

  /** @throws XpdbError at the position when it is too long to be sent as one, and can't be cut */
  checkLength(position: ScriptPosition): void {
    if (this.#builder.length <= maxLength) return;
    throw new XpdbError('the batch is too long to be sent as one, and it uses variables, so that it can’t be cut', {
      position,
      hint: 'put GO lines between its statements where no variable is needed on the other side',
    });
  }

  /** Sends what is here; what follows in the same batch is a step of its own. */
  async cut(): Promise<void> {
    await this.send();
    this.#isCut = true;
  }

  /** What an earlier run did ends before what it did not: they are never one step. */
  async partDone(): Promise<void> {
    const { last } = this.#builder;
    if (last !== null && this.#resume.includes(last)) await this.send();
  }

  /** Sends what is here, but for what an earlier run did. @param count of GO n */
  async send(count = 1): Promise<void> {
    const step = this.#builder.take(count, this.#state.now);
    const creates = this.#creates;
    this.#creates = null;
    if (step === null) return;
    if (this.#resume.includes(step.last)) {
      if (this.#options.isDeferred(step.last)) this.#options.onDeferred(step);
      return;
    }
    if (creates === null) return this.#sink.run(step);
    if (!(await this.#options.isCreated(creates))) await this.#sink.run(step);
    await this.#options.onCreated(creates, step.last);
  }

  /** Forgets what is here. */
  drop(): void {
    this.#builder.take(1, this.#state.now);
    this.#creates = null;
  }

  /** Another batch begins. */
  end(): void {
    this.#isCut = false;
  }
}
