/**
 * The kernel of this thread for literals: rows of a script in, rows of a bulk load out, by a WebAssembly module (its sources are in
 * assembly/literals/). It takes plain literals, and those that are cast to the column's type as
 * the row before has it; it stops before a row with anything else.
 */

import type { CodePageEncoder } from '../bulk/code-page-encoder.ts';
import type { KnownCasts } from '../bulk/known-casts.ts';
import { endMargin } from '../bulk/literal-cursor.ts';
import type { StatementForms } from '../bulk/statement-forms.ts';
import { instantiate } from './instantiate.ts';
import { castFormAt, castLengthAt, columnBytes, type LiteralPlan } from './literal-plan.ts';
import { literalsModule } from './literals-module.ts';

type Address =
  | 'CAST_SIZE'
  | 'CASTS'
  | 'COLUMNS'
  | 'FORMS'
  | 'INPUT'
  | 'INPUT_END'
  | 'OUTPUT'
  | 'PAGES'
  | 'PAGES_END'
  | 'PAGE_SIZE'
  | 'SCALES'
  | 'STATE'
  | 'WHOLES';

type Exports = {
  readonly memory: { readonly buffer: ArrayBuffer };
  initialise(): void;
  mostColumns(): number;
  lineBreaks(start: number, end: number): number;
  literalRows(
    start: number,
    columns: number,
    overhead: number,
    most: number,
    through: number,
    yearFirst: boolean,
  ): void;
} & { readonly [name in Address]: { readonly value: number } };

/** Offsets of what a call leaves, in 32-bit words. */
const Field = { consumed: 0, written: 1, rows: 2, lastRow: 3, lineStart: 4 } as const;

export class LiteralKernel {
  /**
   * What the last call took: rows, the bytes [output, outputEnd) of `memory` that they are in a load, the offsets of the last row and
   * behind it. Nothing is made for a call: it may be for a single short row.
   */
  rows = 0;
  readonly memory: DataView;
  readonly output: number;
  outputEnd = 0;
  lastRow = 0;
  behind = 0;
  readonly #exports: Exports;
  readonly #bytes: Uint8Array<ArrayBuffer>;
  readonly #state: Uint32Array;
  readonly #forms: Uint16Array;
  readonly #wholes: Uint8Array;
  readonly #scales: Uint8Array;
  readonly #input: number;
  readonly #inputBytes: number;
  /** Whose columns and forms are in the memory. */
  #plan: LiteralPlan | null = null;
  #formsOf: StatementForms | null = null;
  /** Version of the plan's casts that are in the memory. */
  #casts = 0;
  /** The part [#from, #to) of a script is in the memory. */
  #script: DataView | null = null;
  #from = 0;
  #to = 0;
  readonly #pages = new Map<CodePageEncoder, number>();

  constructor() {
    this.#exports = instantiate(literalsModule) as Exports;
    const { buffer } = this.#exports.memory;
    this.#bytes = new Uint8Array(buffer);
    this.memory = new DataView(buffer);
    this.output = this.#address('OUTPUT');
    const columns = this.#exports.mostColumns();
    this.#state = new Uint32Array(buffer, this.#address('STATE'), 5);
    this.#forms = new Uint16Array(buffer, this.#address('FORMS'), columns);
    this.#wholes = new Uint8Array(buffer, this.#address('WHOLES'), columns);
    this.#scales = new Uint8Array(buffer, this.#address('SCALES'), columns);
    this.#input = this.#address('INPUT');
    this.#inputBytes = this.#address('INPUT_END') - this.#input - endMargin;
    this.#exports.initialise();
  }

