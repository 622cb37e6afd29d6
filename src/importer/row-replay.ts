/**
 * The rows of a script, from its INSERT … VALUES to steps. The first rows of a table are collected as text (RowRun). Once there are
 * enough for a bulk load, and the target has a loader for them, they go from the script's bytes into it (LoadRun). What no loader
 * takes is text again.
 */

import type { ScriptPosition } from '../model/error.ts';
import type { InsertHeadPiece } from '../tsql/script-piece.ts';
import { type LoadBatches, LoadRun } from './load-run.ts';
import type { OpenBatch } from './open-batch.ts';
import type { ResumePlace } from './resume-place.ts';
import { RowRun } from './row-run.ts';
import { RowSender } from './row-sender.ts';
import type { ScriptPieces } from './script-pieces.ts';
import { takes } from './send-step.ts';
import type { SessionState } from './session-state.ts';
import { readsPrevious } from './statement-facts.ts';
import type { StatementPolicy } from './statement-policy.ts';
import type { StepSink } from './step-sink.ts';

/** Rows below these go as INSERT statements: a load of its own would cost more. */
const loadRows = 200;
const loadLength = 1 << 16;
/** Text of the rows of one load. */
const fullLength = 4 << 20;
const textLength = 1 << 18;
/** A loader that takes so few statements is not asked again. */
const maxRefusals = 3;

export class RowReplay {
  readonly #sink: StepSink;
  readonly #sender: RowSender;
  readonly #state: SessionState;
  readonly #policy: StatementPolicy;
  readonly #batch: OpenBatch;
  readonly #resume: ResumePlace;
  readonly #loads: boolean;
  #pieces: ScriptPieces | null = null;
  #run: RowRun | null = null;
  /** Instead of `#run`, once there are enough rows. */
  #load: LoadRun | null = null;
  #skims = false;
  /** Statements that loaders did not take since the head changed. */
  #refusals = 0;
  #inBatch = false;
  /** Rows of the present batch were sent in a load. */
  #sentInBatch = false;
  /** The INSERT being read is left out. */
  #leavesOut = false;
  #rawHead: InsertHeadPiece | null = null;
  #head: InsertHeadPiece | null = null;
  /** Of an INSERT whose first row decides what becomes of the rows before it. */
  #next: InsertHeadPiece | null = null;

  /** @param loads whether rows may go from the script's bytes into loaders: not where variables stand in them */
  constructor(
    sink: StepSink,
    state: SessionState,
    policy: StatementPolicy,
    batch: OpenBatch,
    resume: ResumePlace,
    loads: boolean,
  ) {
    this.#sink = sink;
    this.#sender = new RowSender(sink, state, batch);
    this.#state = state;
    this.#policy = policy;
    this.#batch = batch;
    this.#resume = resume;
    this.#loads = loads;
  }

  /** Rows so far, without those that are left out. */
  get rows(): number {
    return this.#sender.rows;
  }

  /** INSERTs of the rows that are held began in the present batch; others may have begun before it. */
  get inBatch(): boolean {
    return this.#inBatch;
  }

  /** The reader is inside an INSERT whose rows go into a loader: `skim` is next. */
  get skims(): boolean {
    return this.#skims;
  }

  /** Another script begins. @param file its index */
  open(file: number, pieces: ScriptPieces): void {
    this.#sender.file = file;
    this.#pieces = pieces;
  }

  // --- pieces of the script: what comes back is waited for

