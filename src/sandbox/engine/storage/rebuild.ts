/** Laying rows out anew after a table's definition changed. */
import { coerce } from '../bind/comparison.ts';
import type { SandboxTable } from '../catalog-access.ts';
import type { Env, Run } from '../query/runtime.ts';
import { ServerError } from '../server-error.ts';
import { RowWriter } from '../types/row-writer.ts';
import { decimalType } from '../types/sql-type.ts';
import type { Value } from '../types/values.ts';
import { type Assign, assignment } from './assign.ts';
import { type Layout, type LayoutColumn, layoutOf, rowDecoder } from './layout.ts';
import { bindTableExpression, isUnsupported } from './table-expression.ts';

type Fill = (values: readonly Value[], env: Env) => Value;

/** Whether rows of one layout are those of the other, byte for byte and key for key. */
export function sameRows(before: Layout, after: Layout): boolean {
  const shape = (l: Layout): string =>
    JSON.stringify([
      l.columns.map(c => [
        c.definition.columnId,
        c.type.name,
        c.type.length,
        c.type.precision,
        c.type.scale,
        c.type.collation?.name ?? null,
        c.nullable,
        c.definition.computed?.expression ?? null,
      ]),
      l.clustered && [l.clustered.unique, l.clustered.parts.map(p => [p.column, p.descending])],
      l.unique.map(u => [u.index.indexId, u.index.filter, u.parts.map(p => [p.column, p.descending])]),
    ]);
  return shape(before) === shape(after);
}

/** A function from a row as it was to the values and bytes that it becomes. */
export function rowRebuilder(
  before: SandboxTable,
  after: SandboxTable,
  withValues: readonly string[],
  run: Run,
): (bytes: Buffer) => { values: Value[]; bytes: Buffer } {
  const from = layoutOf(before);
  const to = layoutOf(after);
  const decode = rowDecoder(
    from,
    from.columns.map((_, i) => i),
  );
  const places = new Map(from.columns.map((c, i) => [c.definition.columnId, i]));
  let identity: bigint | null = null;
  const fills = to.columns.map((c): Fill | null => {
    if (c.definition.computed) return null;
    const place = places.get(c.definition.columnId);
    if (place !== undefined) return kept(from.columns[place]!, place, c, after, run);
    if (c.definition.identity) {
      const { seed, increment } = c.definition.identity;
      const toType: Assign = assignment(decimalType(38, 0), { name: c.name, type: c.type }, null, run.session.version);
      return () => {
        identity = identity === null ? seed : identity + increment;
        run.session.catalog.setIdentityState(after, identity);
        return toType(identity, run.settings);
      };
    }
    if (c.type.name === 'timestamp')
      return () => {
        const version = Buffer.alloc(8);
        version.writeBigUInt64BE(run.session.catalog.nextRowVersion(after.databaseId));
        return version;
      };
    const text = c.definition.defaultExpression;
    if (text === null || (c.nullable && !withValues.includes(c.name))) return () => null;
    const bound = bindTableExpression(text, null, run.session);
    const assign = assignment(bound.isNull ? c.type : bound.type, c, after, run.session.version);
    return (_values, env) => assign(bound.eval(env), run.settings);
  });
  const computed = to.columns.map(c => {
    if (!c.definition.computed) return null;
    try {
      return coerce(bindTableExpression(c.definition.computed.expression, after, run.session), c.type);
    } catch (error) {
      if (!isUnsupported(error)) throw error;
      return () => null;
    }
  });
  const writer = new RowWriter();
  return bytes => {
    const old = decode(bytes);
    const env: Env = { row: [], outer: null, run };
    const values = fills.map(f => (f ? f(old, env) : null));
    env.row = values;
    computed.forEach((evaluate, i) => {
      if (evaluate) values[i] = evaluate(env);
    });
    writer.position = 0;
    to.columns.forEach((c, i) => {
      if (values[i] === null && !c.nullable && !c.definition.computed) throw nullRefused(c, after);
      c.write(writer, values[i]!);
    });
    return { values, bytes: writer.take() };
  };
}

/** A column that was there: as it is, or converted to its new type. */
function kept(old: LayoutColumn, place: number, now: LayoutColumn, after: SandboxTable, run: Run): Fill {
  const same =
    old.type.name === now.type.name &&
    old.type.length === now.type.length &&
    old.type.precision === now.type.precision &&
    old.type.scale === now.type.scale;
  if (same) return values => values[place]!;
  const assign = assignment(old.type, now, after, run.session.version);
  return values => assign(values[place]!, run.settings);
}

const nullRefused = (c: LayoutColumn, table: SandboxTable): ServerError =>
  new ServerError(
    515,
    `Cannot insert the value NULL into column '${c.name}', table '${table.database}.${table.schema}.${table.name}'; column does not allow nulls. UPDATE fails.`,
    {
      state: 2,
      more: [{ number: 3621, state: 0, class: 0, message: 'The statement has been terminated.', line: null }],
    },
  );
