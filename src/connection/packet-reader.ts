/**
 * Messages from the packets of a connection (MS-TDS 2.2.3): what tedious' own reader does packet by packet, with several objects for each, is done
 * here chunk by chunk as the socket gives them: the eight header bytes are squeezed out in place, so that rows stay whole in pieces of up to
 * 64 KB. Hot path: every byte that is read from a server passes here.
 */

import type { Duplex } from 'node:stream';

/** Bytes of a packet's header: type, status, length (big-endian, with the header), SPID, number, window. */
export const packetHeaderBytes = 8;
/** Bit of a status that says the message ends with the packet. */
export const endOfMessage = 1;

/** Bytes that may wait before the socket is paused; it goes on when half of them are read. */
const highWater = 1 << 20;

/** Payload of one message in the order of its bytes. */
type Message = AsyncIterable<Buffer> & AsyncIterator<Buffer>;

export class PacketReader {
  readonly #stream: Duplex;
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
  #waiting = 0;

  /** @param stream of which nobody else takes the bytes: the socket, or the plain side of TLS */
  constructor(stream: Duplex) {
    this.#stream = stream;
    stream.on('data', (chunk: Buffer) => this.#take(chunk));
    const end = () => this.#end();
    stream.once('end', end);
    stream.once('close', end);
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
          this.#stream.destroy(new Error('the server sent a packet that is shorter than its header'));
          return;
        }
        this.#begin();
      }
      if (this.#left === 0 && this.#last) {
        this.#push(chunk.subarray(start, kept));
        this.#arriving!.end();
        this.#arriving = null;
        this.#last = false;
        start = kept = at;
      }
    }
    this.#push(chunk.subarray(start, kept));
  }

  /** The header is whole. */
  #begin(): void {
    this.#left = this.#header.readUInt16BE(2) - packetHeaderBytes;
    this.#last = (this.#header[1]! & endOfMessage) !== 0;
    if (this.#arriving) return;
    this.#arriving = new MessageQueue(bytes => this.#read(bytes));
    if (this.#reader) this.#reader.resolve(this.#arriving);
    else this.#unread.push(this.#arriving);
    this.#reader = null;
  }

  #push(bytes: Buffer): void {
    if (bytes.length === 0) return;
    this.#arriving!.push(bytes);
    this.#waiting += bytes.length;
    if (this.#waiting > highWater) this.#stream.pause();
  }

  #read(bytes: number): void {
    this.#waiting -= bytes;
    if (this.#waiting <= highWater / 2 && this.#stream.isPaused()) this.#stream.resume();
  }
}

function connectionEnded(): Error {
  return new Error('the connection ended');
}

/** One message on its way from the socket to its reader. */
class MessageQueue implements Message {
  readonly #taken: (bytes: number) => void;
  readonly #pieces: Buffer[] = [];
  #ended = false;
  #waiting: ((next: IteratorResult<Buffer>) => void) | null = null;

  constructor(taken: (bytes: number) => void) {
    this.#taken = taken;
  }

  push(bytes: Buffer): void {
    if (this.#waiting === null) this.#pieces.push(bytes);
    else {
      this.#taken(bytes.length);
      this.#answer({ value: bytes, done: false });
    }
  }

  end(): void {
    this.#ended = true;
    if (this.#waiting) this.#answer({ value: undefined, done: true });
  }

  #answer(next: IteratorResult<Buffer>): void {
    const waiting = this.#waiting!;
    this.#waiting = null;
    waiting(next);
  }

  next(): Promise<IteratorResult<Buffer>> {
    const value = this.#pieces.shift();
    if (value) {
      this.#taken(value.length);
      return Promise.resolve({ value, done: false });
    }
    if (this.#ended) return Promise.resolve({ value: undefined, done: true });
    return new Promise(resolve => {
      this.#waiting = resolve;
    });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
