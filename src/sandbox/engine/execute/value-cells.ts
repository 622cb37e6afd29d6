/** Rows of INSERT … VALUES as cells for the columns they go to. */
import { coerce, commonType } from '../bind/comparison.ts';
import { bindExpression } from '../bind/expressions.ts';
import { Scope } from '../bind/scope.ts';
import type { Expression } from '../parser/ast.ts';
import type { Bound, Env, Eval, Run } from '../query/runtime.ts';
import { assignment } from '../storage/assign.ts';
import type { Layout } from '../storage/layout.ts';
import { types } from '../types/sql-type.ts';
import type { Value } from '../types/values.ts';
import type { Execution } from './execution.ts';
import { literalCell, literalFamily } from './literal-cells.ts';

/** The mark of a cell without a value of its own. */
export const useDefault = Symbol('default');
export type Cell = Value | typeof useDefault;

/** Rows of VALUES as cells for the target columns, evaluated one after another. */
export function valueCells(
  x: Execution,
  rows: readonly (readonly Expression[])[],
  layout: Layout,
  places: readonly number[],
  run: Run,
): Iterable<Cell[]> {
  const { session } = x;
  const scope = new Scope(x.bind(), null);
  const env: Env = { row: [], outer: null, run };
  const literals = places.map(p => literalCell(layout.columns[p]!, layout.table, session.version, run.settings));
  const mixed = places.map((_, i) => mixes(rows, i));
  // Where rows of a column meet in one type, that is found over all of them first.
  const meeting = places.map((p, i): ((row: number) => Value) | null => {
    if (!mixed[i]) return null;
    const bounds = rows.map(r => (r[i]!.kind === 'default' ? null : bindExpression(r[i]!, scope)));
    const typed = bounds.filter((b): b is Bound => b !== null && !b.isNull);
    const type = typed.length === 0 ? types.int : typed.map(b => b.type).reduce((a, b) => commonType(a, b));
    const assign = assignment(type, layout.columns[p]!, layout.table, session.version);
    const evals = bounds.map((b): Eval | null => b && coerce(b, type));
    return row => {
      const value = evals[row]!(env);
      return value === null ? null : assign(value, run.settings);
    };
  });
  const single = (e: Expression, i: number): Value => {
    const literal = literals[i]!(e);
    if (literal !== undefined) return literal;
    const bound = bindExpression(e, scope);
    if (bound.isNull) return null;
    const column = layout.columns[places[i]!]!;
    return assignment(bound.type, column, layout.table, session.version)(bound.eval(env), run.settings);
  };
  return (function* () {
    for (let r = 0; r < rows.length; r++) {
      const row = rows[r]!;
      const cells = new Array<Cell>(row.length);
      for (let i = 0; i < row.length; i++) {
        const e = row[i]!;
        cells[i] = e.kind === 'default' ? useDefault : meeting[i] ? meeting[i]!(r) : single(e, i);
      }
      yield cells;
    }
  })();
}

/** Whether the rows of a VALUES column are of different kinds, so that they meet in a common type. */
function mixes(rows: readonly (readonly Expression[])[], column: number): boolean {
  if (rows.length === 1) return false;
  let family: string | null = null;
  for (const row of rows) {
    const own = literalFamily(row[column]!);
    if (own === 'null') continue;
    if (own === 'other') return true;
    if (family !== null && own !== family) return true;
    family = own;
  }
  return false;
}
