import type { ServerProperties } from '../connection/server-properties.ts';
import type { Session } from '../connection/session.ts';
import { XpdbError } from '../model/error.ts';
import type { JournalBegin } from './archive-journal.ts';
import { type Consistency, openConsistency, resumedLater } from './consistency.ts';
import { adoptDatabaseSnapshot, findDatabaseSnapshot, isOwnSnapshot } from './database-snapshot.ts';
import type { DirectoryOptions } from './directory-options.ts';

export interface ArchiveConsistency extends Consistency {
  /** Whether all chunks are of one point in time, those of an earlier run included. */
  readonly onePoint: boolean;
  /** When the database snapshot was made that somebody else named and drops; null with any other way. */
  readonly madeAt: string | null;
}

/**
 * The point in time of an archive: that of the run which is gone on with, where its database snapshot is still there.
 * @param begin of that run; null for a new one
 * @throws XpdbError when the way or the snapshot that was asked for is not possible, or not that of the run which is gone on with
 */
export async function openArchiveConsistency(
  session: Session,
  server: ServerProperties,
  options: DirectoryOptions,
  begin: JournalBegin | null,
): Promise<ArchiveConsistency> {
  const source = session.database;
  const named = options.databaseSnapshot;
  if (named !== null) {
    const madeAt = await findDatabaseSnapshot(session, source, named);
    if (madeAt === null) {
      throw new XpdbError(`there is no database snapshot ${named} of ${source}`, {
        hint: 'create it first, once for all machines: CREATE DATABASE … AS SNAPSHOT OF …',
      });
    }
    if (begin !== null) checkSnapshot(begin, source, named, madeAt);
    return readSnapshotOfOthers(named, madeAt);
  }
  if (begin?.consistency === 'snapshot-database') {
    const { rowsDatabase } = begin;
    const madeAt = await findDatabaseSnapshot(session, source, rowsDatabase);
    if (madeAt !== null && isOwnSnapshot(rowsDatabase, source)) {
      const { drop } = await adoptDatabaseSnapshot(session, source, rowsDatabase);
      return {
        way: 'snapshot-database',
        database: rowsDatabase,
        findings: [],
        release: drop,
        onePoint: true,
        madeAt: null,
      };
    }
    if (madeAt !== null && madeAt === begin.rowsMadeAt) return readSnapshotOfOthers(rowsDatabase, madeAt);
  }
  const opened = {
    ...(await openConsistency(session, server, { way: options.consistency, jobs: options.jobs })),
    madeAt: null,
  };
  if (begin === null) return { ...opened, onePoint: opened.way !== 'none' };
  if (begin.consistency === 'unchanging' && opened.way === 'unchanging') return { ...opened, onePoint: true };
  return {
    ...opened,
    findings: [...opened.findings, resumedLater('export', '; the manifest has the time of each chunk')],
    onePoint: false,
  };
}

/** It is theirs to drop. */
function readSnapshotOfOthers(database: string, madeAt: string): ArchiveConsistency {
  const release = async () => undefined;
  return { way: 'snapshot-database', database, findings: [], release, onePoint: true, madeAt };
}

/** One archive must not mix the rows of two snapshots. @throws XpdbError */
function checkSnapshot(begin: JournalBegin, source: string, named: string, madeAt: string): void {
  const { rowsDatabase, rowsMadeAt } = begin;
  const before = rowsDatabase === source ? 'no database snapshot' : `the database snapshot ${rowsDatabase}`;
  if (rowsDatabase !== named) {
    throw new XpdbError(`the interrupted export read ${before}, not ${named}`, {
      hint: 'go on as it was begun, or begin anew by --overwrite',
    });
  }
  if (rowsMadeAt !== madeAt) {
    throw new XpdbError(`${before} was made anew since the export was interrupted`, {
      hint: 'begin anew by --overwrite',
    });
  }
}

/** @throws XpdbError when the interrupted export was another one */
export function checkResume(begin: JournalBegin, now: Pick<JournalBegin, 'options' | 'schema' | 'tables'>): void {
  if (begin.options !== now.options) {
    throw new XpdbError('the interrupted export had other options, or another source', {
      hint: 'give the same options, or begin anew by --overwrite',
    });
  }
  if (begin.schema !== now.schema) {
    throw new XpdbError('the schema of the source was changed since the export was interrupted', {
      hint: 'begin anew by --overwrite',
    });
  }
  if (begin.tables !== now.tables) {
    throw new XpdbError('the log-in can read other tables or columns than when the export was interrupted', {
      hint: 'use the log-in and the rights of that time, or begin anew by --overwrite',
    });
  }
}
