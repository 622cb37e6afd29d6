/** Pieces of a load between who makes them and the connection that pulls them, with back-pressure. */

/** Bytes that may wait; the maker is held back beyond. */
const highWater = 4 << 20;

export class PieceQueue implements AsyncIterable<Uint8Array> {
  readonly #recycle: (pieces: readonly Uint8Array[]) => void;
  #waiting: Uint8Array[] = [];
  #bytes = 0;
  #end: { readonly error?: unknown } | null = null;
  #stopped = false;
  #wakeReader: (() => void) | null = null;
  /** Makers that wait. */
  #held: (() => void)[] = [];

  /** @param recycle takes a piece back when the next one is pulled: who pulled it has copied it by then */
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
            this.#recycle([piece]);
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
