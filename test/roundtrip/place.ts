import { randomBytes } from 'node:crypto';
import { openSession } from '../../src/connection/connect.ts';
import { parseConnectionString } from '../../src/connection/connection-string.ts';
import type { Session } from '../../src/connection/session.ts';
import { quoteName } from '../../src/tsql/quote.ts';
import { type CliRun, runCli } from '../support/run-cli.ts';
import { openSandbox, type SandboxOptions, sessionOn } from '../support/sandbox.ts';

/** A server that a database comes from or goes to. */
export interface Place {
  /** Flags of the command line that reach it. */
  readonly flags: readonly string[];
  /** As `verify` takes a side. */
  side(database: string): string;
  readonly password: string;
  /** Flags of an import that say where files go; none = the server's own directories. */
  readonly paths: readonly string[];
  session(database?: string): Promise<Session>;
  close(): Promise<void>;
}

export async function sandboxPlace(options: SandboxOptions, paths: readonly string[] = []): Promise<Place> {
  const sandbox = await openSandbox(options);
  const address = `${sandbox.host},${sandbox.port}`;
  return {
    flags: ['-S', address, '-U', sandbox.user, '-C'],
    side: database => `${address}/${database}`,
    password: sandbox.password,
    paths,
    session: database => sessionOn(sandbox, database),
    close: () => sandbox.close(),
  };
}

/** A real server. Its log-in must be one by user and password. */
export function serverPlace(connectionString: string): Place {
  const options = parseConnectionString(connectionString);
  const { auth } = options;
  if (auth?.kind !== 'sql') throw new Error('XPDB_TEST_SERVER needs User ID and Password');
  const address = `${options.server}${options.instance === undefined ? '' : `\\${options.instance}`}${options.port === undefined ? '' : `,${options.port}`}`;
  return {
    flags: ['-S', address, '-U', auth.user, ...(options.trustServerCertificate ? ['-C'] : [])],
    side: database => `${address}/${database}`,
    password: auth.password,
    paths: [],
    session: database => openSession(database === undefined ? options : { ...options, database }),
    async close() {},
  };
}

/** Runs a command at a place, and tells all it printed when it did not end as it should. */
export async function at(place: Place, args: readonly string[], code = 0): Promise<CliRun> {
  const run = await runCli(args, { env: { SQLCMDPASSWORD: place.password } });
  if (run.code !== code) throw new Error(`xpdb ${args.join(' ')} ended with ${run.code}:\n${run.stderr}`);
  return run;
}

/** A name that no database has. */
export const freshName = (stem: string): string => `xpdb_${stem}_${randomBytes(4).toString('hex')}`;

export async function createDatabase(place: Place, name: string): Promise<void> {
  const session = await place.session();
  try {
    await session.execute(`CREATE DATABASE ${quoteName(name)}`);
  } finally {
    await session.close();
  }
}

export async function dropDatabase(place: Place, name: string): Promise<void> {
  const session = await place.session('master');
  try {
    await session.execute(
      `ALTER DATABASE ${quoteName(name)} SET SINGLE_USER WITH ROLLBACK IMMEDIATE; DROP DATABASE ${quoteName(name)}`,
    );
  } finally {
    await session.close();
  }
}
