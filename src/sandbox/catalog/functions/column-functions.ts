/** COLUMNPROPERTY, COL_NAME, COL_LENGTH. Properties as Microsoft's page of COLUMNPROPERTY lists them. */
import { findColumn } from '../state.ts';
import { num, type Row, textOrNull } from '../store.ts';
import { bit, type FunctionCall, type MetadataFunctions } from './function-call.ts';
import { objectIdOf } from './object-functions.ts';

interface Column {
  readonly call: FunctionCall;
  readonly objectId: number;
  readonly row: Row;
}
type Property = (column: Column) => number | null;

const flag =
  (name: string): Property =>
  c =>
    bit(num(c.row[name]) === 1);
function computed(c: Column): Row | undefined {
  return c.call.scope.store.get(
    'SELECT is_persisted FROM "b.sys.computed_columns" WHERE db = ? AND object_id = ? AND column_id = ?',
    c.call.scope.db,
    c.objectId,
    num(c.row['column_id']),
  );
}

const properties: Readonly<Record<string, Property>> = {
  ALLOWSNULL: flag('is_nullable'),
  COLUMNID: c => num(c.row['column_id'] ?? c.row['parameter_id']),
  ORDINAL: c => num(c.row['column_id'] ?? c.row['parameter_id']),
  ISIDENTITY: flag('is_identity'),
  ISIDNOTFORREPL: c =>
    bit(
      c.call.scope.store.get(
        'SELECT 1 AS x FROM "b.sys.identity_columns" WHERE db = ? AND object_id = ? AND column_id = ? AND is_not_for_replication = 1',
        c.call.scope.db,
        c.objectId,
        num(c.row['column_id']),
      ) !== undefined,
    ),
  ISCOMPUTED: flag('is_computed'),
  ISROWGUIDCOL: flag('is_rowguidcol'),
  ISSPARSE: flag('is_sparse'),
  ISCOLUMNSET: flag('is_column_set'),
  ISOUTPARAM: flag('is_output'),
  ISCURSORTYPE: flag('is_cursor_ref'),
  ISXMLINDEXABLE: c => bit(num(c.row['system_type_id']) === 241),
  ISFULLTEXTINDEXED: () => 0,
  FULLTEXTTYPECOLUMN: () => 0,
  STATISTICALSEMANTICS: () => 0,
  ISINDEXABLE: c => bit(num(c.row['max_length']) !== -1 && ![34, 35, 99, 241].includes(num(c.row['system_type_id']))),
  ISDETERMINISTIC: c => (computed(c) ? 1 : null),
  ISPRECISE: c => (computed(c) ? 1 : null),
  ISSYSTEMVERIFIED: c => (computed(c) ? 1 : null),
  ISHIDDEN: flag('is_hidden'),
  SYSTEMDATAACCESS: c => (computed(c) ? 0 : null),
  USERDATAACCESS: c => (computed(c) ? 0 : null),
  GENERATEDALWAYSTYPE: c => num(c.row['generated_always_type']),
  USESANSITRIM: c =>
    [98, 165, 167, 173, 175, 231, 239].includes(num(c.row['system_type_id']))
      ? bit(num(c.row['is_ansi_padded']) === 1)
      : null,
  CHARMAXLEN: c => {
    const length = num(c.row['max_length']);
    const type = num(c.row['system_type_id']);
    if ([167, 175, 165, 173].includes(type)) return length;
    if ([231, 239].includes(type)) return length === -1 ? -1 : length / 2;
    return type === 35 || type === 34 ? 2147483647 : type === 99 ? 1073741823 : null;
  },
  PRECISION: c => {
    const length = properties['CHARMAXLEN']?.(c) ?? null;
    return length ?? num(c.row['precision']);
  },
  SCALE: c =>
    [48, 52, 56, 60, 106, 108, 122, 127, 41, 42, 43].includes(num(c.row['system_type_id']))
      ? num(c.row['scale'])
      : null,
};

function columnProperty(call: FunctionCall): number | null {
  const objectId = call.int(0);
  const name = call.text(1);
  const wanted = call.text(2)?.trim().toUpperCase();
  if (objectId === null || name === null || wanted === undefined || !Object.hasOwn(properties, wanted)) return null;
  const row =
    findColumn(call.scope, objectId, name)?.row ??
    call.scope.store.get('SELECT * FROM "b.sys.system_columns" WHERE object_id = ? AND name = ?', objectId, name) ??
    call.scope.store.get(
      'SELECT * FROM "b.sys.parameters" WHERE db = ? AND object_id = ? AND name = ?',
      call.scope.db,
      objectId,
      name,
    );
  return row ? (properties[wanted]?.({ call, objectId, row }) ?? null) : null;
}

export const columnFunctions: MetadataFunctions = {
  COLUMNPROPERTY: columnProperty,
  COL_NAME(call) {
    const [objectId, columnId] = [call.int(0), call.int(1)];
    if (objectId === null || columnId === null) return null;
    const { scope } = call;
    return textOrNull(
      (scope.store.get(
        'SELECT name FROM "b.sys.columns" WHERE db = ? AND object_id = ? AND column_id = ?',
        scope.db,
        objectId,
        columnId,
      ) ??
        scope.store.get(
          'SELECT name FROM "b.sys.system_columns" WHERE object_id = ? AND column_id = ?',
          objectId,
          columnId,
        ))?.['name'],
    );
  },
  COL_LENGTH(call) {
    const [table, column] = [call.text(0), call.text(1)];
    if (table === null || column === null) return null;
    const id = objectIdOf(call, table);
    const found = id === null ? null : findColumn(call.scope, id, column);
    return found ? num(found.row['max_length']) : null;
  },
};
