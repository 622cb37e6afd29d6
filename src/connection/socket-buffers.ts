/**
 * The bytes of a socket in a few buffers that are filled again and again (`onread` of net.connect), instead of in new memory for every read:
 * that was a sixth of the time of reading wide rows. Hot path: every byte that is read from a server without TLS passes here.
 */

import type { OnReadOpts, Socket } from 'node:net';
import { type ByteSource, onEnd } from './byte-source.ts';

/** Of one buffer: what a single read may bring. */
const bufferBytes = 1 << 18;
/** One that is being filled, one to be filled next, and those that are with the taker. */
const buffers = 4;
/** As Node reads, until the bytes are taken. */
const firstBytes = 1 << 16;

/** Of one connection. Until `start` the bytes go into the socket's stream, as those of any other socket. */
export class SocketBuffers implements ByteSource {
  /** For net.connect. */
  readonly onread: OnReadOpts;
  #socket: Socket | null = null;
  #take: ((chunk: Buffer) => void) | null = null;
  readonly #first = Buffer.allocUnsafeSlow(firstBytes);
  readonly #free: Buffer[] = [];
  readonly #made = new Map<ArrayBufferLike, Buffer>();

  constructor() {
    const read = (socket: Socket, count: number, buffer: Buffer) => this.#read(socket, count, buffer);
    this.onread = {
      buffer: () => this.#next(),
      callback(this: Socket, count: number, buffer: Uint8Array) {
        return read(this, count, buffer as Buffer);
      },
    } as OnReadOpts;
  }

  /** Whose bytes are to be taken; it was connected with `onread`. */
  use(socket: Socket): this {
    this.#socket = socket;
    return this;
  }

  start(take: (chunk: Buffer) => void, end: () => void): void {
    const socket = this.#socket!;
    // What had come before it was the stream's.
    for (let rest: Buffer | null = socket.read(); rest !== null; rest = socket.read()) take(rest);
    this.#take = take;
    onEnd(socket, end);
    socket.resume();
  }

  giveBack(chunk: Buffer): void {
    const buffer = this.#made.get(chunk.buffer);
    // Chunks of the first reads are copies.
    if (buffer === undefined) return;
    this.#free.push(buffer);
    this.#socket!.resume();
  }

  destroy(error: Error): void {
    this.#socket!.destroy(error);
  }

  /** @returns whether to go on reading */
  #read(socket: Socket, count: number, buffer: Buffer): boolean {
    const chunk = buffer.subarray(0, count);
    if (this.#take === null) return socket.push(Buffer.from(chunk));
    // The first buffer is filled once more before it is replaced.
    this.#take(buffer === this.#first ? Buffer.from(chunk) : chunk);
    // One of them is filled next, and there must be another one then.
    return this.#free.length + buffers - this.#made.size > 1;
  }

  /** The buffer to be filled next. */
  #next(): Buffer {
    if (this.#take === null) return this.#first;
    const free = this.#free.pop();
    if (free !== undefined) return free;
    const made = Buffer.allocUnsafeSlow(bufferBytes);
    this.#made.set(made.buffer, made);
    return made;
  }
}
