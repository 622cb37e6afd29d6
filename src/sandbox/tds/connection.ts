import type { Duplex } from 'node:stream';
import { MessageStream, readBulkMessage } from './bulk-message.ts';
import { type Engine, type EngineSession, LoginError, MessageIgnored, UnsupportedRequest } from './engine.ts';
import type { Faults, RequestCut } from './faults.ts';
import { readLogin7, vectorFeature } from './login.ts';
import { type PacketPart, PacketReader, PacketType, Status } from './packet.ts';
import { type PacketSink, Response } from './response.ts';
import { readRpc } from './rpc.ts';
import { readTransactionRequest } from './transaction-request.ts';

const doneNothing = { kind: 'done', count: null, command: 0xfd } as const;

/** One log-in: packets in, requests one after another to the engine, responses out. */
export class TdsConnection implements PacketSink {
  packetSize = 4096;
  transaction = 0n;
  readonly #engine: Engine;
  readonly #stream: Duplex;
  readonly #spid: number;
  readonly #faults: Faults;
  readonly #reader = new PacketReader();
  #session: EngineSession | null = null;
  #tdsVersion = 0;
  /** Of the message that is arriving. */
  #parts: Buffer[] = [];
  #bulk: MessageStream | null = null;
  /** Requests run one after another. */
  #tail: Promise<void> = Promise.resolve();
  #running: AbortController | null = null;
  #attention = false;
  /** Nobody is to hear the answer. */
  #muted = false;
  #closed = false;

