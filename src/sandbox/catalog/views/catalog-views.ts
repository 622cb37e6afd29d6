import { objectPart, systemPart, type ViewDefinitions } from './view-part.ts';

/** Catalog views that are neither a stored table nor its simple extension. */
export const catalogViews: ViewDefinitions = {
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
};
