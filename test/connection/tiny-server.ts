/** A TDS server of a few lines for tests: plain log-in, then every batch is answered by a function. */

import type { AddressInfo } from 'node:net';
import { createServer, type Server, type Socket } from 'node:net';
import { TLSSocket, type TLSSocketOptions } from 'node:tls';
import { databaseChange, done, environmentChange, hex, loginAck } from './tds-bytes.ts';
import type { TestCertificate } from './test-certificate.ts';
import { TlsTunnel } from './tls-tunnel.ts';

export interface Exchange {
  /** Packet type: 1 batch, 6 attention, 7 bulk load, 14 transaction manager. */
  readonly type: number;
  readonly payload: Buffer;
  /** Text of a batch, without ALL_HEADERS. */
  readonly sql: string;
  /** Sends one message; resolves when the socket took it. */
  send(payload: Buffer): Promise<void>;
  /** Sends one packet of a message that goes on. */
  part(payload: Buffer): Promise<void>;
  /** Ends the connection. */
  hangUp(): void;
}

export interface TinyServer {
  readonly port: number;
  /** Everything that the client sent after the log-in. */
  readonly seen: Exchange[];
  /** LOGIN7 messages. */
  readonly logins: Buffer[];
  close(): Promise<void>;
}

export interface TinyOptions {
  /** Payload bytes of a packet. */
  readonly packetBytes?: number;
  readonly login?: () => Buffer;
  /** Byte of the ENCRYPTION option in the pre-login answer: 2 not supported, 3 required. */
  readonly encryption?: number;
  readonly certificate?: TestCertificate;
  /** Further options of the server's TLS. */
  readonly tls?: TLSSocketOptions;
  /** TLS before everything else (TDS 8.0). */
  readonly strict?: boolean;
  /** Called instead of everything else: the raw connection. */
  readonly raw?: (socket: Socket) => void;
}

export const loginAnswer = (...extra: Buffer[]): Buffer =>
  Buffer.concat([
    databaseChange('master'),
    environmentChange(7, hex('05 0904d00034'), hex('00')),
    ...extra,
    loginAck(),
    done(),
  ]);

/** PRELOGIN answer: version 16.0.1000, ENCRYPTION as given. */
const preLogin = (encryption: number): Buffer =>
  Buffer.concat([hex('00 000b 0006  01 0011 0001  ff'), hex('10 00 03e8 0000'), Buffer.of(encryption)]);

export async function tinyServer(
  answer: (exchange: Exchange) => void | Promise<void>,
  options: TinyOptions = {},
): Promise<TinyServer> {
  const seen: Exchange[] = [];
  const logins: Buffer[] = [];
  const sockets = new Set<Socket>();
  const server: Server = createServer(socket => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    if (options.raw) options.raw(socket);
    else if (options.strict) {
      const secure = new TLSSocket(socket, { isServer: true, ALPNProtocols: ['tds/8.0'], ...options.certificate });
      secure.on('error', () => {});
      serve(secure, answer, options, seen, logins);
    } else serve(socket, answer, options, seen, logins);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    seen,
    logins,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>(resolve => server.close(() => resolve()));
    },
  };
}

function serve(
  socket: Socket,
  answer: (exchange: Exchange) => void | Promise<void>,
  options: TinyOptions,
  seen: Exchange[],
  logins: Buffer[],
): void {
  const packetBytes = options.packetBytes ?? 4088;
  let buffer = Buffer.alloc(0);
  let payload: Buffer[] = [];
  let initialSql = false;
  const write = async (bytes: Buffer, last: boolean): Promise<void> => {
    const packets: Buffer[] = [];
    for (let at = 0; at === 0 || at < bytes.length; at += packetBytes) {
      const piece = bytes.subarray(at, at + packetBytes);
      const end = last && at + packetBytes >= bytes.length;
      const header = Buffer.from([4, end ? 1 : 0, 0, 0, 0, 0, 1, 0]);
      header.writeUInt16BE(piece.length + 8, 2);
      packets.push(header, piece);
    }
    if (!socket.write(Buffer.concat(packets)) && !socket.destroyed) {
      await new Promise<void>(resolve => {
        socket.once('drain', resolve);
        socket.once('close', () => resolve());
      });
    }
  };
  const message = (type: number, whole: Buffer): void => {
    if (type === 0x12) {
      void write(preLogin(options.encryption ?? 2), true);
      if (options.certificate && !options.strict) {
        socket.removeAllListeners('data');
        const { certificate: _, ...plain } = options;
        const tunnel = new TlsTunnel(socket);
        const secure = new TLSSocket(tunnel as unknown as Socket, {
          isServer: true,
          maxVersion: 'TLSv1.2',
          ...options.certificate,
          ...options.tls,
        });
        secure.on('error', () => {});
        serve(secure, answer, plain, seen, logins);
      }
      return;
    }
    if (type === 0x10) logins.push(whole);
    if (type === 0x10) return void write(options.login?.() ?? loginAnswer(), true);
    if (!initialSql) {
      initialSql = true;
      return void write(done(), true);
    }
    const exchange: Exchange = {
      type,
      payload: whole,
      sql: type === 1 ? whole.subarray(whole.readUInt32LE(0)).toString('utf16le') : '',
      send: bytes => write(bytes, true),
      part: bytes => write(bytes, false),
      hangUp: () => socket.destroy(),
    };
    seen.push(exchange);
    void answer(exchange);
  };
  socket.on('data', data => {
    buffer = Buffer.concat([buffer, data]);
    while (buffer.length >= 8 && buffer.length >= buffer.readUInt16BE(2)) {
      const length = buffer.readUInt16BE(2);
      payload.push(buffer.subarray(8, length));
      const [type, status] = [buffer[0]!, buffer[1]!];
      buffer = buffer.subarray(length);
      if ((status & 1) === 0) continue;
      const whole = Buffer.concat(payload);
      payload = [];
      message(type, whole);
    }
  });
}
