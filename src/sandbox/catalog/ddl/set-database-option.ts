import type { CatalogState } from '../state.ts';
import { num, text } from '../store.ts';
import { optionFields } from './database-options.ts';
import { fail } from './failure.ts';

/** Options that master, model and tempdb do not take, with the state of error 5058 (captured for master). */
export const refusedForMaster: Readonly<Record<string, number>> = {
  READ_COMMITTED_SNAPSHOT: 2,
  SINGLE_USER: 5,
  MULTI_USER: 5,
  RESTRICTED_USER: 5,
  OFFLINE: 5,
  READ_ONLY: 5,
  AUTO_CLOSE: 1,
  AUTO_SHRINK: 1,
  ALLOW_SNAPSHOT_ISOLATION: 4,
};

export function setOption(state: CatalogState, db: number, option: string, value: string): void {
  const fields = optionFields(option, value, state.options.version);
  if (fields !== 'other') {
    state.store.update('sys.databases', { database_id: db }, fields);
    return;
  }
  const upper = option.toUpperCase();
  if (upper === 'DEFAULT_LANGUAGE' || upper === 'DEFAULT_FULLTEXT_LANGUAGE') setLanguage(state, db, upper, value);
  if (upper === 'QUERY_STORE') {
    const on = !/^\(?\s*OFF|^OFF|=\s*OFF\b/i.test(value) && !/^\s*OFF\s*$/i.test(value);
    if (/^CLEAR/i.test(value.trim())) return;
    state.store.update('sys.databases', { database_id: db }, { is_query_store_on: on });
    state.store.update(
      'sys.database_query_store_options',
      { db },
      { desired_state: on ? 2 : 0, actual_state: on ? 2 : 0 },
    );
  }
  if (upper === 'FILESTREAM') {
    const access = /NON_TRANSACTED_ACCESS\s*=\s*(\w+)/i.exec(value)?.[1]?.toUpperCase() ?? 'OFF';
    const directory = /DIRECTORY_NAME\s*=\s*(?:N?'((?:[^']|'')*)'|NULL)/i.exec(value)?.[1];
    state.store.remove('sys.database_filestream_options', { database_id: db });
    state.store.insert('sys.database_filestream_options', {
      database_id: db,
      non_transacted_access: { OFF: 0, READ_ONLY: 1, FULL: 2 }[access] ?? 0,
      directory_name: directory?.replaceAll("''", "'") ?? null,
    });
  }
}

/** A language by its number, name or alias. */
function setLanguage(
  state: CatalogState,
  db: number,
  option: 'DEFAULT_LANGUAGE' | 'DEFAULT_FULLTEXT_LANGUAGE',
  value: string,
): void {
  const written = value.replace(/^\[(.*)\]$/, '$1').toLowerCase();
  const row = state.store
    .all('SELECT lcid, name, alias FROM "b.sys.syslanguages"')
    .find(l => [String(l['lcid']), text(l['name']).toLowerCase(), text(l['alias']).toLowerCase()].includes(written));
  if (!row) throw fail(2758, `Language '${value}' is not an official language name or a language alias.`);
  state.store.update(
    'sys.databases',
    { database_id: db },
    option === 'DEFAULT_LANGUAGE'
      ? { default_language_lcid: num(row['lcid']), default_language_name: text(row['name']) }
      : { default_fulltext_language_lcid: num(row['lcid']), default_fulltext_language_name: text(row['alias']) },
  );
}
