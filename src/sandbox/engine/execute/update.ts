/** UPDATE. */
import { coerce } from '../bind/comparison.ts';
import { bindExpression } from '../bind/expressions.ts';
import type { StatementOf } from '../parser/ast.ts';
import type { Env } from '../query/runtime.ts';
import { ServerError } from '../server-error.ts';
import { assignment } from '../storage/assign.ts';
import { type LayoutColumn, layoutOf } from '../storage/layout.ts';
import { isBinary, types } from '../types/sql-type.ts';
import type { Value } from '../types/values.ts';
import { bindChange, type ChangeScope, changedRows, targetOf } from './changed-rows.ts';
import { command } from './commands.ts';
import type { Execution } from './execution.ts';
import { topCount } from './insert.ts';
import { OutputRows } from './output.ts';
import { combined } from './select.ts';
import { changing, writerFor } from './target.ts';
import { setVariable } from './variables.ts';

type SetItem = StatementOf<'update'>['set'][number];
/** Changes the values of a row, reading the row as it was. */
type Change = (env: Env, after: Value[]) => void;

export async function update(x: Execution, s: StatementOf<'update'>): Promise<void> {
  let output: OutputRows | null = null;
  const count = await changing(
    x,
    () => targetOf(x, s.target, s.from, s.with, 'UPDATE'),
    async target => {
      const run = x.run();
      const layout = layoutOf(target.table);
      const change = bindChange(x, s.target, target, s.from, s.where, s.with);
      const sets = s.set.map(item => bindSet(x, item, change, layout.columns, target));
      const writer = writerFor(x, target, run, 'UPDATE', s.line);
      output = s.output ? new OutputRows(x, s.output, layout, 'both', joinedPart(change)) : null;
      const limit = s.top ? topCount(x, s.top, run) : Number.POSITIVE_INFINITY;
      const rows: { rid: number; before: Value[]; after: Value[]; joined: Value[] }[] = [];
      for (const row of changedRows(change, run, layout.columns.length, limit, false)) {
        const after = [...row.values];
        for (const set of sets) set(row.env, after);
        rows.push({ rid: row.rid, before: row.values, after, joined: output ? [...row.env.row] : [] });
        if ((rows.length & 1023) === 0) await x.breathe();
      }
      writer.update(rows);
      writer.finish();
      const out = output as OutputRows | null;
      if (out) for (const r of rows) out.add(r.after, r.before, r.joined);
      await out?.store();
      return rows.length;
    },
  );
  await (output as OutputRows | null)?.send();
  x.session.rowCount = count;
  x.tokens.done(command.update, x.counted(count));
}

/** The relations of FROM beside the target, for OUTPUT. */
export function joinedPart(change: ChangeScope) {
  return { relations: change.scope.relations.filter(r => r !== change.target), width: change.scope.width };
}

function columnNamed(columns: readonly LayoutColumn[], name: string): number {
  const exact = columns.findIndex(c => c.name === name);
  const place = exact >= 0 ? exact : columns.findIndex(c => c.name.toLowerCase() === name.toLowerCase());
  if (place < 0) throw new ServerError(207, `Invalid column name '${name}'.`);
  return place;
}

function bindSet(
  x: Execution,
  item: SetItem,
  change: ChangeScope,
  columns: readonly LayoutColumn[],
  target: ReturnType<typeof targetOf>,
): Change {
  const { scope } = change;
  const { version } = x.session;
  if (item.kind === 'variable') {
    const bound = bindExpression(combined(item.variable, item.operator, item.value, 1), scope);
    const set = setVariable(x, item.variable, bound.isNull ? null : bound.type);
    return env => set(bound.eval(env));
  }
  const place = columnNamed(columns, item.column);
  const column = columns[place]!;
  if (column.identity) throw new ServerError(8102, `Cannot update identity column '${column.name}'.`);
  if (column.definition.computed)
    throw new ServerError(
      271,
      `The column "${column.name}" cannot be modified because it is either a computed column or is the result of a UNION operator.`,
    );
  if (column.type.name === 'timestamp') throw new ServerError(272, 'Cannot update a timestamp column.');
  if (item.kind === 'write') return bindWrite(item, change, column, place, version);
  if (item.value.kind === 'default') {
    const writer = writerFor(x, target, x.run(), 'UPDATE', 1);
    return (_env, after) => {
      after[place] = writer.defaultOf(place);
    };
  }
  const value =
    item.operator === '='
      ? item.value
      : ({
          kind: 'binary',
          operator: item.operator.slice(0, -1),
          left: { kind: 'column', parts: [item.column], line: item.value.line },
          right: item.value,
          line: item.value.line,
        } as const);
  const bound = bindExpression(value, scope);
  const assign = bound.isNull ? () => null : assignment(bound.type, column, target.table, version);
  const variable = item.variable === null ? null : setVariable(x, item.variable, column.type);
  return (env, after) => {
    const v = bound.eval(env);
    after[place] = v === null ? null : assign(v, env.run.settings);
    variable?.(after[place]!);
  };
}

/** `c.WRITE(value, offset, length)`: characters, or bytes of varchar and varbinary. */
function bindWrite(
  item: Extract<SetItem, { kind: 'write' }>,
  change: ChangeScope,
  column: LayoutColumn,
  place: number,
  version: number,
): Change {
  const { scope } = change;
  if (column.type.length >= 0 || !['varchar', 'nvarchar', 'varbinary'].includes(column.type.name))
    throw new ServerError(258, `Cannot call methods on ${column.type.name}.`, { class: 15 });
  const value = bindExpression(item.value, scope);
  const assign = value.isNull ? null : assignment(value.type, column, null, version);
  const offset = coerce(bindExpression(item.offset, scope), types.bigint);
  const length = coerce(bindExpression(item.length, scope), types.bigint);
  const binary = isBinary(column.type);
  return (env, after) => {
    const old = after[place]!;
    if (old === null)
      throw new ServerError(6532, `.WRITE cannot be applied on a NULL value of column '${column.name}'.`);
    const part = assign ? assign(value.eval(env), env.run.settings) : null;
    const size = binary ? (old as Uint8Array).length : (old as string).length;
    const at = offset(env) as bigint | null;
    const n = length(env) as bigint | null;
    const start = at === null ? size : Number(at);
    if (start < 0 || start > size)
      throw new ServerError(7135, 'Deletion length or offset is not valid in the .WRITE clause.');
    const end = n === null ? size : Math.min(size, start + Number(n));
    // A NULL value cuts the old one at the offset.
    if (binary) {
      const bytes = old as Uint8Array;
      after[place] =
        part === null
          ? bytes.slice(0, start)
          : Buffer.concat([bytes.subarray(0, start), part as Uint8Array, bytes.subarray(end)]);
    } else {
      const text = old as string;
      after[place] = part === null ? text.slice(0, start) : text.slice(0, start) + (part as string) + text.slice(end);
    }
  };
}
