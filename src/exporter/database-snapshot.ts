import { randomBytes } from 'node:crypto';
import { queryRecords, text } from '../catalog/catalog.ts';
import type { Session } from '../connection/session.ts';
import { SqlServerError } from '../connection/sql-error.ts';
import { quoteName, quoteString } from '../tsql/quote.ts';

/** A database snapshot that xpdb made. */
export interface DatabaseSnapshot {
  readonly name: string;
  /** Never throws. */
  drop(): Promise<void>;
}

export interface SnapshotFile {
  readonly logicalName: string;
  readonly physicalName: string;
}

const marker = '_xpdb_snapshot_';
const nameLimit = 128;

/** Names of the snapshots that xpdb makes of a database. */
function isOwnSnapshot(name: string, source: string): boolean {
  return name.startsWith(prefixOf(source)) && /^[0-9a-f]{12}$/.test(name.slice(prefixOf(source).length));
}

function prefixOf(source: string): string {
  return source.slice(0, nameLimit - marker.length - 12) + marker;
}

/** Files of a snapshot lie beside those of the source: there is room and the server may write there. */
export function scriptDatabaseSnapshot(
  name: string,
  source: string,
  files: readonly SnapshotFile[],
  id: string,
): string {
  const list = files
    .map(f => `(NAME = ${quoteString(f.logicalName)}, FILENAME = ${quoteString(`${f.physicalName}.${id}.ss`)})`)
    .join(', ');
  return `CREATE DATABASE ${quoteName(name)} ON ${list} AS SNAPSHOT OF ${quoteName(source)}`;
}

/**
 * Makes a database snapshot of the session's database, after dropping those that earlier runs left behind.
 * @throws SqlServerError: no right, an edition without snapshots (1844), no room
 */
export async function createDatabaseSnapshot(
  session: Session,
  files: readonly SnapshotFile[],
): Promise<DatabaseSnapshot> {
  const source = session.database;
  await dropStaleSnapshots(session, source);
  const id = randomBytes(6).toString('hex');
  const name = prefixOf(source) + id;
  await session.execute(scriptDatabaseSnapshot(name, source, files, id));
  return adoptDatabaseSnapshot(session, source, name);
}

/** Leaves the snapshot first: nobody may be in a database that is dropped. */
async function dropSnapshot(session: Session, source: string, name: string): Promise<void> {
  if (session.closed) return;
  try {
    if (session.database !== source) await session.useDatabase(source);
    await session.execute(`DROP DATABASE ${quoteName(name)}`);
  } catch {
    // The next export of this database drops it.
  }
}

/** Snapshots of xpdb's kind that nobody is in: a run that was killed could not drop its own. */
export async function dropStaleSnapshots(session: Session, source: string): Promise<readonly string[]> {
  const rows = await queryRecords(
    session,
    `SELECT [name] FROM sys.databases WHERE [source_database_id] = DB_ID(${quoteString(source)})`,
  );
  const dropped: string[] = [];
  for (const name of rows.map(r => text(r, 'name')).filter(n => isOwnSnapshot(n, source))) {
    try {
      await session.execute(`DROP DATABASE ${quoteName(name)}`);
      dropped.push(name);
    } catch (error) {
      // 3702: somebody is in it, so another export is reading. Others: not ours to drop.
      if (!(error instanceof SqlServerError)) throw error;
    }
  }
  return dropped;
}

/** Whether `name` is a database snapshot of `source`. */
export async function hasDatabaseSnapshot(session: Session, source: string, name: string): Promise<boolean> {
  const rows = await queryRecords(
    session,
    `SELECT [name] FROM sys.databases WHERE [name] = ${quoteString(name)} AND [source_database_id] = DB_ID(${quoteString(source)})`,
  );
  return rows.length > 0;
}

/** A snapshot that an earlier run made, to be dropped by this one. */
export function adoptDatabaseSnapshot(session: Session, source: string, name: string): DatabaseSnapshot {
  return { name, drop: () => dropSnapshot(session, source, name) };
}
