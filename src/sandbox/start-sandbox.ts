/** Starts an embedded SQL Server: catalog, engine and TDS server in this process. */
import { randomBytes } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import type { Edition, VersionNumber } from '../compat/version.ts';
import { ExitCode, XpdbError } from '../model/error.ts';
import { knownCollation } from './catalog/collations.ts';
import { createCatalog } from './catalog/create-catalog.ts';
import { defaultVolumes, type Platform, releaseOf, type ServerOptions } from './catalog/server-options.ts';
import { createEngine } from './engine/sandbox-engine.ts';
import { type LoadOptions, loadScript } from './load-script.ts';
import { type Faults, noFaults } from './tds/faults.ts';
import { startTdsServer } from './tds/server.ts';

export interface SandboxOptions {
  /** The version that it poses as: 100 … 170. */
  readonly version: VersionNumber;
  /** Pose as Azure SQL Database. */
  readonly azure?: boolean;
  /** Default: developer. */
  readonly edition?: Edition;
  /** Default: windows. */
  readonly platform?: Platform;
  /** Directories or drives that exist on the pretended server; files elsewhere are error 5133. Default: `C:\` or `/var/opt/mssql`. */
  readonly volumes?: readonly string[];
  /** Default: SQL_Latin1_General_CP1_CI_AS. */
  readonly collation?: string;
  /** Whether FILESTREAM is on. Default: on where the platform has it (Windows). */
  readonly filestream?: boolean;
  /** Default: 127.0.0.1. */
  readonly host?: string;
  /** Default: 0, any free port. */
  readonly port?: number;
  /** The administrator's log-in. Default: sa, with a random password. */
  readonly user?: string;
  readonly password?: string;
  /** SQLite file that keeps the server; left out: in memory. */
  readonly file?: string;
  /** false: refuses TLS. */
  readonly tls?: boolean;
  /** @@SERVERNAME. Default: SANDBOX. */
  readonly serverName?: string;
  /** false: does not acknowledge VECTORSUPPORT, and sends vectors as text to all. Default: true, from 2025 on. */
  readonly nativeVectors?: boolean;
  readonly faults?: Faults;
}

export type { Faults };

export interface Sandbox {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** ProductVersion: `11.0.7001.0`. */
  readonly version: string;
  /** What goes wrong on purpose; may be changed at any time. */
  readonly faults: Faults;
  /**
   * Runs a script in the server itself, batch by batch.
   * @throws XpdbError with file, line and error number of the first error
   */
  load(chunks: AsyncIterable<string> | Iterable<string>, options?: LoadOptions): Promise<void>;
  /** Cuts all connections and closes the file. */
  close(): Promise<void>;
}

/**
 * Starts the server and waits until it listens.
 * @throws XpdbError when the version lacks the collation, when the file is in use or holds another server than the one asked for, when the port is taken
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const platform = options.platform ?? 'windows';
  const server: ServerOptions = {
    version: options.version,
    edition: options.edition ?? 'developer',
    azure: options.azure ?? false,
    collation: serverCollation(options.collation ?? 'SQL_Latin1_General_CP1_CI_AS', options.version),
    platform,
    volumes: options.volumes ?? defaultVolumes(platform),
    filestream: options.filestream ?? platform === 'windows',
    serverName: options.serverName ?? 'SANDBOX',
    now: () => new Date(),
  };
  const user = options.user ?? 'sa';
  const password = options.password ?? `Sandbox-${randomBytes(12).toString('base64url')}`;
  const sqlite = options.file === undefined ? inMemory() : openFile(options.file);
  try {
    const catalog = createCatalog({ ...server, sqlite, user, password });
    const faults = options.faults ?? noFaults();
    const version = server.azure ? '12.0.2000.8' : releaseOf(server).product;
    const [major, minor, build] = version.split('.').map(Number) as [number, number, number];
    const engine = createEngine({
      catalog,
      serverName: server.serverName,
      version: { major, minor, build },
      faults,
      ...(options.nativeVectors === undefined ? {} : { nativeVectors: options.nativeVectors }),
    });
    const tds = await startTdsServer({
      engine,
      port: options.port ?? 0,
      host: options.host ?? '127.0.0.1',
      faults,
      ...(options.tls === undefined ? {} : { tls: options.tls }),
    }).catch((error: unknown) => {
      throw cannotListen(error, options);
    });
    return {
      host: tds.host,
      port: tds.port,
      user,
      password,
      version,
      faults,
      load: (chunks, load) => loadScript(engine, user, password, chunks, load),
      async close() {
        await tds.close();
        await engine.idle();
        if (options.file !== undefined) catalog.beforeCommit();
        sqlite.close();
      },
    };
  } catch (error) {
    sqlite.close();
    throw error;
  }
}

function serverCollation(name: string, version: VersionNumber): string {
  const known = knownCollation(name, version);
  if (known !== undefined) return known;
  throw new XpdbError(`the version has no collation ${name}`, {
    hint: 'SELECT name FROM fn_helpcollations() lists them',
    exitCode: ExitCode.usage,
  });
}

function inMemory(): DatabaseSync {
  const sqlite = new DatabaseSync(':memory:');
  sqlite.exec('PRAGMA journal_mode = MEMORY');
  return sqlite;
}

/** A file belongs to one sandbox at a time. */
function openFile(file: string): DatabaseSync {
  let sqlite: DatabaseSync | null = null;
  try {
    sqlite = new DatabaseSync(file);
    sqlite.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
    sqlite.exec('BEGIN IMMEDIATE; COMMIT');
    return sqlite;
  } catch (cause) {
    sqlite?.close();
    const reason = (cause as Error).message;
    throw /locked/.test(reason)
      ? new XpdbError(`${file} is in use by another sandbox`, { cause, hint: 'stop that one, or name another file' })
      : new XpdbError(`can't keep a sandbox in ${file}: ${reason}`, { cause });
  }
}

function cannotListen(error: unknown, { host, port }: SandboxOptions): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code !== 'EADDRINUSE' && code !== 'EACCES' && code !== 'EADDRNOTAVAIL' && code !== 'ENOTFOUND') return error;
  const why = {
    EADDRINUSE: 'the port is taken',
    EACCES: 'no right to',
    EADDRNOTAVAIL: 'no such address here',
    ENOTFOUND: 'no such host',
  };
  return new XpdbError(`can't listen on ${host ?? '127.0.0.1'},${port ?? 0}: ${why[code]}`, {
    cause: error,
    hint: 'port 0 takes any that is free',
  });
}
