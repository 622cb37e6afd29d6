/**
 * SELECT of plain columns of one table in its own order, filtered or not: stored cells go to the client as they are, and only
 * those that WHERE reads are decoded.
 */
import { bindCondition } from '../bind/conditions.ts';
import { Scope } from '../bind/scope.ts';
import type { Condition, Query, TableReference } from '../parser/ast.ts';
import { resolveObject } from '../query/from.ts';
import type { Env, Plan, Run } from '../query/runtime.ts';
import { isTemporaryName } from '../session/temporary-tables.ts';
import { rangeOfCondition } from '../storage/key-range.ts';
import { type Layout, layoutOf, rowDecoder } from '../storage/layout.ts';
import { tableRelation } from '../storage/table-expression.ts';
import { cellEnd, type Framing, isNullCell } from '../types/row-reader.ts';
import type { RowWriter } from '../types/row-writer.ts';
import { isSentAsText } from '../types/sent-form.ts';
import type { Value } from '../types/values.ts';
import type { Execution } from './execution.ts';
import type { ResultSender } from './result-sender.ts';

type RawQuery = (plan: Plan, sender: ResultSender) => Promise<void>;

/** null when the query is anything else. */
export function rawRows(x: Execution, query: Query): RawQuery | null {
  const core = query.body;
  if (query.with.length > 0 || query.offset || core.kind !== 'select') return null;
  if (core.distinct || core.top || core.groupBy.length > 0 || core.having) return null;
  const [from] = core.from;
  if (core.from.length !== 1 || from?.kind !== 'object' || from.sample || isTemporaryName(from.name.name)) return null;
  const found = resolveObject(from.name, x.bind());
  if (found?.kind !== 'table') return null;
  const layout = layoutOf(found);
  const fold = (name: string): string => name.toLowerCase();
  const alias = fold(from.alias ?? from.name.name);
  const place = (parts: readonly string[]): number => {
    if (parts.length > 1 && (parts.length > 2 || fold(parts[0]!) !== alias)) return -1;
    const name = parts[parts.length - 1]!;
    const exact = layout.columns.findIndex(c => c.name === name);
    if (exact >= 0) return exact;
    const folded = layout.columns.filter(c => fold(c.name) === fold(name));
    return folded.length === 1 ? layout.columns.indexOf(folded[0]!) : -1;
  };
  const places: number[] = [];
  for (const item of core.items) {
    const e = item.expression;
    if (e.kind === 'star' && e.parts.length === 0) places.push(...layout.columns.keys());
    else if (e.kind === 'column') places.push(place(e.parts));
    else return null;
  }
  if (places.includes(-1) || new Set(places).size !== places.length) return null;
  if (places.some(p => isSentAsText(layout.columns[p]!.type, x.session.nativeVectors))) return null;
  if (!ordered(layout, query, place)) return null;
  return async (plan, sender) => {
    if (plan.columns.length !== places.length) throw new Error('raw rows and plan differ');
    const copy = cellCopier(layout, places, x.tokens.out.allowsNbcRow);
    const run = x.run();
    const passes = core.where ? rowFilter(x, core.where, layout, from, run) : null;
    const key = layout.clustered?.parts[0];
    const range = rangeOfCondition(
      core.where,
      key,
      e => e.kind === 'column' && key !== undefined && place(e.parts) === key.column,
      new Scope(x.bind(), null),
      run,
    );
    let seen = 0;
    for (const { bytes } of x.session.parts.storage.scan(found, range, x.session.placeOf(found))) {
      if ((++seen & 1023) === 0) await x.breathe();
      if (passes && !passes(bytes)) continue;
      sender.count++;
      copy(bytes, sender.writer);
      if (sender.full) await sender.flush();
    }
  };
}

/** Tests stored rows. */
function rowFilter(
  x: Execution,
  where: Condition,
  layout: Layout,
  from: Extract<TableReference, { kind: 'object' }>,
  run: Run,
): (row: Buffer) => boolean {
  const scope = new Scope(x.bind(), null);
  const relation = tableRelation(layout, from.alias ?? from.name.name, from.alias ? null : layout.table.schema);
  scope.relations.push(relation);
  scope.width = layout.columns.length;
  const test = bindCondition(where, scope);
  const used = relation.columns.flatMap((c, i) => (c.used ? [i] : []));
  const decode = rowDecoder(layout, used);
  const env: Env = { row: new Array<Value>(layout.columns.length).fill(null), outer: null, run };
  return row => {
    const values = decode(row);
    for (let i = 0; i < used.length; i++) env.row[used[i]!] = values[i]!;
    return test(env) === true;
  };
}

/** Whether ORDER BY is left out, or names the first columns of the clustered key, whose order rows are read in. */
function ordered(layout: Layout, query: Query, place: (parts: readonly string[]) => number): boolean {
  if (query.orderBy.length === 0) return true;
  const key = layout.clustered?.parts;
  if (!key || query.orderBy.length > key.length) return false;
  return query.orderBy.every((o, i) => {
    const part = key[i]!;
    // A name in ORDER BY may be an alias of the select list.
    if (o.expression.kind !== 'column' || o.descending !== part.descending) return false;
    if (query.body.kind === 'select' && query.body.items.some(item => item.alias !== null)) return false;
    return place(o.expression.parts) === part.column;
  });
}

/** Writes cells of a stored row as one token. */
function cellCopier(
  layout: Layout,
  places: readonly number[],
  mayCompress: boolean,
): (row: Buffer, out: RowWriter) => void {
  const framings: readonly Framing[] = layout.columns.map(c => c.framing);
  const whole = places.length === layout.columns.length && places.every((p, i) => p === i);
  const compress = mayCompress && places.some(p => layout.columns[p]!.nullable);
  if (whole && !compress)
    return (row, out) => {
      out.byte(0xd1);
      out.bytes(row);
    };
  const last = Math.max(...places);
  const starts = new Int32Array(last + 2);
  const bitmapBytes = (places.length + 7) >> 3;
  const nulls = new Uint8Array(layout.columns.length);
  return (row, out) => {
    let at = 0;
    let anyNull = false;
    for (let i = 0; i <= last; i++) {
      starts[i] = at;
      const framing = framings[i]!;
      at = cellEnd(row, at, framing);
    }
    starts[last + 1] = at;
    if (compress)
      for (const p of places) {
        const isNull = isNullCell(row, starts[p]!, framings[p]!);
        nulls[p] = isNull ? 1 : 0;
        anyNull ||= isNull;
      }
    out.reserve(1 + bitmapBytes + row.length);
    if (!anyNull) {
      out.buffer[out.position++] = 0xd1;
      if (whole) out.bytes(row);
      else for (const p of places) out.copy(row, starts[p]!, starts[p + 1]!);
      return;
    }
    out.buffer[out.position++] = 0xd2;
    const bitmap = out.position;
    out.buffer.fill(0, bitmap, bitmap + bitmapBytes);
    out.position += bitmapBytes;
    for (let i = 0; i < places.length; i++) {
      const p = places[i]!;
      if (nulls[p]) out.buffer[bitmap + (i >> 3)]! |= 1 << (i & 7);
      else out.copy(row, starts[p]!, starts[p + 1]!);
    }
  };
}
