/** System procedures that change a database or the server as a whole and can't run inside a transaction (error 15002). */

export interface ServerProcedure {
  /** Changes a database as ALTER DATABASE does. */
  readonly database?: true;
  /**
   * How to tell whether a call ran: `repeat` says what shall be, so that a second call does no harm; otherwise a name that is in a
   * catalog view after it, or no longer. null: nothing tells.
   */
  readonly outcome: 'repeat' | NamedOutcome | null;
}

export interface NamedOutcome {
  readonly view: string;
  readonly there: boolean;
  /** Position of the argument with the name, from 0, and its own name. */
  readonly argument: readonly [number, string];
}

const adds = (view: string, index: number, argument: string): NamedOutcome => ({
  view,
  there: true,
  argument: [index, argument],
});
const removes = (view: string, index: number, argument: string): NamedOutcome => ({
  view,
  there: false,
  argument: [index, argument],
});
const databases = '[sys].[databases]';
const servers = '[sys].[servers]';
const principals = '[sys].[server_principals]';

/** By name in lower case. What they do when called again: their pages in Microsoft's documentation. */
export const serverProcedures: ReadonlyMap<string, ServerProcedure> = new Map<string, ServerProcedure>([
  ['sp_dboption', { database: true, outcome: 'repeat' }],
  ['sp_dbcmptlevel', { database: true, outcome: 'repeat' }],
  ['sp_fulltext_database', { database: true, outcome: 'repeat' }],
  ['sp_changedbowner', { database: true, outcome: 'repeat' }],
  ['sp_db_vardecimal_storage_format', { database: true, outcome: 'repeat' }],
  ['sp_renamedb', { database: true, outcome: adds(databases, 1, '@newname') }],
  ['sp_addlinkedserver', { outcome: adds(servers, 0, '@server') }],
  // "Creates or updates a mapping".
  ['sp_addlinkedsrvlogin', { outcome: 'repeat' }],
  ['sp_serveroption', { outcome: 'repeat' }],
  ['sp_addserver', { outcome: adds(servers, 0, '@server') }],
  ['sp_dropserver', { outcome: removes(servers, 0, '@server') }],
  ['sp_addumpdevice', { outcome: adds('[sys].[backup_devices]', 1, '@logicalname') }],
  ['sp_configure', { outcome: 'repeat' }],
  ['sp_attach_db', { outcome: adds(databases, 0, '@dbname') }],
  ['sp_attach_single_file_db', { outcome: adds(databases, 0, '@dbname') }],
  ['sp_detach_db', { outcome: removes(databases, 0, '@dbname') }],
  ['sp_addlogin', { outcome: adds(principals, 0, '@loginame') }],
  ['sp_grantlogin', { outcome: adds(principals, 0, '@loginame') }],
  ['sp_fulltext_service', { outcome: 'repeat' }],
  ['sp_fulltext_catalog', { outcome: null }],
  ['sp_fulltext_table', { outcome: null }],
  ['sp_fulltext_column', { outcome: null }],
]);
