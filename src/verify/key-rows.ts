/** The rows of a query with their keys and hashes, one by one; of a large row no more than its beginning is kept. */

import type { RowSink } from '../connection/session.ts';
import { LargeRowText } from '../data/large-row-text.ts';
import { type LiteralState, noRoom } from '../data/literal-state.ts';
import { RowText } from '../data/row-text.ts';
import { hashBytes, lanes, RowHash } from '../data/rowsum.ts';
import type { WireColumn } from '../data/wire-column.ts';

export interface ReadRow {
  /** Literals of the first columns, joined by commas; the whole text where no columns are the key. */
  readonly key: string;
  /** Of the whole row. */
  readonly hash: string;
  /** Canonical text; null where it is too long to be kept. */
  readonly text: string | null;
}

/** Longest text of a row that is kept to say which columns differ. */
const textLimit = 4096;

export class KeyRowSink implements RowSink {
  readonly #keys: number;
  readonly #take: (row: ReadRow) => void | Promise<void>;
  readonly #state: LiteralState = { canonical: true, guarded: false, isolated: false, limit: 0 };
  readonly #hash = new RowHash();
  #columns: readonly WireColumn[] = [];
  #text = new RowText([]);
  #out = new DataView(new ArrayBuffer(1 << 16));
  #large: LargeRowText | undefined;
  #head: Buffer[] = [];
  #headBytes = 0;

  /** @param keys number of columns at the begin of each row that are its key */
  constructor(keys: number, take: (row: ReadRow) => void | Promise<void>) {
    this.#keys = keys;
    this.#take = take;
  }

  columns(columns: readonly WireColumn[]): void {
    this.#columns = columns;
    this.#text = new RowText(columns);
    this.#large = undefined;
  }

  async rows(bytes: Uint8Array, start: number, end: number): Promise<void> {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let at = start; at < end; ) {
      const length = this.#write(view, at);
      at = this.#text.end;
      hashBytes(this.#out, 0, length);
      const text = Buffer.from(this.#out.buffer, 0, length);
      const kept = length <= textLimit ? text.toString('latin1') : null;
      const wait = this.#take({ key: this.#keyOf(text), hash: hashText(), text: kept });
      if (wait) await wait;
    }
  }

  #write(bytes: DataView, at: number): number {
    for (;;) {
      this.#state.limit = this.#out.byteLength - this.#text.overhead - 16;
      const end = this.#state.limit < 0 ? noRoom : this.#text.write(this.#out, 0, bytes, at, this.#state);
      if (end !== noRoom) return end;
      this.#out = new DataView(new ArrayBuffer(this.#out.byteLength * 2));
    }
  }

  #keyOf(text: Buffer): string {
    return text.subarray(0, this.#keys === 0 ? text.length : literalsEnd(text, this.#keys)).toString('latin1');
  }

  largeRowStart(): void {
    this.#head = [];
    this.#headBytes = 0;
    this.#large ??= new LargeRowText(this.#columns, text => {
      this.#hash.update(text);
      if (this.#headBytes >= textLimit) return;
      this.#head.push(Buffer.from(text.subarray(0, textLimit)));
      this.#headBytes += text.length;
    });
  }

  largeRowPart(bytes: Uint8Array): void {
    this.#large!.part(bytes);
  }

  async largeRowEnd(): Promise<void> {
    this.#large!.end();
    this.#hash.finish();
    // Keys are of at most 1,700 bytes, so that their literals are in the text's beginning.
    await this.#take({ key: this.#keyOf(Buffer.concat(this.#head)), hash: hashText(), text: null });
  }
}

function hashText(): string {
  return Array.from(lanes, lane => (lane >>> 0).toString(16).padStart(8, '0')).join('');
}

/** Where the first `count` literals of a row's text end. Commas in strings and parentheses separate nothing. */
function literalsEnd(text: Uint8Array, count: number): number {
  let depth = 0;
  let quoted = false;
  let left = count;
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!;
    if (quoted) quoted = c !== 0x27;
    else if (c === 0x27) quoted = true;
    else if (c === 0x28) depth++;
    else if (c === 0x29) depth--;
    else if (c === 0x2c && depth === 0 && --left === 0) return i;
  }
  return text.length;
}

/** The literals of a row's text. */
export function splitLiterals(text: string): string[] {
  const bytes = Buffer.from(text, 'latin1');
  const literals: string[] = [];
  for (let at = 0; at <= bytes.length; ) {
    const end = at + literalsEnd(bytes.subarray(at), 1);
    literals.push(bytes.toString('utf8', at, end));
    at = end + 1;
  }
  return literals;
}

/** Text that was kept byte by byte, as it reads. */
export function readableText(text: string): string {
  return Buffer.from(text, 'latin1').toString('utf8');
}
