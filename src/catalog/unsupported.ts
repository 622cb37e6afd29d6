import type { VersionNumber } from '../compat/version.ts';
import type { Session } from '../connection/session.ts';
import { quoteName } from '../tsql/quote.ts';
import { type Catalog, type CatalogRow, flag, int, queryRecords, text } from './catalog.ts';
import type { Names } from './names.ts';

/** A view whose every row (that `where` lets through) is something that the model has no kind for. */
export interface UnsupportedView {
  readonly kind: string;
  readonly view: string;
  readonly since: VersionNumber;
  /** Last version that it is asked of. */
  readonly until?: VersionNumber;
  /** What it is called: an expression of its name, or the columns with the ids of its object and of that object's column. */
  readonly called: string | { readonly object: string; readonly column?: string };
  readonly where?: string;
  readonly severity?: 'dropped';
}

/** Ids below 65536 are the server's own in the views of Service Broker. */
const broker = 65536;
const ofObject = { object: 'object_id' } as const;
const masterKey = "N'##MS_DatabaseMasterKey##'";

export const unsupportedViews: readonly UnsupportedView[] = [
  { kind: 'CLR assembly', view: 'sys.assemblies', since: 100, called: 'name', where: 'is_user_defined = 1' },
  { kind: 'CLR type', view: 'sys.assembly_types', since: 100, called: 'name', where: 'is_user_defined = 1' },
  { kind: 'full-text catalog', view: 'sys.fulltext_catalogs', since: 100, called: 'name' },
  { kind: 'full-text index', view: 'sys.fulltext_indexes', since: 100, called: ofObject },
  { kind: 'full-text stoplist', view: 'sys.fulltext_stoplists', since: 100, called: 'name' },
  { kind: 'search property list', view: 'sys.registered_search_property_lists', since: 110, called: 'name' },
  { kind: 'certificate', view: 'sys.certificates', since: 100, called: 'name' },
  { kind: 'asymmetric key', view: 'sys.asymmetric_keys', since: 100, called: 'name' },
  { kind: 'symmetric key', view: 'sys.symmetric_keys', since: 100, called: 'name', where: `name <> ${masterKey}` },
  {
    kind: 'database master key',
    view: 'sys.symmetric_keys',
    since: 100,
    called: 'name',
    where: `name = ${masterKey}`,
  },
  {
    kind: 'module signature',
    view: 'sys.crypt_properties',
    since: 100,
    called: { object: 'major_id' },
    where: 'class = 1',
  },
  {
    kind: 'Service Broker message type',
    view: 'sys.service_message_types',
    since: 100,
    called: 'name',
    where: `message_type_id >= ${broker}`,
  },
  {
    kind: 'Service Broker contract',
    view: 'sys.service_contracts',
    since: 100,
    called: 'name',
    where: `service_contract_id >= ${broker}`,
  },
  {
    kind: 'Service Broker service',
    view: 'sys.services',
    since: 100,
    called: 'name',
    where: `service_id >= ${broker}`,
  },
  {
    kind: 'Service Broker route',
    view: 'sys.routes',
    since: 100,
    called: 'name',
    where: "name <> N'AutoCreatedLocal'",
  },
  { kind: 'Service Broker priority', view: 'sys.conversation_priorities', since: 100, called: 'name' },
  { kind: 'remote service binding', view: 'sys.remote_service_bindings', since: 100, called: 'name' },
  { kind: 'event notification', view: 'sys.event_notifications', since: 100, called: 'name' },
  { kind: 'plan guide', view: 'sys.plan_guides', since: 100, called: 'name', severity: 'dropped' },
  {
    kind: 'change tracking of the database',
    view: 'sys.change_tracking_databases',
    since: 100,
    called: 'DB_NAME(database_id)',
    where: 'database_id = DB_ID()',
  },
  { kind: 'change tracking', view: 'sys.change_tracking_tables', since: 100, called: ofObject },
  { kind: 'database audit specification', view: 'sys.database_audit_specifications', since: 100, called: 'name' },
  { kind: 'security policy', view: 'sys.security_policies', since: 130, called: ofObject },
  { kind: 'column master key', view: 'sys.column_master_keys', since: 130, called: 'name' },
  { kind: 'column encryption key', view: 'sys.column_encryption_keys', since: 130, called: 'name' },
  { kind: 'external data source', view: 'sys.external_data_sources', since: 130, called: 'name' },
  { kind: 'external file format', view: 'sys.external_file_formats', since: 130, called: 'name' },
  { kind: 'external table', view: 'sys.external_tables', since: 130, called: ofObject },
  { kind: 'database scoped credential', view: 'sys.database_scoped_credentials', since: 130, called: 'name' },
  {
    kind: 'database scoped configuration',
    view: 'sys.database_scoped_configurations',
    since: 130,
    until: 130,
    called: 'name',
    // 2016 does not tell which values are its own: every option but this one begins as 0.
    where: "CONVERT(int, value) <> CASE name WHEN N'PARAMETER_SNIFFING' THEN 1 ELSE 0 END",
    severity: 'dropped',
  },
  {
    kind: 'database scoped configuration',
    view: 'sys.database_scoped_configurations',
    since: 140,
    called: 'name',
    where: 'is_value_default = 0',
    severity: 'dropped',
  },
  { kind: 'external library', view: 'sys.external_libraries', since: 140, called: 'name' },
  {
    kind: 'external language',
    view: 'sys.external_languages',
    since: 150,
    called: 'language',
    where: "language NOT IN (N'R', N'Python')",
  },
  { kind: 'edge constraint', view: 'sys.edge_constraints', since: 150, called: ofObject },
  {
    kind: 'sensitivity classification',
    view: 'sys.sensitivity_classifications',
    since: 150,
    called: { object: 'major_id', column: 'minor_id' },
  },
  { kind: 'external model', view: 'sys.external_models', since: 170, called: 'name' },
];

