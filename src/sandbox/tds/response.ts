import type { WireColumn } from '../../data/wire-column.ts';
import { ByteWriter } from './byte-writer.ts';
import { writeColumnMetadata, writeTypeInfo } from './column-metadata-writer.ts';
import type { DoneToken, ResponseWriter, ServerMessage } from './engine.ts';
import { headerLength, PacketType, packet, Status, writeFullPackets } from './packet.ts';

const doneTokens = { done: 0xfd, doneProc: 0xfe, doneInProc: 0xff } as const;

/** Sends packets to the client. */
export interface PacketSink {
  readonly packetSize: number;
  /** Number of the session's transaction, which its descriptor shows. */
  transaction: bigint;
  /**
   * @param sent called when nobody needs the bytes any more
   * @returns false when the client should be waited for
   */
  send(bytes: Buffer, sent?: () => void): boolean;
  drained(): Promise<void>;
}

/** One response message: tokens in, packets out. */
export class Response implements ResponseWriter {
  readonly allowsNbcRow: boolean;
  readonly #sink: PacketSink;
  readonly #serverName: string;
  readonly #signal: AbortSignal | null;
  readonly #out = new ByteWriter();
  #packetId = 1;
  #clear = true;
  /** Buffers that were sent, to be filled again. */
  readonly #spare: Buffer[] = [];

  constructor(sink: PacketSink, serverName: string, allowsNbcRow: boolean, signal: AbortSignal | null = null) {
    this.#sink = sink;
    this.#serverName = serverName;
    this.allowsNbcRow = allowsNbcRow;
    this.#signal = signal;
  }

