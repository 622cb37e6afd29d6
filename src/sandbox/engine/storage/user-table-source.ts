/** A user table as a source of rows. */
import type { SandboxTable } from '../catalog-access.ts';
import type { SourceColumn, TableSource } from '../query/table-source.ts';
import { isInteger, types } from '../types/sql-type.ts';
import type { Value } from '../types/values.ts';
import { keyOf } from './key-bytes.ts';
import { type Layout, layoutOf, rowDecoder } from './layout.ts';
import { everything, type KeyRange, keysFrom, type RowStorage } from './row-storage.ts';

const sources = new WeakMap<RowStorage, WeakMap<SandboxTable, TableSource>>();

export function userTableSource(table: SandboxTable, storage: RowStorage): TableSource {
  let byTable = sources.get(storage);
  if (!byTable) sources.set(storage, (byTable = new WeakMap()));
  let source = byTable.get(table);
  if (!source) byTable.set(table, (source = makeSource(table, storage)));
  return source;
}

/** The part of the clustered key that an equality fixes; only types whose values compare by their own. */
function rangeOf(layout: Layout, equals: { readonly column: number; readonly value: Value } | null): KeyRange {
  const first = layout.clustered?.parts[0];
  if (!equals || !first || first.column !== equals.column || equals.value === null) return everything;
  const { type } = first;
  if (!isInteger(type) && type.name !== 'uniqueidentifier' && type.name !== 'date') return everything;
  const values: Value[] = [];
  values[first.column] = equals.value;
  return keysFrom(keyOf(values, [first]));
}

/** The table as a transaction sees that reads older rows: `place` as in `RowStorage.scan`. */
export const versionedSource = (table: SandboxTable, storage: RowStorage, place: () => string | null): TableSource =>
  makeSource(table, storage, place);

function makeSource(table: SandboxTable, storage: RowStorage, place?: () => string | null): TableSource {
  const layout = layoutOf(table);
  return {
    schema: table.schema,
    name: table.name,
    columns: layout.columns,
    *scan(_run, needed, equals) {
      const decode = rowDecoder(layout, needed);
      for (const { bytes } of storage.scan(table, rangeOf(layout, equals), place)) yield decode(bytes);
    },
  };
}

/** Name of the hidden last column of `sourceWithRowIds`; no identifier can be it. */
export const rowIdColumn = '\u0000rid';
const rowId: SourceColumn = {
  name: rowIdColumn,
  type: types.bigint,
  nullable: false,
  flags: 8,
  identity: false,
  rowGuid: false,
};

/** The same with the id of each row, for statements that change the rows. */
export function sourceWithRowIds(table: SandboxTable, storage: RowStorage): TableSource {
  const layout = layoutOf(table);
  const last = layout.columns.length;
  return {
    schema: table.schema,
    name: table.name,
    columns: [...layout.columns, rowId],
    *scan(_run, needed, equals) {
      const stored = needed.filter(i => i !== last);
      const decode = rowDecoder(layout, stored);
      const place = needed.indexOf(last);
      for (const { rid, bytes } of storage.scan(table, rangeOf(layout, equals))) {
        const values = decode(bytes);
        if (place >= 0) values.splice(place, 0, BigInt(rid));
        yield values;
      }
    },
  };
}
