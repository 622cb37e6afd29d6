/** INDEXPROPERTY, INDEX_COL, INDEXKEY_PROPERTY. Properties as Microsoft's page of INDEXPROPERTY lists them. */
import { num, type Row, text, textOrNull } from '../store.ts';
import { bit, type FunctionCall, type MetadataFunctions } from './function-call.ts';
import { objectIdOf } from './object-functions.ts';

const properties: Readonly<Record<string, (index: Row) => number>> = {
  INDEXDEPTH: () => 1,
  INDEXFILLFACTOR: i => num(i['fill_factor']),
  INDEXID: i => num(i['index_id']),
  ISAUTOSTATISTICS: () => 0,
  ISCLUSTERED: i => bit(num(i['type']) === 1),
  ISCOLUMNSTORE: i => bit([5, 6].includes(num(i['type']))),
  ISDISABLED: i => bit(num(i['is_disabled']) === 1),
  ISFULLTEXTKEY: () => 0,
  ISHYPOTHETICAL: i => bit(num(i['is_hypothetical']) === 1),
  ISOPTIMIZEDFORSEQUENTIALKEY: i => bit(num(i['optimize_for_sequential_key']) === 1),
  ISPADINDEX: i => bit(num(i['is_padded']) === 1),
  ISPAGELOCKDISALLOWED: i => bit(num(i['allow_page_locks']) === 0),
  ISROWLOCKDISALLOWED: i => bit(num(i['allow_row_locks']) === 0),
  ISSTATISTICS: () => 0,
  ISUNIQUE: i => bit(num(i['is_unique']) === 1),
};

function keyColumn(call: FunctionCall, objectId: number, indexId: number, key: number): Row | undefined {
  return call.scope.store.get(
    `SELECT ic.is_descending_key, c.name, c.column_id FROM "b.sys.index_columns" ic
     JOIN "b.sys.columns" c ON c.db = ic.db AND c.object_id = ic.object_id AND c.column_id = ic.column_id
     WHERE ic.db = ? AND ic.object_id = ? AND ic.index_id = ? AND ic.key_ordinal = ?`,
    call.scope.db,
    objectId,
    indexId,
    key,
  );
}

export const indexFunctions: MetadataFunctions = {
  INDEXPROPERTY(call) {
    const [objectId, name, property] = [call.int(0), call.text(1), call.text(2)];
    if (objectId === null || name === null || property === null) return null;
    const read = properties[property.trim().toUpperCase()];
    const { scope } = call;
    const index = scope.store
      .all('SELECT * FROM "b.sys.indexes" WHERE db = ? AND object_id = ?', scope.db, objectId)
      .find(i => text(i['name_key']) === scope.state.key(scope.db, name));
    return index && read ? read(index) : null;
  },
  INDEX_COL(call) {
    const [table, index, key] = [call.text(0), call.int(1), call.int(2)];
    if (table === null || index === null || key === null) return null;
    const objectId = objectIdOf(call, table);
    return objectId === null ? null : textOrNull(keyColumn(call, objectId, index, key)?.['name']);
  },
  INDEXKEY_PROPERTY(call) {
    const [objectId, index, key, property] = [call.int(0), call.int(1), call.int(2), call.text(3)];
    if (objectId === null || index === null || key === null) return null;
    const column = keyColumn(call, objectId, index, key);
    if (!column) return null;
    switch (property?.trim().toUpperCase()) {
      case 'COLUMNID':
        return num(column['column_id']);
      case 'ISDESCENDING':
        return num(column['is_descending_key']);
      default:
        return null;
    }
  },
};
