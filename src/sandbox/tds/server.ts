import { createServer, type Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import { type Certificate, selfSignedCertificate } from './certificate.ts';
import { TdsConnection } from './connection.ts';
import { type Engine, LoginError } from './engine.ts';
import { type Faults, noFaults } from './faults.ts';
import { headerLength, PacketReader, PacketType, packet, Status } from './packet.ts';
import { Encryption, readEncryption, writePrelogin } from './prelogin.ts';
import { TlsTunnel } from './tls-tunnel.ts';

export interface TdsServerOptions {
  readonly engine: Engine;
  /** 0 = any free port. */
  readonly port?: number;
  readonly host?: string;
  /** Own certificate; a self-signed one is made when it is first needed. */
  readonly certificate?: Certificate;
  /** Refuse TLS, as a server without a certificate does. */
  readonly tls?: boolean;
  readonly faults?: Faults;
}

export interface TdsServer {
  readonly host: string;
  readonly port: number;
  readonly faults: Faults;
  close(): Promise<void>;
}

/** Listens for TDS clients: TDS 7.x with TLS inside packets or for the log-in only, and TDS 8 (TLS first). */
export async function startTdsServer(options: TdsServerOptions): Promise<TdsServer> {
  const faults = options.faults ?? noFaults();
  const certificate = () => (options.certificate ? Promise.resolve(options.certificate) : selfSignedCertificate());
  const sockets = new Set<Socket>();
  let spid = 50;
  const server = createServer(socket => {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
    injectFaults(socket, faults);
    socket.once('data', first => {
      socket.pause();
      const id = ++spid;
      if (first[0] === 0x16) void acceptStrict(socket, first, id);
      else void acceptPrelogin(socket, first, id);
    });
  });

  const acceptStrict = async (socket: Socket, first: Buffer, id: number) => {
    const { key, cert } = await certificate();
    socket.unshift(first);
    const secure = new TLSSocket(socket, { isServer: true, key, cert, ALPNProtocols: ['tds/8.0'] });
    secure.on('error', () => socket.destroy());
    secure.once('data', data => {
      secure.pause();
      // The pre-login inside TLS has nothing to negotiate any more.
      for (const p of new PacketReader().feed(data)) {
        if (p.type !== PacketType.prelogin) continue;
        secure.write(
          packet(PacketType.response, Status.endOfMessage, 1, writePrelogin(options.engine.version, Encryption.on)),
        );
      }
      serve(secure, id);
      secure.resume();
    });
  };

  const acceptPrelogin = async (socket: Socket, first: Buffer, id: number) => {
    let bytes = first;
    while (bytes.length < headerLength || bytes.length < bytes.readUInt16BE(2)) {
      const more = await nextChunk(socket);
      if (!more) return;
      bytes = Buffer.concat([bytes, more]);
    }
    if (bytes[0] !== PacketType.prelogin) {
      // A client of TDS 7.0 and before begins with its log-in.
      serve(socket, id, bytes);
      socket.resume();
      return;
    }
    const length = bytes.readUInt16BE(2);
    const asked = readEncryption(bytes.subarray(headerLength, length));
    const rest = bytes.subarray(length);
    const answer =
      options.tls === false
        ? Encryption.notSupported
        : asked === Encryption.off
          ? Encryption.off
          : asked === Encryption.notSupported
            ? Encryption.notSupported
            : Encryption.on;
    socket.write(packet(PacketType.response, Status.endOfMessage, 1, writePrelogin(options.engine.version, answer)));
    if (answer === Encryption.notSupported) {
      serve(socket, id, rest);
      socket.resume();
      return;
    }
    const { key, cert } = await certificate();
    if (rest.length > 0) socket.unshift(rest);
    if (answer === Encryption.off) {
      serve(new LoginOnlyTls(socket, key, cert), id);
      return;
    }
    const secure = new TLSSocket(new TlsTunnel(socket), { isServer: true, key, cert, maxVersion: 'TLSv1.2' });
    secure.on('error', () => socket.destroy());
    serve(secure, id);
    socket.resume();
  };

  const serve = (stream: Duplex, id: number, first?: Buffer) => {
    const engine: Engine = faults.refuseLogin === null ? options.engine : refusing(options.engine, faults.refuseLogin);
    new TdsConnection(engine, stream, id, faults);
    if (first && first.length > 0) stream.emit('data', first);
  };

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, options.host ?? '127.0.0.1', resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    host: options.host ?? '127.0.0.1',
    port,
    faults,
    close: () =>
      new Promise(resolve => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

function refusing(engine: Engine, message: string): Engine {
  return {
    serverName: engine.serverName,
    version: engine.version,
    tdsVersion: engine.tdsVersion,
    login: () => Promise.reject(new LoginError(message)),
  };
}

function nextChunk(socket: Socket): Promise<Buffer | null> {
  return new Promise(resolve => {
    socket.once('data', chunk => {
      socket.pause();
      resolve(chunk);
    });
    socket.once('close', () => resolve(null));
    socket.resume();
  });
}

/** Counts bytes both ways and cuts or slows where asked. */
function injectFaults(socket: Socket, faults: Faults): void {
  const write = socket.write.bind(socket) as (...args: unknown[]) => boolean;
  let cut = false;
  socket.write = ((chunk: Uint8Array | string, ...rest: unknown[]): boolean => {
    if (cut) return false;
    if (faults.cutAfterSent !== null) {
      const left = faults.cutAfterSent - chunk.length;
      faults.cutAfterSent = left > 0 ? left : null;
      if (left <= 0) {
        // What comes before the cut arrives.
        cut = true;
        write(chunk.slice(0, chunk.length + left), () => socket.destroy());
        return false;
      }
    }
    if (faults.sendDelayMs > 0) {
      setTimeout(() => {
        if (!socket.destroyed) write(chunk, ...rest);
      }, faults.sendDelayMs);
      return true;
    }
    return write(chunk, ...rest);
  }) as typeof socket.write;
  socket.on('data', chunk => {
    if (faults.cutAfterReceived === null) return;
    faults.cutAfterReceived -= chunk.length;
    if (faults.cutAfterReceived <= 0) {
      faults.cutAfterReceived = null;
      socket.destroy();
    }
  });
}

/**
 * ENCRYPT_OFF on both sides, as FreeTDS asks by default: TLS for the LOGIN7 message only. What comes after it, the
 * response to the log-in included, is in clear.
 */
class LoginOnlyTls extends Duplex {
  readonly #socket: Socket;
  #clear = false;

  constructor(socket: Socket, key: string, cert: string) {
    super();
    this.#socket = socket;
    const tunnel = new TlsTunnel(socket);
    const secure = new TLSSocket(tunnel, { isServer: true, key, cert, maxVersion: 'TLSv1.2' });
    secure.on('error', () => socket.destroy());
    socket.on('close', () => this.destroy());
    const login: Buffer[] = [];
    secure.on('data', (chunk: Buffer) => {
      login.push(chunk);
      const bytes = Buffer.concat(login);
      if (!isWholeMessage(bytes)) return;
      // From here on the socket itself.
      this.#clear = true;
      socket.removeAllListeners('data');
      socket.on('data', data => {
        if (!this.push(data)) socket.pause();
      });
      this.push(bytes);
    });
    socket.resume();
  }

  override _read(): void {
    this.#socket.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    if (this.#clear) this.#socket.write(chunk, done);
    else done(new Error('data before the log-in'));
  }

  override _final(done: () => void): void {
    this.#socket.end(done);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#socket.destroy();
    done(error);
  }
}

/** Whether the bytes hold all packets of a message. */
function isWholeMessage(bytes: Buffer): boolean {
  for (let at = 0; at + headerLength <= bytes.length; ) {
    const length = bytes.readUInt16BE(at + 2);
    if (at + length > bytes.length) return false;
    if ((bytes[at + 1]! & Status.endOfMessage) !== 0) return true;
    at += length;
  }
  return false;
}
