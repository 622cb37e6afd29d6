import { compareNames } from '../model/look-up.ts';
import type { Trigger, TriggerEvent } from '../model/trigger.ts';
import { quoteName } from '../tsql/quote.ts';
import { type Catalog, type CatalogRow, flag, groupBy, int, text } from './catalog.ts';
import type { ModuleReader } from './module.ts';
import type { Names } from './names.ts';

/** DML triggers. Triggers of the database (DDL) and CLR triggers are unsupported objects so far. */
export function readTriggers(catalog: Catalog, names: Names, modules: ModuleReader): Trigger[] {
  const events = groupBy(catalog.rows('triggerEvents'), 'object_id');
  const triggers: Trigger[] = [];
  for (const row of catalog.rows('triggers')) {
    const id = int(row, 'object_id');
    if (int(row, 'parent_class') !== 1) catalog.unsupported('DDL trigger', quoteName(text(row, 'name')));
    else if (text(row, 'type').trim() !== 'TR') catalog.unsupported('CLR trigger', names.quoted(id));
    else triggers.push(readTrigger(row, names, modules, events.get(String(id)) ?? []));
  }
  return triggers.sort(compareNames);
}

const eventOrder: readonly TriggerEvent[] = ['INSERT', 'UPDATE', 'DELETE'];

function readTrigger(row: CatalogRow, names: Names, modules: ModuleReader, events: readonly CatalogRow[]): Trigger {
  const parent = names.object(int(row, 'parent_id'));
  if (!parent)
    throw new Error(
      `trigger ${text(row, 'name')} stands on object ${int(row, 'parent_id')}, which the catalog does not list`,
    );
  const having = (test: (e: CatalogRow) => boolean) => {
    const found = new Set(events.filter(test).map(e => text(e, 'type_desc')));
    return eventOrder.filter(e => found.has(e));
  };
  return {
    ...modules.module(row, 'trigger'),
    parent: { schema: parent.schema, name: parent.name },
    disabled: flag(row, 'is_disabled'),
    insteadOf: flag(row, 'is_instead_of_trigger'),
    notForReplication: flag(row, 'is_not_for_replication'),
    events: having(() => true),
    first: having(e => flag(e, 'is_first')),
    last: having(e => flag(e, 'is_last')),
  };
}
