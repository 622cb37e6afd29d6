/** How each catalog view is computed from the stored tables, as SQLite views of the same name (`"sys.tables"`), each with a column `db`. */
import { baseTable, codesOf, computedViews, describes, extensionOf, ident, isServerView, literal } from './store.ts';
import { type ViewFacts, viewFacts } from './view-facts.ts';

interface Part {
  readonly from: string;
  readonly where?: string;
  /** Alias → base table; a column without expression is taken from the first that has it. */
  readonly sources?: Readonly<Record<string, string>>;
  /** Expression of the database's id; null for views of the server. */
  readonly db: string | null;
  readonly columns?: Readonly<Record<string, string>>;
}

const everyDatabase = '"b.sys.databases" d';

const objectPart = (extra: Partial<Part> = {}): Part => ({
  from: '"b.sys.objects" o',
  sources: { o: 'sys.objects' },
  db: 'o.db',
  ...extra,
});
const systemPart = (base: string, extra: Partial<Part> = {}): Part => ({
  from: `"b.${base}" s CROSS JOIN ${everyDatabase}`,
  sources: { s: base },
  db: 'd.database_id',
  ...extra,
});
const withSchema =
  'JOIN "b.sys.schemas" sc ON sc.db = o.db AND sc.schema_id = o.schema_id JOIN "b.sys.databases" d ON d.database_id = o.db';

const charLength = (c: string): string =>
  `CASE WHEN ${c}.system_type_id IN (167,175) THEN ${c}.max_length WHEN ${c}.system_type_id IN (231,239) THEN CASE ${c}.max_length WHEN -1 THEN -1 ELSE ${c}.max_length / 2 END
   WHEN ${c}.system_type_id IN (165,173) THEN ${c}.max_length WHEN ${c}.system_type_id = 35 OR ${c}.system_type_id = 34 THEN 2147483647 WHEN ${c}.system_type_id = 99 THEN 1073741823 WHEN ${c}.system_type_id = 241 THEN -1 END`;
const octetLength = (c: string): string =>
  `CASE WHEN ${c}.system_type_id IN (167,175,231,239,165,173) THEN ${c}.max_length WHEN ${c}.system_type_id IN (34,35) THEN 2147483647 WHEN ${c}.system_type_id = 99 THEN 2147483646 WHEN ${c}.system_type_id = 241 THEN -1 END`;
const numericPrecision = (c: string): string =>
  `CASE WHEN ${c}.system_type_id IN (48,52,56,59,60,62,106,108,122,127) THEN ${c}.precision END`;
const numericRadix = (c: string): string =>
  `CASE WHEN ${c}.system_type_id IN (48,52,56,60,106,108,122,127) THEN 10 WHEN ${c}.system_type_id IN (59,62) THEN 2 END`;
const numericScale = (c: string): string =>
  `CASE WHEN ${c}.system_type_id IN (48,52,56,60,106,108,122,127) THEN ${c}.scale END`;
const datetimePrecision = (c: string): string =>
  `CASE WHEN ${c}.system_type_id = 40 THEN 0 WHEN ${c}.system_type_id IN (41,42,43) THEN ${c}.scale WHEN ${c}.system_type_id = 58 THEN 0 WHEN ${c}.system_type_id = 61 THEN 3 END`;
const systemTypeName = (c: string): string =>
  `(SELECT t.name FROM "b.sys.types" t WHERE t.db = ${c}.db AND t.user_type_id = CASE WHEN ${c}.system_type_id = 240 THEN ${c}.user_type_id ELSE ${c}.system_type_id END)`;
const characterSet = (c: string): string =>
  `CASE WHEN ${c}.system_type_id IN (35,167,175) THEN 'iso_1' WHEN ${c}.system_type_id IN (99,231,239) THEN 'UNICODE' END`;

const fileColumns = {
  fileid: 'f.file_id',
  groupid: 'f.data_space_id',
  size: 'f.size',
  maxsize: 'f.max_size',
  growth: 'f.growth',
  status: 'CASE f.type WHEN 1 THEN 66 ELSE 2 END | CASE f.is_percent_growth WHEN 1 THEN 1048576 ELSE 0 END',
  perf: '0',
  name: 'f.name',
  filename: 'f.physical_name',
};

const viewBody = (o: string): string =>
  `(SELECT m.definition FROM "b.sys.sql_modules" m WHERE m.db = ${o}.db AND m.object_id = ${o}.object_id)`;
const pages = (rows: string): string => `CASE ${rows} WHEN 0 THEN 0 ELSE 1 + ${rows} / 100 END`;

