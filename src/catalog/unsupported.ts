import type { VersionNumber } from '../compat/version.ts';
import type { Session } from '../connection/session.ts';
import { quoteName } from '../tsql/quote.ts';
import { type Catalog, flag, int, queryRecords, text } from './catalog.ts';
import type { Names } from './names.ts';

/** A view whose every row is an object that the model has no kind for. */
interface UnsupportedView {
  readonly kind: string;
  readonly view: string;
  readonly since: VersionNumber;
  /** Expression of the object's name. */
  readonly name: string;
  readonly where?: string;
  readonly severity?: 'dropped';
}

/** Ids below 65536 are the server's own in the views of Service Broker. */
const broker = 65536;

export const unsupportedViews: readonly UnsupportedView[] = [
  { kind: 'CLR assembly', view: 'sys.assemblies', since: 100, name: 'name', where: 'is_user_defined = 1' },
  { kind: 'CLR type', view: 'sys.assembly_types', since: 100, name: 'name', where: 'is_user_defined = 1' },
  { kind: 'full-text catalog', view: 'sys.fulltext_catalogs', since: 100, name: 'name' },
  { kind: 'full-text index', view: 'sys.fulltext_indexes', since: 100, name: 'OBJECT_NAME(object_id)' },
  { kind: 'full-text stoplist', view: 'sys.fulltext_stoplists', since: 100, name: 'name' },
  { kind: 'search property list', view: 'sys.registered_search_property_lists', since: 110, name: 'name' },
  { kind: 'certificate', view: 'sys.certificates', since: 100, name: 'name' },
  { kind: 'asymmetric key', view: 'sys.asymmetric_keys', since: 100, name: 'name' },
  { kind: 'symmetric key', view: 'sys.symmetric_keys', since: 100, name: 'name' },
  {
    kind: 'Service Broker message type',
    view: 'sys.service_message_types',
    since: 100,
    name: 'name',
    where: `message_type_id >= ${broker}`,
  },
  {
    kind: 'Service Broker contract',
    view: 'sys.service_contracts',
    since: 100,
    name: 'name',
    where: `service_contract_id >= ${broker}`,
  },
  { kind: 'Service Broker service', view: 'sys.services', since: 100, name: 'name', where: `service_id >= ${broker}` },
  { kind: 'Service Broker route', view: 'sys.routes', since: 100, name: 'name', where: "name <> 'AutoCreatedLocal'" },
  { kind: 'remote service binding', view: 'sys.remote_service_bindings', since: 100, name: 'name' },
  { kind: 'event notification', view: 'sys.event_notifications', since: 100, name: 'name' },
  { kind: 'plan guide', view: 'sys.plan_guides', since: 100, name: 'name', severity: 'dropped' },
  { kind: 'change tracking', view: 'sys.change_tracking_tables', since: 100, name: 'OBJECT_NAME(object_id)' },
  { kind: 'database audit specification', view: 'sys.database_audit_specifications', since: 100, name: 'name' },
  { kind: 'security policy', view: 'sys.security_policies', since: 130, name: 'name' },
  { kind: 'column master key', view: 'sys.column_master_keys', since: 130, name: 'name' },
  { kind: 'column encryption key', view: 'sys.column_encryption_keys', since: 130, name: 'name' },
  { kind: 'external data source', view: 'sys.external_data_sources', since: 130, name: 'name' },
  { kind: 'external file format', view: 'sys.external_file_formats', since: 130, name: 'name' },
  { kind: 'database scoped credential', view: 'sys.database_scoped_credentials', since: 130, name: 'name' },
  { kind: 'external library', view: 'sys.external_libraries', since: 140, name: 'name' },
  { kind: 'edge constraint', view: 'sys.edge_constraints', since: 150, name: 'name' },
  {
    kind: 'sensitivity classification',
    view: 'sys.sensitivity_classifications',
    since: 150,
    name: 'OBJECT_NAME(major_id)',
  },
  { kind: 'external model', view: 'sys.external_models', since: 170, name: 'name' },
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
    if (['SP', 'EC', 'PG', 'ET'].includes(type)) continue;
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
  const available = unsupportedViews.filter(v => v.since <= catalog.version);
  for (const view of available) {
    const rows = await queryRecords(session, unsupportedQuery(view));
    for (const row of rows) catalog.unsupported(view.kind, quoteName(text(row, 'name')), view.severity);
  }
}

/** The query of one of the views above. */
export function unsupportedQuery(view: UnsupportedView): string {
  return `SELECT CONVERT(nvarchar(256), ${view.name}) AS name FROM ${view.view}${view.where === undefined ? '' : ` WHERE ${view.where}`}`;
}
