import type { Key } from '../model/key.ts';
import { compareText } from '../model/look-up.ts';
import { type Catalog, flag, groupBy, int, text } from './catalog.ts';
import type { IndexReader } from './table-index.ts';

/** Primary key and unique constraints by table id, by name. */
export function readKeys(catalog: Catalog, indexes: IndexReader): (objectId: number) => Key[] {
  const rows = groupBy(catalog.rows('keyConstraints'), 'parent_object_id');
  return objectId =>
    (rows.get(String(objectId)) ?? [])
      .map((row): Key => {
        const indexId = int(row, 'unique_index_id');
        const index = indexes.row(objectId, indexId);
        if (!index) throw new Error(`the catalog lists no index for constraint ${text(row, 'name')}`);
        return {
          name: text(row, 'name'),
          systemNamed: flag(row, 'is_system_named'),
          kind: text(row, 'type').trim() === 'PK' ? 'primaryKey' : 'unique',
          clustered: int(index, 'type') === 1,
          columns: indexes.columns(objectId, indexId),
          options: indexes.options(index),
          dataSpace: indexes.dataSpace(index),
          disabled: flag(index, 'is_disabled'),
        };
      })
      .sort((a, b) => compareText(a.name, b.name));
}
