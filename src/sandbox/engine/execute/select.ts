/** SELECT: to the client, into variables, into a table. */

import { bindExpression } from '../bind/expressions.ts';
import { Scope } from '../bind/scope.ts';
import type { Expression, Query, QueryBody, SelectCore, StatementOf } from '../parser/ast.ts';
import type { Plan } from '../query/runtime.ts';
import { planQuery } from '../query/select.ts';
import { ServerError, unsupported } from '../server-error.ts';
import type { Value } from '../types/values.ts';
import { command } from './commands.ts';
import type { Execution } from './execution.ts';
import { rawRows } from './raw-rows.ts';
import { ResultSender } from './result-sender.ts';
import { selectInto } from './select-into.ts';
import { setVariable } from './variables.ts';

function firstCore(body: QueryBody): SelectCore {
  switch (body.kind) {
    case 'select':
      return body;
    case 'set':
      return firstCore(body.left);
    case 'nested':
      return firstCore(body.query.body);
  }
}

/** Plans a query that reads, once nobody else holds changes of what it reads. */
export async function planForReading(x: Execution, plan: () => Plan): Promise<Plan> {
  const { session } = x;
  for (;;) {
    session.reads.clear();
    const version = session.parts.definitions.version;
    const planned = plan();
    await session.lockReads(x.signal);
    if (session.parts.definitions.version === version) return planned;
  }
}

export async function select(x: Execution, s: StatementOf<'select'>): Promise<void> {
  const core = firstCore(s.query.body);
  if (core.into) {
    await selectInto(x, s.query, core.into, s.line);
    return;
  }
  const assigns = core.items.filter(i => i.assign).length;
  if (assigns > 0) {
    if (assigns < core.items.length)
      throw new ServerError(
        141,
        'A SELECT statement that assigns a value to a variable must not be combined with data-retrieval operations.',
        { class: 15 },
      );
    await assignRows(x, s.query, core);
    return;
  }
  const raw = rawRows(x, s.query);
  const plan = await planForReading(x, () => planQuery(s.query, x.bind(), null));
  const sender = new ResultSender(x, plan.columns, plan.orderColumns);
  const { options } = x.session;
  if (!options.formatOnly) {
    if (raw && options.rowCountLimit === 0) await raw(plan, sender);
    else await sendRows(x, plan, sender, options.rowCountLimit || Number.POSITIVE_INFINITY);
  }
  await sender.flush();
  x.session.rowCount = sender.count;
  x.tokens.done(command.select, x.counted(sender.count));
}

async function sendRows(x: Execution, plan: Plan, sender: ResultSender, limit: number): Promise<void> {
  try {
    for (const row of plan.rows(null, x.run())) {
      if (sender.count >= limit) break;
      sender.row(row);
      if (sender.full) await sender.flush();
    }
  } catch (error) {
    // Rows before the error have been found: they are sent.
    if (error instanceof ServerError) await sender.flush();
    throw error;
  }
}

async function assignRows(x: Execution, query: Query, core: SelectCore): Promise<void> {
  if (query.body.kind !== 'select') throw unsupported('assignment in a set operation', core.line);
  const items = core.items.map(i => ({
    ...i,
    expression: combined(i.assign!.variable, i.assign!.operator, i.expression, i.line),
  }));
  const plan = await planForReading(x, () =>
    planQuery({ ...query, body: { ...core, items, lazy: true } }, x.bind(), null),
  );
  const sets = core.items.map((item, i) => {
    const assign = setVariable(x, item.assign!.variable, plan.columns[i]!.type);
    return (v: Value) => assign(v);
  });
  let n = 0;
  for (const row of plan.rows(null, x.run())) {
    for (let i = 0; i < sets.length; i++) sets[i]!(row[i]!);
    if ((++n & 1023) === 0) await x.breathe();
  }
  x.session.rowCount = n;
  x.tokens.done(command.select, x.counted(n));
}

/** `@v += e` as `@v + e`. */
export function combined(variable: string, operator: string, value: Expression, line: number): Expression {
  if (operator === '=') return value;
  return {
    kind: 'binary',
    operator: operator.slice(0, -1),
    left: { kind: 'variable', name: variable, line },
    right: value,
    line,
  };
}

/** An expression outside a query. */
export function evaluate(x: Execution, e: Expression) {
  const bound = bindExpression(e, new Scope(x.bind(), null));
  return { type: bound.type, value: bound.eval({ row: [], outer: null, run: x.run() }), isNull: bound.isNull };
}
