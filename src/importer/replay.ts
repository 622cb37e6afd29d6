/** Reads scripts piece by piece and makes steps of them, in the script's order. */

import { type Marker, parseMarker, type TableMarker } from '../archive/marker.ts';
import type { ScriptInput } from '../archive/script-input.ts';
import { ExitCode, type ScriptPosition, XpdbError } from '../model/error.ts';
import type { InsertHeadPiece, ScriptPiece, TextPiece } from '../tsql/script-piece.ts';
import { BatchBuilder } from './batch-builder.ts';
import { placeOf } from './insert-batches.ts';
import { LoadRun, type TakenRows } from './load-run.ts';
import { RowRun } from './row-run.ts';
import { ScriptPieces } from './script-pieces.ts';
import { takes } from './send-step.ts';
import { quoteObjectName, type SessionState } from './session-state.ts';
import { factsOf, type StatementFacts } from './statement-facts.ts';
import type { StatementPolicy } from './statement-policy.ts';
import { comparePlaces, type InsertStatement, type ScriptPlace } from './step.ts';
import type { StepSink } from './step-sink.ts';

export interface ReplayOptions {
  readonly variables: ReadonlyMap<string, string> | null;
  /** Everything up to this place is in the target already; null for none. */
  readonly resumeAt: ScriptPlace | null;
  /** Before it, batches at these places wait for another try. */
  readonly isDeferred: (place: ScriptPlace) => boolean;
  readonly onDeferred: (step: NonNullable<ReturnType<BatchBuilder['take']>>) => void;
  readonly onMarker: (marker: Marker, position: ScriptPosition) => void;
  readonly onPrint: (text: string) => void;
  /** Whether an earlier run created it already. */
  readonly isCreated: (database: string) => Promise<boolean>;
  /** The step that created a database was run. */
  readonly onCreated: (database: string, place: ScriptPlace) => Promise<void>;
  /** A statement that closes the database: for the very end. */
  readonly onLast: (text: string) => void;
  /** Now and then. */
  readonly onProgress: () => void;
}

/** Rows below these go as INSERT statements: a load of its own would cost more. */
const loadRows = 200;
const loadLength = 1 << 16;
/** Text of the rows of one load. */
const fullLength = 4 << 20;
const textLength = 1 << 18;
/** A loader that takes so few statements is not asked again. */
const maxRefusals = 3;
/** A batch is cut here where cutting changes nothing … */
const cutLength = 1 << 20;
/** … and can't be held beyond this. */
const maxBatchLength = 256 << 20;

export class Replay {
  readonly #sink: StepSink;
  readonly #state: SessionState;
  readonly #policy: StatementPolicy;
  readonly #options: ReplayOptions;
  readonly #builder = new BatchBuilder();
  #run: RowRun | null = null;
  /** Instead of `#run`, once there are enough rows. */
  #load: LoadRun | null = null;
  /** The reader is inside an INSERT of `#load`. */
  #skims = false;
  #pieces: ScriptPieces | null = null;
  /** Statements that loaders did not take since the head changed. */
  #refusals = 0;
  /** Whether INSERTs of `#run` began in the present batch, and whether others did before them. */
  #runInBatch = false;
  #file = 0;
  #skipping: boolean;
  /** The INSERT being read is left out. */
  #skipRows = false;
  #rawHead: InsertHeadPiece | null = null;
  #head: InsertHeadPiece | null = null;
  /** A part of the present batch was sent. */
  #cut = false;
  /** A database that the present batch creates. */
  #creates: string | null = null;
  #reached = false;
  readonly tables: TableMarker[] = [];
  rows = 0;

  constructor(sink: StepSink, state: SessionState, policy: StatementPolicy, options: ReplayOptions) {
    this.#sink = sink;
    this.#state = state;
    this.#policy = policy;
    this.#options = options;
    this.#skipping = options.resumeAt !== null;
  }

