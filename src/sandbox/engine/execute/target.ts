/** The table that INSERT, UPDATE, DELETE and TRUNCATE change. */
import type { SandboxTable } from '../catalog-access.ts';
import type { DmlTarget } from '../parser/ast.ts';
import { invalidObject, resolveObject } from '../query/from.ts';
import type { Run } from '../query/runtime.ts';
import { ServerError, unsupported } from '../server-error.ts';
import { isTemporaryName } from '../session/temporary-tables.ts';
import type { RowStorage } from '../storage/row-storage.ts';
import { TableWriter, type WriterOptions } from '../storage/table-writer.ts';
import type { Execution } from './execution.ts';

export interface Target {
  readonly table: SandboxTable;
  readonly storage: RowStorage;
  /** A table variable: no transaction, no lock. */
  readonly variable: boolean;
}

export function resolveTarget(x: Execution, target: DmlTarget, verb: string): Target {
  const { parts } = x.session;
  if (target.kind === 'variableTable') {
    const table = x.frame.tableDefinitions.get(target.name.toLowerCase());
    if (!table)
      throw new ServerError(1087, `Must declare the table variable "${target.name}".`, { class: 15, state: 2 });
    return { table, storage: parts.variableRows, variable: true };
  }
  const { name } = target;
  if (isTemporaryName(name.name)) {
    const table = x.session.temporary.find(name.name);
    if (!table) throw invalidObject(name);
    return { table, storage: parts.storage, variable: false };
  }
  const found = resolveObject(name, x.bind());
  if (!found) throw invalidObject(name);
  switch (found.kind) {
    case 'table':
      refuseReadOnly(x, found.database);
      return { table: found, storage: parts.storage, variable: false };
    case 'catalogView':
      throw new ServerError(259, 'Ad hoc updates to system catalogs are not allowed.');
    case 'view':
      throw unsupported(`${verb} of the view ${found.schema}.${found.name}`);
    default:
      throw invalidObject(name);
  }
}

/** Runs a change of rows: in the session's transaction, or, of a table variable, whole or not at all by itself. */
export async function changing<T>(
  x: Execution,
  target: () => Target,
  work: (target: Target) => T | Promise<T>,
): Promise<T> {
  const { session } = x;
  const first = target();
  if (first.variable) {
    const { sqlite } = first.storage;
    sqlite.exec('SAVEPOINT v');
    try {
      const result = await work(first);
      sqlite.exec('RELEASE v');
      return result;
    } catch (error) {
      sqlite.exec('ROLLBACK TO v');
      sqlite.exec('RELEASE v');
      first.storage.afterRollback();
      throw error;
    }
  }
  refuseDoomed(x);
  return session.transaction.statement(x.waiter, () => {
    // The definition may be another one after waiting for the lock.
    const now = target();
    session.transaction.touch(now.table);
    return work(now);
  });
}

export function refuseReadOnly(x: Execution, database: string): void {
  if (x.session.catalog.isReadOnly(database))
    throw new ServerError(3906, `Failed to update database "${database}" because the database is read-only.`);
}

export function refuseDoomed(x: Execution): void {
  if (x.session.transaction.doomed)
    throw new ServerError(
      3930,
      'The current transaction cannot be committed and cannot support operations that write to the log file. Roll back the transaction.',
    );
}

export function writerFor(
  x: Execution,
  target: Target,
  run: Run,
  verb: WriterOptions['verb'],
  line: number,
): TableWriter {
  return new TableWriter(target.table, target.storage, run, {
    verb,
    checkConstraints: true,
    notice: text => x.notice(text, line),
  });
}
