/** sys.dm_exec_sessions: who is connected. Kept beside SQLite, where a rollback of one session would undo the rows of others. */
import type { CatalogContext } from '../engine/catalog-access.ts';
import { type CatalogState, databaseRow } from './state.ts';
import { num } from './store.ts';

/** Views that show sessions. */
export const sessionViews: ReadonlySet<string> = new Set([
  'sys.dm_exec_sessions',
  'sys.dm_exec_connections',
  'sys.dm_exec_requests',
]);

interface Connected {
  readonly context: CatalogContext;
  readonly since: string;
  readonly lastRequest: string;
}

export interface Sessions {
  changed(context: CatalogContext, alive: boolean): void;
  /** Writes the rows, before something reads them. */
  writeDown(): void;
  /** Sessions that work in a database, but for one. */
  othersIn(database: string, sessionId: number): readonly number[];
  /** A database is in SINGLE_USER for this session alone; null = for everybody again. */
  reserve(database: string, sessionId: number | null): void;
  /** Whether another session has the database for itself. */
  isReserved(database: string, sessionId: number): boolean;
}

export function createSessions(state: Pick<CatalogState, 'store' | 'key' | 'now'>): Sessions {
  const { store } = state;
  const connected = new Map<number, Connected>();
  /** Databases in SINGLE_USER and whose they are. */
  const reserved = new Map<string, number>();

  function insert({ context, since, lastRequest }: Connected): void {
    const login = store.get(
      'SELECT sid FROM "b.sys.server_principals" WHERE name_key = ?',
      state.key(null, context.login),
    );
    const sid = (login?.['sid'] as Uint8Array | undefined) ?? new Uint8Array();
    store.insert('sys.dm_exec_sessions', {
      session_id: context.sessionId,
      status: 'running',
      database_id: num(databaseRow(state, context.database)?.['database_id']) || 1,
      login_time: since,
      last_request_start_time: lastRequest,
      login_name: context.login,
      original_login_name: context.login,
      security_id: sid,
      original_security_id: sid,
      host_name: context.client?.hostName ?? null,
      program_name: context.client?.applicationName ?? null,
      client_interface_name: context.client?.library ?? null,
      client_version: 7,
      host_process_id: 1,
      is_user_process: true,
      open_transaction_count: context.transactionCount,
      quoted_identifier: context.quotedIdentifier,
      ansi_nulls: context.ansiNulls,
      ansi_padding: context.ansiPadding,
      ansi_null_dflt_on: true,
      ansi_warnings: true,
      concat_null_yields_null: true,
      text_size: 2147483647,
      language: 'us_english',
      date_format: 'mdy',
      date_first: 7,
      transaction_isolation_level: 2,
      lock_timeout: -1,
      authenticating_database_id: 1,
    });
  }

  return {
    changed(context, alive) {
      if (!alive) {
        connected.delete(context.sessionId);
        return;
      }
      const now = state.now();
      const before = connected.get(context.sessionId);
      connected.set(context.sessionId, { context, since: before?.since ?? now, lastRequest: now });
    },
    othersIn(database, sessionId) {
      const key = state.key(null, database);
      return [...connected.values()]
        .filter(s => s.context.sessionId !== sessionId && state.key(null, s.context.database) === key)
        .map(s => s.context.sessionId);
    },
    reserve(database, sessionId) {
      const key = state.key(null, database);
      if (sessionId === null) reserved.delete(key);
      else reserved.set(key, sessionId);
    },
    isReserved(database, sessionId) {
      if (reserved.size === 0) return false;
      const owner = reserved.get(state.key(null, database));
      return owner !== undefined && owner !== sessionId && connected.has(owner);
    },
    writeDown() {
      store.run('DELETE FROM "b.sys.dm_exec_sessions"');
      for (const session of connected.values()) insert(session);
    },
  };
}
