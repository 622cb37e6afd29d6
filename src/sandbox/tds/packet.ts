/** Packets of MS-TDS 2.2.3: an 8-byte header and payload; a message is one or more of them, the last marked EOM. */

export const PacketType = {
  batch: 0x01,
  rpc: 0x03,
  response: 0x04,
  attention: 0x06,
  bulkLoad: 0x07,
  transactionManager: 0x0e,
  login7: 0x10,
  prelogin: 0x12,
} as const;

export const headerLength = 8;

export const Status = { endOfMessage: 0x01, ignore: 0x02, resetConnection: 0x08, resetKeepTransaction: 0x10 } as const;

/** A part of a packet: large ones come in several chunks of the socket. */
export interface PacketPart {
  readonly type: number;
  readonly status: number;
  /** A view of the chunk. */
  readonly payload: Buffer;
  /** Whether the packet ends with it. */
  readonly whole: boolean;
}

/** Cuts a byte stream into packets. Payload is not copied. */
export class PacketReader {
  readonly #header = Buffer.alloc(headerLength);
  #headerBytes = 0;
  /** Payload that the packet under way still has. */
  #left = 0;

  /** @throws Error when the stream can't be TDS */
  *feed(chunk: Buffer): Generator<PacketPart> {
    const header = this.#header;
    for (let at = 0; at < chunk.length; ) {
      if (this.#left === 0) {
        const count = Math.min(headerLength - this.#headerBytes, chunk.length - at);
        chunk.copy(header, this.#headerBytes, at, at + count);
        this.#headerBytes += count;
        at += count;
        if (this.#headerBytes < headerLength) return;
        this.#headerBytes = 0;
        const length = header.readUInt16BE(2);
        if (length < headerLength) throw new Error(`packet of ${length} bytes`);
        this.#left = length - headerLength;
      }
      const payload = chunk.subarray(at, Math.min(at + this.#left, chunk.length));
      at += payload.length;
      this.#left -= payload.length;
      const whole = this.#left === 0;
      if (whole || payload.length > 0) yield { type: header[0]!, status: header[1]!, payload, whole };
    }
  }
}

function writeHeader(bytes: Buffer, at: number, type: number, status: number, length: number, id: number): void {
  bytes[at] = type;
  bytes[at + 1] = status;
  bytes.writeUInt16BE(length, at + 2);
  bytes.writeUInt16BE(0, at + 4);
  bytes[at + 6] = id & 0xff;
  bytes[at + 7] = 0;
}

export function packet(type: number, status: number, id: number, payload: Uint8Array): Buffer {
  const bytes = Buffer.allocUnsafe(headerLength + payload.length);
  writeHeader(bytes, 0, type, status, bytes.length, id);
  bytes.set(payload, headerLength);
  return bytes;
}

/**
 * Writes several packets of one message into a buffer, none of them the last.
 * @param room payload bytes of each
 * @param first payload, as far as it goes; then comes `second`
 */
export function writeFullPackets(
  bytes: Buffer,
  type: number,
  id: number,
  room: number,
  first: Uint8Array,
  second: Uint8Array,
): void {
  const size = headerLength + room;
  for (let start = 0, at = 0; start < bytes.length; start += size, at += room) {
    writeHeader(bytes, start, type, 0, size, id + at / room);
    const head = first.subarray(at, at + room);
    bytes.set(head, start + headerLength);
    const from = Math.max(0, at - first.length);
    bytes.set(second.subarray(from, from + room - head.length), start + headerLength + head.length);
  }
}
