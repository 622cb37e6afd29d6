/** Counts and sums the rows of one table at a time, on both servers at once. */

import type { ChunkRunner } from '../archive/chunk-runner.ts';
import { startChunkThread } from '../archive/chunk-thread.ts';
import type { OpenRunner } from '../archive/run-chunks.ts';
import { openSession } from '../connection/connect.ts';
import type { ConnectionOptions } from '../connection/connection-options.ts';
import type { Session } from '../connection/session.ts';
import { CancelledError } from '../connection/sql-error.ts';
import { sumRows } from '../connection/sum-rows.ts';
import { sumWireRows } from '../connection/sum-wire-rows.ts';
import type { SumQuery, TableSum } from './side.ts';

/** What belongs to each side; null where it is no server. */
export interface Both<T> {
  readonly from: T | null;
  readonly to: T | null;
}

export type TableSummer = ChunkRunner<Both<SumQuery>, Both<TableSum>>;

/** Openers of a summer for each job: the first one in this thread, the others each in a thread of its own. */
export function openSummers(
  jobs: number,
  servers: Both<ConnectionOptions>,
): OpenRunner<Both<SumQuery>, Both<TableSum>>[] {
  const inThread = () => startChunkThread<Both<SumQuery>, Both<TableSum>>('./sum-worker', import.meta.url, servers);
  return [() => connectionSummer(servers), ...Array.from({ length: jobs - 1 }, () => inThread)];
}

/** Its connections are opened for the first table that needs them. */
export function connectionSummer(servers: Both<ConnectionOptions>): TableSummer {
  const from = sideSummer(servers.from);
  const to = sideSummer(servers.to);
  const cancel = () => {
    from.cancel();
    to.cancel();
  };
  return {
    async run(queries, onRows) {
      let ahead = 0;
      // Both sides tell of the same rows; the one that is ahead counts.
      const onSideRows = (rows: number) => {
        if (rows <= ahead) return;
        ahead = rows;
        onRows(rows);
      };
      const failures: unknown[] = [];
      const fail = (error: unknown) => {
        failures.push(error);
        cancel();
        return null;
      };
      const sums = await Promise.all([
        from.sum(queries.from, onSideRows).catch(fail),
        to.sum(queries.to, onSideRows).catch(fail),
      ]);
      if (failures.length > 0) throw failures[0];
      return { from: sums[0], to: sums[1] };
    },
    cancel,
    async close() {
      await Promise.all([from.close(), to.close()]);
    },
  };
}

function sideSummer(connection: ConnectionOptions | null) {
  let session: Session | null = null;
  let cancelled = false;
  return {
    async sum(query: SumQuery | null, onRows: (rows: number) => void): Promise<TableSum | null> {
      if (query === null || connection === null) return null;
      if (session === null || session.closed) session = await openSession(connection);
      if (cancelled) throw new CancelledError();
      const { sql, columns, form } = query;
      const { rows, rowsum } =
        form === 'wire' && columns.length > 0
          ? await sumWireRows(session, sql)
          : await sumRows(session, sql, { withoutValues: columns.length === 0, onRows });
      return { rows, rowsum, columns };
    },
    cancel() {
      cancelled = true;
      session?.cancel();
    },
    async close() {
      await session?.close();
    },
  };
}