  #address(name: Address): number {
    return this.#exports[name].value;
  }

  get mostColumns(): number {
    return this.#forms.length;
  }

  /** Address of a page's table, which is made when it is first asked for; 0 when there is no room for more. */
  page(page: CodePageEncoder): number {
    let address = this.#pages.get(page);
    if (address !== undefined) return address;
    const size = this.#address('PAGE_SIZE');
    address = this.#address('PAGES') + this.#pages.size * size;
    if (address + size > this.#address('PAGES_END')) return 0;
    this.#pages.set(page, address);
    new Uint16Array(this.#bytes.buffer, address, page.bytes.length).set(page.bytes);
    return address;
  }

  /**
   * Takes rows of a script from `start` on, with commas between, at most `most`. What it took is in the fields of the kernel.
   * @param forms of the statement so far; those of the rows that were taken join them
   */
  take(plan: LiteralPlan, forms: StatementForms, script: DataView, start: number, end: number, most: number): void {
    this.#prepare(plan, forms);
    if (script !== this.#script || start < this.#from || start >= this.#to) this.#load(script, start, end);
    this.#run(plan, start, most);
    if (this.rows === 0 && this.#to < end && start > this.#from) {
      // The row may be cut by the end of the part.
      this.#load(script, start, end);
      this.#run(plan, start, most);
    }
  }

  /**
   * Counts the line breaks in [from, to): a CR is one where no LF follows.
   * @returns how many, and the offset behind the last; -1 for none
   */
  lineBreaks(bytes: Uint8Array, from: number, to: number): { readonly breaks: number; readonly lineStart: number } {
    let breaks = 0;
    let lineStart = -1;
    for (let at = from; at < to; ) {
      const script = this.#script;
      const isLoaded = script !== null && script.buffer === bytes.buffer && script.byteOffset === bytes.byteOffset;
      // The byte behind tells whether a CR is one of two.
      if (!isLoaded || at < this.#from || at >= this.#to - 1)
        this.#load(new DataView(bytes.buffer, bytes.byteOffset, bytes.length), at, bytes.length);
      const stop = Math.min(to, this.#to < bytes.length ? this.#to - 1 : this.#to);
      const offset = this.#input - this.#from;
      const found = this.#exports.lineBreaks(at + offset, stop + offset);
      if (found > 0) lineStart = this.#state[Field.lineStart]! - offset;
      breaks += found;
      at = stop;
    }
    return { breaks, lineStart };
  }

  #run(plan: LiteralPlan, start: number, most: number): void {
    const offset = this.#input - this.#from;
    const { columns, overhead, through, yearFirst } = plan;
    this.#exports.literalRows(start + offset, columns, overhead, most, through, yearFirst);
    const state = this.#state;
    this.rows = state[Field.rows]!;
    this.behind = state[Field.consumed]! - offset;
    this.lastRow = state[Field.lastRow]! - offset;
    this.outputEnd = this.output + state[Field.written]!;
  }

  #prepare(plan: LiteralPlan, forms: StatementForms): void {
    if (plan !== this.#plan) {
      this.#bytes.set(plan.bytes, this.#address('COLUMNS'));
      this.#plan = plan;
      this.#casts = 0;
    }
    if (plan.casts.version !== this.#casts) this.#loadCasts(plan.casts);
    if (forms === this.#formsOf) return;
    this.#formsOf?.leave();
    forms.enter(this.#forms, this.#wholes, this.#scales);
    this.#formsOf = forms;
  }

  #loadCasts(casts: KnownCasts): void {
    const bytes = this.#bytes;
    const size = this.#address('CAST_SIZE');
    for (let i = 0; i < casts.columns; i++) {
      const known = casts.of(i);
      const isKnown = known.bytes.length <= size;
      const column = this.#address('COLUMNS') + i * columnBytes;
      bytes[column + castLengthAt] = isKnown ? known.bytes.length : 0;
      bytes[column + castFormAt] = known.form;
      bytes[column + castFormAt + 1] = known.form >> 8;
      if (isKnown) bytes.set(known.bytes, this.#address('CASTS') + i * size);
    }
    this.#casts = casts.version;
  }

  #load(script: DataView, start: number, end: number): void {
    const length = Math.min(end - start, this.#inputBytes);
    this.#bytes.set(new Uint8Array(script.buffer, script.byteOffset + start, length), this.#input);
    this.#bytes.fill(0, this.#input + length, this.#input + length + endMargin);
    this.#script = script;
    this.#from = start;
    this.#to = start + length;
  }
}

let ofThread: LiteralKernel | undefined;

export function literalKernel(): LiteralKernel {
  return (ofThread ??= new LiteralKernel());
}
