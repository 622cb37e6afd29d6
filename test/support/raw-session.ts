/** A log-in on a sandbox's engine whose answers come as the bytes that a client would get. */

import { DatabaseSync } from 'node:sqlite';
import type { VersionNumber } from '../../src/compat/version.ts';
import { createCatalog } from '../../src/sandbox/catalog/create-catalog.ts';
import { createEngine, type SandboxEngine } from '../../src/sandbox/engine/sandbox-engine.ts';
import { MessageStream, readBulkMessage } from '../../src/sandbox/tds/bulk-message.ts';
import type { EngineSession, RpcRequest } from '../../src/sandbox/tds/engine.ts';
import { noFaults } from '../../src/sandbox/tds/faults.ts';
import { PacketReader } from '../../src/sandbox/tds/packet.ts';
import { Response } from '../../src/sandbox/tds/response.ts';
import { readTokens, type Token } from './token-reader.ts';

export interface Answer {
  readonly bytes: Buffer;
  readonly tokens: readonly Token[];
}

export interface RawSession {
  batch(sql: string, signal?: AbortSignal): Promise<Answer>;
  rpc(request: RpcRequest, signal?: AbortSignal): Promise<Answer>;
  /** The message after an INSERT BULK. */
  bulk(message: Buffer): Promise<Answer>;
  close(): Promise<void>;
}

export interface RawServer {
  readonly engine: SandboxEngine;
  open(): Promise<RawSession>;
  close(): Promise<void>;
}

const user = 'sa';
const password = 'Raw-1';

/** A server without a socket. */
export function rawServer(version: VersionNumber): RawServer {
  const sqlite = new DatabaseSync(':memory:');
  const catalog = createCatalog({
    sqlite,
    user,
    password,
    version,
    azure: false,
    edition: 'developer',
    collation: 'SQL_Latin1_General_CP1_CI_AS',
    platform: 'linux',
    volumes: ['/var/opt/mssql'],
    filestream: false,
    serverName: 'RAW',
    now: () => new Date(),
  });
  const engine = createEngine({
    catalog,
    serverName: 'RAW',
    version: { major: version / 10, minor: 0, build: 1 },
    faults: noFaults(),
  });
  let spid = 50;
  return {
    engine,
    open: async () => rawSession(await login(engine, ++spid)),
    async close() {
      await engine.idle();
      sqlite.close();
    },
  };
}

const login = (engine: SandboxEngine, spid: number): Promise<EngineSession> =>
  engine.login(
    {
      user,
      password,
      database: '',
      applicationName: 'test',
      hostName: 'test',
      language: '',
      library: 'test',
      vectorVersion: 0,
      tdsVersion: engine.tdsVersion,
    },
    spid,
  );

function rawSession(session: EngineSession): RawSession {
  const ask = async (
    work: (out: Response, signal: AbortSignal) => Promise<void>,
    signal = new AbortController().signal,
  ): Promise<Answer> => {
    const packets: Buffer[] = [];
    const reader = new PacketReader();
    const sink = {
      packetSize: 4096,
      transaction: 0n,
      send(bytes: Buffer) {
        for (const { payload } of reader.feed(bytes)) packets.push(Buffer.from(payload));
        return true;
      },
      drained: () => Promise.resolve(),
    };
    const out = new Response(sink, 'RAW', true, signal);
    await work(out, signal);
    await out.end();
    const bytes = Buffer.concat(packets);
    return { bytes, tokens: readTokens(bytes) };
  };
  return {
    batch: (sql, signal) => ask((out, s) => session.executeBatch(sql, out, s), signal),
    rpc: (request, signal) => ask((out, s) => session.executeRpc(request, out, s), signal),
    bulk: message =>
      ask(async (out, s) => {
        const stream = new MessageStream(
          () => undefined,
          () => undefined,
        );
        stream.push(message);
        stream.end();
        await session.bulkLoad(await readBulkMessage(stream), out, s);
      }),
    close: () => session.close(),
  };
}
