/** The rows of one writer through the thread's kernel: bytes in, text out, and the row where the kernel wants the writer's own code. */

import type { Rowsum } from '../rowsum.ts';
import { Field, type Kernel, type KernelRun, kernel, type RunName, Stop } from './kernel.ts';
import { fits, type KernelPlan, loadPlan } from './kernel-plan.ts';

/** The open statement and batch of a script. */
export interface OpenStatement {
  /** Rows of the open statement; 0 when none is open. */
  rows: number;
  /** Bytes of the open statement and the open batch; what was already handed over counts, too. */
  statementBytes: number;
  batchBytes: number;
}

/**
 * When a writer uses the kernel: from some KB of rows on, which is the default, from its first row on, or never. The text is the same;
 * tests and benchmarks compare.
 */
export type KernelUse = 'worth' | 'always' | 'never';

/** So many bytes of rows at once, so that they and their text stay in the processor's caches. */
const loadBytes = 1 << 16;
/** Below so many bytes of rows a writer does without: to compile the kernel takes some milliseconds. */
const worthBytes = 1 << 15;

export class KernelRows {
  readonly #plan: KernelPlan;
  readonly #name: RunName;
  readonly #open: OpenStatement | null;
  #kernel: Kernel | null = null;
  #run: KernelRun | null = null;
  /** Rows of the last `take`. */
  rows = 0;
  /** Position behind them. */
  end = 0;
  /** Their text, in the kernel's memory: valid until the next call. */
  text = new Uint8Array(0);
  /** Bytes of rows so far. */
  #seen: number;
  /** So many rows are not asked for; so many more after the next one that is the writer's. */
  #skip = 0;
  #patience = 0;
  /** Where in the caller's bytes the kernel's input begins and ends, valid within a call of `begin`. */
  #from = 0;
  #to = 0;

  /** @param open of a script; the kernel goes on where it stands and leaves it where it stops */
  constructor(plan: KernelPlan, name: RunName, use: KernelUse = 'worth', open: OpenStatement | null = null) {
    this.#seen = use === 'always' ? worthBytes : use === 'never' ? Number.NEGATIVE_INFINITY : 0;
    this.#plan = plan;
    this.#name = name;
    this.#open = open;
  }

  /** Before `take`, for new bytes. @returns whether the kernel is to be asked at all */
  begin(length: number): boolean {
    this.#from = 0;
    this.#to = 0;
    if (this.#kernel === null) {
      this.#seen += length;
      if (this.#seen < worthBytes) return false;
      const candidate = kernel();
      if (!fits(candidate, this.#plan)) {
        this.#seen = Number.NEGATIVE_INFINITY;
        return false;
      }
      this.#kernel = candidate;
      this.#run = candidate.exports[this.#name];
    }
    return true;
  }

  /**
   * Takes rows from `at` on until some text is there, a row is the writer's, or none is whole.
   * @param stop of the bytes
   * @param rowsum the rows' hashes are added to it; null for a plan that sums nothing
   * @returns whether it took rows: then `rows`, `text` and `end` tell which
   */
  take(bytes: Uint8Array, at: number, stop: number, rowsum: Rowsum | null): boolean {
    if (this.#skip > 0) {
      this.#skip--;
      return false;
    }
    const host = this.#kernel!;
    if (host.owner !== this) {
      loadPlan(host, this.#plan);
      host.owner = this;
      this.#to = 0;
    }
    if (at < this.#from || at >= this.#to) this.#load(host, bytes, at, stop, loadBytes);
    let why = this.#call(host, at);
    if (this.rows === 0 && why === Stop.cut && this.#to < stop && this.#to - at <= loadBytes) {
      // A row that is larger than what is there at once.
      this.#load(host, bytes, at, stop, host.address('INPUT_END') - host.address('INPUT'));
      why = this.#call(host, at);
    }
    if (this.rows === 0) {
      // The rest of the row comes with the next bytes.
      if (why === Stop.cut) return false;
      // Where every row is the writer's, asking for each of them would cost more than it gains.
      this.#skip = this.#patience;
      this.#patience = Math.min(2 * this.#patience + 1, 255);
      return false;
    }
    if (this.rows > 8) this.#patience = 0;
    if (this.#plan.summing) rowsum?.addSum(host.state.subarray(Field.lanes, Field.lanes + 4), this.rows);
    return true;
  }

  /**
   * Takes rows whose ends nobody has looked for yet, from `start` on: up to one that `end` cuts or that is the writer's, or until `use` has enough.
   * @param rowsum as for `take`
   * @param use takes the text of some rows; false when it wants no more now
   * @returns position behind them; `start` for none
   */
  takeFrom(bytes: Uint8Array, start: number, end: number, rowsum: Rowsum | null, use?: () => boolean): number {
    let at = start;
    if (!this.begin(end - start)) return at;
    while (at < end && this.take(bytes, at, end, rowsum)) {
      at = this.end;
      if (use?.() === false) break;
    }
    return at;
  }

  #call(host: Kernel, at: number): number {
    const { state } = host;
    const open = this.#open;
    if (open !== null) {
      state[Field.statementRows] = open.rows;
      state[Field.statementBytes] = open.statementBytes;
      state[Field.batchBytes] = open.batchBytes;
    }
    state.fill(0, Field.lanes, Field.lanes + 4);
    const input = host.address('INPUT');
    const why = this.#run!(input + at - this.#from, input + this.#to - this.#from);
    this.rows = state[Field.rows]!;
    this.end = state[Field.consumed]! - input + this.#from;
    this.text = host.bytes.subarray(host.address('OUTPUT'), state[Field.written]!);
    if (open !== null) {
      open.rows = state[Field.statementRows]!;
      open.statementBytes = state[Field.statementBytes]!;
      open.batchBytes = state[Field.batchBytes]!;
    }
    return why;
  }

  #load(host: Kernel, bytes: Uint8Array, at: number, end: number, length: number): void {
    this.#from = at;
    this.#to = Math.min(end, at + length);
    host.bytes.set(bytes.subarray(at, this.#to), host.address('INPUT'));
  }
}