  constructor(engine: Engine, stream: Duplex, spid: number, faults: Faults) {
    this.#engine = engine;
    this.#stream = stream;
    this.#spid = spid;
    this.#faults = faults;
    stream.on('data', (chunk: Buffer) => this.#receive(chunk));
    stream.on('end', () => this.close());
    stream.on('close', () => this.close());
    stream.on('error', () => this.close());
  }

  send(bytes: Buffer, sent?: () => void): boolean {
    if (!this.#muted) return this.#closed ? true : this.#stream.write(bytes, sent);
    sent?.();
    return true;
  }

  drained(): Promise<void> {
    if (this.#closed || !this.#stream.writableNeedDrain) return Promise.resolve();
    return new Promise(resolve => {
      const done = () => {
        this.#stream.off('drain', done);
        this.#stream.off('close', done);
        resolve();
      };
      this.#stream.on('drain', done);
      this.#stream.on('close', done);
    });
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#running?.abort();
    this.#bulk?.end(true);
    this.#stream.destroy();
    const session = this.#session;
    if (session) void this.#tail.then(() => session.close()).catch(() => undefined);
  }

  #receive(chunk: Buffer): void {
    try {
      for (const part of this.#reader.feed(chunk)) this.#part(part);
    } catch {
      this.close();
    }
  }

  #part({ type, status, payload, whole }: PacketPart): void {
    const last = whole && (status & Status.endOfMessage) !== 0;
    if (type === PacketType.attention) {
      if (whole) this.#attend();
      return;
    }
    if (type === PacketType.bulkLoad && this.#session) {
      if (!this.#bulk) {
        const stream = new MessageStream(
          () => this.#stream.pause(),
          () => this.#stream.resume(),
        );
        this.#bulk = stream;
        this.#enqueue(
          async (session, out, signal) => session.bulkLoad(await readBulkMessage(stream), out, signal),
          stream,
        );
      }
      this.#bulk.push(payload);
      if (last) {
        this.#bulk.end((status & Status.ignore) !== 0);
        this.#bulk = null;
      }
      return;
    }
    this.#parts.push(Buffer.from(payload));
    if (!last) return;
    const message = this.#parts.length === 1 ? this.#parts[0]! : Buffer.concat(this.#parts);
    this.#parts = [];
    if ((status & Status.ignore) !== 0) {
      // Captured: attention.ignore-bit.
      this.#enqueue(async (_session, out) => out.done({ kind: 'done', error: true, count: null, command: 0 }));
      return;
    }
    if (type === PacketType.login7) {
      this.#tail = this.#tail.then(() => this.#login(message));
      return;
    }
    if (!this.#session) {
      this.close();
      return;
    }
    const reset = (status & (Status.resetConnection | Status.resetKeepTransaction)) !== 0;
    this.#request(type, withoutHeaders(message, this.#tdsVersion), reset);
  }

  #request(type: number, body: Buffer, reset: boolean): void {
    const run = (work: (session: EngineSession, out: Response, signal: AbortSignal) => Promise<void>) =>
      this.#enqueue(async (session, out, signal) => {
        if (reset) {
          await session.reset();
          out.byteChange(18, Buffer.alloc(0), Buffer.alloc(0));
        }
        await work(session, out, signal);
      });
    switch (type) {
      case PacketType.batch:
        run((session, out, signal) => session.executeBatch(body.toString('utf16le'), out, signal));
        break;
      case PacketType.rpc:
        run((session, out, signal) => session.executeRpc(readRpc(body), out, signal));
        break;
      case PacketType.transactionManager:
        run((session, out) => this.#transactionRequest(body, session, out));
        break;
      default:
        this.close();
    }
  }

  #enqueue(
    work: (session: EngineSession, out: Response, signal: AbortSignal) => Promise<void>,
    consume?: MessageStream,
  ): void {
    this.#tail = this.#tail.then(async () => {
      const session = this.#session;
      if (!session || this.#closed) return;
      const cut = this.#takeCut();
      if (cut?.runs === false) return this.close();
      this.#muted = cut !== null;
      const abort = new AbortController();
      this.#running = abort;
      const out = new Response(this, this.#engine.serverName, this.#tdsVersion >= 0x730b0003, abort.signal);
      try {
        await work(session, out, abort.signal);
      } catch (error) {
        // A defect of the engine is told, not hidden: the class ends the batch, the connection lives on.
        const known = error instanceof UnsupportedRequest;
        out.error({
          number: known ? 40000 : 50000,
          state: 1,
          class: 16,
          line: 1,
          message: known ? error.message : `sandbox defect: ${(error as Error).stack ?? String(error)}`,
        });
        out.done({ kind: 'done', error: true, count: null, command: 0xfd });
      }
      // What is left of a bulk load that failed belongs to no request.
      if (consume) await drain(consume);
      await out.end();
      if (cut) return this.close();
      this.#running = null;
      if (this.#attention) this.#acknowledge();
    });
  }

  /** The fault that was asked for, if it is this request's. */
  #takeCut(): RequestCut | null {
    const cut = this.#faults.cutRequest;
    if (cut === null || cut.skip-- > 0) return null;
    this.#faults.cutRequest = null;
    return cut;
  }

  #attend(): void {
    this.#attention = true;
    if (this.#running) {
      this.#running.abort();
      this.#bulk?.end(true);
      return;
    }
    // Everything was answered already: the acknowledgement alone.
    this.#tail = this.#tail.then(() => {
      if (this.#attention) this.#acknowledge();
    });
  }

  #acknowledge(): void {
    this.#attention = false;
    const out = new Response(this, this.#engine.serverName, false);
    out.done({ ...doneNothing, attention: true });
    void out.end();
  }

  async #transactionRequest(body: Buffer, session: EngineSession, out: Response): Promise<void> {
    const request = readTransactionRequest(body);
    try {
      switch (request.kind) {
        case 'begin': {
          await session.beginTransaction(request.isolation, request.name);
          out.transactionChanged('begun');
          break;
        }
        case 'commit':
          await session.commitTransaction();
          out.transactionChanged('committed');
          break;
        case 'rollback':
          await session.rollbackTransaction();
          out.transactionChanged('rolledBack');
          break;
        case 'save':
          await session.saveTransaction(request.name);
          break;
      }
      out.done(doneNothing);
    } catch (error) {
      const known = error as { number?: number; state?: number; class?: number; message: string };
      if (typeof known.number !== 'number') throw error;
      out.error({
        number: known.number,
        state: known.state ?? 1,
        class: known.class ?? 16,
        line: 1,
        message: known.message,
      });
      out.done({ kind: 'done', error: true, count: null, command: 0xfd });
    }
  }

  async #login(message: Buffer): Promise<void> {
    const login = readLogin7(message);
    const engine = this.#engine;
    const wanted = login.tdsVersion;
    // The server answers with its own version where the client offers a newer one.
    this.#tdsVersion = wanted === 0x08000000 ? wanted : Math.min(wanted, engine.tdsVersion);
    const out = new Response(this, engine.serverName, false);
    try {
      const session = await engine.login(login, this.#spid);
      this.#session = session;
      session.onEnd?.(() => this.close());
      const asked = login.packetSize >= 512 ? Math.min(login.packetSize, 32767) : 4096;
      out.databaseChanged(session.database, 'master');
      out.info({
        number: 5701,
        state: 2,
        class: 0,
        line: 1,
        message: `Changed database context to '${session.database}'.`,
      });
      out.byteChange(7, session.collation.bytes, Buffer.alloc(0));
      out.languageChanged('us_english', '');
      out.info({ number: 5703, state: 1, class: 0, line: 1, message: 'Changed language setting to us_english.' });
      out.loginAck(this.#tdsVersion, engine.version);
      out.textChange(4, String(asked), '4096');
      if (session.vectorVersion > 0) out.featureAcknowledged(vectorFeature, session.vectorVersion);
      out.done({ kind: 'done', count: null, command: 0 });
      await out.end();
      this.packetSize = asked;
    } catch (error) {
      const known =
        error instanceof LoginError ? error : new LoginError(`sandbox defect: ${(error as Error).stack}`, 50000);
      out.error({ number: known.number, state: known.state, class: known.class, line: 1, message: known.message });
      out.done({ kind: 'done', error: true, count: null, command: 0 });
      await out.end();
      this.#stream.end();
    }
  }
}

async function drain(stream: MessageStream): Promise<void> {
  try {
    for await (const _ of stream);
  } catch (error) {
    if (!(error instanceof MessageIgnored)) throw error;
  }
}

/** Batches and requests begin with ALL_HEADERS from TDS 7.2 on. */
function withoutHeaders(message: Buffer, tdsVersion: number): Buffer {
  return tdsVersion >= 0x72090002 || tdsVersion === 0x08000000 ? message.subarray(message.readUInt32LE(0)) : message;
}