  insertHead(piece: InsertHeadPiece): Promise<void> | undefined {
    if (this.#resume.passing && !this.#isDone(piece.position) && !this.#batch.empty) {
      return this.#batch.partDone().then(() => this.insertHead(piece));
    }
    if (piece.text !== this.#rawHead?.text) {
      this.#rawHead = piece;
      this.#head = this.#policy.insertHead(piece);
    }
    const head = this.#head;
    this.#leavesOut = head === null;
    if (head === null) return undefined;
    const placed = head.position === piece.position ? head : { ...head, position: piece.position };
    const load = this.#load;
    if (load !== null && sameHead(load.head, head)) return this.#continueLoad(load, placed);
    const run = this.#run;
    if (load === null && run !== null && sameHead(run.head, head)) {
      if (run.looksBack) return this.finish().then(() => this.#startRun(placed));
      this.#inBatch = true;
      if (this.#isWorthLoading(run)) return this.#startLoad(run, placed);
      run.begin(placed);
      return undefined;
    }
    if (load !== null || (run && !run.empty)) this.#next = placed;
    else this.#startRun(placed);
    return undefined;
  }

  insertRow(text: string, position: ScriptPosition): Promise<void> | undefined {
    if (this.#leavesOut) return undefined;
    if (this.#resume.passing) {
      // Where rows were sent, the text before them was.
      if (this.#isDone(position)) {
        return this.#batch.empty || this.#batch.keepsWhole ? undefined : this.#batch.send();
      }
      if (!this.#batch.empty) return this.#batch.partDone().then(() => this.insertRow(text, position));
    }
    const next = this.#next ?? this.#run?.begun ?? null;
    if (next !== null && (this.#next !== null || readsPrevious(text))) {
      return this.#startBehind(next, readsPrevious(text)).then(() => this.#addRow(text, position));
    }
    if (this.#load !== null) {
      this.#load.rowPiece(text, position);
      this.#skims = true;
      return undefined;
    }
    return this.#addRow(text, position);
  }

  #addRow(text: string, position: ScriptPosition): Promise<void> | undefined {
    const run = this.#run!;
    run.addRow(text, position);
    this.#sender.rows++;
    return run.length >= (run.asText ? textLength : fullLength) ? this.#sender.run(run) : undefined;
  }

  insertEnd(text: string): void {
    if (this.#leavesOut) return;
    if (this.#next === null) this.#run?.end(text);
    this.#next = null;
  }

  /** Rows from the script into the loader. @returns whether pieces go on; else more of the script must be written */
  async skim(): Promise<boolean> {
    const pieces = this.#pieces!;
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
      await this.#startSending(load);
      this.#beginLoad(new LoadRun(load.head, load.loader.twin(), pieces.position, load.behindRow, []));
    }
  }

  // --- what ends a run or a load

  /** Another statement comes. */
  async finish(): Promise<void> {
    if (this.#load) await this.#sendLoad(this.#load);
    const run = this.#run;
    if (!run) return;
    run.end('');
    if (!run.empty) {
      if (!this.#batch.keepsWhole && isEnough(run) && !run.looksBack) await this.#sender.run(run);
      else {
        await this.#sender.ended(run);
        this.#batch.addInserts(run.take(), this.#sender.file);
      }
    }
    this.#run = null;
  }

  /** The last INSERT goes in one batch with what looks at its outcome. */
  async finishButLast(): Promise<void> {
    if (this.#load) {
      const { ended, present } = await this.#takeLoad(this.#load);
      if (present.length > 1) this.#sentInBatch = true;
      await this.#sender.statements([...ended, ...present.slice(0, -1)]);
      this.#batch.addInserts(present.slice(-1), this.#sender.file);
      return;
    }
    this.#run?.end('');
    const last = this.#run?.takeLast();
    await this.finish();
    if (last) this.#batch.addInserts([last], this.#sender.file);
  }

  /**
   * The batch runs several times, or not at all: its rows become a part of it, however many.
   * @returns false when a part of the batch was sent
   */
  async joinBatch(): Promise<boolean> {
    const load = this.#load;
    if (load !== null && this.#inBatch) {
      const { ended, present, begins } = await this.#takeLoad(load);
      if (!begins && (this.#sentInBatch || this.#batch.isCut)) return false;
      await this.#sender.statements(ended);
      this.#batch.addInserts(present, this.#sender.file);
      return true;
    }
    if (this.#sentInBatch || this.#batch.isCut) return false;
    const run = this.#run;
    if (!run) return true;
    run.end('');
    await this.#sender.ended(run);
    this.#batch.addInserts(run.take(), this.#sender.file);
    this.#run = null;
    return true;
  }

  /** The batch ended; the rows may go on in the next one. */
  endBatch(): void {
    this.#run?.endBatch();
    this.#load?.endBatch();
    this.#inBatch = false;
    this.#sentInBatch = false;
  }

  // --- rows as text

  #startRun(head: InsertHeadPiece): void {
    this.#refusals = 0;
    this.#run = new RowRun(head);
    this.#run.begin(head);
    this.#inBatch = true;
  }

  /** Another INSERT comes. @param looksBack at what the statement before it did */
  async #startBehind(head: InsertHeadPiece, looksBack: boolean): Promise<void> {
    this.#next = null;
    if (looksBack && this.#inBatch) await this.finishButLast();
    else await this.finish();
    this.#startRun(head);
    this.#run!.looksBack = looksBack;
  }

  // --- rows into a loader

  #isWorthLoading(run: RowRun): boolean {
    return this.#loads && isEnough(run) && !run.asText && !this.#batch.keepsWhole && !this.#resume.passing;
  }

  /** What the run holds and what follows goes into a loader, where the target has one. */
  async #startLoad(run: RowRun, head: InsertHeadPiece): Promise<void> {
    const { ended } = run;
    const statements = run.take();
    if (!this.#batch.empty) await this.#batch.cut();
    const loader = this.#refusals < maxRefusals ? await this.#sink.openLoader(head, this.#state.now) : null;
    if (loader === null) {
      run.asText = true;
      await this.#sender.ofBatch(statements, ended);
      run.begin(head);
      return;
    }
    let prefix = statements;
    if (!statements.every(s => takes(loader, s))) {
      loader.discard();
      this.#refusals++;
      prefix = [];
      await this.#sender.ofBatch(statements, ended);
    }
    this.#run = null;
    this.#beginLoad(new LoadRun(head, loader, this.#pieces!.position, false, prefix, ended));
  }

  #beginLoad(load: LoadRun): void {
    this.#load = load;
    this.#skims = true;
  }

  #continueLoad(load: LoadRun, head: InsertHeadPiece): Promise<void> | undefined {
    if (load.statement()) {
      this.#inBatch = true;
      load.keepHead(this.#rawHead!.text, head.position);
      this.#skims = true;
      return undefined;
    }
    const sent = this.#startSending(load);
    this.#inBatch = true;
    return sent.then(() => this.#beginLoad(new LoadRun(head, load.loader.twin(), this.#pieces!.position, false, [])));
  }

  /** The statement at hand has rows that no loader takes: it goes as text. */
  async #leaveLoad(load: LoadRun): Promise<void> {
    this.#endLoad();
    this.#refusals++;
    const taken = load.takenBefore();
    if (load.refusedBegins) this.#beginBatch();
    else if (taken.rows > 0) this.#sentInBatch = true;
    const refused = load.refusedRows();
    const looksBack = refused[0]?.rows.slice(0, 1).some(readsPrevious) ?? false;
    if (looksBack && this.#sentInBatch && taken.rows > 0)
      await this.#sender.butLast(await this.#sender.untake(load, taken, taken.statements));
    else await this.#sender.taken(load, taken);
    const run = new RowRun(load.head);
    run.looksBack = looksBack;
    for (const statement of refused) {
      run.begin(statement.head);
      for (const [i, row] of statement.rows.entries()) run.addRow(row, statement.positions[i]!);
    }
    this.#run = run;
  }

  async #sendLoad(load: LoadRun): Promise<void> {
    this.#endLoad();
    this.#sentInBatch ||= this.#inBatch && !load.empty;
    if (load.empty) await this.settled();
    else await this.#sender.taken(load, load.taken());
  }

  /** The load is none: what it took goes as statements. */
  async #takeLoad(load: LoadRun): Promise<LoadBatches> {
    const batches = await this.#sender.untake(load, load.taken(), () => load.batches());
    this.#endLoad();
    if (batches.begins) this.#beginBatch();
    return batches;
  }

  /** A batch began among rows that were passed over: what was sent before was another one's. */
  #beginBatch(): void {
    this.#sentInBatch = false;
    this.#batch.end();
  }

  #endLoad(): void {
    this.#load = null;
    this.#skims = false;
  }

  /** Sends a full load while the rows behind it are read. */
  #startSending(load: LoadRun): Promise<void> {
    this.#endLoad();
    this.#sentInBatch = this.#inBatch;
    return this.#sender.start(load);
  }

  /** The load under way is done, or its error thrown: before anything else goes to the target, and where reading the script fails. */
  settled(): Promise<void> {
    return this.#sender.settled();
  }

  #isDone({ line, column }: ScriptPosition): boolean {
    return this.#resume.pass({ file: this.#sender.file, line, column });
  }
}

function isEnough(run: RowRun): boolean {
  return run.rows >= loadRows || run.length >= loadLength;
}

function sameHead(a: InsertHeadPiece, b: InsertHeadPiece): boolean {
  return a.text === b.text && a.table === b.table;
}