  /** @throws XpdbError with its place */
  async file(index: number, input: ScriptInput): Promise<void> {
    this.#file = index;
    const { variables } = this.#options;
    const pieces = new ScriptPieces({ file: input.name, ...(variables === null ? {} : { variables }) });
    this.#pieces = pieces;
    const drain = async () => {
      for (;;) {
        if (this.#skims && !(await this.#skim(pieces))) return;
        const piece = pieces.read();
        if (piece === null) return;
        // Rows come by the million: only what sends something is waited for.
        const wait = this.#piece(piece);
        if (wait) await wait;
      }
    };
    for await (const part of input.bytes?.() ?? input.text()) {
      pieces.write(part);
      await drain();
      this.#options.onProgress();
    }
    pieces.end();
    await drain();
    await this.#finishRows();
  }

  /** @throws XpdbError when the place to resume at was not met: it is another script */
  end(): void {
    if (this.#options.resumeAt !== null && !this.#reached && this.#options.resumeAt.line > 0) {
      throw new XpdbError('the script does not have the place where the import stopped: it is not the same script', {
        hint: 'give the same files in the same order, or begin anew in an empty database',
        exitCode: ExitCode.usage,
      });
    }
  }

  #piece(piece: ScriptPiece): Promise<void> | undefined {
    switch (piece.kind) {
      case 'insertRow':
        return this.#row(piece.text, piece.position);
      case 'insertHead':
        return this.#insertHead(piece);
      case 'insertEnd':
        if (!this.#skipRows) this.#run?.end(piece.text);
        return undefined;
      case 'text':
        return this.#text(piece);
      case 'batchEnd':
        return this.#batchEnd(piece.count, piece.position);
      case 'marker':
        return this.#marker(piece.text, piece.position);
    }
  }

  #place(position: ScriptPosition): ScriptPlace {
    return { file: this.#file, line: position.line, column: position.column };
  }

  /** Whether the piece was done by an earlier run. */
  #isDone(position: ScriptPosition): boolean {
    if (!this.#skipping) return false;
    const order = comparePlaces(this.#place(position), this.#options.resumeAt!);
    if (order === 0) this.#reached = true;
    if (order > 0) this.#skipping = false;
    return order <= 0;
  }

  async #marker(text: string, position: ScriptPosition): Promise<void> {
    let marker: Marker | null;
    try {
      marker = parseMarker(text);
    } catch (cause) {
      throw new XpdbError('a marker of xpdb is damaged', { position, cause });
    }
    if (marker === null) return;
    if (marker.kind === 'table') this.tables.push(marker);
    this.#policy.marker(marker);
    this.#options.onMarker(marker, position);
  }

  // --- INSERT … VALUES

  #insertHead(piece: InsertHeadPiece): Promise<void> | undefined {
    if (this.#skipping && !this.#isDone(piece.position) && !this.#builder.empty) {
      return this.#leaveDone().then(() => this.#insertHead(piece));
    }
    if (piece.text !== this.#rawHead?.text) {
      this.#rawHead = piece;
      this.#head = this.#policy.insertHead(piece);
    }
    const head = this.#head;
    this.#skipRows = head === null;
    if (head === null) return undefined;
    const placed = head.position === piece.position ? head : { ...head, position: piece.position };
    const load = this.#load;
    if (load !== null && sameHead(load.head, head)) return this.#continueLoad(load, placed);
    const run = this.#run;
    if (load === null && run !== null && sameHead(run.head, head)) {
      this.#runInBatch = true;
      if (this.#isWorthLoading(run)) return this.#startLoad(run, placed);
      run.begin(placed);
      return undefined;
    }
    if (load !== null || (run && !run.empty)) return this.#finishRows().then(() => this.#startRun(placed));
    this.#startRun(placed);
    return undefined;
  }

  #isWorthLoading(run: RowRun): boolean {
    return (
      (run.rows >= loadRows || run.length >= loadLength) &&
      !run.asText &&
      !this.#builder.keepsBatch &&
      !this.#skipping &&
      this.#options.variables === null
    );
  }

