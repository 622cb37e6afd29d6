/** What must be clear on the target before the first statement runs. */

import { readServerProperties } from '../connection/server-properties.ts';
import type { Session } from '../connection/session.ts';
import { ExitCode, XpdbError } from '../model/error.ts';
import { quoteName, quoteString } from '../tsql/quote.ts';
import { dropExisting, findConflicts, refuseExisting } from './check-existing.ts';
import { dropDatabaseText } from './drop-database.ts';
import { type ExistingNames, keyOf, readDefaultSchema, readExistingNames } from './existing-names.ts';
import type { FilePaths } from './file-placement.ts';
import type { ImportOptions } from './import-options.ts';
import { journalTable } from './journal.ts';

/** Directories by option, else those of the server. */
export async function readFilePaths(session: Session, options: ImportOptions): Promise<FilePaths> {
  const server = await readServerProperties(session);
  const data = options.dataPath ?? server.defaultDataPath;
  return {
    data,
    log: options.logPath ?? options.dataPath ?? server.defaultLogPath ?? data,
    filestream: options.filestreamPath ?? data,
    files: new Map([...options.mapFiles].map(([name, path]) => [name.toLowerCase(), path])),
    separator: server.pathSeparator,
  };
}

export async function databaseExists(session: Session, name: string): Promise<boolean> {
  const { rows } = await session.query(`SELECT [name] FROM [sys].[databases] WHERE [name] = ${quoteString(name)}`);
  return rows.length > 0;
}

/** A database that the script is to create. @throws XpdbError when it is there and nobody said what shall happen */
export async function clearDatabase(session: Session, name: string, options: ImportOptions): Promise<void> {
  if (!(await databaseExists(session, name))) return;
  if (options.onExisting !== 'drop') {
    throw new XpdbError(`database ${quoteName(name)} exists; nothing was changed`, {
      hint: 'choose another name for the database, leave --create out to add to it, or --on-existing drop to lose what it holds',
    });
  }
  options.onNote(`drops database ${quoteName(name)}`);
  if (options.dryRun !== null) return;
  await session.execute(dropDatabaseText(name));
}

export interface TargetContents {
  /** What the replay must look out for; null when nothing of the script is there. */
  readonly existing: ExistingNames | null;
  readonly defaultSchema: string;
}

/**
 * Compares the script with an existing database, as far as the input can be read twice; what comes from a pipe is compared
 * statement by statement while it runs.
 * @throws XpdbError naming what is there already
 */
export async function compareWithTarget(session: Session, options: ImportOptions): Promise<TargetContents> {
  const defaultSchema = await readDefaultSchema(session);
  const existing = await readExistingNames(session, new Set([journalTable]));
  if (existing.size === 0) return { existing: null, defaultSchema };
  if (!options.inputs.every(i => i.repeatable)) {
    if (options.onExisting === 'drop') {
      throw new XpdbError('--on-existing drop needs a script that can be read twice', {
        hint: 'give it as a file instead of through a pipe',
        exitCode: ExitCode.usage,
      });
    }
    return { existing, defaultSchema };
  }
  const conflicts = await findConflicts({ ...options, selection: options, defaultSchema }, existing);
  if (conflicts.length === 0) return { existing: null, defaultSchema };
  if (options.onExisting === 'fail') throw refuseExisting(conflicts, session.database);
  const left = new Map(existing);
  if (options.onExisting === 'drop') {
    options.onNote(
      `drops ${conflicts.length} objects of database ${quoteName(session.database)} that the script makes anew`,
    );
    if (options.dryRun === null) await dropExisting(session, conflicts, defaultSchema);
    for (const thing of conflicts) {
      if (thing.kind !== 'schema' && thing.kind !== 'principal') left.delete(keyOf(thing, defaultSchema));
    }
  }
  return { existing: left, defaultSchema };
}

/** Keys of tables that have rows, whose rowsum is therefore not the script's alone. */
export async function readFilledTables(session: Session): Promise<Set<string>> {
  const { rows } = await session.query(
    'SELECT s.[name], t.[name] FROM [sys].[tables] AS t JOIN [sys].[schemas] AS s ON s.[schema_id] = t.[schema_id] ' +
      'JOIN [sys].[partitions] AS p ON p.[object_id] = t.[object_id] WHERE p.[index_id] IN (0, 1) AND p.[rows] > 0',
  );
  return new Set(
    rows.map(([schema, name]) => keyOf({ kind: 'object', schema: String(schema), name: String(name) }, 'dbo')),
  );
}
