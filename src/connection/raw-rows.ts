/**
 * The one file that reaches into tedious: it takes the rows of our requests as bytes before tedious decodes them, because
 * its value layer loses digits, offsets and base types, and the packets, because its streams cost more than all else. `missingInternals` names what must stay as it is in tedious; the
 * contract test calls it, and so does every log-in.
 *
 * tedious calls `createTokenStreamParser` of a connection for each message that arrives. It is overwritten on the
 * instance: answers to requests go through RawParser, the log-in keeps tedious' own parser.
 */

import type { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import type { ConnectionConfiguration } from 'tedious';
import * as connectionModule from 'tedious/lib/connection.js';
import * as connectorModule from 'tedious/lib/connector.js';
import * as messageIoModule from 'tedious/lib/message-io.js';
import * as packetModule from 'tedious/lib/packet.js';
import * as requestModule from 'tedious/lib/request.js';
import * as handlerModule from 'tedious/lib/token/handler.js';
import * as helpersModule from 'tedious/lib/token/helpers.js';
import type StreamParserType from 'tedious/lib/token/stream-parser.js';
import * as streamParserModule from 'tedious/lib/token/stream-parser.js';
import type { Token } from 'tedious/lib/token/token.js';
import { MoreBytesNeeded, readColumnMetadata } from '../data/column-metadata.ts';
import { NBCROW, ROW, RowScanner } from '../data/row-scanner.ts';
import type { RowsTaken } from '../data/rows-taken.ts';
import { XpdbError } from '../model/error.ts';
import { streamSource } from './byte-source.ts';
import { FeatureAcknowledgements, type FeatureVersions, requestFeatures } from './login-features.ts';
import { type Message, PacketReader } from './packet-reader.ts';
import { PacketWriter, SendBuffers } from './packet-writer.ts';
import { type RawToken, RawTokenStream } from './raw-token-stream.ts';
import { Response } from './response.ts';
import type { RowSink, ServerVersion } from './session.ts';
import type { SocketBuffers } from './socket-buffers.ts';

/** tedious sets `module.exports` to the class, while its types describe a default export: take it wherever it is. */
function classOf<T>(module: unknown): T {
  let found = module;
  for (let depth = 0; depth < 3 && typeof found !== 'function'; depth++) {
    found = (found as { default?: unknown } | undefined)?.default;
  }
  return found as T;
}

const StreamParser = classOf<typeof StreamParserType.default>(streamParserModule);
const Connection = classOf<{ prototype: object }>(connectionModule);
const Request = classOf<{ prototype: object }>(requestModule);
const MessageIO = classOf<{ prototype: object; new (socket: Duplex, packetSize: number, debug: object): object }>(
  messageIoModule,
);
const { RequestTokenHandler, Login7TokenHandler } = handlerModule;
const { NotEnoughDataError } = helpersModule;
const { connectInParallel, connectInSequence } = connectorModule;

type TediousConnection = InstanceType<typeof import('tedious').Connection>;
type TokenHandler = InstanceType<typeof handlerModule.TokenHandler>;

/** Packet types of bulk-load data and of LOGIN7 (MS-TDS 2.2.3.1.1). */
export const bulkLoadPacket = 7;
const login7Packet = 16;

/**
 * What xpdb uses of tedious beyond its documented interface.
 * @returns the names that are missing or of another kind; none when all is as expected.
 */
export function missingInternals(): string[] {
  const missing: string[] = [];
  const expectMethods = (owner: string, target: unknown, names: readonly string[]): void => {
    for (const name of names) {
      if (typeof (target as Record<string, unknown> | undefined)?.[name] !== 'function')
        missing.push(`${owner}.${name}`);
    }
  };
  const expectClass = (name: string, found: unknown): void => {
    if (typeof found !== 'function') missing.push(name);
  };
  expectClass('token/stream-parser default', StreamParser);
  expectClass('token/handler RequestTokenHandler', RequestTokenHandler);
  expectClass('token/handler Login7TokenHandler', Login7TokenHandler);
  expectClass('token/helpers NotEnoughDataError', NotEnoughDataError);
  expectClass('connector connectInSequence', connectInSequence);
  expectClass('connector connectInParallel', connectInParallel);
  expectMethods('StreamParser', StreamParser?.prototype, ['write', 'read', 'end', 'readToken', 'parseToken']);
  expectMethods('RequestTokenHandler', RequestTokenHandler?.prototype, [
    'onErrorMessage',
    'onInfoMessage',
    'onDone',
    'onDoneProc',
    'onDoneInProc',
    'onBeginTransaction',
    'onDatabaseChange',
  ]);
  expectMethods('Login7TokenHandler', Login7TokenHandler?.prototype, ['onLoginAck', 'onFeatureExtAck']);
  expectMethods('Connection', Connection?.prototype, [
    'sendLogin7Packet',
    'createTokenStreamParser',
    'makeRequest',
    'execSqlBatch',
    'beginTransaction',
    'commitTransaction',
    'rollbackTransaction',
    'cancel',
    'close',
  ]);
  expectMethods('Request', Request?.prototype, ['cancel', 'setTimeout', 'once']);
  expectMethods('MessageIO', MessageIO?.prototype, ['readMessage', 'sendMessage', 'startTls']);
  if (typeof MessageIO === 'function') {
    const io = new MessageIO(new Duplex({ read() {}, write: (_, __, done) => done() }), 4096, {});
    const { socket, incomingMessageStream, outgoingMessageStream } = io as Partial<MessageIo>;
    if (typeof socket?.unpipe !== 'function') missing.push('MessageIO#socket');
    if (typeof incomingMessageStream?.write !== 'function') missing.push('MessageIO#incomingMessageStream');
    if (outgoingMessageStream?.packetSize !== 4096) missing.push('MessageIO#outgoingMessageStream.packetSize');
  }
  if (packetModule.TYPE?.BULK_LOAD !== bulkLoadPacket) missing.push('packet TYPE.BULK_LOAD = 7');
  if (packetModule.TYPE?.LOGIN7 !== login7Packet) missing.push('packet TYPE.LOGIN7 = 16');
  if (typeof StreamParser === 'function') {
    const parser = new StreamParser({} as never) as unknown as Record<string, unknown>;
    for (const [name, kind] of [
      ['buffer', 'object'],
      ['position', 'number'],
      ['pending', 'object'],
      ['options', 'object'],
    ] as const) {
      if (typeof parser[name] !== kind) missing.push(`StreamParser#${name}`);
    }
  }
  return missing;
}

/** @throws XpdbError naming what tedious no longer has */
export function checkInternals(): void {
  const missing = missingInternals();
  if (missing.length > 0) {
    throw new XpdbError(`the installed tedious does not fit this xpdb: it lacks ${missing.join(', ')}`, {
      hint: 'install the version of tedious that the package names (npm ci)',
    });
  }
}

/** ENVCHANGE types that tedious reads; it writes to the program's stderr for others, such as 17, the end of a distributed transaction. */
const knownEnvironmentChanges: ReadonlySet<number> = new Set([1, 2, 3, 4, 7, 8, 9, 10, 13, 18, 20]);

const COLMETADATA = 0x81;
const ALTMETADATA = 0x88;
const ALTROW = 0xd3;
const ENVCHANGE = 0xe3;

class RawParser extends StreamParser {
  #scanner: RowScanner | undefined;
  readonly #sink: RowSink;
  #refused = false;
  #kept: Buffer | undefined;

  constructor(options: ConstructorParameters<typeof StreamParser>[0], sink: RowSink) {
    super(options);
    this.#sink = sink;
  }

  /** Lets the sink find the ends of rows by itself. Where it takes none the next ones are looked for here. */
  offerRows(): RowsTaken | null {
    const taken = this.#sink.takeRows!(this.buffer, this.position, this.buffer.length);
    if (taken === null) this.#refused = true;
    else {
      this.position = taken.end;
      this.#scanner!.accepted();
    }
    return taken;
  }

  override readToken(): Token | undefined {
    if (this.#scanner?.inRow) return this.#part(this.#scanner);
    switch (this.buffer[this.position]) {
      case ROW:
      case NBCROW:
        return this.#rows();
      case COLMETADATA:
        return this.#columns();
      case ENVCHANGE:
        return this.#environmentChange();
      case ALTMETADATA:
      case ALTROW:
        throw new XpdbError('the result has rows of COMPUTE BY, which xpdb does not read', {
          hint: 'remove the COMPUTE clause from the statement',
        });
      default:
        return super.readToken();
    }
  }

  /** Copies what was not read yet of bytes whose memory is about to be used again. */
  keepRest(): void {
    const last = this.pending.pop();
    if (last !== undefined) this.pending.push(Buffer.from(last));
    if (this.buffer === this.#kept) return;
    this.buffer = Buffer.from(this.buffer.subarray(this.position));
    this.position = 0;
    this.#kept = this.buffer;
  }

  override end(): void {
    if (this.#scanner?.inRow) throw new Error('the answer ends in the middle of a row');
    super.end();
  }

  #columns(): Token {
    try {
      const { columns, end } = readColumnMetadata(this.buffer, this.position + 1);
      this.position = end;
      this.#scanner = new RowScanner(columns);
      return asToken({ raw: 'columns', columns });
    } catch (error) {
      if (error instanceof MoreBytesNeeded) throw new NotEnoughDataError(this.buffer.length + 1);
      throw error;
    }
  }

  #rows(): Token {
    const scanner = this.#scanner;
    if (!scanner) throw new XpdbError('the server sent a row without describing its columns');
    const asks = this.#sink.takeRows !== undefined;
    if (asks && !this.#refused) return asToken({ raw: 'ask', parser: this });
    this.#refused = false;
    const bytes = this.buffer;
    const start = this.position;
    const end = asks ? scanner.scanRefused(bytes, start, bytes.length) : scanner.scanRows(bytes, start, bytes.length);
    if (end === start) return this.#part(scanner);
    this.position = end;
    return asToken({ raw: 'rows', bytes, start, end, count: scanner.count });
  }

  #part(scanner: RowScanner): Token {
    const start = this.position;
    this.position = scanner.scanPart(this.buffer, start, this.buffer.length);
    return asToken({ raw: 'part', bytes: this.buffer.subarray(start, this.position), last: !scanner.inRow });
  }

  #environmentChange(): Token | undefined {
    const { buffer, position } = this;
    if (buffer.length < position + 4) throw new NotEnoughDataError(position + 4);
    if (knownEnvironmentChanges.has(buffer[position + 3]!)) return super.readToken();
    const end = position + 3 + buffer.readUInt16LE(position + 1);
    if (buffer.length < end) throw new NotEnoughDataError(end);
    this.position = end;
    return undefined;
  }
}

function asToken(token: RawToken): Token {
  return token as unknown as Token;
}

/** What the hook tells the session, and what the session tells the hook. */
export interface RawHook {
  /** The response of the request under way; tedious knows one request at a time. */
  response: Response | undefined;
  /** From LOGINACK. */
  serverVersion: ServerVersion;
  /** From FEATUREEXTACK. */
  readonly acknowledged: FeatureAcknowledgements;
  /** TDS 7.2 or later. */
  readonly modern: boolean;
  /** Begins to send a message of a packet type past tedious, which then has to end it with a last packet. Once logged in. */
  packets(type: number): PacketWriter;
}

/**
 * Puts the hook on a connection, before it connects.
 * @param features that the log-in asks for beside those of tedious
 */
export function attachRawRows(connection: TediousConnection, features: FeatureVersions): RawHook {
  const internals = connection as unknown as Internals;
  const acknowledged = new FeatureAcknowledgements(features);
  let sendBuffers: SendBuffers | undefined;
  const hook = {
    response: undefined as Response | undefined,
    serverVersion: { major: 0, minor: 0, build: 0 },
    acknowledged,
    get modern(): boolean {
      return internals.config.options.tdsVersion >= '7_2';
    },
    packets: (type: number) => {
      const { messageIo } = internals;
      sendBuffers ??= new SendBuffers(plainStream(messageIo), messageIo.outgoingMessageStream.packetSize);
      return new PacketWriter(sendBuffers, type);
    },
  };
  const original = internals.createTokenStreamParser;
  internals.createTokenStreamParser = function (message, handler) {
    if (handler instanceof Login7TokenHandler) {
      rememberVersion(handler, hook);
      allowFeatures(handler, acknowledged);
      return original.call(this, acknowledged.watch(message as AsyncIterable<Buffer>), handler);
    }
    if (!(handler instanceof RequestTokenHandler)) return original.call(this, message, handler);
    const response = hook.response ?? new Response();
    const parser = new RawParser(this.config.options as ConstructorParameters<typeof StreamParser>[0], response.sink);
    return new RawTokenStream(message as Message, parser, handler, response);
  };
  askForFeatures(internals, features, acknowledged);
  return hook;
}

/** Adds features to the LOGIN7 message, which tedious makes and sends in one go. */
function askForFeatures(internals: Internals, features: FeatureVersions, acknowledged: FeatureAcknowledgements): void {
  const original = internals.sendLogin7Packet;
  internals.sendLogin7Packet = function () {
    const io = this.messageIo;
    const send = io.sendMessage;
    acknowledged.reset();
    io.sendMessage = (type, data, ...rest) =>
      send.call(io, type, type === login7Packet ? requestFeatures(data, features) : data, ...rest);
    try {
      original.call(this);
    } finally {
      io.sendMessage = send;
    }
  };
}

/** The configuration of a connection whose socket reads into `buffers`. tedious finds the addresses and tries them, as ever. */
export function withBuffers(config: ConnectionConfiguration, buffers: SocketBuffers): ConnectionConfiguration {
  const { options } = config;
  const connect = (options?.multiSubnetFailover ? connectInParallel : connectInSequence) as unknown as Connect;
  const connector: Connect = (given, lookup, signal) => connect({ ...given, onread: buffers.onread }, lookup, signal);
  return { ...config, options: { ...options, connector: connector as never } };
}

type Connect = (options: object, lookup: unknown, signal: AbortSignal) => Promise<Socket>;

/**
 * Takes the packets of a connection that is logged in: from now on messages are put together by PacketReader.
 * @param buffers of the socket, where it has them; what comes under TLS, which a server may demand, is not in them
 */
export function takePackets(connection: TediousConnection, buffers: SocketBuffers | null): void {
  const { messageIo } = connection as unknown as Internals;
  const stream = plainStream(messageIo);
  stream.unpipe(messageIo.incomingMessageStream);
  const isBuffered = buffers !== null && stream === messageIo.socket;
  const reader = new PacketReader(isBuffered ? buffers.use(messageIo.socket as Socket) : streamSource(stream));
  messageIo.readMessage = () => reader.readMessage();
}

/** Where bytes are what TDS means, under TLS or not. */
function plainStream(io: MessageIo): Duplex {
  return io.securePair?.cleartext ?? io.socket;
}

interface MessageIo {
  readonly socket: Duplex;
  /** Under TLS inside TDS packets. */
  readonly securePair?: { readonly cleartext: Duplex };
  readonly incomingMessageStream: Duplex;
  readonly outgoingMessageStream: { readonly packetSize: number };
  readMessage(): Promise<Message>;
  sendMessage(type: number, data: Buffer, ...rest: unknown[]): unknown;
}

interface Internals {
  readonly config: { readonly options: { readonly tdsVersion: string } };
  readonly messageIo: MessageIo;
  createTokenStreamParser(message: unknown, handler: TokenHandler): EventEmitter;
  sendLogin7Packet(): void;
}

interface LoginAck {
  readonly progVersion: {
    readonly major: number;
    readonly minor: number;
    readonly buildNumHi: number;
    readonly buildNumLow: number;
  };
}

function rememberVersion(handler: TokenHandler, hook: { serverVersion: ServerVersion }): void {
  const target = handler as unknown as { onLoginAck(token: LoginAck): void };
  const original = target.onLoginAck;
  target.onLoginAck = function (token) {
    const { major, minor, buildNumHi, buildNumLow } = token.progVersion;
    hook.serverVersion = { major, minor, build: buildNumHi * 256 + buildNumLow };
    original.call(this, token);
  };
}

/** tedious takes an acknowledgement of none of its own features for a mistake of the server. */
function allowFeatures(handler: TokenHandler, acknowledged: FeatureAcknowledgements): void {
  const target = handler as unknown as { onFeatureExtAck(token: { fedAuth?: unknown; utf8Support?: boolean }): void };
  const original = target.onFeatureExtAck;
  target.onFeatureExtAck = function (token) {
    original.call(this, acknowledged.any ? { ...token, utf8Support: token.utf8Support ?? false } : token);
  };
}
