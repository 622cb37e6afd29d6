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

export interface Packet {
  readonly type: number;
  readonly status: number;
  readonly payload: Buffer;
}

/** Cuts a byte stream into packets; a packet's payload is a view of the chunk where it lies in one. */
export class PacketReader {
  #rest: Buffer = Buffer.alloc(0);

  /** @throws Error when the stream can't be TDS */
  *feed(chunk: Buffer): Generator<Packet> {
    let bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    while (bytes.length >= headerLength) {
      const length = bytes.readUInt16BE(2);
      if (length < headerLength) throw new Error(`packet of ${length} bytes`);
      if (bytes.length < length) break;
      yield { type: bytes[0]!, status: bytes[1]!, payload: bytes.subarray(headerLength, length) };
      bytes = bytes.subarray(length);
    }
    this.#rest = Buffer.from(bytes);
  }
}

export function packet(type: number, status: number, id: number, payload: Uint8Array): Buffer {
  const bytes = Buffer.allocUnsafe(headerLength + payload.length);
  bytes[0] = type;
  bytes[1] = status;
  bytes.writeUInt16BE(bytes.length, 2);
  bytes.writeUInt16BE(0, 4);
  bytes[6] = id & 0xff;
  bytes[7] = 0;
  bytes.set(payload, headerLength);
  return bytes;
}

/**
 * Several packets of one message in one buffer, none of them the last.
 * @param room payload bytes of each
 * @param first payload, as far as it goes; then comes `second`
 */
export function fullPackets(
  type: number,
  id: number,
  room: number,
  count: number,
  first: Uint8Array,
  second: Uint8Array,
): Buffer {
  const size = headerLength + room;
  const bytes = Buffer.allocUnsafe(count * size);
  for (let i = 0, at = 0; i < count; i++, at += room) {
    const start = i * size;
    bytes[start] = type;
    bytes[start + 1] = 0;
    bytes.writeUInt16BE(size, start + 2);
    bytes.writeUInt16BE(0, start + 4);
    bytes[start + 6] = (id + i) & 0xff;
    bytes[start + 7] = 0;
    const head = first.subarray(at, at + room);
    bytes.set(head, start + headerLength);
    const from = Math.max(0, at - first.length);
    bytes.set(second.subarray(from, from + room - head.length), start + headerLength + head.length);
  }
  return bytes;
}