/** Definitions of the views that are neither a stored table nor its simple extension. */
const definitions: Readonly<Record<string, Part | readonly Part[]>> = {
  'sys.all_objects': [objectPart(), systemPart('sys.system_objects')],
  'sys.all_columns': [
    { from: '"b.sys.columns" c', sources: { c: 'sys.columns' }, db: 'c.db' },
    systemPart('sys.system_columns'),
  ],
  'sys.all_views': [
    {
      from: '"b.sys.objects" o JOIN "b.sys.views" v ON v.db = o.db AND v.object_id = o.object_id',
      sources: { o: 'sys.objects', v: 'sys.views' },
      db: 'o.db',
    },
    systemPart('sys.system_objects', { where: "s.type = 'V '" }),
  ],
  'sys.system_views': {
    from: '"b.sys.system_objects" s',
    where: "s.type = 'V '",
    sources: { s: 'sys.system_objects' },
    db: null,
  },
  'sys.all_sql_modules': [
    { from: '"b.sys.sql_modules" m', sources: { m: 'sys.sql_modules' }, db: 'm.db' },
    systemPart('sys.system_sql_modules'),
  ],
  'sys.all_parameters': [
    { from: '"b.sys.parameters" p', sources: { p: 'sys.parameters' }, db: 'p.db' },
    systemPart('sys.system_parameters'),
  ],
  'sys.columns': { from: '"b.sys.columns" c', sources: { c: 'sys.columns' }, db: 'c.db' },
  'sys.database_files': { from: '"b.sys.master_files" f', sources: { f: 'sys.master_files' }, db: 'f.database_id' },
  'sys.sql_logins': {
    from: '"b.sys.server_principals" p',
    where: "p.type = 'S'",
    sources: { p: 'sys.server_principals' },
    db: null,
  },
  'sys.filegroups': {
    from: '"b.sys.data_spaces" o JOIN "b.sys.filegroups" x ON x.db = o.db AND x.data_space_id = o.data_space_id',
    sources: { o: 'sys.data_spaces', x: 'sys.filegroups' },
    db: 'o.db',
  },
  'sys.partition_schemes': {
    from: '"b.sys.data_spaces" o JOIN "b.sys.partition_schemes" x ON x.db = o.db AND x.data_space_id = o.data_space_id',
    sources: { o: 'sys.data_spaces', x: 'sys.partition_schemes' },
    db: 'o.db',
    columns: { type_desc: "'PARTITION_SCHEME'" },
  },
  'sys.column_type_usages': {
    from: '"b.sys.columns" c',
    where: 'c.user_type_id > 256',
    db: 'c.db',
    sources: { c: 'sys.columns' },
  },
  'sys.events': { from: '"b.sys.trigger_events" e', db: 'e.db', sources: { e: 'sys.trigger_events' } },
  'sys.allocation_units': {
    from: '"b.sys.partitions" p LEFT JOIN "b.sys.indexes" i ON i.db = p.db AND i.object_id = p.object_id AND i.index_id = p.index_id',
    db: 'p.db',
    columns: {
      allocation_unit_id: 'p.hobt_id + 1',
      type: '1',
      type_desc: "'IN_ROW_DATA'",
      container_id: 'p.hobt_id',
      data_space_id: 'i.data_space_id',
      total_pages: pages('p.rows'),
      used_pages: pages('p.rows'),
      data_pages: pages('p.rows'),
    },
  },
  'sys.dm_db_partition_stats': {
    from: '"b.sys.partitions" p',
    db: 'p.db',
    sources: { p: 'sys.partitions' },
    columns: {
      row_count: 'p.rows',
      in_row_data_page_count: pages('p.rows'),
      in_row_used_page_count: pages('p.rows'),
      in_row_reserved_page_count: pages('p.rows'),
      lob_used_page_count: '0',
      lob_reserved_page_count: '0',
      row_overflow_used_page_count: '0',
      row_overflow_reserved_page_count: '0',
      used_page_count: pages('p.rows'),
      reserved_page_count: pages('p.rows'),
    },
  },
  'sys.dm_db_file_space_usage': {
    from: '"b.sys.master_files" f',
    where: 'f.type = 0',
    db: 'f.database_id',
    columns: {
      database_id: 'f.database_id',
      file_id: 'f.file_id',
      filegroup_id: 'f.data_space_id',
      total_page_count: 'f.size',
      allocated_extent_page_count: 'f.size',
      unallocated_extent_page_count: '0',
    },
  },
  'sys.dm_db_persisted_sku_features': [
    {
      from: '"b.sys.partitions" p',
      where: 'p.data_compression IN (1, 2) GROUP BY p.db',
      db: 'p.db',
      columns: { feature_name: "'Compression'", feature_id: '100' },
    },
    {
      from: '"b.sys.partition_functions" p',
      where: '1 GROUP BY p.db',
      db: 'p.db',
      columns: { feature_name: "'Partitioning'", feature_id: '200' },
    },
  ],
  'sys.dm_os_volume_stats': {
    from: '"b.sys.master_files" f',
    db: null,
    sources: { f: 'sys.master_files' },
    columns: {
      volume_mount_point:
        "CASE WHEN substr(f.physical_name, 2, 1) = ':' THEN substr(f.physical_name, 1, 3) ELSE '/' END",
      total_bytes: '1099511627776',
      available_bytes: '549755813888',
      file_system_type: "CASE WHEN substr(f.physical_name, 2, 1) = ':' THEN 'NTFS' ELSE 'ext4' END",
      is_read_only: '0',
      is_compressed: '0',
      supports_compression: '1',
      supports_alternate_streams: '1',
      supports_sparse_files: '1',
    },
  },
  'sys.dm_exec_connections': {
    from: '"b.sys.dm_exec_sessions" s',
    db: null,
    sources: { s: 'sys.dm_exec_sessions' },
    columns: {
      connect_time: 's.login_time',
      net_transport: "'TCP'",
      protocol_type: "'TSQL'",
      encrypt_option: "'TRUE'",
      auth_scheme: "'SQL'",
      connection_id: "'00000000-0000-0000-0000-000000000000'",
      net_packet_size: '4096',
      client_net_address: "'127.0.0.1'",
    },
  },
  'sys.dm_exec_requests': {
    from: '"b.sys.dm_exec_sessions" s',
    where: "s.status = 'running'",
    db: null,
    sources: { s: 'sys.dm_exec_sessions' },
    columns: {
      request_id: '0',
      start_time: 's.last_request_start_time',
      command: "'SELECT'",
      last_wait_type: "''",
      wait_resource: "''",
      percent_complete: '0',
      user_id: '1',
    },
  },

  'sys.sysobjects': [
    objectPart({
      columns: {
        id: 'o.object_id',
        xtype: 'o.type',
        uid: 'o.schema_id',
        status: '0',
        base_schema_ver: '0',
        replinfo: '0',
        parent_obj: 'o.parent_object_id',
        info: '(SELECT count(*) FROM "b.sys.columns" c WHERE c.db = o.db AND c.object_id = o.object_id)',
        crdate: 'o.create_date',
        refdate: 'o.create_date',
        ftcatid: '0',
        schema_ver: '0',
        stats_schema_ver: '0',
        userstat: '0',
        indexdel: '0',
        version: '0',
        deltrig: '0',
        instrig: '0',
        updtrig: '0',
        seltrig: '0',
        category: '0',
        cache: '0',
        type: "CASE WHEN o.type IN ('PK', 'UQ') THEN 'K ' WHEN o.type IN ('IF', 'TF') THEN o.type ELSE o.type END",
        sysstat:
          "CASE o.type WHEN 'S ' THEN 1 WHEN 'V ' THEN 2 WHEN 'U ' THEN 3 WHEN 'P ' THEN 4 WHEN 'D ' THEN 6 WHEN 'R ' THEN 7 WHEN 'TR' THEN 8 WHEN 'F ' THEN 11 ELSE 0 END",
      },
    }),
    systemPart('sys.system_objects', {
      columns: {
        id: 's.object_id',
        xtype: 's.type',
        uid: 's.schema_id',
        parent_obj: '0',
        crdate: 's.create_date',
        refdate: 's.create_date',
        type: 's.type',
        sysstat: "CASE s.type WHEN 'V ' THEN 2 WHEN 'P ' THEN 4 ELSE 1 END",
        status: '0',
        info: '0',
        category: '2',
      },
    }),
  ],
  'sys.syscolumns': [
    {
      from: '"b.sys.columns" c LEFT JOIN "b.sys.identity_columns" i ON i.db = c.db AND i.object_id = c.object_id AND i.column_id = c.column_id',
      db: 'c.db',
      columns: {
        name: 'c.name',
        id: 'c.object_id',
        xtype: 'c.system_type_id',
        xusertype: 'c.user_type_id',
        length: 'c.max_length',
        xprec: 'c.precision',
        xscale: 'c.scale',
        colid: 'c.column_id',
        colorder: 'c.column_id',
        cdefault: 'c.default_object_id',
        domain: 'c.rule_object_id',
        number: '0',
        colstat:
          'CASE WHEN i.column_id IS NULL THEN 0 ELSE 1 END | CASE c.is_computed WHEN 1 THEN 4 ELSE 0 END | CASE c.is_rowguidcol WHEN 1 THEN 2 ELSE 0 END',
        status:
          'CASE WHEN c.is_nullable THEN 8 ELSE 0 END | CASE WHEN i.column_id IS NULL THEN 0 ELSE 128 END | CASE WHEN c.is_ansi_padded THEN 16 ELSE 0 END',
        type: 'c.system_type_id',
        usertype: 'c.user_type_id',
        prec: `coalesce(${charLength('c')}, c.precision)`,
        scale: numericScale('c'),
        iscomputed: 'c.is_computed',
        isoutparam: '0',
        isnullable: 'c.is_nullable',
        collation: 'c.collation_name',
        typestat: '0',
        xoffset: '0',
        bitpos: '0',
        reserved: '0',
        offset: '0',
        language: '0',
        collationid: '0',
      },
    },
    {
      from: '"b.sys.parameters" p',
      where: 'p.parameter_id > 0',
      db: 'p.db',
      columns: {
        name: 'p.name',
        id: 'p.object_id',
        xtype: 'p.system_type_id',
        xusertype: 'p.user_type_id',
        length: 'p.max_length',
        xprec: 'p.precision',
        xscale: 'p.scale',
        colid: 'p.parameter_id',
        colorder: 'p.parameter_id',
        number: '1',
        isoutparam: 'p.is_output',
        isnullable: '1',
        type: 'p.system_type_id',
        usertype: 'p.user_type_id',
        iscomputed: '0',
      },
    },
  ],
  'sys.syscomments': [
    {
      from: '"b.sys.sql_modules" m JOIN numbers n ON n.n <= (length(m.definition) + 3999) / 4000',
      db: 'm.db',
      columns: {
        id: 'm.object_id',
        number: '1',
        colid: 'n.n',
        status: '0',
        texttype: '2',
        language: '0',
        encrypted: '0',
        compressed: '0',
        text: 'substr(m.definition, (n.n - 1) * 4000 + 1, 4000)',
      },
    },
    {
      from: '"b.sys.check_constraints" m',
      db: 'm.db',
      columns: {
        id: 'm.object_id',
        number: '0',
        colid: '1',
        text: 'substr(m.definition, 1, 4000)',
        texttype: '2',
        encrypted: '0',
      },
    },
    {
      from: '"b.sys.default_constraints" m',
      db: 'm.db',
      columns: {
        id: 'm.object_id',
        number: '0',
        colid: '1',
        text: 'substr(m.definition, 1, 4000)',
        texttype: '2',
        encrypted: '0',
      },
    },
  ],
  'sys.sysindexes': {
    from: '"b.sys.indexes" i LEFT JOIN (SELECT db, object_id, index_id, sum(rows) AS rows FROM "b.sys.partitions" GROUP BY db, object_id, index_id) p ON p.db = i.db AND p.object_id = i.object_id AND p.index_id = i.index_id',
    db: 'i.db',
    columns: {
      id: 'i.object_id',
      indid: 'i.index_id',
      name: 'i.name',
      rowcnt: 'coalesce(p.rows, 0)',
      rows: 'coalesce(p.rows, 0)',
      OrigFillFactor: 'i.fill_factor',
      groupid: 'i.data_space_id',
      status:
        'CASE WHEN i.is_unique THEN 2 ELSE 0 END | CASE i.index_id WHEN 1 THEN 16 ELSE 0 END | CASE WHEN i.is_primary_key THEN 2048 ELSE 0 END | CASE WHEN i.is_unique_constraint THEN 4096 ELSE 0 END',
      keycnt:
        '(SELECT count(*) FROM "b.sys.index_columns" ic WHERE ic.db = i.db AND ic.object_id = i.object_id AND ic.index_id = i.index_id AND ic.key_ordinal > 0)',
      dpages: pages('coalesce(p.rows, 0)'),
      reserved: pages('coalesce(p.rows, 0)'),
      used: pages('coalesce(p.rows, 0)'),
      rowmodctr: '0',
      minlen: '0',
      xmaxlen: '0',
      lockflags: '0',
    },
  },
  'sys.sysdatabases': {
    from: '"b.sys.databases" d',
    db: null,
    columns: {
      name: 'd.name',
      dbid: 'd.database_id',
      sid: 'd.owner_sid',
      mode: '0',
      crdate: 'd.create_date',
      reserved: "'1900-01-01 00:00:00.000'",
      category: '0',
      cmptlevel: 'd.compatibility_level',
      status:
        '65536 | CASE d.recovery_model WHEN 3 THEN 8 ELSE 0 END | CASE WHEN d.is_read_only THEN 1024 ELSE 0 END | CASE WHEN d.is_auto_close_on THEN 1 ELSE 0 END | CASE WHEN d.is_auto_shrink_on THEN 4194304 ELSE 0 END',
      status2: '1627389952',
      filename:
        '(SELECT f.physical_name FROM "b.sys.master_files" f WHERE f.database_id = d.database_id AND f.file_id = 1)',
      version: '0',
    },
  },
  'sys.sysusers': {
    from: '"b.sys.database_principals" p',
    db: 'p.db',
    columns: {
      uid: 'p.principal_id',
      status: '0',
      name: 'p.name',
      sid: 'p.sid',
      createdate: 'p.create_date',
      updatedate: 'p.modify_date',
      altuid: 'p.owning_principal_id',
      gid: "CASE p.type WHEN 'R' THEN p.principal_id ELSE 0 END",
      hasdbaccess: "CASE WHEN p.type IN ('S', 'U', 'G') AND p.principal_id NOT IN (2, 3, 4) THEN 1 ELSE 0 END",
      islogin: "CASE WHEN p.type IN ('S', 'U', 'G') THEN 1 ELSE 0 END",
      isntname: "CASE WHEN p.type IN ('U', 'G') THEN 1 ELSE 0 END",
      isntgroup: "CASE p.type WHEN 'G' THEN 1 ELSE 0 END",
      isntuser: "CASE p.type WHEN 'U' THEN 1 ELSE 0 END",
      issqluser: "CASE p.type WHEN 'S' THEN 1 ELSE 0 END",
      isaliased: '0',
      issqlrole: "CASE p.type WHEN 'R' THEN 1 ELSE 0 END",
      isapprole: "CASE p.type WHEN 'A' THEN 1 ELSE 0 END",
    },
  },
  'sys.systypes': {
    from: '"b.sys.types" t',
    db: 't.db',
    columns: {
      name: 't.name',
      xtype: 't.system_type_id',
      status: 'CASE WHEN t.is_nullable THEN 0 ELSE 1 END',
      xusertype: 't.user_type_id',
      length: 't.max_length',
      xprec: 't.precision',
      xscale: 't.scale',
      tdefault: 't.default_object_id',
      domain: 't.rule_object_id',
      uid: 't.schema_id',
      reserved: '0',
      usertype: 't.user_type_id',
      variable: 'CASE WHEN t.system_type_id IN (165, 167, 231) THEN 1 ELSE 0 END',
      allownulls: 't.is_nullable',
      type: 't.system_type_id',
      prec: `coalesce(${charLength('t')}, t.precision)`,
      scale: numericScale('t'),
      collation: 't.collation_name',
    },
  },
  'sys.sysforeignkeys': {
    from: '"b.sys.foreign_key_columns" c',
    db: 'c.db',
    columns: {
      constid: 'c.constraint_object_id',
      fkeyid: 'c.parent_object_id',
      rkeyid: 'c.referenced_object_id',
      fkey: 'c.parent_column_id',
      rkey: 'c.referenced_column_id',
      keyno: 'c.constraint_column_id',
    },
  },
  'sys.sysreferences': {
    from: '"b.sys.foreign_keys" f JOIN "b.sys.objects" o ON o.db = f.db AND o.object_id = f.object_id',
    db: 'f.db',
    columns: {
      constid: 'f.object_id',
      fkeyid: 'o.parent_object_id',
      rkeyid: 'f.referenced_object_id',
      rkeyindid: 'f.key_index_id',
      keycnt:
        '(SELECT count(*) FROM "b.sys.foreign_key_columns" c WHERE c.db = f.db AND c.constraint_object_id = f.object_id)',
      fkeydbid: '0',
      rkeydbid: '0',
      ...Object.fromEntries(
        Array.from({ length: 16 }, (_, i) => i + 1).flatMap(n => [
          [
            `fkey${n}`,
            `coalesce((SELECT c.parent_column_id FROM "b.sys.foreign_key_columns" c WHERE c.db = f.db AND c.constraint_object_id = f.object_id AND c.constraint_column_id = ${n}), 0)`,
          ],
          [
            `rkey${n}`,
            `coalesce((SELECT c.referenced_column_id FROM "b.sys.foreign_key_columns" c WHERE c.db = f.db AND c.constraint_object_id = f.object_id AND c.constraint_column_id = ${n}), 0)`,
          ],
        ]),
      ),
    },
  },
  'sys.sysconstraints': {
    from: '"b.sys.objects" o',
    where: "o.type IN ('PK', 'UQ', 'F ', 'C ', 'D ')",
    db: 'o.db',
    columns: {
      constid: 'o.object_id',
      id: 'o.parent_object_id',
      colid:
        'coalesce((SELECT parent_column_id FROM "b.sys.default_constraints" x WHERE x.db = o.db AND x.object_id = o.object_id), (SELECT parent_column_id FROM "b.sys.check_constraints" x WHERE x.db = o.db AND x.object_id = o.object_id), 0)',
      status: "CASE o.type WHEN 'PK' THEN 1 WHEN 'UQ' THEN 2 WHEN 'F ' THEN 3 WHEN 'C ' THEN 4 ELSE 5 END",
      actions: '0',
      error: '0',
      spare1: '0',
    },
  },
  'sys.sysfiles': { from: '"b.sys.master_files" f', db: 'f.database_id', columns: fileColumns },
  'sys.sysaltfiles': { from: '"b.sys.master_files" f', db: null, columns: { ...fileColumns, dbid: 'f.database_id' } },

  'INFORMATION_SCHEMA.SCHEMATA': {
    from: '"b.sys.schemas" s JOIN "b.sys.databases" d ON d.database_id = s.db LEFT JOIN "b.sys.database_principals" p ON p.db = s.db AND p.principal_id = s.principal_id',
    db: 's.db',
    columns: {
      CATALOG_NAME: 'd.name',
      SCHEMA_NAME: 's.name',
      SCHEMA_OWNER: 'p.name',
      DEFAULT_CHARACTER_SET_NAME: "'iso_1'",
    },
  },
  'INFORMATION_SCHEMA.TABLES': {
    from: `"b.sys.objects" o ${withSchema}`,
    where: "o.type IN ('U ', 'V ')",
    db: 'o.db',
    columns: {
      TABLE_CATALOG: 'd.name',
      TABLE_SCHEMA: 'sc.name',
      TABLE_NAME: 'o.name',
      TABLE_TYPE: "CASE o.type WHEN 'U ' THEN 'BASE TABLE' ELSE 'VIEW' END",
    },
  },
  'INFORMATION_SCHEMA.VIEWS': {
    from: `"b.sys.objects" o ${withSchema}`,
    where: "o.type = 'V '",
    db: 'o.db',
    columns: {
      TABLE_CATALOG: 'd.name',
      TABLE_SCHEMA: 'sc.name',
      TABLE_NAME: 'o.name',
      IS_UPDATABLE: "'NO'",
      VIEW_DEFINITION: `CASE WHEN length(${viewBody('o')}) <= 4000 THEN ${viewBody('o')} END`,
      CHECK_OPTION:
        "(SELECT CASE WHEN v.with_check_option THEN 'CASCADE' ELSE 'NONE' END FROM \"b.sys.views\" v WHERE v.db = o.db AND v.object_id = o.object_id)",
    },
  },
  'INFORMATION_SCHEMA.COLUMNS': {
    from: `"b.sys.columns" c JOIN "b.sys.objects" o ON o.db = c.db AND o.object_id = c.object_id ${withSchema} LEFT JOIN "b.sys.types" t ON t.db = c.db AND t.user_type_id = c.user_type_id`,
    where: "o.type IN ('U ', 'V ')",
    db: 'c.db',
    columns: {
      TABLE_CATALOG: 'd.name',
      TABLE_SCHEMA: 'sc.name',
      TABLE_NAME: 'o.name',
      COLUMN_NAME: 'c.name',
      ORDINAL_POSITION: 'c.column_id',
      COLUMN_DEFAULT:
        '(SELECT dc.definition FROM "b.sys.default_constraints" dc WHERE dc.db = c.db AND dc.object_id = c.default_object_id)',
      IS_NULLABLE: "CASE WHEN c.is_nullable THEN 'YES' ELSE 'NO' END",
      DATA_TYPE: systemTypeName('c'),
      CHARACTER_MAXIMUM_LENGTH: charLength('c'),
      CHARACTER_OCTET_LENGTH: octetLength('c'),
      NUMERIC_PRECISION: numericPrecision('c'),
      NUMERIC_PRECISION_RADIX: numericRadix('c'),
      NUMERIC_SCALE: numericScale('c'),
      DATETIME_PRECISION: datetimePrecision('c'),
      CHARACTER_SET_NAME: characterSet('c'),
      COLLATION_NAME: 'c.collation_name',
      DOMAIN_CATALOG: 'CASE WHEN t.is_user_defined THEN d.name END',
      DOMAIN_SCHEMA:
        'CASE WHEN t.is_user_defined THEN (SELECT x.name FROM "b.sys.schemas" x WHERE x.db = t.db AND x.schema_id = t.schema_id) END',
      DOMAIN_NAME: 'CASE WHEN t.is_user_defined THEN t.name END',
    },
  },
  'INFORMATION_SCHEMA.TABLE_CONSTRAINTS': {
    from: `"b.sys.objects" o ${withSchema} JOIN "b.sys.objects" p ON p.db = o.db AND p.object_id = o.parent_object_id JOIN "b.sys.schemas" ps ON ps.db = p.db AND ps.schema_id = p.schema_id`,
    where: "o.type IN ('PK', 'UQ', 'F ', 'C ')",
    db: 'o.db',
    columns: {
      CONSTRAINT_CATALOG: 'd.name',
      CONSTRAINT_SCHEMA: 'sc.name',
      CONSTRAINT_NAME: 'o.name',
      TABLE_CATALOG: 'd.name',
      TABLE_SCHEMA: 'ps.name',
      TABLE_NAME: 'p.name',
      CONSTRAINT_TYPE:
        "CASE o.type WHEN 'PK' THEN 'PRIMARY KEY' WHEN 'UQ' THEN 'UNIQUE' WHEN 'F ' THEN 'FOREIGN KEY' ELSE 'CHECK' END",
      IS_DEFERRABLE: "'NO'",
      INITIALLY_DEFERRED: "'NO'",
    },
  },
  'INFORMATION_SCHEMA.CHECK_CONSTRAINTS': {
    from: `"b.sys.objects" o ${withSchema} JOIN "b.sys.check_constraints" c ON c.db = o.db AND c.object_id = o.object_id`,
    db: 'o.db',
    columns: {
      CONSTRAINT_CATALOG: 'd.name',
      CONSTRAINT_SCHEMA: 'sc.name',
      CONSTRAINT_NAME: 'o.name',
      CHECK_CLAUSE: 'substr(c.definition, 1, 4000)',
    },
  },
  'INFORMATION_SCHEMA.REFERENTIAL_CONSTRAINTS': {
    from: `"b.sys.objects" o ${withSchema} JOIN "b.sys.foreign_keys" f ON f.db = o.db AND f.object_id = o.object_id LEFT JOIN "b.sys.indexes" i ON i.db = f.db AND i.object_id = f.referenced_object_id AND i.index_id = f.key_index_id LEFT JOIN "b.sys.objects" r ON r.db = f.db AND r.object_id = f.referenced_object_id LEFT JOIN "b.sys.schemas" rs ON rs.db = r.db AND rs.schema_id = r.schema_id`,
    db: 'o.db',
    columns: {
      CONSTRAINT_CATALOG: 'd.name',
      CONSTRAINT_SCHEMA: 'sc.name',
      CONSTRAINT_NAME: 'o.name',
      UNIQUE_CONSTRAINT_CATALOG: 'd.name',
      UNIQUE_CONSTRAINT_SCHEMA: 'rs.name',
      UNIQUE_CONSTRAINT_NAME: 'i.name',
      MATCH_OPTION: "'SIMPLE'",
      UPDATE_RULE:
        "CASE f.update_referential_action WHEN 0 THEN 'NO ACTION' WHEN 1 THEN 'CASCADE' WHEN 2 THEN 'SET NULL' ELSE 'SET DEFAULT' END",
      DELETE_RULE:
        "CASE f.delete_referential_action WHEN 0 THEN 'NO ACTION' WHEN 1 THEN 'CASCADE' WHEN 2 THEN 'SET NULL' ELSE 'SET DEFAULT' END",
    },
  },
  'INFORMATION_SCHEMA.KEY_COLUMN_USAGE': [
    {
      from: `"b.sys.objects" o ${withSchema} JOIN "b.sys.key_constraints" k ON k.db = o.db AND k.object_id = o.object_id JOIN "b.sys.objects" p ON p.db = o.db AND p.object_id = o.parent_object_id JOIN "b.sys.schemas" ps ON ps.db = p.db AND ps.schema_id = p.schema_id
        JOIN "b.sys.index_columns" ic ON ic.db = o.db AND ic.object_id = p.object_id AND ic.index_id = k.unique_index_id JOIN "b.sys.columns" c ON c.db = o.db AND c.object_id = p.object_id AND c.column_id = ic.column_id`,
      where: 'ic.key_ordinal > 0',
      db: 'o.db',
      columns: {
        CONSTRAINT_CATALOG: 'd.name',
        CONSTRAINT_SCHEMA: 'sc.name',
        CONSTRAINT_NAME: 'o.name',
        TABLE_CATALOG: 'd.name',
        TABLE_SCHEMA: 'ps.name',
        TABLE_NAME: 'p.name',
        COLUMN_NAME: 'c.name',
        ORDINAL_POSITION: 'ic.key_ordinal',
      },
    },
    {
      from: `"b.sys.objects" o ${withSchema} JOIN "b.sys.foreign_key_columns" k ON k.db = o.db AND k.constraint_object_id = o.object_id JOIN "b.sys.objects" p ON p.db = o.db AND p.object_id = o.parent_object_id JOIN "b.sys.schemas" ps ON ps.db = p.db AND ps.schema_id = p.schema_id
        JOIN "b.sys.columns" c ON c.db = o.db AND c.object_id = p.object_id AND c.column_id = k.parent_column_id`,
      db: 'o.db',
      columns: {
        CONSTRAINT_CATALOG: 'd.name',
        CONSTRAINT_SCHEMA: 'sc.name',
        CONSTRAINT_NAME: 'o.name',
        TABLE_CATALOG: 'd.name',
        TABLE_SCHEMA: 'ps.name',
        TABLE_NAME: 'p.name',
        COLUMN_NAME: 'c.name',
        ORDINAL_POSITION: 'k.constraint_column_id',
      },
    },
  ],
  'INFORMATION_SCHEMA.CONSTRAINT_COLUMN_USAGE': [
    {
      from: `"b.sys.objects" o ${withSchema} JOIN "b.sys.key_constraints" k ON k.db = o.db AND k.object_id = o.object_id JOIN "b.sys.objects" p ON p.db = o.db AND p.object_id = o.parent_object_id JOIN "b.sys.schemas" ps ON ps.db = p.db AND ps.schema_id = p.schema_id
        JOIN "b.sys.index_columns" ic ON ic.db = o.db AND ic.object_id = p.object_id AND ic.index_id = k.unique_index_id JOIN "b.sys.columns" c ON c.db = o.db AND c.object_id = p.object_id AND c.column_id = ic.column_id`,
      where: 'ic.key_ordinal > 0',
      db: 'o.db',
      columns: {
        CONSTRAINT_CATALOG: 'd.name',
        CONSTRAINT_SCHEMA: 'sc.name',
        CONSTRAINT_NAME: 'o.name',
        TABLE_CATALOG: 'd.name',
        TABLE_SCHEMA: 'ps.name',
        TABLE_NAME: 'p.name',
        COLUMN_NAME: 'c.name',
      },
    },
    {
      from: `"b.sys.objects" o ${withSchema} JOIN "b.sys.foreign_key_columns" k ON k.db = o.db AND k.constraint_object_id = o.object_id JOIN "b.sys.objects" p ON p.db = o.db AND p.object_id = o.parent_object_id JOIN "b.sys.schemas" ps ON ps.db = p.db AND ps.schema_id = p.schema_id
        JOIN "b.sys.columns" c ON c.db = o.db AND c.object_id = p.object_id AND c.column_id = k.parent_column_id`,
      db: 'o.db',
      columns: {
        CONSTRAINT_CATALOG: 'd.name',
        CONSTRAINT_SCHEMA: 'sc.name',
        CONSTRAINT_NAME: 'o.name',
        TABLE_CATALOG: 'd.name',
        TABLE_SCHEMA: 'ps.name',
        TABLE_NAME: 'p.name',
        COLUMN_NAME: 'c.name',
      },
    },
  ],
  'INFORMATION_SCHEMA.ROUTINES': {
    from: `"b.sys.objects" o ${withSchema} LEFT JOIN "b.sys.parameters" p ON p.db = o.db AND p.object_id = o.object_id AND p.parameter_id = 0`,
    where: "o.type IN ('P ', 'FN', 'IF', 'TF', 'PC', 'FS', 'FT')",
    db: 'o.db',
    columns: {
      SPECIFIC_CATALOG: 'd.name',
      SPECIFIC_SCHEMA: 'sc.name',
      SPECIFIC_NAME: 'o.name',
      ROUTINE_CATALOG: 'd.name',
      ROUTINE_SCHEMA: 'sc.name',
      ROUTINE_NAME: 'o.name',
      ROUTINE_TYPE: "CASE WHEN o.type IN ('P ', 'PC') THEN 'PROCEDURE' ELSE 'FUNCTION' END",
      DATA_TYPE: `CASE WHEN o.type IN ('IF', 'TF', 'FT') THEN 'TABLE' ELSE ${systemTypeName('p')} END`,
      CHARACTER_MAXIMUM_LENGTH: charLength('p'),
      CHARACTER_OCTET_LENGTH: octetLength('p'),
      NUMERIC_PRECISION: numericPrecision('p'),
      NUMERIC_PRECISION_RADIX: numericRadix('p'),
      NUMERIC_SCALE: numericScale('p'),
      DATETIME_PRECISION: datetimePrecision('p'),
      ROUTINE_BODY: "'SQL'",
      ROUTINE_DEFINITION: `substr(${viewBody('o')}, 1, 4000)`,
      IS_DETERMINISTIC: "'NO'",
      SQL_DATA_ACCESS: "CASE o.type WHEN 'P ' THEN 'MODIFIES' ELSE 'READS' END",
      IS_NULL_CALL: "CASE o.type WHEN 'P ' THEN NULL ELSE 'YES' END",
      SCHEMA_LEVEL_ROUTINE: "'YES'",
      MAX_DYNAMIC_RESULT_SETS: "CASE o.type WHEN 'P ' THEN -1 ELSE 0 END",
      IS_USER_DEFINED_CAST: "'NO'",
      IS_IMPLICITLY_INVOCABLE: "'NO'",
      CREATED: 'o.create_date',
      LAST_ALTERED: 'o.modify_date',
    },
  },
  'INFORMATION_SCHEMA.PARAMETERS': {
    from: `"b.sys.parameters" p JOIN "b.sys.objects" o ON o.db = p.db AND o.object_id = p.object_id ${withSchema}`,
    db: 'o.db',
    columns: {
      SPECIFIC_CATALOG: 'd.name',
      SPECIFIC_SCHEMA: 'sc.name',
      SPECIFIC_NAME: 'o.name',
      ORDINAL_POSITION: 'p.parameter_id',
      PARAMETER_MODE: "CASE WHEN p.parameter_id = 0 THEN 'OUT' WHEN p.is_output THEN 'INOUT' ELSE 'IN' END",
      IS_RESULT: "CASE p.parameter_id WHEN 0 THEN 'YES' ELSE 'NO' END",
      AS_LOCATOR: "'NO'",
      PARAMETER_NAME: 'p.name',
      DATA_TYPE: systemTypeName('p'),
      CHARACTER_MAXIMUM_LENGTH: charLength('p'),
      CHARACTER_OCTET_LENGTH: octetLength('p'),
      NUMERIC_PRECISION: numericPrecision('p'),
      NUMERIC_PRECISION_RADIX: numericRadix('p'),
      NUMERIC_SCALE: numericScale('p'),
      DATETIME_PRECISION: datetimePrecision('p'),
      CHARACTER_SET_NAME: characterSet('p'),
    },
  },
};