/** Types of sys.objects that have a kind of their own in the model, or belong to one that has. */
const knownTypes = new Set([
  'U',
  'V',
  'P',
  'FN',
  'IF',
  'TF',
  'TR',
  'PK',
  'UQ',
  'F',
  'C',
  'D',
  'R',
  'SN',
  'SO',
  'TT',
  'IT',
  'S',
]);
const typeNames: Record<string, string> = {
  PC: 'CLR procedure',
  FS: 'CLR function',
  FT: 'CLR table-valued function',
  AF: 'CLR aggregate',
  TA: 'CLR trigger',
  X: 'extended procedure',
  SQ: 'Service Broker queue',
  RF: 'replication filter procedure',
  PG: 'plan guide',
  ET: 'external table',
  SP: 'security policy',
  EC: 'edge constraint',
};

/** Lists by name what the model cannot hold. One query for each view, whatever the number of objects. */
export async function findUnsupported(session: Session, catalog: Catalog, names: Names): Promise<void> {
  for (const row of catalog.rows('objects')) {
    const type = text(row, 'type').trim();
    if (knownTypes.has(type)) continue;
    // Listed by their own views above.
    if (['SP', 'EC', 'PG'].includes(type)) continue;
    catalog.unsupported(
      typeNames[type] ?? `object of type ${text(row, 'type_desc')}`,
      names.quoted(int(row, 'object_id')),
    );
  }
  for (const row of catalog.rows('stats')) {
    if (!flag(row, 'user_created') || !names.object(int(row, 'object_id'))) continue;
    catalog.unsupported(
      'statistics',
      `${names.quoted(int(row, 'object_id'))}.${quoteName(text(row, 'name'))}`,
      'dropped',
    );
  }
  const available = unsupportedViews.filter(
    v => v.since <= catalog.version && catalog.version <= (v.until ?? newest) && catalog.has(v.view),
  );
  for (const view of available) {
    for (const row of await queryRecords(session, unsupportedQuery(view)))
      catalog.unsupported(view.kind, calledIn(row, view, names), view.severity);
  }
}

const newest = 170;

/** `[dbo].[T].[c]`, or the quoted name. */
function calledIn(row: CatalogRow, view: UnsupportedView, names: Names): string {
  if (typeof view.called === 'string') return quoteName(text(row, 'name'));
  const id = int(row, 'object_id');
  const object = names.quoted(id);
  const column = view.called.column === undefined ? undefined : names.columnName(id, int(row, 'column_id'));
  return column === undefined ? object : `${object}.${quoteName(column)}`;
}

/** The query of one of the views above. */
export function unsupportedQuery({ called, view, where }: UnsupportedView): string {
  const columns =
    typeof called === 'string'
      ? [`CONVERT(nvarchar(256), ${called}) AS name`]
      : [`${called.object} AS object_id`, ...(called.column === undefined ? [] : [`${called.column} AS column_id`])];
  return `SELECT ${columns.join(', ')} FROM ${view}${where === undefined ? '' : ` WHERE ${where}`}`;
}
