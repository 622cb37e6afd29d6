/** TLS inside TDS packets, the server's side: the handshake is wrapped in packets of type 0x12, what follows is not. */

import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';

export class TlsTunnel extends Duplex {
  readonly #socket: Socket;
  #wrap = true;
  #unwrap = true;
  #flight: Buffer[] = [];
  #input = Buffer.alloc(0);

  constructor(socket: Socket) {
    super();
    this.#socket = socket;
    socket.on('data', data => this.#receive(data));
    socket.on('close', () => this.destroy());
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    if (this.#wrap && chunk[0] === 0x17) this.#wrap = false;
    if (!this.#wrap) {
      this.#socket.write(chunk, () => done());
      return;
    }
    // One flight is one message: tedious waits for one answer to each of its own.
    if (this.#flight.length === 0) setImmediate(() => this.#sendFlight());
    this.#flight.push(chunk);
    done();
  }

  #sendFlight(): void {
    const bytes = Buffer.concat(this.#flight);
    this.#flight = [];
    const header = Buffer.from([0x12, 1, 0, 0, 0, 0, 1, 0]);
    header.writeUInt16BE(bytes.length + 8, 2);
    this.#socket.write(Buffer.concat([header, bytes]));
  }

  #receive(data: Buffer): void {
    if (!this.#unwrap) {
      this.push(data);
      return;
    }
    this.#input = Buffer.concat([this.#input, data]);
    while (this.#input.length >= 8) {
      if (this.#input[0] !== 0x12) {
        this.#unwrap = false;
        this.push(this.#input);
        return;
      }
      const length = this.#input.readUInt16BE(2);
      if (this.#input.length < length) return;
      this.push(this.#input.subarray(8, length));
      this.#input = this.#input.subarray(length);
    }
  }
}
