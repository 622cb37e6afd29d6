/** Models read from a sandbox on which a script was run. */
import { afterAll } from 'vitest';
import { readDatabase } from '../../src/catalog/read-database.ts';
import type { VersionNumber } from '../../src/compat/version.ts';
import type { Session } from '../../src/connection/session.ts';
import type { Database } from '../../src/model/database.ts';
import { openSandbox, runScript, type Sandbox, type SandboxOptions, sessionOn } from './sandbox.ts';

/** Every version that the sandbox poses as. */
export const everyVersion: readonly VersionNumber[] = [100, 105, 110, 120, 130, 140, 150, 160, 170];

export interface LoadOptions extends Partial<SandboxOptions> {
  /** The database that the script makes; left out: one named D is made, and the script runs in it. */
  readonly database?: string;
}

/** One sandbox for all tests of a file that ask for the same server. */
const running = new Map<string, Promise<Sandbox>>();
afterAll(async () => {
  for (const sandbox of running.values()) await (await sandbox).close();
});

function sandboxFor(options: SandboxOptions): Promise<Sandbox> {
  const key = JSON.stringify(options);
  let sandbox = running.get(key);
  if (!sandbox) {
    sandbox = openSandbox(options);
    running.set(key, sandbox);
  }
  return sandbox;
}

async function withSession<T>(
  sandbox: Sandbox,
  database: string | undefined,
  use: (session: Session) => Promise<T>,
): Promise<T> {
  const session = await sessionOn(sandbox, database);
  try {
    return await use(session);
  } finally {
    await session.close();
  }
}

/** Runs a script on a sandbox, and then `use` with a session in the database, which is dropped afterwards. Default version: 2022. */
export async function withLoaded<T>(
  script: string,
  { database, ...options }: LoadOptions,
  use: (session: Session, version: VersionNumber) => Promise<T>,
): Promise<T> {
  const version = options.version ?? 160;
  const sandbox = await sandboxFor({ ...options, version });
  const name = database ?? 'D';
  const text = database === undefined ? `CREATE DATABASE D\nGO\nUSE D\nGO\n${script}` : script;
  try {
    await withSession(sandbox, undefined, session => runScript(session, text));
    return await withSession(sandbox, name, session => use(session, version));
  } finally {
    await withSession(sandbox, undefined, session =>
      runScript(session, `IF DB_ID(N'${name}') IS NOT NULL DROP DATABASE [${name}]`),
    );
  }
}

/** The model of a database after the script ran. */
export function readLoaded(script: string, options: LoadOptions = {}): Promise<Database> {
  return withLoaded(script, options, readDatabase);
}
