/** Reads scripts piece by piece and makes steps of them, in the script's order; of rows row-replay.ts does. */

import { type Marker, parseMarker, type TableMarker } from '../archive/marker.ts';
import type { ScriptInput } from '../archive/script-input.ts';
import { type ScriptPosition, XpdbError } from '../model/error.ts';
import type { ScriptPiece, TextPiece } from '../tsql/script-piece.ts';
import { OpenBatch, type OpenBatchOptions } from './open-batch.ts';
import { ResumePlace } from './resume-place.ts';
import { RowReplay } from './row-replay.ts';
import { ScriptPieces } from './script-pieces.ts';
import type { SessionState } from './session-state.ts';
import { factsOf, type StatementFacts } from './statement-facts.ts';
import type { StatementPolicy } from './statement-policy.ts';
import type { ScriptPlace } from './step.ts';
import type { StepSink } from './step-sink.ts';

export interface ReplayOptions extends OpenBatchOptions {
  readonly variables: ReadonlyMap<string, string> | null;
  /** Everything up to this place is in the target already; null for none. */
  readonly resumeAt: ScriptPlace | null;
  readonly onMarker: (marker: Marker, position: ScriptPosition) => void;
  readonly onPrint: (text: string) => void;
  /** A statement that closes the database: for the very end. */
  readonly onLast: (text: string) => void;
  /** Now and then. */
  readonly onProgress: () => void;
}

export class Replay {
  readonly #state: SessionState;
  readonly #policy: StatementPolicy;
  readonly #options: ReplayOptions;
  readonly #resume: ResumePlace;
  readonly #batch: OpenBatch;
  readonly #rows: RowReplay;
  #file = 0;
  readonly tables: TableMarker[] = [];

  constructor(sink: StepSink, state: SessionState, policy: StatementPolicy, options: ReplayOptions) {
    this.#state = state;
    this.#policy = policy;
    this.#options = options;
    this.#resume = new ResumePlace(options.resumeAt);
    this.#batch = new OpenBatch(sink, state, this.#resume, options);
    this.#rows = new RowReplay(sink, state, policy, this.#batch, this.#resume, options.variables === null);
  }

  /** Rows of INSERTs so far. */
  get rows(): number {
    return this.#rows.rows;
  }

  /** @throws XpdbError with its place */
  async file(index: number, input: ScriptInput): Promise<void> {
    this.#file = index;
    const { variables } = this.#options;
    const rows = this.#rows;
    const pieces = new ScriptPieces({ file: input.name, ...(variables === null ? {} : { variables }) });
    rows.open(index, pieces);
    const drain = async () => {
      for (;;) {
        if (rows.skims && !(await rows.skim())) return;
        const piece = pieces.read();
        if (piece === null) return;
        // Rows come by the million: only what sends something is waited for.
        const wait = this.#piece(piece);
        if (wait) await wait;
      }
    };
    try {
      for await (const part of input.bytes?.() ?? input.text()) {
        pieces.write(part);
        await drain();
        this.#options.onProgress();
      }
      pieces.end();
      await drain();
      await rows.finish();
    } catch (error) {
      // Rows before the place where it happened may be on their way, and may have failed first.
      await rows.settled();
      throw error;
    }
  }

  /** @throws XpdbError when the place to resume at was not met: it is another script */
  end(): void {
    this.#resume.checkMet();
  }

  #piece(piece: ScriptPiece): Promise<void> | undefined {
    switch (piece.kind) {
      case 'insertRow':
        return this.#rows.insertRow(piece.text, piece.position);
      case 'insertHead':
        return this.#rows.insertHead(piece);
      case 'insertEnd':
        return void this.#rows.insertEnd(piece.text);
      case 'text':
        return this.#text(piece);
      case 'batchEnd':
        return this.#batchEnd(piece.count, piece.position);
      case 'marker':
        return this.#marker(piece.text, piece.position);
    }
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

  async #text(piece: TextPiece): Promise<void> {
    const batch = this.#batch;
    const { position } = piece;
    const place = { file: this.#file, line: position.line, column: position.column };
    const facts = factsOf(piece);
    const done = this.#resume.pass(place);
    if (facts.message !== null && batch.empty && !facts.keepsBatch) {
      // A message between rows need not break them up.
      if (!done) this.#options.onPrint(facts.message);
      return;
    }
    const verdict = this.#policy.text(piece, facts);
    if (verdict === null) return;
    if (verdict.last) return this.#options.onLast(verdict.text);
    if (facts.readsPrevious && this.#rows.inBatch) await this.#rows.finishButLast();
    else await this.#rows.finish();
    if (batch.isLong && !batch.keepsWhole && !facts.readsPrevious) await batch.cut();
    if (!done) await batch.partDone();
    const before = this.#state.now;
    this.#track(facts, verdict.uses);
    const object = this.#policy.object ?? verdict.subject;
    // What cannot run in a transaction goes alone, where it can be taken out of its batch.
    const alone = facts.outside !== null && !facts.keepsBatch && !batch.keepsWhole;
    if (alone) await batch.send();
    batch.addText({ text: verdict.text, position, place, facts, before, object, creates: verdict.creates });
    if (alone) await batch.cut();
  }

  #track(facts: StatementFacts, uses: string | null): void {
    if (uses !== null) this.#state.use(uses);
    for (const statement of facts.statements) {
      if (statement.kind === 'setOption' || statement.kind === 'setIdentityInsert') this.#state.set(statement);
    }
    for (const statement of facts.maySet) this.#state.maySet(statement);
    for (const name of facts.temporaryCreated) this.#state.createTemporary(name);
    for (const name of facts.temporaryDropped) this.#state.dropTemporary(name);
  }

  async #batchEnd(count: number, position: ScriptPosition): Promise<void> {
    const batch = this.#batch;
    if (count !== 1) {
      if (!(await this.#rows.joinBatch())) throw partRan(count, position);
      if (count === 0) batch.drop();
      else await batch.send(count);
    } else if (!batch.empty) {
      await this.#rows.finish();
      await batch.send();
    }
    this.#rows.endBatch();
    batch.end();
  }
}

function partRan(count: number, position: ScriptPosition): XpdbError {
  return count === 0
    ? new XpdbError('GO 0 leaves out a batch of which a part ran already, since it is too long to be kept', {
        position,
        hint: 'take the batch out of the script, or shorten it',
      })
    : new XpdbError(`GO ${count} repeats a batch that is too long to be kept`, {
        position,
        hint: 'take the count out and give the batch several times, or shorten it',
      });
}
