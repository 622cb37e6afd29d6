import { readSnapshotSupport, type SnapshotSupport } from '../catalog/snapshot-support.ts';
import type { Finding } from '../compat/finding.ts';
import type { ServerProperties } from '../connection/server-properties.ts';
import type { Session } from '../connection/session.ts';
import { ExitCode, XpdbError } from '../model/error.ts';

/**
 * How all rows are read as of one point in time: from a database snapshot, in one SNAPSHOT transaction (one connection only), or
 * not at all.
 */
const consistencyWays = ['snapshot-database', 'snapshot', 'none'] as const;
export type ConsistencyWay = (typeof consistencyWays)[number];

export interface Consistency {
  /** `unchanging`: the source is read-only, so that every way of reading it is consistent. */
  readonly way: ConsistencyWay | 'unchanging';
  /** Database to read rows from: a snapshot, or the source itself. */
  readonly database: string;
  readonly findings: readonly Finding[];
  /** Ends transaction or snapshot. Never throws. */
  release(): Promise<void>;
}

/** @param what was gone on with @param more to be said */
export function resumedLater(what: string, more = ''): Finding {
  return {
    rule: 'consistency',
    severity: 'info',
    object: 'DATABASE',
    message: `the ${what} was gone on with at another point in time: rows that refer to each other may not fit together${more}`,
  };
}

export interface ConsistencyOptions {
  /** null = the best that the source allows. */
  readonly way: ConsistencyWay | null;
  /** Connections that read rows. */
  readonly jobs: number;
}

/**
 * Fixes the point in time of an export. Everything that is read afterwards, catalog included, is as of this point or later, and rows
 * are as of exactly this point unless the way is `none`.
 * @throws XpdbError when a way was asked for by name that the source does not allow
 */
export async function openConsistency(
  session: Session,
  server: ServerProperties,
  options: ConsistencyOptions,
): Promise<Consistency> {
  const support = await readSnapshotSupport(session);
  const { database } = session;
  const plain = { database, release: async () => undefined };
  if (support.unchanging) return { ...plain, way: 'unchanging', findings: [] };
  if (options.way === 'none') return { ...plain, way: 'none', findings: [inconsistent('as was asked for')] };
  if (options.way === 'snapshot') {
    if (options.jobs > 1) {
      throw new XpdbError('one SNAPSHOT transaction is one connection, so it allows one job only', {
        hint: 'use --jobs 1, or --consistency snapshot-database',
        exitCode: ExitCode.usage,
      });
    }
    if (!support.snapshotIsolation) {
      throw new XpdbError(`database ${database} does not allow SNAPSHOT transactions`, {
        hint: 'ALTER DATABASE … SET ALLOW_SNAPSHOT_ISOLATION ON, or another --consistency',
      });
    }
    if (support.memoryOptimized) {
      throw new XpdbError(`memory-optimized tables of ${database} can't be read in a SNAPSHOT transaction`, {
        hint: 'use --consistency none',
      });
    }
    return beginSnapshot(session);
  }
  const obstacle = databaseSnapshotObstacle(server, support);
  const { createDatabaseSnapshot } = await import('./database-snapshot.ts');
  if (obstacle === null) {
    const made = await createDatabaseSnapshot(session, support.files).catch((error: unknown) => {
      if (options.way === null && error instanceof XpdbError && error.details.number !== undefined) return error;
      throw error;
    });
    if (!(made instanceof XpdbError)) {
      return { way: 'snapshot-database', database: made.name, findings: [], release: () => made.drop() };
    }
    return withoutDatabaseSnapshot(session, support, options.jobs, `the server refuses one: ${made.message}`);
  }
  if (options.way === 'snapshot-database') {
    throw new XpdbError(`no database snapshot of ${database} is possible: ${obstacle}`, {
      hint: 'use --consistency snapshot or none',
    });
  }
  return withoutDatabaseSnapshot(session, support, options.jobs, obstacle);
}

/** The rest of the way down: a SNAPSHOT transaction, or nothing. */
function withoutDatabaseSnapshot(
  session: Session,
  support: SnapshotSupport,
  jobs: number,
  obstacle: string,
): Promise<Consistency> | Consistency {
  const { database } = session;
  const second = transactionObstacle(support, jobs);
  if (second === null) return beginSnapshot(session);
  const reason = `no database snapshot (${obstacle}), and ${second}`;
  return { way: 'none', database, findings: [inconsistent(reason)], release: async () => undefined };
}

function transactionObstacle(support: SnapshotSupport, jobs: number): string | null {
  if (!support.snapshotIsolation) return 'the database does not allow SNAPSHOT transactions';
  // Error 41332.
  if (support.memoryOptimized) return 'a SNAPSHOT transaction can’t read memory-optimized tables';
  return jobs > 1 ? 'a SNAPSHOT transaction allows one job only' : null;
}

async function beginSnapshot(session: Session): Promise<Consistency> {
  await session.beginTransaction('snapshot');
  return {
    way: 'snapshot',
    database: session.database,
    findings: [],
    release: async () => {
      // Nothing was written: rolling back and committing are the same.
      if (!session.closed && session.inTransaction) await session.rollback().catch(() => undefined);
    },
  };
}

function inconsistent(reason: string): Finding {
  return {
    rule: 'consistency',
    severity: 'info',
    object: 'DATABASE',
    message: `tables are read at different times, so rows that refer to each other may not fit together: ${reason}`,
  };
}

const azure = [5, 8];

/**
 * Editions and versions with database snapshots (documentation of the editions: Enterprise and its kin before 2016 SP1, build
 * 13.0.4001, all of them from there on; none on Azure), and what keeps a database from having one.
 */
function databaseSnapshotObstacle(server: ServerProperties, support: SnapshotSupport): string | null {
  if (azure.includes(server.engineEdition)) return 'Azure SQL has none';
  const everyEdition = server.major > 13 || (server.major === 13 && (server.minor > 0 || server.build >= 4001));
  if (!everyEdition && server.edition !== 'enterprise' && server.edition !== 'developer') {
    return `${server.editionText} of this version has none`;
  }
  if (support.memoryOptimized) return 'the database has a memory-optimized filegroup';
  return null;
}
