/** The pieces of a bulk-load message on their way to the socket. */

import type { PacketWriter } from './packet-writer.ts';

/** A source of bytes that remembers its own error: the server's echo of a broken message would hide it. */
export interface GuardedPieces {
  /** Sends the packets while it is read; what it gives is the payload of the last one. */
  readonly last: AsyncGenerator<Buffer>;
  readonly failure: { readonly error: unknown } | undefined;
  /** No packet leaves any more: the server ended the load first, or the client takes it back. Does not wait for the source. */
  stop(): void;
}

/** The DONE token that ends a bulk-load message (MS-TDS 2.2.6.1): FD and twelve zeros. */
export const bulkDone: Uint8Array = Uint8Array.from([0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);

/** @param source whose pieces it may use again as soon as the next one is asked for */
export function guardPieces(
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  packets: PacketWriter,
): GuardedPieces {
  let failure: { readonly error: unknown } | undefined;
  let finished = false;
  const iterator: AsyncIterator<Uint8Array> | Iterator<Uint8Array> =
    Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
  const stop = (): void => {
    if (finished) return;
    finished = true;
    packets.stop();
    try {
      // The source may be a plain iterator or an async one whose clean-up fails: the load has its own outcome already.
      Promise.resolve(iterator.return?.()).catch(() => {});
    } catch {}
  };
  async function* last(): AsyncGenerator<Buffer> {
    try {
      while (!finished) {
        const next = await iterator.next();
        // Behind a message that was ended, its packets would be taken for another's.
        if (finished) return;
        if (next.done) {
          finished = true;
          const rest = packets.finish();
          if (rest.length > 0) yield rest;
          return;
        }
        const wait = packets.write(next.value);
        if (wait) await wait;
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
    last: last(),
    get failure() {
      return failure;
    },
    stop,
  };
}
