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

export class PacketWriter {
  readonly #stream: Writable;
  readonly #type: number;
  readonly #packetBytes: number;
  readonly #bufferBytes: number;
  #buffer: Buffer;
  #at = packetHeaderBytes;
  /** Where the payload of the packet being filled ends when it is full. */
  #packetEnd: number;
  #packets = 0;
  #made = 1;
  readonly #spare: Buffer[] = [];
  #wake: (() => void) | null = null;
  #stopped = false;

  /**
   * @param stream that takes what is sent to the server
   * @param type of the packets (MS-TDS 2.2.3.1.1)
   * @param packetBytes as negotiated, with the header
   */
  constructor(stream: Writable, type: number, packetBytes: number) {
    this.#stream = stream;
    this.#type = type;
    this.#packetBytes = packetBytes;
    this.#bufferBytes = Math.max(1, Math.floor(bufferBytes / packetBytes)) * packetBytes;
    this.#buffer = Buffer.allocUnsafe(this.#bufferBytes);
    this.#packetEnd = packetBytes;
  }

  /** Takes a piece, whose bytes are free again when it returns. A promise when the socket is behind. */
  write(piece: Uint8Array): void | Promise<void> {
    for (let at = 0; at < piece.length; ) {
      if (this.#at === this.#packetEnd) {
        this.#closePacket();
        if (this.#at === this.#bufferBytes) {
          const wait = this.#send();
          if (wait) return wait.then(() => this.write(piece.subarray(at)));
        } else {
          this.#packetEnd += this.#packetBytes;
          this.#at += packetHeaderBytes;
        }
      }
      const count = Math.min(piece.length - at, this.#packetEnd - this.#at);
      this.#buffer.set(count === piece.length ? piece : piece.subarray(at, at + count), this.#at);
      this.#at += count;
      at += count;
    }
  }

  /** Sends all full packets but the last one. @returns the rest, which is to become the last packet of the message */
  finish(): Buffer {
    const start = this.#packetEnd - this.#packetBytes;
    const rest = Buffer.from(this.#buffer.subarray(start + packetHeaderBytes, this.#at));
    if (start > 0 && !this.#stopped && !this.#stream.destroyed) this.#stream.write(this.#buffer.subarray(0, start));
    return rest;
  }

  /** Sends nothing any more: the message was ended. */
  stop(): void {
    this.#stopped = true;
  }

  #closePacket(): void {
    const start = this.#packetEnd - this.#packetBytes;
    const buffer = this.#buffer;
    buffer[start] = this.#type;
    buffer[start + 1] = 0;
    buffer.writeUInt16BE(this.#packetBytes, start + 2);
    buffer.writeUInt16BE(0, start + 4);
    buffer[start + 6] = ++this.#packets & 0xff;
    buffer[start + 7] = 0;
  }

  #send(): void | Promise<void> {
    const full = this.#buffer;
    if (!this.#stopped && !this.#stream.destroyed) {
      // The callback comes after an error, too: then the connection is lost, and the request ends with that.
      this.#stream.write(full, () => {
        this.#spare.push(full);
        this.#wake?.();
      });
    } else this.#spare.push(full);
    const next = this.#spare.pop();
    if (next === undefined && this.#made === buffersUnderWay) return this.#waitForBuffer();
    if (next === undefined) this.#made++;
    this.#begin(next ?? Buffer.allocUnsafe(this.#bufferBytes));
  }

  async #waitForBuffer(): Promise<void> {
    while (this.#spare.length === 0 && !this.#stream.destroyed) {
      await new Promise<void>(resolve => {
        this.#wake = resolve;
        this.#stream.once('close', resolve);
      });
      this.#stream.off('close', this.#wake!);
    }
    this.#wake = null;
    this.#begin(this.#spare.pop() ?? Buffer.allocUnsafe(this.#bufferBytes));
  }

  #begin(buffer: Buffer): void {
    this.#buffer = buffer;
    this.#at = packetHeaderBytes;
    this.#packetEnd = this.#packetBytes;
  }
}
