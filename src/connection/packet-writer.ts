/**
 * The pieces of a bulk-load message as packets (MS-TDS 2.2.3), straight to the socket. tedious' own writer makes several objects and two copies for
 * each packet; here many packets share a buffer that is sent in one go and used again. Hot path: every byte that is loaded passes here.
 */

import type { Writable } from 'node:stream';
import { packetHeaderBytes } from './packet-reader.ts';

/** Of one buffer; a whole number of packets fits into it. */
const bufferBytes = 1 << 18;
/** Buffers that are with the socket at most; who makes the pieces waits for the oldest. */
const buffersUnderWay = 4;

/** The buffers of one connection: its messages are sent one after the other. */
export class SendBuffers {
  readonly #stream: Writable;
  readonly packetBytes: number;
  readonly length: number;
  readonly #spare: Buffer[] = [];
  #made = 0;
  #wake: (() => void) | null = null;

  /**
   * @param stream that takes what is sent to the server
   * @param packetBytes as negotiated, with the header
   */
  constructor(stream: Writable, packetBytes: number) {
    this.#stream = stream;
    this.packetBytes = packetBytes;
    this.length = Math.max(1, Math.floor(bufferBytes / packetBytes)) * packetBytes;
  }

  /** A buffer to be filled; a promise when all are with the socket. */
  take(): Buffer | Promise<Buffer> {
    const spare = this.#spare.pop();
    if (spare) return spare;
    return this.#made < buffersUnderWay || this.#stream.destroyed ? this.#make() : this.#wait();
  }

  #make(): Buffer {
    this.#made++;
    return Buffer.allocUnsafeSlow(this.length);
  }

  async #wait(): Promise<Buffer> {
    while (this.#spare.length === 0 && !this.#stream.destroyed) {
      await new Promise<void>(resolve => {
        this.#wake = resolve;
        this.#stream.once('close', resolve);
      });
      this.#stream.off('close', this.#wake!);
    }
    this.#wake = null;
    return this.#spare.pop() ?? this.#make();
  }

  /** Sends the first bytes of a buffer, which is spare afterwards. */
  send(buffer: Buffer, length: number): void {
    if (this.#stream.destroyed) return this.giveBack(buffer);
    // The callback comes after an error, too: then the connection is lost, and the request ends with that.
    this.#stream.write(buffer.subarray(0, length), () => this.giveBack(buffer));
  }

  giveBack(buffer: Buffer): void {
    this.#spare.push(buffer);
    this.#wake?.();
  }
}

/** Of one message. */
export class PacketWriter {
  readonly #buffers: SendBuffers;
  readonly #type: number;
  readonly #packetBytes: number;
  /** The one that is filled; null before the first piece and where nothing is sent any more. */
  #buffer: Buffer | null = null;
  #at = 0;
  /** Where the payload of the packet being filled ends when it is full. */
  #packetEnd = 0;
  #packets = 0;
  #stopped = false;

  /** @param type of the packets (MS-TDS 2.2.3.1.1) */
  constructor(buffers: SendBuffers, type: number) {
    this.#buffers = buffers;
    this.#type = type;
    this.#packetBytes = buffers.packetBytes;
  }

  /** Takes a piece, whose bytes are free again when it returns. A promise when the socket is behind. */
  write(piece: Uint8Array): void | Promise<void> {
    for (let at = 0; at < piece.length && !this.#stopped; ) {
      if (this.#buffer === null || this.#at === this.#packetEnd) {
        const wait = this.#makeRoom();
        if (wait) return wait.then(() => this.write(piece.subarray(at)));
      }
      const count = Math.min(piece.length - at, this.#packetEnd - this.#at);
      this.#buffer!.set(count === piece.length ? piece : piece.subarray(at, at + count), this.#at);
      this.#at += count;
      at += count;
    }
  }

  /** Sends all full packets but the last one. @returns the rest, which is to become the last packet of the message */
  finish(): Buffer {
    const buffer = this.#buffer;
    if (buffer === null) return Buffer.alloc(0);
    const start = this.#packetEnd - this.#packetBytes;
    const rest = Buffer.from(buffer.subarray(start + packetHeaderBytes, this.#at));
    this.#buffer = null;
    if (start > 0) this.#buffers.send(buffer, start);
    else this.#buffers.giveBack(buffer);
    return rest;
  }

  /** Sends nothing any more: the message was ended. */
  stop(): void {
    this.#stopped = true;
    if (this.#buffer !== null) this.#buffers.giveBack(this.#buffer);
    this.#buffer = null;
  }

  /** Begins the next packet; of a full buffer in the next one. */
  #makeRoom(): void | Promise<void> {
    const full = this.#buffer;
    if (full !== null) {
      this.#closePacket(full);
      if (this.#at < this.#buffers.length) {
        this.#packetEnd += this.#packetBytes;
        this.#at += packetHeaderBytes;
        return;
      }
      this.#buffer = null;
      this.#buffers.send(full, full.length);
    }
    const next = this.#buffers.take();
    if (next instanceof Promise) return next.then(buffer => this.#begin(buffer));
    this.#begin(next);
  }

  #closePacket(buffer: Buffer): void {
    const start = this.#packetEnd - this.#packetBytes;
    buffer[start] = this.#type;
    buffer[start + 1] = 0;
    buffer.writeUInt16BE(this.#packetBytes, start + 2);
    buffer.writeUInt16BE(0, start + 4);
    buffer[start + 6] = ++this.#packets & 0xff;
    buffer[start + 7] = 0;
  }

  #begin(buffer: Buffer): void {
    if (this.#stopped) return this.#buffers.giveBack(buffer);
    this.#buffer = buffer;
    this.#at = packetHeaderBytes;
    this.#packetEnd = this.#packetBytes;
  }
}
