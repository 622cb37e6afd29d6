/** The pieces of a bulk-load message on their way to tedious, which pulls them as the socket drains. */

/** A source of bytes that remembers its own error: the server's echo of a broken message would hide it. */
export interface GuardedPieces {
  readonly pieces: AsyncGenerator<Buffer>;
  readonly failure: { readonly error: unknown } | undefined;
  /** Ends the source when the server ended the load first. Does not wait for it. */
  stop(): void;
}

/** The DONE token that ends a bulk-load message (MS-TDS 2.2.6.1): FD and twelve zeros. */
export const bulkDone: Uint8Array = Uint8Array.from([0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);

export function guardPieces(source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): GuardedPieces {
  let failure: { readonly error: unknown } | undefined;
  let finished = false;
  const iterator: AsyncIterator<Uint8Array> | Iterator<Uint8Array> =
    Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
  const stop = (): void => {
    if (finished) return;
    finished = true;
    try {
      // The source may be a plain iterator or an async one whose clean-up fails: the load has its own outcome already.
      Promise.resolve(iterator.return?.()).catch(() => {});
    } catch {}
  };
  async function* pieces(): AsyncGenerator<Buffer> {
    try {
      for (;;) {
        const next = await iterator.next();
        if (next.done) {
          finished = true;
          return;
        }
        const piece = next.value;
        if (piece.length > 0) yield Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
      }
    } catch (error) {
      finished = true;
      failure ??= { error };
      throw error;
    } finally {
      stop();
    }
  }
  return {
    pieces: pieces(),
    get failure() {
      return failure;
    },
    stop,
  };
}
