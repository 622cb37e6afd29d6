import type { Database } from '../model/database.ts';
import type { UserFunction } from '../model/function.ts';
import type { Procedure } from '../model/procedure.ts';
import type { Synonym } from '../model/synonym.ts';
import type { Table } from '../model/table.ts';
import type { TableType } from '../model/table-type.ts';
import type { View } from '../model/view.ts';
import { creationOrder, type GraphNode, type OrderStep } from './graph.ts';
import { createGraphKey } from './object-key.ts';
import { createNameIndex, findReferences } from './references.ts';

/** An object whose creation order follows from what its text refers to. */
export type OrderedObject =
  | { readonly kind: 'tableType'; readonly object: TableType }
  | { readonly kind: 'table'; readonly object: Table }
  | { readonly kind: 'function'; readonly object: UserFunction }
  | { readonly kind: 'view'; readonly object: View }
  | { readonly kind: 'procedure'; readonly object: Procedure };

export interface OrderedStep {
  readonly step: OrderStep['step'];
  readonly item: OrderedObject;
}

const ranks = { tableType: 0, table: 1, function: 2, view: 3, procedure: 4 } as const;

/** Table types, tables, functions, views and procedures in an order in which each finds what it needs. */
export function orderObjects(database: Database): OrderedStep[] {
  const items: OrderedObject[] = [
    ...database.tableTypes.map(object => ({ kind: 'tableType', object }) as const),
    ...database.tables.map(object => ({ kind: 'table', object }) as const),
    ...database.functions.map(object => ({ kind: 'function', object }) as const),
    ...database.views.map(object => ({ kind: 'view', object }) as const),
    ...database.procedures.map(object => ({ kind: 'procedure', object }) as const),
  ];
  type Entry = { schema: string; name: string; key: string; synonym?: Synonym };
  const entries: Entry[] = [
    ...items.map(i => ({ schema: i.object.schema, name: i.object.name, key: createGraphKey(i.kind, i.object) })),
    ...database.synonyms.map(s => ({ schema: s.schema, name: s.name, key: '', synonym: s })),
  ];
  const index = createNameIndex<Entry>(entries, database.properties.collation);
  const resolve = (texts: readonly string[], schema: string): string[] => {
    const keys = new Set<string>();
    for (const text of texts) {
      for (const entry of findReferences(text, schema, index)) {
        if (!entry.synonym) keys.add(entry.key);
        // Through a synonym the object behind it is needed.
        else
          for (const base of findReferences(entry.synonym.baseObject, 'dbo', index))
            if (!base.synonym) keys.add(base.key);
      }
    }
    return [...keys];
  };
  const nodes = items.map((item): GraphNode => {
    const references = resolve(textsOf(item), item.object.schema);
    const hard = isResolvedEarly(item);
    return {
      key: createGraphKey(item.kind, item.object),
      rank: ranks[item.kind],
      hard: hard ? references : [],
      soft: hard ? [] : references,
      stubbable: item.kind === 'view' && (item.object.outputColumns?.length ?? 0) > 0 && !item.object.schemaBound,
    };
  });
  const byKey = new Map(items.map(i => [createGraphKey(i.kind, i.object), i]));
  return creationOrder(nodes).map(({ key, step }) => ({ step, item: byKey.get(key)! }));
}

/** Views, inline functions, everything schema-bound, and the expressions of tables resolve names when they are created; other bodies when they run. */
function isResolvedEarly(item: OrderedObject): boolean {
  if (item.kind === 'procedure') return false;
  if (item.kind === 'function') return item.object.kind === 'inline' || item.object.schemaBound;
  return true;
}

function textsOf(item: OrderedObject): string[] {
  switch (item.kind) {
    case 'table':
    case 'tableType':
      return [
        ...item.object.columns.flatMap(c => [c.computed?.expression ?? '', c.default?.expression ?? '']),
        ...(item.kind === 'tableType' ? item.object.checks.map(c => c.expression) : []),
      ].filter(text => text !== '');
    default:
      return item.object.definition === null ? [] : [item.object.definition];
  }
}
