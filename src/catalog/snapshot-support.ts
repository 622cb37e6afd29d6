import type { Session } from '../connection/session.ts';
import { flag, int, intOrZero, queryRecords, text, textOrNull } from './catalog.ts';

/** What decides how the current database can be read as of one point in time. */
export interface SnapshotSupport {
  /** ALLOW_SNAPSHOT_ISOLATION. */
  readonly snapshotIsolation: boolean;
  /** Nothing changes: the database is read-only, or is a database snapshot itself. */
  readonly unchanging: boolean;
  /** Of row data: each gets a sparse file in a database snapshot. */
  readonly files: readonly { readonly logicalName: string; readonly physicalName: string }[];
  readonly filestream: boolean;
  readonly memoryOptimized: boolean;
}

export async function readSnapshotSupport(session: Session): Promise<SnapshotSupport> {
  const [database] = await queryRecords(
    session,
    'SELECT [snapshot_isolation_state], [is_read_only], [source_database_id] FROM sys.databases WHERE [database_id] = DB_ID()',
  );
  const files = await queryRecords(
    session,
    'SELECT [type], [name], [physical_name] FROM sys.database_files ORDER BY [file_id]',
  );
  const groups = await queryRecords(session, 'SELECT [type] FROM sys.filegroups');
  const kinds = new Set(groups.map(r => textOrNull(r, 'type')?.trim()));
  return {
    snapshotIsolation: database !== undefined && intOrZero(database, 'snapshot_isolation_state') === 1,
    unchanging:
      database !== undefined && (flag(database, 'is_read_only') || intOrZero(database, 'source_database_id') > 0),
    files: files
      .filter(r => int(r, 'type') === 0)
      .map(r => ({ logicalName: text(r, 'name'), physicalName: text(r, 'physical_name') })),
    filestream: kinds.has('FD'),
    memoryOptimized: kinds.has('FX'),
  };
}
