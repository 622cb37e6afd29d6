/** Rows of a load on their way: buffers that are filled one after the other and sent in one go. */

/** Of an ordinary buffer; a row that needs more gets its own. Pieces of 64 KB or more are what the socket likes best. */
const bufferBytes = 1 << 18;
const spareBuffers = 16;
/** What is appended goes on in the next buffer where less room than this is left. */
const appendBytes = 1 << 12;
/** Of a single row: so few are moved without an array made for them. */
const shortBytes = 1 << 8;

/** A place that `RowBuffer.reset` can go back to. */
export interface RowMark {
  readonly full: number;
  readonly position: number;
  readonly rows: number;
}

export class RowBuffer {
  /** The buffer being filled, and how far it is. Whoever writes a row into it moves `position` behind the row. */
  out: DataView = new DataView(new ArrayBuffer(0));
  position = 0;
  rows = 0;
  #full: Uint8Array[] = [];
  #fullBytes = 0;
  readonly #spare: ArrayBuffer[] = [];

  get bytes(): number {
    return this.#fullBytes + this.position;
  }

  /** Makes room for a row of so many bytes. */
  reserve(bytes: number): void {
    if (this.position + bytes <= this.out.byteLength) return;
    if (this.position > 0) {
      this.#full.push(new Uint8Array(this.out.buffer as ArrayBuffer, 0, this.position));
      this.#fullBytes += this.position;
      this.position = 0;
      this.#next(bytes);
    } else if (bytes > this.out.byteLength) this.#next(bytes);
  }

  #next(bytes: number): void {
    const buffer = bytes <= bufferBytes ? this.#spare.pop() : undefined;
    this.out = new DataView(buffer ?? new ArrayBuffer(Math.max(bufferBytes, bytes)));
  }

  /** Takes rows that were made elsewhere: the bytes [start, end) of `source`. */
  append(source: DataView, start: number, end: number, rows: number): void {
    this.rows += rows;
    if (end - start <= shortBytes) {
      this.reserve(end - start);
      const { out } = this;
      let next = this.position;
      let from = start;
      for (; from <= end - 4; from += 4, next += 4) out.setInt32(next, source.getInt32(from));
      for (; from < end; from++, next++) out.setUint8(next, source.getUint8(from));
      this.position = next;
      return;
    }
    for (let from = start; from < end; ) {
      this.reserve(Math.min(end - from, appendBytes));
      const length = Math.min(end - from, this.out.byteLength - this.position);
      const part = new Uint8Array(source.buffer, source.byteOffset + from, length);
      new Uint8Array(this.out.buffer, this.position, length).set(part);
      this.position += length;
      from += length;
    }
  }

  mark(): RowMark {
    return { full: this.#full.length, position: this.position, rows: this.rows };
  }

  /** Forgets the rows that came after the mark. */
  reset(mark: RowMark): void {
    if (this.#full.length > mark.full) {
      const current = this.#full[mark.full]!;
      for (const full of this.#full.splice(mark.full)) this.#fullBytes -= full.length;
      this.out = new DataView(current.buffer as ArrayBuffer);
    }
    this.position = mark.position;
    this.rows = mark.rows;
  }

  /** Hands over what was gathered and starts anew. The pieces may come back by `recycle`. */
  take(): readonly Uint8Array[] {
    const pieces = this.#full;
    if (this.position > 0) {
      pieces.push(new Uint8Array(this.out.buffer as ArrayBuffer, 0, this.position));
      this.#next(0);
    }
    this.#full = [];
    this.#fullBytes = 0;
    this.position = 0;
    this.rows = 0;
    return pieces;
  }

  recycle(pieces: readonly Uint8Array[]): void {
    for (const { buffer } of pieces) {
      if (buffer.byteLength === bufferBytes && this.#spare.length < spareBuffers)
        this.#spare.push(buffer as ArrayBuffer);
    }
  }
}
