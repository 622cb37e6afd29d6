/**
 * The kernel of this thread: the hot loops of the row formats as a WebAssembly module (its sources are in assembly/), which takes whole rows
 * from one region of its memory and leaves their text in another. It is compiled when the first writer has enough rows to gain from it.
 */

import { type CodePage, type CodePageNumber, noUnit } from '../code-page.ts';
import { instantiate } from './instantiate.ts';
import { kernelModule } from './module.ts';
import { powersOfTen } from './powers-of-ten.ts';

/** Why a call stopped, as state.ts of the kernel has it. */
export const Stop = { done: 0, cut: 1, full: 2, host: 3 } as const;

/** Offsets of the state's numbers, in 32-bit words. */
export const Field = {
  consumed: 0,
  written: 1,
  rows: 2,
  lanes: 3,
  statementRows: 7,
  statementBytes: 8,
  batchBytes: 9,
} as const;

/** Takes the rows in [start, end) of the kernel's memory. @returns why it stopped */
export type KernelRun = (start: number, end: number) => number;

type Address =
  | 'COLUMNS'
  | 'COLUMNS_END'
  | 'INPUT'
  | 'INPUT_END'
  | 'OUTPUT'
  | 'PAGES'
  | 'PAGES_END'
  | 'PAGE_SIZE'
  | 'PLAN'
  | 'POWERS'
  | 'STATE'
  | 'TEXTS'
  | 'TEXTS_END';

export type RunName = 'sqlRows' | 'csvRows' | 'jsonRows' | 'sumRows' | 'relayRows' | 'sumWireRows';

type Exports = { readonly memory: { readonly buffer: ArrayBuffer }; initialise(): void } & {
  readonly [name in Address]: { readonly value: number };
} & { readonly [name in RunName]: KernelRun };

export class Kernel {
  readonly exports: Exports;
  /** All of the memory. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly view: DataView;
  readonly state: Int32Array;
  /** Whose plan is in the memory. */
  owner: object | null = null;
  readonly #pages = new Map<CodePageNumber, number>();

  constructor() {
    this.exports = instantiate(kernelModule) as Exports;
    const { buffer } = this.exports.memory;
    this.bytes = new Uint8Array(buffer);
    this.view = new DataView(buffer);
    this.state = new Int32Array(buffer, this.address('STATE'), 16);
    this.exports.initialise();
    new BigUint64Array(buffer, this.address('POWERS')).set(powersOfTen());
  }

  address(name: Address): number {
    return this.exports[name].value;
  }

  /** The address of a single-byte page's table, which is made when it is first asked for. */
  page(page: CodePage): number {
    let address = this.#pages.get(page.number);
    if (address !== undefined) return address;
    address = this.address('PAGES') + this.#pages.size * this.address('PAGE_SIZE');
    this.#pages.set(page.number, address);
    for (let byte = 0; byte < 256; byte++) {
      const unit = page.units[byte]!;
      if (unit === noUnit) throw new RangeError(`byte ${byte} is no character of code page ${page.number}`);
      const text = Buffer.from(String.fromCharCode(unit));
      for (let i = 0; i < text.length; i++) this.bytes[address + 4 * byte + i] = text[i]!;
      this.bytes[address + 4 * byte + 3] = text.length;
    }
    return address;
  }
}

let ofThread: Kernel | undefined;

export function kernel(): Kernel {
  return (ofThread ??= new Kernel());
}
