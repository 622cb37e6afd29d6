/** Pieces of a load between who makes them and the connection that pulls them, with back-pressure. */

/** Bytes that may wait; the maker is held back beyond. */
const highWater = 4 << 20;
/** The connection keeps the rest of a piece that fills no packet: a piece is free when so much more was pulled after it. */
const packetBytes = 1 << 16;

export class PieceQueue implements AsyncIterable<Uint8Array> {
  readonly #recycle: (pieces: readonly Uint8Array[]) => void;
  #waiting: Uint8Array[] = [];
  #bytes = 0;
  #end: { readonly error?: unknown } | null = null;
  #stopped = false;
  #wakeReader: (() => void) | null = null;
  /** Makers that wait. */
  #held: (() => void)[] = [];
  /** Pieces that were pulled, and how much had been pulled behind each. */
  #pulled: { readonly piece: Uint8Array; readonly end: number }[] = [];
  #pulledBytes = 0;

  /** @param recycle takes pieces back that were sent */
  constructor(recycle: (pieces: readonly Uint8Array[]) => void) {
    this.#recycle = recycle;
  }

  /** Whether nobody reads any more: the load ended, with or without an error. */
  get stopped(): boolean {
    return this.#stopped;
  }

  /** Adds pieces; a promise when enough is waiting. */
  push(pieces: readonly Uint8Array[]): void | Promise<void> {
    if (this.#stopped) return this.#recycle(pieces);
    for (const piece of pieces) {
      this.#waiting.push(piece);
      this.#bytes += piece.length;
    }
    this.#wakeReader?.();
    if (this.#bytes <= highWater) return;
    return new Promise(resolve => void this.#held.push(resolve));
  }

  #letGo(): void {
    for (const resolve of this.#held.splice(0)) resolve();
  }

  /** No more pieces come. @param end with an error: the load breaks off with it */
  end(end: { readonly error?: unknown } = {}): void {
    this.#end ??= end;
    this.#wakeReader?.();
  }

  #free(): void {
    const until = this.#pulledBytes - packetBytes;
    const kept = this.#pulled.findIndex(({ end }) => end > until);
    if (kept > 0) this.#recycle(this.#pulled.splice(0, kept).map(({ piece }) => piece));
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    try {
      for (;;) {
        if (this.#end !== null && 'error' in this.#end) throw this.#end.error;
        const pieces = this.#waiting;
        if (pieces.length > 0) {
          this.#waiting = [];
          for (const piece of pieces) {
            yield piece;
            this.#bytes -= piece.length;
            this.#pulledBytes += piece.length;
            this.#pulled.push({ piece, end: this.#pulledBytes });
            this.#free();
          }
          this.#letGo();
        } else if (this.#end !== null) return;
        else {
          await new Promise<void>(resolve => {
            this.#wakeReader = resolve;
          });
          this.#wakeReader = null;
        }
      }
    } finally {
      this.#stopped = true;
      this.#letGo();
    }
  }
}
