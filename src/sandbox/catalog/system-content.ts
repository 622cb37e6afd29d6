/** What a new server and a new database hold before anyone created anything. */
import { createHash } from 'node:crypto';
import { collationsOf } from './collations.ts';
import { defaultDataPath, editionName, releaseOf, type ServerOptions } from './server-options.ts';
import type { CatalogState } from './state.ts';
import type { Store } from './store.ts';
import { storedType, systemTypes } from './system-types.ts';
import { viewFacts } from './view-facts.ts';
import { isCatalogCollated } from './wire-flags.ts';

/** master's creation date on every SQL Server. */
const birth = '2003-04-08 09:13:36.390';

/** A GUID made from text, so that the same database gives the same one. */
export function guidOf(seed: string): string {
  const hex = createHash('sha256').update(seed).digest('hex').toUpperCase();
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-A${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** A SID for a login or a user without one, from its name. */
export function sidOf(seed: string): Uint8Array {
  return new Uint8Array(createHash('sha256').update(seed).digest().subarray(0, 16));
}

/** A SID of 28 bytes, as users have that are of no log-in (their first twelve are always these). */
export function longSidOf(seed: string): Uint8Array {
  return new Uint8Array([1, 5, 0, 0, 0, 0, 0, 9, 3, 0, 0, 0, ...sidOf(seed)]);
}

/** A negative id that stays the same as long as the name does. */
export function systemObjectId(name: string): number {
  return -(createHash('sha256').update(name).digest().readUInt32LE(0) % 1_000_000_000) - 1000;
}

/** Compatibility views that also answer without schema or as dbo's (the tables of SQL Server 2000). */
export const isCompatibilityView = (name: string): boolean => /^sys(?!tem_)[a-z]+$/i.test(name);

/** System procedures in the versions that have them; a test holds that these are those that the sandbox runs. */
const procedureNames =
  'sp_executesql sp_addextendedproperty sp_updateextendedproperty sp_dropextendedproperty sp_addtype sp_droptype sp_bindefault sp_unbindefault ' +
  'sp_bindrule sp_unbindrule sp_rename sp_renamedb sp_settriggerorder sp_addrole sp_addgroup sp_droprole sp_addrolemember sp_droprolemember ' +
  'sp_adduser sp_dropuser sp_grantdbaccess sp_revokedbaccess sp_addlogin sp_grantlogin sp_droplogin sp_defaultdb sp_addsrvrolemember ' +
  'sp_dropsrvrolemember sp_changedbowner sp_change_users_login sp_dboption sp_dbcmptlevel sp_configure sp_fulltext_database sp_fulltext_catalog ' +
  'sp_fulltext_table sp_fulltext_column sp_fulltext_service sp_db_vardecimal_storage_format sp_addumpdevice sp_tableoption sp_indexoption ' +
  'sp_procoption sp_autostats sp_refreshview sp_refreshsqlmodule sp_recompile sp_updatestats sp_helptext sp_help sp_helpindex sp_helpdb sp_helpfile ' +
  'sp_spaceused sp_who sp_tables sp_columns sp_pkeys sp_fkeys sp_databases sp_stored_procedures xp_instance_regread sp_getapplock ' +
  'sp_releaseapplock sp_set_session_context';
const procedureVersions: Readonly<Record<string, readonly [since: number, until: number]>> = {
  sp_dboption: [100, 105],
  sp_set_session_context: [130, 170],
};

/** Names of the system procedures of a version, in lower case. */
export function systemProcedures(version: number): readonly string[] {
  return procedureNames.split(' ').filter(name => {
    const [since, until] = procedureVersions[name] ?? [100, 170];
    return version >= since && version <= until;
  });
}

function seedSystemObjects(store: Store, options: ServerOptions): void {
  for (const view of viewFacts) {
    if (view.schema === 'msdb.dbo' || view.since > options.version) continue;
    const schemaId = view.schema === 'sys' ? 4 : 3;
    const objectId = systemObjectId(`${view.schema}.${view.name}`);
    store.insert('sys.system_objects', {
      name: view.name,
      object_id: objectId,
      schema_id: schemaId,
      parent_object_id: 0,
      type: 'V',
      create_date: birth,
      modify_date: birth,
      is_ms_shipped: true,
    });
    const columns = view.columns.filter(c => c.since <= options.version);
    columns.forEach((column, i) => {
      const type = storedType(column.type);
      if (!type) throw new Error(`${view.name}.${column.name}: unknown type ${column.type.name}`);
      const collation = type.character
        ? isCatalogCollated(column)
          ? 'Latin1_General_CI_AS_KS_WS'
          : options.collation
        : null;
      store.insert('sys.system_columns', {
        object_id: objectId,
        name: column.name,
        column_id: i + 1,
        system_type_id: type.systemTypeId,
        user_type_id: type.userTypeId,
        max_length: type.maxLength,
        precision: type.precision,
        scale: type.scale,
        collation_name: collation,
        is_nullable: column.nullable,
        is_ansi_padded: type.character,
      });
    });
  }
  for (const name of systemProcedures(options.version)) {
    store.insert('sys.system_objects', {
      name,
      object_id: systemObjectId(`sys.${name}`),
      schema_id: 4,
      parent_object_id: 0,
      type: 'P',
      create_date: birth,
      modify_date: birth,
      is_ms_shipped: true,
    });
  }
}

const serverRoles: readonly string[] = [
  'sysadmin',
  'securityadmin',
  'serveradmin',
  'setupadmin',
  'processadmin',
  'diskadmin',
  'dbcreator',
  'bulkadmin',
];

function seedPrincipals(store: Store, options: ServerOptions): void {
  const common = { create_date: birth, modify_date: birth };
  store.insert('sys.server_principals', {
    ...common,
    name: 'sa',
    principal_id: 1,
    sid: new Uint8Array([1]),
    type: 'S',
    is_disabled: true,
    default_database_name: 'master',
    default_language_name: 'us_english',
  });
  store.insert('sys.server_principals', {
    ...common,
    name: 'public',
    principal_id: 2,
    sid: new Uint8Array([2]),
    type: 'R',
  });
  serverRoles.forEach((name, i) => {
    store.insert('sys.server_principals', {
      ...common,
      name,
      principal_id: i + 3,
      sid: new Uint8Array([i + 3]),
      type: 'R',
      is_fixed_role: true,
      owning_principal_id: 1,
    });
  });
  store.insert('sys.server_role_members', { role_principal_id: 3, member_principal_id: 1 });
  store.insert('sys.servers', {
    server_id: 0,
    name: options.serverName,
    product: 'SQL Server',
    provider: 'SQLNCLI',
    data_source: options.serverName,
    is_linked: false,
    is_remote_login_enabled: true,
    is_rpc_out_enabled: true,
    is_data_access_enabled: false,
    uses_remote_collation: true,
    modify_date: birth,
    is_remote_proc_transaction_promotion_enabled: true,
  });
  store.insert('sys.endpoints', {
    name: 'TSQL Default TCP',
    endpoint_id: 4,
    principal_id: 1,
    protocol: 2,
    type: 2,
    state: 0,
  });
}

interface Setting {
  readonly id: number;
  readonly name: string;
  readonly value: number;
  readonly minimum: number;
  readonly maximum: number;
  readonly description: string;
  readonly since?: number;
}

function seedConfigurations(store: Store, options: ServerOptions): void {
  const settings: readonly Setting[] = [
    {
      id: 101,
      name: 'recovery interval (min)',
      value: 0,
      minimum: 0,
      maximum: 32767,
      description: 'Maximum recovery interval in minutes',
    },
    {
      id: 115,
      name: 'nested triggers',
      value: 1,
      minimum: 0,
      maximum: 1,
      description: 'Allow triggers to be invoked within triggers',
    },
    { id: 124, name: 'default language', value: 0, minimum: 0, maximum: 9999, description: 'default language' },
    { id: 518, name: 'show advanced options', value: 0, minimum: 0, maximum: 1, description: 'show advanced options' },
    {
      id: 1126,
      name: 'default full-text language',
      value: 1033,
      minimum: 0,
      maximum: 2147483647,
      description: 'default full-text language',
    },
    {
      id: 1127,
      name: 'two digit year cutoff',
      value: 2049,
      minimum: 1753,
      maximum: 9999,
      description: 'two digit year cutoff',
    },
    {
      id: 1539,
      name: 'max degree of parallelism',
      value: 0,
      minimum: 0,
      maximum: 32767,
      description: 'maximum degree of parallelism',
    },
    {
      id: 1544,
      name: 'max server memory (MB)',
      value: 2147483647,
      minimum: 128,
      maximum: 2147483647,
      description: 'Maximum size of server memory (MB)',
    },
    {
      id: 1562,
      name: 'clr enabled',
      value: 0,
      minimum: 0,
      maximum: 1,
      description: 'CLR user code execution enabled in the server',
    },
    {
      id: 1579,
      name: 'backup compression default',
      value: 0,
      minimum: 0,
      maximum: 1,
      description: 'Enable compression of backups by default',
    },
    {
      id: 1580,
      name: 'filestream access level',
      value: options.filestream ? 2 : 0,
      minimum: 0,
      maximum: 2,
      description: 'Sets the FILESTREAM access level',
    },
    {
      id: 1587,
      name: 'clr strict security',
      value: 1,
      minimum: 0,
      maximum: 1,
      description: 'CLR strict security enabled in the server',
      since: 140,
    },
    {
      id: 16393,
      name: 'contained database authentication',
      value: 1,
      minimum: 0,
      maximum: 1,
      description: 'Enables contained databases and contained authentication',
      since: 110,
    },
  ];
  for (const s of settings) {
    if ((s.since ?? 0) > options.version) continue;
    store.insert('sys.configurations', {
      configuration_id: s.id,
      name: s.name,
      value: s.value,
      minimum: s.minimum,
      maximum: s.maximum,
      value_in_use: s.value,
      description: s.description,
      is_dynamic: true,
    });
  }
}

const languages: readonly (readonly [number, string, string, number, string, string])[] = [
  [0, 'us_english', 'English', 1033, 'mdy', '7'],
  [1, 'Deutsch', 'German', 1031, 'dmy', '1'],
  [2, 'Français', 'French', 1036, 'dmy', '1'],
  [3, '日本語', 'Japanese', 1041, 'ymd', '7'],
  [4, 'Dansk', 'Danish', 1030, 'dmy', '1'],
  [5, 'Español', 'Spanish', 3082, 'dmy', '1'],
  [6, 'Italiano', 'Italian', 1040, 'dmy', '1'],
  [7, 'Nederlands', 'Dutch', 1043, 'dmy', '1'],
  [8, 'Norsk', 'Norwegian', 2068, 'dmy', '1'],
  [9, 'Português', 'Portuguese', 2070, 'dmy', '7'],
  [10, 'Suomi', 'Finnish', 1035, 'dmy', '1'],
  [11, 'Svenska', 'Swedish', 1053, 'ymd', '1'],
  [23, 'British', 'British English', 2057, 'dmy', '1'],
];

function seedMiscellany(store: Store, options: ServerOptions): void {
  for (const [langid, name, alias, lcid, dateformat, datefirst] of languages) {
    store.insert('sys.syslanguages', {
      langid,
      name,
      alias,
      lcid,
      msglangid: lcid,
      dateformat,
      datefirst: Number(datefirst),
    });
    store.insert('sys.fulltext_languages', { lcid, name: alias });
  }
  store.insert('sys.dm_os_host_info', {
    host_platform: options.platform === 'linux' ? 'Linux' : 'Windows',
    host_distribution: options.platform === 'linux' ? 'Ubuntu' : 'Windows Server 2016 Standard',
    host_release: options.platform === 'linux' ? '22.04' : '10.0',
    host_sku: options.platform === 'linux' ? null : 7,
    os_language_version: 1033,
    host_architecture: 'X64',
  });
  store.insert('sys.dm_server_services', {
    servicename: 'SQL Server (MSSQLSERVER)',
    startup_type: 2,
    status: 4,
    process_id: 1,
    service_account: options.platform === 'linux' ? 'mssql' : 'NT Service\\MSSQLSERVER',
    filename: `sqlservr (${editionName(options)} ${releaseOf(options).product})`,
    is_clustered: 'N',
    instant_file_initialization_enabled: 'N',
  });
  store.sqlite.exec('CREATE TABLE numbers (n INTEGER PRIMARY KEY)');
  store.sqlite.exec(
    'WITH RECURSIVE x(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM x WHERE n < 4000) INSERT INTO numbers SELECT n FROM x',
  );
  store.sqlite.exec('CREATE TABLE collations (name TEXT, description TEXT)');
  const insert = store.sqlite.prepare('INSERT INTO collations VALUES (?, ?)');
  for (const name of collationsOf(options.version).values()) insert.run(name, describeCollation(name));
  store.sqlite.exec('CREATE TABLE server_meta (name TEXT PRIMARY KEY, value TEXT)');
  store.sqlite.exec("INSERT INTO server_meta VALUES ('epoch', '0')");
}

function describeCollation(name: string): string {
  const family = name.replace(/_(CI|CS|BIN).*$/, '').replaceAll('_', '-');
  if (/_BIN2/.test(name)) return `${family}, binary code point comparison sort${name.endsWith('UTF8') ? ', UTF8' : ''}`;
  if (/_BIN/.test(name)) return `${family}, binary sort`;
  const word = (on: boolean, what: string): string => `${what}-${on ? 'sensitive' : 'insensitive'}`;
  const parts = [
    word(/_CS(_|$)/.test(name), 'case'),
    word(/_AS(_|$)/.test(name), 'accent'),
    word(/_KS(_|$)/.test(name), 'kanatype'),
    word(/_WS(_|$)/.test(name), 'width'),
    ...(/_SC(_|$)/.test(name) ? ['supplementary characters'] : []),
    ...(/_UTF8$/.test(name) ? ['UTF8'] : []),
  ];
  return `${family}, ${parts.join(', ')}`;
}

const fixedRoles: readonly (readonly [number, string])[] = [
  [16384, 'db_owner'],
  [16385, 'db_accessadmin'],
  [16386, 'db_securityadmin'],
  [16387, 'db_ddladmin'],
  [16389, 'db_backupoperator'],
  [16390, 'db_datareader'],
  [16391, 'db_datawriter'],
  [16392, 'db_denydatareader'],
  [16393, 'db_denydatawriter'],
];

function roleSid(id: number): Uint8Array {
  const sid = Buffer.alloc(28);
  sid.writeUInt8(1, 0);
  sid.writeUInt8(5, 1);
  sid.writeUInt8(9, 7);
  sid.writeUInt32LE(4, 8);
  sid.writeUInt32LE(id, 24);
  return new Uint8Array(sid);
}

/** Schemas, principals, types and the PRIMARY filegroup of a new database. */
export function seedDatabase(state: CatalogState, db: number, ownerSid: Uint8Array, collation: string): void {
  const { store, options } = state;
  const now = db <= 4 ? birth : state.now();
  const common = { db, create_date: now, modify_date: now };
  const principals: readonly [number, string, string, Uint8Array | null, string | null][] = [
    [0, 'public', 'R', roleSid(0), null],
    [1, 'dbo', 'S', ownerSid, 'dbo'],
    [2, 'guest', 'S', new Uint8Array([0]), 'guest'],
    [3, 'INFORMATION_SCHEMA', 'S', null, null],
    [4, 'sys', 'S', null, null],
    ...fixedRoles.map(([id, name]): [number, string, string, Uint8Array, null] => [id, name, 'R', roleSid(id), null]),
  ];
  for (const [id, name, type, sid, schema] of principals) {
    store.insert('sys.database_principals', {
      ...common,
      name,
      principal_id: id,
      type,
      sid,
      default_schema_name: schema,
      owning_principal_id: type === 'R' ? 1 : null,
      is_fixed_role: id >= 16384,
      authentication_type: id === 1 ? 1 : 0,
      login_name: null,
    });
  }
  store.insert('sys.database_role_members', { db, role_principal_id: 16384, member_principal_id: 1 });
  store.insert('sys.database_permissions', {
    db,
    class: 0,
    major_id: 0,
    minor_id: 0,
    grantee_principal_id: 1,
    grantor_principal_id: 1,
    type: 'CO',
    permission_name: 'CONNECT',
    state: 'G',
  });
  const schemas: readonly (readonly [number, string])[] = [
    [1, 'dbo'],
    [2, 'guest'],
    [3, 'INFORMATION_SCHEMA'],
    [4, 'sys'],
    ...fixedRoles,
  ];
  for (const [id, name] of schemas) store.insert('sys.schemas', { db, schema_id: id, name, principal_id: id });
  for (const type of systemTypes) {
    if (type.since > options.version) continue;
    store.insert('sys.types', {
      db,
      name: type.name,
      system_type_id: type.systemTypeId,
      user_type_id: type.userTypeId,
      schema_id: 4,
      max_length: type.maxLength,
      precision: type.precision,
      scale: type.scale,
      collation_name: type.character ? collation : null,
      is_nullable: type.nullable,
      is_assembly_type: type.assembly,
    });
  }
  store.insert('sys.data_spaces', { db, name: 'PRIMARY', data_space_id: 1, type: 'FG', is_default: true });
  store.insert('sys.filegroups', { db, data_space_id: 1 });
  if (options.version >= 130) {
    const scoped: readonly (readonly [number, string, number, number])[] = [
      [1, 'MAXDOP', 0, 130],
      [2, 'LEGACY_CARDINALITY_ESTIMATION', 0, 130],
      [3, 'PARAMETER_SNIFFING', 1, 130],
      [4, 'QUERY_OPTIMIZER_HOTFIXES', 0, 130],
      [6, 'IDENTITY_CACHE', 1, 140],
    ];
    for (const [id, name, value, since] of scoped) {
      if (since > options.version) continue;
      store.insert('sys.database_scoped_configurations', {
        db,
        configuration_id: id,
        name,
        value,
        is_value_default: true,
      });
    }
    const on = options.version >= 160 && db > 4;
    store.insert('sys.database_query_store_options', {
      db,
      desired_state: on ? 2 : 0,
      actual_state: on ? 2 : 0,
      readonly_reason: 0,
      current_storage_size_mb: 0,
      flush_interval_seconds: 900,
      interval_length_minutes: 60,
      max_storage_size_mb: 1000,
      stale_query_threshold_days: 30,
      max_plans_per_query: 200,
      query_capture_mode: 2,
      size_based_cleanup_mode: 1,
      wait_stats_capture_mode: 1,
    });
  }
}

/** Fills a new server: its principals, settings, system objects. Databases and the administrator are made by the caller. */
export function seedServer(store: Store, options: ServerOptions): void {
  seedMiscellany(store, options);
  seedSystemObjects(store, options);
  seedPrincipals(store, options);
  seedConfigurations(store, options);
}

/** Files of the four system databases. */
export function systemFiles(options: ServerOptions): Readonly<Record<string, readonly [string, string]>> {
  const path = defaultDataPath(options);
  return {
    master: [`${path}master.mdf`, `${path}mastlog.ldf`],
    tempdb: [`${path}tempdb.mdf`, `${path}templog.ldf`],
    model: [`${path}model.mdf`, `${path}modellog.ldf`],
    msdb: [`${path}MSDBData.mdf`, `${path}MSDBLog.ldf`],
  };
}
