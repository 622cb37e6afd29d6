/** CREATE DATABASE … AS SNAPSHOT OF: a read-only copy of a database as it is now. */
import type { CreateDatabase } from '../../../tsql/ddl/statement.ts';
import type { DdlOutcome } from '../../engine/catalog-access.ts';
import type { CatalogState } from '../state.ts';
import { databaseRow } from '../state.ts';
import { copyDatabaseRows, copyRows, num, text } from '../store.ts';
import { command, done, fail } from './failure.ts';

/** The database that a CREATE DATABASE is a snapshot of; undefined for an ordinary one. */
export function snapshotSource(statement: CreateDatabase): string | undefined {
  return statement.options['AS SNAPSHOT OF'];
}

/** Editions below Enterprise have database snapshots from 2016 SP1 on (documentation of the editions). */
function refuseEdition(state: CatalogState): void {
  const { version, edition, azure } = state.options;
  if (azure) throw fail(40000, 'not supported by the sandbox: CREATE DATABASE … AS SNAPSHOT OF on Azure SQL Database');
  if (version >= 130 || edition === 'enterprise' || edition === 'developer') return;
  throw fail(1844, `Database Snapshot is not supported on ${edition} edition.`, { state: 1 });
}

/**
 * @param checkPath throws when a file can't be where the statement puts it
 * @param id of the new database
 */
export function createSnapshot(
  state: CatalogState,
  statement: CreateDatabase,
  id: number,
  checkPath: (file: CreateDatabase['filegroups'][number]['files'][number]) => void,
): DdlOutcome {
  const sourceName = snapshotSource(statement)!;
  refuseEdition(state);
  const source = databaseRow(state, sourceName);
  if (!source)
    throw fail(911, `Database '${sourceName}' does not exist. Make sure that the name is entered correctly.`);
  const from = num(source['database_id']);
  if (num(source['source_database_id']) > 0 || from <= 4)
    throw fail(1823, 'A database snapshot cannot be created because it failed to start.', { state: 2 });
  const { store } = state;
  const given = statement.filegroups.flatMap(g => g.files);
  const sourceFiles = store.all('SELECT * FROM "b.sys.master_files" WHERE database_id = ? AND type = 0', from);
  for (const file of given) {
    if (!sourceFiles.some(f => text(f['name']).toLowerCase() === file.logicalName.toLowerCase()))
      throw fail(5014, `The file '${file.logicalName}' does not exist in database '${text(source['name'])}'.`);
    checkPath(file);
  }
  for (const file of sourceFiles) {
    if (given.some(f => f.logicalName.toLowerCase() === text(file['name']).toLowerCase())) continue;
    throw fail(
      5127,
      `All files must be specified for database snapshot creation. Missing the file "${text(file['name'])}".`,
    );
  }
  copyRows(store, 'sys.databases', 'database_id', from, id);
  store.update(
    'sys.databases',
    { database_id: id },
    {
      name: statement.name,
      physical_database_name: statement.name,
      source_database_id: from,
      create_date: state.now(),
      is_read_only: true,
    },
  );
  copyRows(store, 'sys.master_files', 'database_id', from, id);
  store.run('DELETE FROM "b.sys.master_files" WHERE database_id = ? AND type <> 0', id);
  for (const { logicalName, physicalName } of given) {
    store.run(
      'UPDATE "b.sys.master_files" SET physical_name = ? WHERE database_id = ? AND lower(name) = lower(?)',
      physicalName,
      id,
      logicalName,
    );
  }
  copyDatabaseRows(store, from, id);
  state.rows().copyDatabase(from, id);
  state.touch(id, 0);
  return done(command.createDatabase);
}
