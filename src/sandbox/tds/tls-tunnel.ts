import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { headerLength, PacketType, packet, Status } from './packet.ts';

const applicationData = 0x17;

/**
 * TLS inside TDS packets, as the handshake of TDS 7.x goes: handshake records travel in packets of type 0x12, everything
 * after the handshake as bare records. Each direction switches once, at a record border: out when the first record of
 * application data is written, in when the first packet is none of type 0x12.
 */
export class TlsTunnel extends Duplex {
  readonly #socket: Socket;
  #wrapOut = true;
  #wrapIn = true;
  #pendingIn: Buffer = Buffer.alloc(0);
  #gathered: Buffer[] = [];
  #scheduled = false;
  #packetId = 1;

  constructor(socket: Socket) {
    super();
    this.#socket = socket;
    socket.on('data', chunk => this.#receive(chunk));
    socket.on('end', () => this.push(null));
    socket.on('close', () => this.destroy());
    socket.on('error', error => this.destroy(error));
  }

  #receive(chunk: Buffer): void {
    if (!this.#wrapIn) {
      if (!this.push(chunk)) this.#socket.pause();
      return;
    }
    let bytes = this.#pendingIn.length === 0 ? chunk : Buffer.concat([this.#pendingIn, chunk]);
    this.#pendingIn = Buffer.alloc(0);
    while (bytes.length > 0) {
      if (bytes[0] !== PacketType.prelogin) {
        this.#wrapIn = false;
        this.push(bytes);
        return;
      }
      const length = bytes.length >= headerLength ? bytes.readUInt16BE(2) : 0;
      if (length === 0 || bytes.length < length) {
        this.#pendingIn = Buffer.from(bytes);
        return;
      }
      this.push(bytes.subarray(headerLength, length));
      bytes = bytes.subarray(length);
    }
  }

  override _read(): void {
    this.#socket.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    if (this.#wrapOut && chunk[0] === applicationData) {
      this.#sendGathered();
      this.#wrapOut = false;
    }
    if (!this.#wrapOut) {
      this.#socket.write(chunk, done);
      return;
    }
    // The client expects one message for each of its own: what is written in one tick goes out together.
    this.#gathered.push(Buffer.from(chunk));
    if (!this.#scheduled) {
      this.#scheduled = true;
      setImmediate(() => {
        this.#scheduled = false;
        this.#sendGathered();
      });
    }
    done();
  }

  #sendGathered(): void {
    if (this.#gathered.length === 0) return;
    const bytes = Buffer.concat(this.#gathered);
    this.#gathered = [];
    const room = 4096 - headerLength;
    for (let at = 0; at < bytes.length; at += room) {
      const last = at + room >= bytes.length;
      this.#socket.write(
        packet(PacketType.prelogin, last ? Status.endOfMessage : 0, this.#packetId++, bytes.subarray(at, at + room)),
      );
    }
  }

  override _final(done: () => void): void {
    this.#sendGathered();
    this.#socket.end(done);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#socket.destroy();
    done(error);
  }
}
