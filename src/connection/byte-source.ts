/** Where the bytes of a connection come from, chunk by chunk. */

import type { Duplex } from 'node:stream';

export interface ByteSource {
  /**
   * Begins to hand over chunks, in order. A chunk is its taker's, to change it, too, until it gives it back; meanwhile the source may have to wait.
   * @param end called once, when nothing more comes
   */
  start(take: (chunk: Buffer) => void, end: () => void): void;
  giveBack(chunk: Buffer): void;
  /** Breaks the connection. */
  destroy(error: Error): void;
}

/** Calls `end` once: not every stream that is closed came to its end. */
export function onEnd(stream: Duplex, end: () => void): void {
  let ended = false;
  const once = () => {
    if (!ended) end();
    ended = true;
  };
  stream.once('end', once);
  stream.once('close', once);
}

/** Bytes that may be with the taker before the stream is paused; it goes on when half of them are back. */
const highWater = 1 << 20;

/** The bytes of a stream whose memory is its own, as that of TLS. */
export function streamSource(stream: Duplex): ByteSource {
  let taken = 0;
  return {
    start(take, end) {
      stream.on('data', (chunk: Buffer) => {
        taken += chunk.length;
        if (taken > highWater) stream.pause();
        take(chunk);
      });
      onEnd(stream, end);
      // A stream whose pipe was taken off was paused.
      stream.resume();
    },
    giveBack(chunk) {
      taken -= chunk.length;
      if (taken <= highWater / 2 && stream.isPaused()) stream.resume();
    },
    destroy: error => void stream.destroy(error),
  };
}