function partsOf(view: ViewFacts): readonly Part[] {
  const name = `${view.schema}.${view.name}`;
  const definition = definitions[name];
  if (definition) return 'from' in definition ? [definition] : definition;
  const extension = extensionOf(name);
  if (extension) {
    const keys = ['db', ...extension.key].map(k => `x.${k} = o.${k}`).join(' AND ');
    return [
      {
        from: `${ident(`b.${extension.of}`)} o JOIN ${ident(`b.${name}`)} x ON ${keys}`,
        sources: { x: name, o: extension.of },
        db: 'o.db',
      },
    ];
  }
  if (computedViews.has(name)) throw new Error(`no definition of ${name}`);
  return [{ from: `${ident(`b.${name}`)} b`, sources: { b: name }, db: isServerView(name) ? null : 'b.db' }];
}

function columnExpression(view: ViewFacts, part: Part, column: string): string {
  const own = part.columns?.[column];
  if (own !== undefined) return own;
  for (const [alias, base] of Object.entries(part.sources ?? {})) {
    if (baseTable(base)?.columns.has(column)) return `${alias}.${ident(column)}`;
  }
  const code = describes(view, column);
  if (code) {
    const expression = columnExpression(view, part, code);
    const facts = view.columns.find(c => c.name === code);
    const character = facts?.type.name === 'char';
    const cases = [...(codesOf(view, code) ?? [])].map(
      ([value, description]) => `WHEN ${character ? literal(value) : value} THEN ${literal(description)}`,
    );
    return `CASE ${character ? `rtrim(${expression})` : expression} ${cases.join(' ')} END`;
  }
  const facts = view.columns.find(c => c.name === column);
  if (!facts || facts.type.name === 'bit') return '0';
  if (facts.nullable) return 'NULL';
  return facts.type.name.includes('int') ? '0' : "''";
}

/** CREATE VIEW statements of every catalog view. */
export function viewStatements(): readonly string[] {
  return viewFacts.map(view => {
    const name = `${view.schema}.${view.name}`;
    const selects = partsOf(view).map(part => {
      const columns = view.columns.map(c => `${columnExpression(view, part, c.name)} AS ${ident(c.name)}`);
      const where = part.where;
      return `SELECT ${part.db ?? '0'} AS db, ${columns.join(', ')} FROM ${part.from}${where ? ` WHERE ${where}` : ''}`;
    });
    return `CREATE TEMP VIEW ${ident(name)} AS ${selects.join(' UNION ALL ')}`;
  });
}

/** Whether rows of the view are limited to a database by its column `db`. */
export function isPerDatabase(view: ViewFacts): boolean {
  return partsOf(view).some(p => p.db !== null);
}
