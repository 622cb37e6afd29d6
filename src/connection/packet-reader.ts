/**
 * Messages from the packets of a connection (MS-TDS 2.2.3): what tedious' own reader does packet by packet, with several objects for each, is done
 * here chunk by chunk as the socket gives them: the eight header bytes are squeezed out in place, so that rows stay whole in large pieces. Hot path: every byte that is read from a server passes here.
 */

import type { ByteSource } from './byte-source.ts';

/** Bytes of a packet's header: type, status, length (big-endian, with the header), SPID, number, window. */
export const packetHeaderBytes = 8;
/** Bit of a status that says the message ends with the packet. */
export const endOfMessage = 1;

/** Payload of one message in the order of its bytes. Whoever iterates over it gets bytes to keep. */
export interface Message extends AsyncIterable<Buffer> {
  /** The same without a copy: a piece is valid until the next one is asked for. */
  pieces(): AsyncIterator<Buffer, undefined>;
}

export class PacketReader {
  readonly #source: ByteSource;
  readonly #header = Buffer.alloc(packetHeaderBytes);
  #headerBytes = 0;
  /** Payload bytes that the packet under way still has. */
  #left = 0;
  #last = false;
  /** Of the message that arrives; null between two of them. */
  #arriving: MessageQueue | null = null;
  /** Messages that arrived, or began to, before anybody asked. */
  readonly #unread: MessageQueue[] = [];
  #reader: { resolve(message: Message): void; reject(error: Error): void } | null = null;
  #ended = false;

  /** @param source of which nobody else takes the bytes: the socket, or the plain side of TLS */
  constructor(source: ByteSource) {
    this.#source = source;
    source.start(
      chunk => this.#take(chunk),
      () => this.#end(),
    );
  }

  /** The next message, as soon as its first packet is there. @throws Error when the connection ends before */
  readMessage(): Promise<Message> {
    const message = this.#unread.shift();
    if (message) return Promise.resolve(message);
    if (this.#ended) return Promise.reject(connectionEnded());
    return new Promise((resolve, reject) => {
      this.#reader = { resolve, reject };
    });
  }

  /** A message that is cut stays open for ever: tedious hears of the end from its socket, and gives the request up. */
  #end(): void {
    this.#ended = true;
    this.#reader?.reject(connectionEnded());
    this.#reader = null;
  }

  #take(chunk: Buffer): void {
    /** Pieces of the chunk that somebody has still to read, and this reading of it. */
    let unread = 1;
    const done = () => {
      if (--unread === 0) this.#source.giveBack(chunk);
    };
    const push = (start: number, end: number) => {
      if (start === end) return;
      unread++;
      this.#arriving!.push(chunk.subarray(start, end), done);
    };
    /** What was read of the chunk; what was kept of it, from `start` on, in front. */
    let at = 0;
    let start = 0;
    let kept = 0;
    while (at < chunk.length) {
      if (this.#left > 0) {
        const count = Math.min(this.#left, chunk.length - at);
        if (kept !== at) chunk.copyWithin(kept, at, at + count);
        kept += count;
        at += count;
        this.#left -= count;
      } else {
        while (this.#headerBytes < packetHeaderBytes && at < chunk.length) {
          this.#header[this.#headerBytes++] = chunk[at++]!;
        }
        if (this.#headerBytes < packetHeaderBytes) break;
        this.#headerBytes = 0;
        if (this.#header.readUInt16BE(2) < packetHeaderBytes) {
          // Where the next packet begins is unknown.
          this.#source.destroy(new Error('the server sent a packet that is shorter than its header'));
          return;
        }
        this.#begin();
      }
      if (this.#left === 0 && this.#last) {
        push(start, kept);
        this.#arriving!.end();
        this.#arriving = null;
        this.#last = false;
        start = kept = at;
      }
    }
    push(start, kept);
    done();
  }

  /** The header is whole. */
  #begin(): void {
    this.#left = this.#header.readUInt16BE(2) - packetHeaderBytes;
    this.#last = (this.#header[1]! & endOfMessage) !== 0;
    if (this.#arriving) return;
    this.#arriving = new MessageQueue();
    if (this.#reader) this.#reader.resolve(this.#arriving);
    else this.#unread.push(this.#arriving);
    this.#reader = null;
  }
}

function connectionEnded(): Error {
  return new Error('the connection ended');
}

interface Piece {
  readonly bytes: Buffer;
  done(): void;
}

const ended = { value: undefined, done: true } as const;

/** One message on its way from the socket to its reader. */
class MessageQueue implements Message {
  readonly #pieces: Piece[] = [];
  #ended = false;
  #waiting: ((next: IteratorResult<Buffer, undefined>) => void) | null = null;
  /** Of the piece that is being read. */
  #done: (() => void) | null = null;

  /** @param done called when the bytes are read */
  push(bytes: Buffer, done: () => void): void {
    if (this.#waiting === null) this.#pieces.push({ bytes, done });
    else {
      this.#done = done;
      this.#answer({ value: bytes, done: false });
    }
  }

  end(): void {
    this.#ended = true;
    if (this.#waiting) this.#answer(ended);
  }

  #answer(next: IteratorResult<Buffer, undefined>): void {
    const waiting = this.#waiting!;
    this.#waiting = null;
    waiting(next);
  }

  #next(): Promise<IteratorResult<Buffer, undefined>> {
    this.#done?.();
    this.#done = null;
    const piece = this.#pieces.shift();
    if (piece) {
      this.#done = piece.done;
      return Promise.resolve({ value: piece.bytes, done: false });
    }
    if (this.#ended) return Promise.resolve(ended);
    return new Promise(resolve => {
      this.#waiting = resolve;
    });
  }

  pieces(): AsyncIterator<Buffer, undefined> {
    return { next: () => this.#next() };
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer, undefined> {
    for (let next = await this.#next(); !next.done; next = await this.#next()) yield Buffer.from(next.value);
  }
}
