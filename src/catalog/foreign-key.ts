import type { ForeignKey, ReferentialAction } from '../model/foreign-key.ts';
import { compareText } from '../model/look-up.ts';
import { type Catalog, flag, groupBy, int, text } from './catalog.ts';
import type { Names } from './names.ts';

const actions: readonly ReferentialAction[] = ['NO ACTION', 'CASCADE', 'SET NULL', 'SET DEFAULT'];

/** Foreign keys by table id, by name. */
export function readForeignKeys(catalog: Catalog, names: Names): (objectId: number) => ForeignKey[] {
  const rows = groupBy(catalog.rows('foreignKeys'), 'parent_object_id');
  const columns = groupBy(catalog.rows('foreignKeyColumns'), 'constraint_object_id');
  return objectId =>
    (rows.get(String(objectId)) ?? [])
      .map((row): ForeignKey => {
        const referencedId = int(row, 'referenced_object_id');
        const referenced = names.object(referencedId);
        if (!referenced)
          throw new Error(
            `foreign key ${text(row, 'name')} refers to object ${referencedId}, which the catalog does not list`,
          );
        const pairs = (columns.get(String(int(row, 'object_id'))) ?? []).sort(
          (a, b) => int(a, 'constraint_column_id') - int(b, 'constraint_column_id'),
        );
        return {
          name: text(row, 'name'),
          systemNamed: flag(row, 'is_system_named'),
          columns: pairs.map(p => names.columnName(objectId, int(p, 'parent_column_id')) ?? ''),
          referencedTable: { schema: referenced.schema, name: referenced.name },
          referencedColumns: pairs.map(p => names.columnName(referencedId, int(p, 'referenced_column_id')) ?? ''),
          onDelete: actions[int(row, 'delete_referential_action')] ?? 'NO ACTION',
          onUpdate: actions[int(row, 'update_referential_action')] ?? 'NO ACTION',
          notForReplication: flag(row, 'is_not_for_replication'),
          disabled: flag(row, 'is_disabled'),
          trusted: !flag(row, 'is_not_trusted'),
        };
      })
      .sort((a, b) => compareText(a.name, b.name));
}
