/** INSERT. */
import { coerce } from '../bind/comparison.ts';
import { bindExpression } from '../bind/expressions.ts';
import { Scope } from '../bind/scope.ts';
import type { Statement, StatementOf } from '../parser/ast.ts';
import type { Run } from '../query/runtime.ts';
import { planQuery } from '../query/select.ts';
import { ServerError, unsupported } from '../server-error.ts';
import { assignment } from '../storage/assign.ts';
import { type Layout, layoutOf } from '../storage/layout.ts';
import type { TableWriter } from '../storage/table-writer.ts';
import { types } from '../types/sql-type.ts';
import type { Value } from '../types/values.ts';
import { command } from './commands.ts';
import type { Execution } from './execution.ts';
import { IdentityColumn } from './identity.ts';
import { refuseGenerated, targetColumns, wrongCount } from './insert-columns.ts';
import { collectRows } from './insert-execute.ts';
import { OutputRows } from './output.ts';
import { changing, resolveTarget, type Target, writerFor } from './target.ts';
import { type Cell, useDefault, valueCells } from './value-cells.ts';

function cellsOf(
  x: Execution,
  s: StatementOf<'insert'>,
  target: Target,
  places: readonly number[],
  run: Run,
): Iterable<Cell[]> {
  const layout = layoutOf(target.table);
  const { source } = s;
  switch (source.kind) {
    case 'defaults':
      return [[]];
    case 'values': {
      for (const row of source.rows)
        if (row.length !== source.rows[0]!.length)
          throw new ServerError(
            10709,
            'The number of columns for each row in a table value constructor must be the same.',
            { class: 15 },
          );
      const given = source.rows[0]!.length;
      if (given !== places.length) throw wrongCount(s, given, places.length);
      return valueCells(x, source.rows, layout, places, run);
    }
    case 'query': {
      const query = s.with.length > 0 ? { ...source.query, with: [...s.with, ...source.query.with] } : source.query;
      const plan = planQuery(query, x.bind(), null);
      if (plan.columns.length !== places.length) throw wrongCount(s, plan.columns.length, places.length);
      const assigns = plan.columns.map((c, i) =>
        assignment(c.type, layout.columns[places[i]!]!, target.table, x.session.version),
      );
      // Whole, before the first row is written: the query may read the target.
      const rows = [...plan.rows(null, run)];
      return (function* () {
        for (const row of rows) yield row.map((v, i) => (v === null ? null : assigns[i]!(v, run.settings)));
      })();
    }
    case 'execute':
      throw new Error('rows of EXEC are collected before');
  }
}

function* limited(rows: Iterable<Cell[]>, count: number): Iterable<Cell[]> {
  let n = 0;
  for (const row of rows) {
    if (n++ >= count) return;
    yield row;
  }
}

/** One row of cells into the table. False: left out by IGNORE_DUP_KEY. */
function insertRow(
  writer: TableWriter,
  identity: IdentityColumn,
  places: readonly number[],
  cells: readonly Cell[],
): Value[] | null {
  const { columns } = writer.layout;
  const values = new Array<Value>(columns.length).fill(null);
  const given = new Uint8Array(columns.length);
  for (let i = 0; i < cells.length; i++) {
    const cell = cells[i]!;
    if (cell === useDefault) continue;
    values[places[i]!] = cell as Value;
    given[places[i]!] = 1;
  }
  for (let i = 0; i < columns.length; i++) if (!given[i] && writer.hasDefault(i)) values[i] = writer.defaultOf(i);
  identity.fill(values, given);
  return writer.insert(values) ? values : null;
}

export async function insert(x: Execution, s: StatementOf<'insert'>): Promise<void> {
  const executed = s.source.kind === 'execute' ? await collectRows(x, s.source.statement as Statement) : null;
  let output: OutputRows | null = null;
  const count = await changing(
    x,
    () => resolveTarget(x, s.target, 'INSERT'),
    async target => {
      const { session } = x;
      const run = x.run();
      const layout = layoutOf(target.table);
      const keep = session.identityInsert;
      const keepIdentity =
        keep !== null && keep.databaseId === target.table.databaseId && keep.objectId === target.table.objectId;
      const places = targetColumns(s, layout, keepIdentity);
      if (s.source.kind !== 'defaults')
        refuseGenerated(layout, places, keepIdentity, !isDefaultEverywhere(s, layout, places));
      const writer = writerFor(x, target, run, 'INSERT', s.line);
      output = s.output ? new OutputRows(x, s.output, writer.layout, 'inserted') : null;
      const identity = new IdentityColumn(writer, session, keepIdentity);
      let rows: Iterable<Cell[]>;
      if (executed) {
        const assigns = executed.columns.map((type, i) =>
          places[i] === undefined ? null : assignment(type, layout.columns[places[i]]!, target.table, session.version),
        );
        if (executed.columns.length !== places.length) throw wrongCount(s, executed.columns.length, places.length);
        rows = executed.rows.map(r => r.map((v, i) => (v === null ? null : assigns[i]!(v, run.settings))));
      } else rows = cellsOf(x, s, target, places, run);
      if (s.top) rows = limited(rows, topCount(x, s.top, run));
      let n = 0;
      let ignored = false;
      try {
        for (const cells of rows) {
          const values = insertRow(writer, identity, places, cells);
          if (!values) {
            ignored = true;
            continue;
          }
          n++;
          output?.add(values, null);
          if ((n & 1023) === 0) await x.breathe();
        }
        writer.finish();
        await output?.store();
      } finally {
        identity.remember();
      }
      identity.tell();
      if (ignored)
        x.tokens.message(
          { number: 3604, state: 1, class: 0, message: 'Duplicate key was ignored.', line: null },
          s.line,
        );
      return n;
    },
  );
  await (output as OutputRows | null)?.send();
  x.session.rowCount = count;
  x.tokens.done(command.insert, x.counted(count));
}

function isDefaultEverywhere(s: StatementOf<'insert'>, layout: Layout, places: readonly number[]): boolean {
  const at = places.indexOf(layout.rowVersion);
  if (at < 0) return true;
  return s.source.kind === 'values' && s.source.rows.every(r => r[at]?.kind === 'default');
}

export function topCount(x: Execution, top: NonNullable<StatementOf<'insert'>['top']>, run: Run): number {
  if (top.percent) throw unsupported('TOP … PERCENT of a statement that changes rows');
  const n = coerce(bindExpression(top.count, new Scope(x.bind(), null)), types.bigint)({ row: [], outer: null, run });
  return Number(n ?? 0n);
}
