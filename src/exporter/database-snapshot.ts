import { randomBytes } from 'node:crypto';
import { queryRecords, text } from '../catalog/catalog.ts';
import { releaseApplicationLock, takeApplicationLock } from '../connection/application-lock.ts';
import type { Session } from '../connection/session.ts';
import { SqlServerError } from '../connection/sql-error.ts';
import { XpdbError } from '../model/error.ts';
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

/** Whether xpdb makes database snapshots of such a name. */
export function isOwnSnapshot(name: string, source: string): boolean {
  return name.startsWith(prefixOf(source)) && /^[0-9a-f]{12}$/.test(name.slice(prefixOf(source).length));
}

function prefixOf(source: string): string {
  return source.slice(0, nameLimit - marker.length - 12) + marker;
}

/** Files of a snapshot lie beside those of the source: there is room and the server may write there. */
function scriptDatabaseSnapshot(name: string, source: string, files: readonly SnapshotFile[], id: string): string {
  const list = files
    .map(f => `(NAME = ${quoteString(f.logicalName)}, FILENAME = ${quoteString(`${f.physicalName}.${id}.ss`)})`)
    .join(', ');
  return `CREATE DATABASE ${quoteName(name)} ON ${list} AS SNAPSHOT OF ${quoteName(source)}`;
}

/** Whoever reads a snapshot of xpdb's kind has this lock in its source: so others know that it is not left behind. */
const lockOf = (snapshot: string): string => `xpdb ${snapshot}`;
/** A server may notice late that the session of a run that was killed is gone. */
const adoptWaitMs = 15_000;

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
  await takeApplicationLock(session, lockOf(name), 0);
  try {
    await session.execute(scriptDatabaseSnapshot(name, source, files, id));
  } catch (error) {
    if (!session.closed) await releaseApplicationLock(session, lockOf(name));
    throw error;
  }
  return { name, drop: () => dropSnapshot(session, source, name) };
}

/**
 * A snapshot that an earlier run made, to be dropped by this one.
 * @throws XpdbError when another run is reading it
 */
export async function adoptDatabaseSnapshot(session: Session, source: string, name: string): Promise<DatabaseSnapshot> {
  if (!(await takeApplicationLock(session, lockOf(name), adoptWaitMs))) {
    throw new XpdbError(`another export is reading the database snapshot ${quoteName(name)}`, {
      hint: 'two runs must not go on with one export at the same time',
    });
  }
  return { name, drop: () => dropSnapshot(session, source, name) };
}

/** Leaves the snapshot first: nobody may be in a database that is dropped. */
async function dropSnapshot(session: Session, source: string, name: string): Promise<void> {
  if (session.closed) return;
  try {
    if (session.database !== source) await session.useDatabase(source);
    await session.execute(`DROP DATABASE ${quoteName(name)}`);
    await releaseApplicationLock(session, lockOf(name));
  } catch {
    // The next export of this database drops it.
  }
}

/** Snapshots of xpdb's kind that nobody reads: a run that was killed could not drop its own. */
export async function dropStaleSnapshots(session: Session, source: string): Promise<readonly string[]> {
  const rows = await queryRecords(
    session,
    `SELECT [name] FROM sys.databases WHERE [source_database_id] = DB_ID(${quoteString(source)})`,
  );
  const dropped: string[] = [];
  for (const name of rows.map(r => text(r, 'name')).filter(n => isOwnSnapshot(n, source))) {
    if (!(await takeApplicationLock(session, lockOf(name), 0))) continue;
    try {
      await session.execute(`DROP DATABASE ${quoteName(name)}`);
      dropped.push(name);
    } catch (error) {
      // Somebody is in it (3702), or it is not ours to drop.
      if (!(error instanceof SqlServerError)) throw error;
    }
    await releaseApplicationLock(session, lockOf(name));
  }
  return dropped;
}

/**
 * When the database snapshot `name` of `source` was made, as ISO 8601 in the server's time; null where there is none. Another one may get
 * the name of one that was dropped.
 */
export async function findDatabaseSnapshot(session: Session, source: string, name: string): Promise<string | null> {
  const [found] = await queryRecords(
    session,
    `SELECT CONVERT(nvarchar(30), [create_date], 126) AS [made] FROM sys.databases WHERE [name] = ${quoteString(name)} ` +
      `AND [source_database_id] = DB_ID(${quoteString(source)})`,
  );
  return found === undefined ? null : text(found, 'made');
}
