import type { Column, DefaultConstraint, Identity } from '../model/column.ts';
import type { QualifiedName } from '../model/name.ts';
import { quoteName } from '../tsql/quote.ts';
import { type Catalog, type CatalogRow, digits, flag, groupBy, int, intOrZero, text, textOrNull } from './catalog.ts';
import type { TypeReader } from './data-type.ts';
import type { Names } from './names.ts';

const padded = /^(var)?(char|binary)$/;

/** Columns by object id, in their order. */
export function readColumns(catalog: Catalog, names: Names, typeOf: TypeReader): (objectId: number) => Column[] {
  const rows = groupBy(catalog.rows('columns'), 'object_id');
  const identities = groupBy(catalog.rows('identityColumns'), 'object_id', 'column_id');
  const computed = groupBy(catalog.rows('computedColumns'), 'object_id', 'column_id');
  const defaults = new Map(catalog.rows('defaultConstraints').map(r => [int(r, 'object_id'), r]));
  const bound = (id: number): QualifiedName | null => {
    const object = id === 0 ? undefined : names.object(id);
    return object ? { schema: object.schema, name: object.name } : null;
  };

  const map = (row: CatalogRow): Column => {
    const key = `${int(row, 'object_id')}:${int(row, 'column_id')}`;
    const identity = identities.get(key)?.[0];
    const formula = computed.get(key)?.[0];
    const defaultId = int(row, 'default_object_id');
    const constraint = defaults.get(defaultId);
    const type = typeOf(row);
    reportUnsupported(catalog, names, row);
    return {
      name: text(row, 'name'),
      type,
      nullable: flag(row, 'is_nullable'),
      collation: formula ? null : textOrNull(row, 'collation_name'),
      identity: identity && flag(row, 'is_identity') ? readIdentity(identity) : null,
      computed: formula ? { expression: text(formula, 'definition'), persisted: flag(formula, 'is_persisted') } : null,
      default: constraint ? readDefault(constraint) : null,
      rowGuid: flag(row, 'is_rowguidcol'),
      sparse: flag(row, 'is_sparse'),
      columnSet: flag(row, 'is_column_set'),
      filestream: flag(row, 'is_filestream'),
      ansiPadded: formula || !padded.test(type.name) || type.length === 'max' ? true : flag(row, 'is_ansi_padded'),
      boundDefault: constraint ? null : bound(defaultId),
      boundRule: bound(int(row, 'rule_object_id')),
    };
  };
  return objectId =>
    (rows.get(String(objectId)) ?? [])
      .filter(row => !isInternal(catalog, names, row))
      .sort((a, b) => int(a, 'column_id') - int(b, 'column_id'))
      .map(map);
}

function readIdentity(row: CatalogRow): Identity {
  return {
    seed: digits(row, 'seed_value') ?? '1',
    increment: digits(row, 'increment_value') ?? '1',
    notForReplication: flag(row, 'is_not_for_replication'),
    lastValue: digits(row, 'last_value'),
  };
}

function readDefault(row: CatalogRow): DefaultConstraint {
  return { name: text(row, 'name'), systemNamed: flag(row, 'is_system_named'), expression: text(row, 'definition') };
}

/** Properties of newer versions that the model does not hold. */
function reportUnsupported(catalog: Catalog, names: Names, row: CatalogRow): void {
  const object = `${names.quoted(int(row, 'object_id'))}.${quoteName(text(row, 'name'))}`;
  if (flag(row, 'is_masked')) catalog.unsupported('dynamic data mask', object);
  if (row.encryption_type !== null && row.encryption_type !== undefined)
    catalog.unsupported('Always Encrypted column', object);
  if (intOrZero(row, 'generated_always_type') !== 0) catalog.unsupported('GENERATED ALWAYS column', object);
  if (flag(row, 'is_data_deletion_filter_column')) catalog.unsupported('data retention', object);
}

/** Columns that the server made for itself and that nobody can create: they are told of and left out. */
function isInternal(catalog: Catalog, names: Names, row: CatalogRow): boolean {
  const object = `${names.quoted(int(row, 'object_id'))}.${quoteName(text(row, 'name'))}`;
  const graph = row.graph_type !== null && row.graph_type !== undefined;
  const dropped = flag(row, 'is_dropped_ledger_column');
  if (graph) catalog.unsupported('graph column', object);
  if (dropped) catalog.unsupported('dropped ledger column', object);
  return graph || dropped;
}
