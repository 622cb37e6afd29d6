/** What the engine derives once from a table's definition: types, writers, readers, keys. */

import type { WireColumn } from '../../../data/wire-column.ts';
import type { SandboxColumn, SandboxIndex, SandboxTable } from '../catalog-access.ts';
import type { SourceColumn } from '../query/table-source.ts';
import { collationNamed } from '../types/collation.ts';
import {
  type CellReader,
  cellEnd,
  cellReader,
  type Framing,
  framingOf,
  rememberCollation,
} from '../types/row-reader.ts';
import { type CellWriter, cellWriter } from '../types/row-writer.ts';
import { type SqlType, sqlType } from '../types/sql-type.ts';
import type { Value } from '../types/values.ts';
import { wireColumn } from '../types/wire-form.ts';

import type { KeyPart } from './key-bytes.ts';

export interface LayoutColumn extends SourceColumn {
  readonly definition: SandboxColumn;
  readonly framing: Framing;
  readonly read: CellReader;
  readonly write: CellWriter;
  /** Filled by the server: identity, computed, rowversion. */
  readonly generated: boolean;
}

export interface LayoutIndex {
  readonly index: SandboxIndex;
  readonly parts: readonly KeyPart[];
  readonly unique: boolean;
}

export interface Layout {
  readonly table: SandboxTable;
  readonly columns: readonly LayoutColumn[];
  readonly clustered: LayoutIndex | null;
  /** Unique ones that are not the clustered index. */
  readonly unique: readonly LayoutIndex[];
  readonly identity: number;
  readonly rowVersion: number;
  readonly wire: readonly WireColumn[];
}

const layouts = new WeakMap<SandboxTable, Layout>();

export function layoutOf(table: SandboxTable): Layout {
  let layout = layouts.get(table);
  if (!layout) layouts.set(table, (layout = makeLayout(table)));
  return layout;
}

function columnType(c: SandboxColumn): SqlType {
  const collation = collationNamed(c.collation ?? 'SQL_Latin1_General_CP1_CI_AS');
  rememberCollation(collation);
  return sqlType(c.type, collation, 1);
}

function makeLayout(table: SandboxTable): Layout {
  const columns = table.columns.map((c): LayoutColumn => {
    const type = columnType(c);
    const nullable = c.nullable;
    // An identity column is flag 16 alone: nobody updates it (captured: cross-database, rows.readback-defaults-1).
    const flags = c.computed ? (nullable ? 0x21 : 0x20) : c.identity ? 16 : nullable ? 9 : 8;
    return {
      name: c.name,
      type,
      nullable,
      flags,
      identity: c.identity !== null,
      rowGuid: c.rowGuid,
      definition: c,
      framing: framingOf(type, nullable),
      read: cellReader(type, nullable),
      write: cellWriter(type, nullable),
      generated: c.identity !== null || c.computed !== null || type.name === 'timestamp',
    };
  });
  const byName = new Map(columns.map((c, i) => [c.name, i]));
  const index = (i: SandboxIndex): LayoutIndex => ({
    index: i,
    unique: i.kind !== 'index',
    parts: i.columns.map(k => {
      const column = byName.get(k.name)!;
      return { column, type: columns[column]!.type, descending: k.descending };
    }),
  });
  const clustered = table.indexes.find(i => i.clustered && !i.disabled);
  return {
    table,
    columns,
    clustered: clustered ? index(clustered) : null,
    unique: table.indexes.filter(i => !i.clustered && i.kind !== 'index' && !i.disabled).map(index),
    identity: columns.findIndex(c => c.identity),
    rowVersion: columns.findIndex(c => c.type.name === 'timestamp'),
    wire: columns.map(c => wireColumn(c.name, c.type, c.nullable, c.flags)),
  };
}

/** Values of some columns of stored row bytes; `needed` ascending or not. */
export function rowDecoder(layout: Layout, needed: readonly number[]): (row: Buffer) => Value[] {
  const { columns } = layout;
  const last = needed.length === 0 ? -1 : Math.max(...needed);
  const places = new Int32Array(columns.length).fill(-1);
  needed.forEach((c, i) => {
    places[c] = i;
  });
  // A column asked for twice is copied afterwards.
  const twice = needed.flatMap((c, i) => (places[c] !== i ? [[i, places[c]!] as const] : []));
  return row => {
    const out = new Array<Value>(needed.length);
    let at = 0;
    for (let i = 0; i <= last; i++) {
      const c = columns[i]!;
      if (places[i]! >= 0) out[places[i]!] = c.read(row, at);
      if (i < last) at = cellEnd(row, at, c.framing);
    }
    for (const [to, from] of twice) out[to] = out[from]!;
    return out;
  };
}
