/** Models read from a sandbox on which a script was run. */
import { readDatabase } from '../../src/catalog/read-database.ts';
import type { VersionNumber } from '../../src/compat/version.ts';
import type { Database } from '../../src/model/database.ts';
import { runScript, type SandboxOptions, sessionOn, withSandbox } from './sandbox.ts';

/** Every version that the sandbox poses as. */
export const everyVersion: readonly VersionNumber[] = [100, 105, 110, 120, 130, 140, 150, 160, 170];

export interface LoadOptions extends Partial<SandboxOptions> {
  /** Read this database; left out: one named D is made, and the script runs in it. */
  readonly database?: string;
}

/** The model of a database after the script ran on a sandbox posing as 2022, unless told otherwise. */
export function readLoaded(script: string, { database, ...options }: LoadOptions = {}): Promise<Database> {
  const version = options.version ?? 160;
  return withSandbox({ ...options, version }, async sandbox => {
    const name = database ?? 'D';
    const session = await sessionOn(sandbox);
    try {
      await runScript(session, database === undefined ? `CREATE DATABASE D\nGO\nUSE D\nGO\n${script}` : script);
    } finally {
      await session.close();
    }
    const reader = await sessionOn(sandbox, name);
    try {
      return await readDatabase(reader, version);
    } finally {
      await reader.close();
    }
  });
}
