/** A file's bytes in order, read ahead into the same two buffers: fresh ones would cost more than the reading. */

import { open } from 'node:fs/promises';

const partBytes = 1 << 18;

/**
 * @param path of a file, not a pipe
 * @yields parts of up to 256 KB, each valid until the next is asked for
 * @throws the error of the file system
 */
export async function* readFileParts(path: string): AsyncGenerator<Buffer> {
  const file = await open(path, 'r');
  const buffers = [Buffer.allocUnsafe(partBytes), Buffer.allocUnsafe(partBytes)] as const;
  const read = (turn: number) => {
    const reading = file.read(buffers[turn & 1]!, 0, partBytes, null);
    // Whoever asks for the part gets its error; who never asks does not want to know.
    reading.catch(() => {});
    return reading;
  };
  let next = read(0);
  try {
    for (let turn = 0; ; turn++) {
      const { bytesRead } = await next;
      if (bytesRead === 0) return;
      next = read(turn + 1);
      yield buffers[turn & 1]!.subarray(0, bytesRead);
    }
  } finally {
    await next.catch(() => {});
    await file.close();
  }
}