  columns(columns: readonly WireColumn[]): void {
    writeColumnMetadata(this.#out, columns);
  }

  rows(bytes: Uint8Array): void {
    // After an attention nothing more of the result is sent but its end.
    if (this.#signal?.aborted) return;
    if (bytes.length >= this.#sink.packetSize * 4) return this.#sendFull(bytes);
    this.#out.bytes(bytes);
    if (this.#out.length >= this.#sink.packetSize * 4) this.#flush(false);
  }

  /** Of the packets, headers included. */
  get packetSize(): number {
    return this.#sink.packetSize;
  }

  /** Sends packets that somebody made before, behind what waits: for a server of prepared rows. */
  prepared(packets: Buffer): void {
    if (this.#signal?.aborted) return;
    const waiting = Buffer.from(this.#out.view());
    this.#out.length = 0;
    if (waiting.length > 0) this.#sink.send(packet(PacketType.response, 0, this.#packetId++, waiting));
    if (!this.#sink.send(packets)) this.#clear = false;
  }

  /** Sends what waits and what follows as full packets; the rest waits. */
  #sendFull(bytes: Uint8Array): void {
    const waiting = this.#out.view();
    const room = this.#sink.packetSize - headerLength;
    const count = Math.floor((waiting.length + bytes.length) / room);
    if (count > 0) {
      const buffer = this.#buffer(count * this.#sink.packetSize);
      const packets = buffer.subarray(0, count * this.#sink.packetSize);
      writeFullPackets(packets, PacketType.response, this.#packetId, room, waiting, bytes);
      if (!this.#sink.send(packets, () => this.#spare.push(buffer))) this.#clear = false;
      this.#packetId += count;
    }
    const sent = count * room - waiting.length;
    this.#out.length = 0;
    this.#out.bytes(bytes.subarray(sent));
  }

  /** One that was sent, or a new one. */
  #buffer(length: number): Buffer {
    const found = this.#spare.findIndex(b => b.length >= length);
    return found < 0 ? Buffer.allocUnsafeSlow(length) : this.#spare.splice(found, 1)[0]!;
  }

  order(columns: readonly number[]): void {
    this.#out.uint8(0xa9).uint16(columns.length * 2);
    for (const column of columns) this.#out.uint16(column);
  }

  info(message: ServerMessage): void {
    this.#message(0xab, message);
  }

  error(message: ServerMessage): void {
    this.#message(0xaa, message);
  }

  #message(token: number, m: ServerMessage): void {
    const out = this.#out.uint8(token);
    const at = out.length;
    out.uint16(0).uint32(m.number).uint8(m.state).uint8(m.class).longText(m.message.slice(0, 30000));
    out
      .shortText(this.#serverName)
      .shortText(m.procedure ?? '')
      .uint32(m.line);
    out.patchLength(at);
  }

  done(token: DoneToken): void {
    const status =
      (token.more ? 1 : 0) | (token.error ? 2 : 0) | (token.count === null ? 0 : 0x10) | (token.attention ? 0x20 : 0);
    this.#out
      .uint8(doneTokens[token.kind])
      .uint16(status)
      .uint16(token.command)
      .uint64(BigInt(token.count ?? 0));
  }

  returnStatus(value: number): void {
    this.#out.uint8(0x79).uint32(value);
  }

  returnValue(name: string, ordinal: number, column: WireColumn, value: Uint8Array): void {
    this.#out.uint8(0xac).uint16(ordinal).shortText(name).uint8(1).uint32(column.userType).uint16(column.flags);
    writeTypeInfo(this.#out, column);
    this.#out.bytes(value);
  }

  databaseChanged(to: string, from: string): void {
    this.textChange(1, to, from);
  }

  languageChanged(to: string, from: string): void {
    this.textChange(2, to, from);
  }

  transactionChanged(how: 'begun' | 'committed' | 'rolledBack'): void {
    if (how === 'begun') this.#sink.transaction++;
    const descriptor = Buffer.alloc(8);
    descriptor.writeBigUInt64LE(this.#sink.transaction);
    const nothing = Buffer.alloc(0);
    if (how === 'begun') this.byteChange(8, descriptor, nothing);
    else this.byteChange(how === 'committed' ? 9 : 10, nothing, descriptor);
  }

  /** FEATUREEXTACK (MS-TDS 2.2.7.11) of one feature, whose data is its version. */
  featureAcknowledged(feature: number, version: number): void {
    this.#out.uint8(0xae).uint8(feature).uint32(1).uint8(version).uint8(0xff);
  }

  /** ENVCHANGE with two texts: 1 database, 2 language, 4 packet size. */
  textChange(type: number, to: string, from: string): void {
    const out = this.#out.uint8(0xe3);
    const at = out.length;
    out.uint16(0).uint8(type).shortText(to).shortText(from);
    out.patchLength(at);
  }

  /** ENVCHANGE with two byte values: 7 collation, 8 begin, 9 commit, 10 rollback of a transaction. */
  byteChange(type: number, to: Uint8Array, from: Uint8Array): void {
    const out = this.#out.uint8(0xe3);
    const at = out.length;
    out.uint16(0).uint8(type).uint8(to.length).bytes(to).uint8(from.length).bytes(from);
    out.patchLength(at);
  }

  /** LOGINACK (MS-TDS 2.2.7.14); the TDS version is big-endian here. */
  loginAck(tdsVersion: number, version: { major: number; minor: number; build: number }): void {
    const out = this.#out.uint8(0xad);
    const at = out.length;
    out.uint16(0).uint8(1).uint32BE(tdsVersion).shortText('Microsoft SQL Server');
    out
      .uint8(version.major)
      .uint8(version.minor)
      .uint8(version.build >> 8)
      .uint8(version.build & 0xff);
    out.patchLength(at);
  }

  async drain(): Promise<void> {
    if (this.#clear) return;
    await this.#sink.drained();
    this.#clear = true;
  }

  /** Sends what is left, the last packet marked as the end of the message. */
  async end(): Promise<void> {
    this.#flush(true);
    await this.drain();
  }

  #flush(last: boolean): void {
    const bytes = Buffer.from(this.#out.view());
    const room = this.#sink.packetSize - headerLength;
    // The last packet may be a full one, but it is not empty.
    const rest = bytes.length % room || Math.min(bytes.length, room);
    this.#out.length = 0;
    this.#sendFull(bytes.subarray(0, bytes.length - rest));
    if (last) {
      this.#sink.send(packet(PacketType.response, Status.endOfMessage, this.#packetId++, bytes.subarray(-rest)));
    } else this.#out.bytes(bytes.subarray(bytes.length - rest));
  }
}
