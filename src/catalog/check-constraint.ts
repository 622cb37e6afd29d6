import type { CheckConstraint } from '../model/check-constraint.ts';
import { compareText } from '../model/look-up.ts';
import { type Catalog, flag, groupBy, text } from './catalog.ts';

/** CHECK constraints by table id, by name. */
export function readChecks(catalog: Catalog): (objectId: number) => CheckConstraint[] {
  const rows = groupBy(catalog.rows('checkConstraints'), 'parent_object_id');
  return objectId =>
    (rows.get(String(objectId)) ?? [])
      .map(row => ({
        name: text(row, 'name'),
        systemNamed: flag(row, 'is_system_named'),
        expression: text(row, 'definition'),
        notForReplication: flag(row, 'is_not_for_replication'),
        disabled: flag(row, 'is_disabled'),
        trusted: !flag(row, 'is_not_trusted'),
      }))
      .sort((a, b) => compareText(a.name, b.name));
}
