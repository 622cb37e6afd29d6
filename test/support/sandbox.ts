/** Sandboxes for tests: started, connected to, loaded. */
import { openSession } from '../../src/connection/connect.ts';
import { type ConnectionOptions, defaultConnectionOptions } from '../../src/connection/connection-options.ts';
import type { Session } from '../../src/connection/session.ts';
import { dropDatabaseText } from '../../src/importer/drop-database.ts';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/start-sandbox.ts';
import { quoteString } from '../../src/tsql/quote.ts';
import { scriptBatches } from '../../src/tsql/script-batches.ts';

export type { Sandbox, SandboxOptions };

export const openSandbox = (options: SandboxOptions): Promise<Sandbox> => startSandbox(options);

/** Starts a sandbox for one test and closes it afterwards, whatever happens. */
export async function withSandbox<T>(options: SandboxOptions, use: (sandbox: Sandbox) => Promise<T>): Promise<T> {
  const sandbox = await startSandbox(options);
  try {
    return await use(sandbox);
  } finally {
    await sandbox.close();
  }
}

/** How to reach a sandbox. */
export function connectionTo(sandbox: Sandbox, database?: string): ConnectionOptions {
  return {
    ...defaultConnectionOptions,
    server: sandbox.host,
    port: sandbox.port,
    auth: { kind: 'sql', user: sandbox.user, password: sandbox.password },
    encrypt: 'optional',
    trustServerCertificate: true,
    loginTimeoutSeconds: 60,
    ...(database === undefined ? {} : { database }),
  };
}

/** xpdb's own session on the sandbox; the caller closes it. */
export function sessionOn(sandbox: Sandbox, database?: string): Promise<Session> {
  return openSession(connectionTo(sandbox, database));
}

/** Drops a database, where it is there. */
export async function dropDatabase(sandbox: Sandbox, name: string): Promise<void> {
  const session = await sessionOn(sandbox);
  try {
    const { rows } = await session.query(`SELECT DB_ID(${quoteString(name)})`);
    if (rows[0]?.[0] !== null) await session.execute(dropDatabaseText(name));
  } finally {
    await session.close();
  }
}

/** Runs a script batch by batch; the first error ends it. */
export async function loadScript(sandbox: Sandbox, text: string, database?: string): Promise<void> {
  const session = await sessionOn(sandbox, database);
  try {
    await runScript(session, text);
  } finally {
    await session.close();
  }
}

/** Runs the batches of a script in a session that is open. */
export async function runScript(session: Session, text: string): Promise<void> {
  for await (const batch of scriptBatches([text]))
    for (let i = 0; i < batch.count; i++) await session.execute(batch.text);
}