  /** What the run holds and what follows goes into a loader, where the target has one. */
  async #startLoad(run: RowRun, head: InsertHeadPiece): Promise<void> {
    const statements = run.take();
    await this.#flush(1);
    this.#cut = true;
    const loader = this.#refusals < maxRefusals ? await this.#sink.openLoader(head, this.#state.now) : null;
    if (loader === null) {
      run.asText = true;
      await this.#sendStatements(statements);
      run.begin(head);
      return;
    }
    let prefix = statements;
    if (!statements.every(s => takes(loader, s))) {
      loader.discard();
      this.#refusals++;
      prefix = [];
      await this.#sendStatements(statements);
    }
    this.#run = null;
    this.#load = new LoadRun(head, loader, this.#pieces!.position, false, prefix);
    this.#skims = true;
  }

  #continueLoad(load: LoadRun, head: InsertHeadPiece): Promise<void> | undefined {
    this.#runInBatch = true;
    if (load.statement()) {
      load.keepHead(this.#rawHead!.text, head.position);
      this.#skims = true;
      return undefined;
    }
    return this.#sendLoad(load).then(() => {
      this.#load = new LoadRun(head, load.loader, this.#pieces!.position, false, []);
      this.#skims = true;
    });
  }

  /** Rows from the script into the loader. @returns whether `read` goes on; else more must be written */
  async #skim(pieces: ScriptPieces): Promise<boolean> {
    for (;;) {
      const load = this.#load!;
      if (!load.stops && !load.refused) {
        const state = pieces.skimRows(load);
        if (state === 'more') return false;
        if (state === 'other') {
          this.#skims = false;
          return true;
        }
      }
      if (load.refused) {
        await this.#leaveLoad(load);
        return true;
      }
      await this.#sendLoad(load);
      this.#load = new LoadRun(load.head, load.loader, pieces.position, load.behindRow, []);
      this.#skims = true;
    }
  }

  /** The statement at hand has rows that no loader takes: it goes as text. */
  async #leaveLoad(load: LoadRun): Promise<void> {
    this.#skims = false;
    this.#load = null;
    this.#refusals++;
    await this.#sendTaken(load, load.takenBefore());
    const run = new RowRun(load.head);
    for (const statement of load.refusedRows()) {
      run.begin(statement.head);
      for (const [i, row] of statement.rows.entries()) run.addRow(row, statement.positions[i]!);
    }
    this.#run = run;
  }

  async #sendLoad(load: LoadRun): Promise<void> {
    this.#load = null;
    this.#skims = false;
    if (!load.empty) await this.#sendTaken(load, load.taken());
  }

  async #sendTaken(load: LoadRun, taken: TakenRows): Promise<void> {
    if (taken.rows === 0) return;
    this.rows += taken.rows - load.prefixRows;
    const now = this.#state.now;
    await this.#sink.run({
      kind: 'rows',
      head: load.head,
      statements: taken.statements,
      length: taken.length,
      rows: taken.rows,
      filled: load.loader,
      release: () => load.release(),
      first: taken.first,
      last: this.#place(taken.last),
      before: now,
      after: now,
      object: quoteObjectName(load.head.table),
    });
  }

  #startRun(head: InsertHeadPiece): void {
    this.#refusals = 0;
    this.#run = new RowRun(head);
    this.#run.begin(head);
    this.#runInBatch = true;
  }

  #row(text: string, position: ScriptPosition): Promise<void> | undefined {
    if (this.#skipRows) return undefined;
    if (this.#skipping) {
      // Where rows were sent, the text before them was.
      if (this.#isDone(position)) return this.#builder.empty || this.#builder.keepsBatch ? undefined : this.#flush(1);
      if (!this.#builder.empty) return this.#leaveDone().then(() => this.#row(text, position));
    }
    if (this.#load !== null) {
      this.#load.rowPiece(text, position);
      this.#skims = true;
      return undefined;
    }
    const run = this.#run!;
    run.addRow(text, position);
    this.rows++;
    return run.length >= (run.asText ? textLength : fullLength) ? this.#sendRun() : undefined;
  }

  /** Sends what the run holds, as a load where there is enough of it. */
  async #sendRun(): Promise<void> {
    const run = this.#run!;
    if (this.#builder.keepsBatch) {
      this.#appendToBatch(run.take());
      this.#checkLength(run.head.position);
      return;
    }
    const statements = run.take();
    await this.#flush(1);
    this.#cut = true;
    await this.#sendStatements(statements);
  }

  async #sendStatements(statements: readonly InsertStatement[]): Promise<void> {
    const [first] = statements;
    if (!first) return;
    const now = this.#state.now;
    await this.#sink.run({
      kind: 'rows',
      head: first.head,
      statements: () => statements,
      length: statements.reduce((sum, s) => sum + s.length, 0),
      rows: statements.reduce((sum, s) => sum + s.rows.length, 0),
      filled: null,
      first: first.head.position,
      last: placeOf(statements.at(-1)!, this.#file),
      before: now,
      after: now,
      object: quoteObjectName(first.head.table),
    });
  }

  /** Another statement comes. */
  async #finishRows(): Promise<void> {
    if (this.#load) await this.#sendLoad(this.#load);
    const run = this.#run;
    if (!run) return;
    run.end('');
    if (!run.empty) {
      if (!this.#builder.keepsBatch && (run.rows >= loadRows || run.length >= loadLength)) await this.#sendRun();
      else {
        // Of batches that ended already: they must not run into the one that begins.
        this.#appendToBatch(run.take());
        if (!this.#runInBatch) await this.#flush(1);
      }
    }
    this.#run = null;
  }

  #appendToBatch(statements: readonly InsertStatement[]): void {
    for (const statement of statements) {
      const place = placeOf(statement, this.#file);
      this.#builder.addInsert(statement, place, this.#state.now, quoteObjectName(statement.head.table));
    }
  }

  // --- other statements

  async #text(piece: TextPiece): Promise<void> {
    const facts = factsOf(piece);
    const done = this.#isDone(piece.position);
    if (facts.message !== null && this.#builder.empty && !facts.keepsBatch) {
      // A message between rows need not break them up.
      if (!done) this.#options.onPrint(facts.message);
      return;
    }
    const verdict = this.#policy.text(piece, facts);
    if (verdict === null) return;
    if (verdict.last) return this.#options.onLast(verdict.text);
    if (facts.readsPrevious && this.#runInBatch) await this.#keepPrevious();
    else await this.#finishRows();
    const builder = this.#builder;
    if (builder.length >= cutLength && !builder.keepsBatch && !facts.readsPrevious) {
      await this.#flush(1);
      this.#cut = true;
    }
    if (!done) await this.#leaveDone();
    const before = this.#state.now;
    this.#track(facts, verdict.uses);
    const object = this.#policy.object ?? verdict.subject;
    // What cannot run in a transaction goes alone, where it can be taken out of its batch.
    const alone = facts.outside !== null && !facts.keepsBatch && !builder.keepsBatch;
    if (alone) await this.#flush(1);
    builder.addText(verdict.text, piece.position, this.#place(piece.position), facts, before, object);
    this.#creates ??= verdict.creates;
    this.#checkLength(piece.position);
    if (alone) {
      this.#cut = true;
      await this.#flush(1);
    }
  }

  /** What was done ends before what was not: they are never one step. */
  async #leaveDone(): Promise<void> {
    const { last } = this.#builder;
    if (last !== null && this.#wasDone(last)) await this.#flush(1);
  }

  #wasDone(place: ScriptPlace): boolean {
    return this.#options.resumeAt !== null && comparePlaces(place, this.#options.resumeAt) <= 0;
  }

  /** The last INSERT goes in one batch with what looks at its outcome. */
  async #keepPrevious(): Promise<void> {
    if (this.#load) {
      const statements = this.#load.taken().statements();
      this.#load.loader.discard();
      this.#load = null;
      await this.#sendStatements(statements.slice(0, -1));
      this.#appendToBatch(statements.slice(-1));
      return;
    }
    this.#run?.end('');
    const last = this.#run?.takeLast();
    await this.#finishRows();
    if (last) this.#appendToBatch([last]);
  }

  #track(facts: StatementFacts, uses: string | null): void {
    if (uses !== null) this.#state.use(uses);
    for (const statement of facts.statements) {
      if (statement.kind === 'setOption' || statement.kind === 'setIdentityInsert') this.#state.set(statement);
    }
    for (const name of facts.temporaryCreated) this.#state.createTemporary(name);
    for (const name of facts.temporaryDropped) this.#state.dropTemporary(name);
  }

  async #batchEnd(count: number, position: ScriptPosition): Promise<void> {
    if (count === 0) {
      // GO 0 runs nothing.
      this.#builder.take(1, this.#state.now);
      this.#run = null;
    } else if (count > 1) {
      if (this.#cut || this.#load) {
        throw new XpdbError(`GO ${count} repeats a batch that is too long to be kept`, {
          position,
          hint: 'take the count out and give the batch several times, or shorten it',
        });
      }
      if (this.#run && !this.#run.empty) {
        this.#run.end('');
        this.#appendToBatch(this.#run.take());
        this.#run = null;
      }
      await this.#flush(count);
    } else if (!this.#builder.empty) {
      await this.#finishRows();
      await this.#flush(1);
    }
    this.#runInBatch = false;
    this.#cut = false;
  }

  async #flush(count: number): Promise<void> {
    const step = this.#builder.take(count, this.#state.now);
    const creates = this.#creates;
    this.#creates = null;
    if (step === null) return;
    if (this.#wasDone(step.last)) {
      if (this.#options.isDeferred(step.last)) this.#options.onDeferred(step);
      return;
    }
    if (creates === null) return this.#sink.run(step);
    if (!(await this.#options.isCreated(creates))) await this.#sink.run(step);
    await this.#options.onCreated(creates, step.last);
  }

  #checkLength(position: ScriptPosition): void {
    if (this.#builder.length <= maxBatchLength) return;
    throw new XpdbError('the batch is too long to be sent as one, and it uses variables, so that it can’t be cut', {
      position,
      hint: 'put GO lines between its statements where no variable is needed on the other side',
    });
  }
}

function sameHead(a: InsertHeadPiece, b: InsertHeadPiece): boolean {
  return a.text === b.text && a.table === b.table;
}
