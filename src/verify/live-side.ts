import { readDatabase } from '../catalog/read-database.ts';
import { versionNumber } from '../compat/version.ts';
import { openSession } from '../connection/connect.ts';
import type { ConnectionOptions } from '../connection/connection-options.ts';
import { readServerProperties } from '../connection/server-properties.ts';
import type { Session } from '../connection/session.ts';
import { ExitCode, XpdbError } from '../model/error.ts';
import { quoteName, quoteQualified } from '../tsql/quote.ts';
import { KeyRowSink } from './key-rows.ts';
import type { Side } from './side.ts';

/** Rows above it are hashed by parts. */
const largeRowBytes = 1 << 20;

/**
 * A database on a server.
 * @param jobs connections that look for rows that differ at the same time
 */
export async function openLiveSide(connection: ConnectionOptions, jobs: number): Promise<Side> {
  if (connection.database === undefined) {
    throw new XpdbError(`no database named on ${connection.server}`, {
      hint: 'name it: server/database, or Database= in a connection string',
      exitCode: ExitCode.usage,
    });
  }
  const first = await openSession(connection);
  try {
    const server = await readServerProperties(first);
    const { version, edition, platform } = server;
    if (version === undefined) {
      throw new XpdbError(`${first.server} is SQL Server ${server.productVersion}, which this xpdb does not know`);
    }
    const number = versionNumber(version);
    const database = await readDatabase(first, number);
    const sessions = new SessionPool(first, connection, jobs);
    return {
      kind: 'server',
      label: `${first.server}/${database.properties.name}`,
      target: { version, number, edition: edition ?? null, platform },
      database,
      findings: [],
      sumForm: null,
      sumColumns: () => null,
      textVectors: () => sessions.textVectors,
      sendTextVectors: () => sessions.sendTextVectors(),
      get connection() {
        return sessions.connection;
      },
      sum: ({ table, columns, form, where }) => {
        const list = columns.length > 0 ? columns.map(quoteName).join(', ') : 'CAST(NULL AS int) AS [none]';
        const from = `FROM ${quoteQualified(table.schema, table.name)}${where === null ? '' : ` WHERE ${where}`}`;
        return { sql: `SELECT ${list} ${from}`, columns, form };
      },
      readRows: (sql, keys, take) =>
        sessions.use(async session => {
          await session.streamRows(sql, new KeyRowSink(keys, take), { largeRowBytes });
        }),
      close: () => sessions.close(),
    };
  } catch (error) {
    await first.close();
    throw error;
  }
}

/** Sessions on one database, opened when they are needed. */
class SessionPool {
  #connection: ConnectionOptions;
  #textVectors: boolean;
  readonly #idle: Session[];
  readonly #all: Session[];
  readonly #limit: number;
  readonly #queue: ((session: Session | Promise<Session>) => void)[] = [];
  #opening = 0;

  constructor(first: Session, connection: ConnectionOptions, limit: number) {
    this.#connection = connection;
    this.#textVectors = !first.nativeVectors;
    this.#idle = [first];
    this.#all = [first];
    this.#limit = Math.max(1, limit);
  }

  /** How further sessions are opened. */
  get connection(): ConnectionOptions {
    return this.#connection;
  }

  get textVectors(): boolean {
    return this.#textVectors;
  }

  /** Begins anew with sessions that have not asked for the binary form. While none is in use. */
  async sendTextVectors(): Promise<void> {
    if (this.#textVectors) return;
    this.#textVectors = true;
    this.#connection = { ...this.#connection, vectorsAsText: true };
    this.#idle.length = 0;
    await Promise.all(this.#all.splice(0).map(s => s.close()));
  }

  async use<T>(work: (session: Session) => Promise<T>): Promise<T> {
    const session = await this.#take();
    try {
      return await work(session);
    } finally {
      // A lost connection is not given to the next one; those that wait get one of their own.
      if (session.closed) this.#all.splice(this.#all.indexOf(session), 1);
      const next = this.#queue.shift();
      if (next) next(session.closed ? openSession(this.#connection).then(s => this.#keep(s)) : session);
      else if (!session.closed) this.#idle.push(session);
    }
  }

  async #take(): Promise<Session> {
    const idle = this.#idle.pop();
    if (idle) return idle;
    if (this.#all.length + this.#opening < this.#limit) {
      this.#opening++;
      try {
        return this.#keep(await openSession(this.#connection));
      } finally {
        this.#opening--;
      }
    }
    return new Promise(resolve => this.#queue.push(resolve));
  }

  #keep(session: Session): Session {
    this.#all.push(session);
    return session;
  }

  async close(): Promise<void> {
    await Promise.all(this.#all.map(s => s.close()));
  }
}
