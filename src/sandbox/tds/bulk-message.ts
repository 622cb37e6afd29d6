import { MoreBytesNeeded, readColumnMetadata } from '../../data/column-metadata.ts';
import { RowScanner } from '../../data/row-scanner.ts';
import type { WireColumn } from '../../data/wire-column.ts';
import { type BulkRows, MessageIgnored } from './engine.ts';

/** Bytes that may wait before the socket is paused. */
const highWater = 1 << 20;

/** Payload of a message that arrives while it is read, with back-pressure. */
export class MessageStream {
  readonly #queue: Buffer[] = [];
  readonly #pause: () => void;
  readonly #resume: () => void;
  #waiting = 0;
  #ended = false;
  #ignored = false;
  #wake: (() => void) | null = null;

  constructor(pause: () => void, resume: () => void) {
    this.#pause = pause;
    this.#resume = resume;
  }

  /** @param bytes whose memory nobody uses again */
  push(bytes: Buffer): void {
    if (bytes.length === 0) return;
    this.#queue.push(bytes);
    this.#waiting += bytes.length;
    if (this.#waiting > highWater) this.#pause();
    this.#wake?.();
  }

  /** The message is whole; `ignored`: the client took it back. */
  end(ignored = false): void {
    this.#ignored ||= ignored;
    this.#ended = true;
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer> {
    for (;;) {
      const bytes = this.#queue.shift();
      if (bytes) {
        this.#waiting -= bytes.length;
        if (this.#waiting < highWater / 2) this.#resume();
        yield bytes;
        continue;
      }
      if (this.#ignored) {
        // Told once: what is left to read belongs to no load any more.
        this.#ignored = false;
        throw new MessageIgnored();
      }
      if (this.#ended) return;
      await new Promise<void>(resolve => {
        this.#wake = resolve;
      });
    }
  }
}

/** Reads the COLMETADATA of a bulk-load message and hands its rows on in chunks of whole rows. */
export async function readBulkMessage(stream: MessageStream): Promise<BulkRows> {
  const chunks = stream[Symbol.asyncIterator]();
  let bytes: Buffer = Buffer.alloc(0);
  let columns: readonly WireColumn[] | null = null;
  for (;;) {
    let next: IteratorResult<Buffer>;
    try {
      next = await chunks.next();
    } catch (error) {
      return { columns: null, chunks: failing(error) };
    }
    if (next.done) break;
    bytes = bytes.length === 0 ? next.value : Buffer.concat([bytes, next.value]);
    if (bytes[0] !== 0x81) break;
    try {
      const metadata = readColumnMetadata(bytes, 1, bytes.length, 'bulk');
      columns = metadata.columns;
      bytes = bytes.subarray(metadata.end);
      break;
    } catch (error) {
      if (!(error instanceof MoreBytesNeeded)) throw error;
    }
  }
  return { columns, chunks: columns === null ? nothing(chunks) : wholeRows(columns, bytes, chunks) };
}

async function* failing(error: unknown): AsyncGenerator<{ bytes: Uint8Array; rows: number }> {
  yield* [];
  throw error;
}

/** Reads a message without metadata to its end and gives no rows. */
async function* nothing(chunks: AsyncGenerator<Buffer>): AsyncGenerator<{ bytes: Uint8Array; rows: number }> {
  for await (const _ of chunks);
  yield* [];
}

async function* wholeRows(
  columns: readonly WireColumn[],
  first: Buffer,
  chunks: AsyncGenerator<Buffer>,
): AsyncGenerator<{ bytes: Uint8Array; rows: number }> {
  const scanner = new RowScanner(columns);
  // A row that packets cut is gathered piece by piece; each piece is scanned once.
  let cut: Buffer[] = [];
  let bytes: Buffer = first;
  for (;;) {
    if (cut.length > 0) {
      const end = scanner.scanPart(bytes, 0, bytes.length);
      cut.push(bytes.subarray(0, end));
      bytes = bytes.subarray(end);
      if (!scanner.inRow) {
        yield { bytes: Buffer.concat(cut), rows: 1 };
        cut = [];
      }
    }
    if (cut.length === 0 && bytes.length > 0) {
      const end = scanner.scanRows(bytes, 0, bytes.length);
      if (end > 0) yield { bytes: bytes.subarray(0, end), rows: scanner.count };
      bytes = bytes.subarray(end);
      // A DONE token ends the rows; some clients send none.
      if (bytes[0] === 0xfd) {
        for await (const _ of chunks);
        return;
      }
      if (bytes.length > 0) {
        scanner.scanPart(bytes, 0, bytes.length);
        cut = [bytes];
      }
    }
    const next = await chunks.next();
    if (next.done) {
      if (cut.length > 0) throw new Error('the bulk load ends in the middle of a row');
      return;
    }
    bytes = next.value;
  }
}
