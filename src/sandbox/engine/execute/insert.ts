/** INSERT. */
import { coerce, commonType } from '../bind/comparison.ts';
import { bindExpression } from '../bind/expressions.ts';
import { Scope } from '../bind/scope.ts';
import type { Expression, Statement, StatementOf } from '../parser/ast.ts';
import type { Bound, Env, Eval, Run } from '../query/runtime.ts';
import { planQuery } from '../query/select.ts';
import { ServerError, unsupported } from '../server-error.ts';
import { assignment } from '../storage/assign.ts';
import type { Layout } from '../storage/layout.ts';
import { layoutOf } from '../storage/layout.ts';
import type { TableWriter } from '../storage/table-writer.ts';
import { types } from '../types/sql-type.ts';
import type { Value } from '../types/values.ts';
import { command } from './commands.ts';
import type { Execution } from './execution.ts';
import { IdentityColumn } from './identity.ts';
import { collectRows } from './insert-execute.ts';
import { literalCell, literalFamily } from './literal-cells.ts';
import { OutputRows } from './output.ts';
import { changing, resolveTarget, type Target, writerFor } from './target.ts';

/** The marks of cells without a value of their own. */
const useDefault = Symbol('default');
type Cell = Value | typeof useDefault;

/** Places of the named columns; by position all but identity and computed ones. */
export function targetColumns(s: StatementOf<'insert'>, layout: Layout, keepIdentity: boolean): number[] {
  const { table } = layout;
  if (!s.columns) {
    if (keepIdentity && layout.identity >= 0)
      throw new ServerError(
        8101,
        `An explicit value for the identity column in table '${table.schema}.${table.name}' can only be specified when a column list is used and IDENTITY_INSERT is ON.`,
      );
    return layout.columns.flatMap((c, i) => (c.identity || c.definition.computed ? [] : [i]));
  }
  const places: number[] = [];
  const fold = (name: string): string => name.toLowerCase();
  for (const name of s.columns) {
    let place = layout.columns.findIndex(c => c.name === name);
    if (place < 0) place = layout.columns.findIndex(c => fold(c.name) === fold(name));
    if (place < 0 && /^\$(identity|rowguid)$/i.test(name))
      place = layout.columns.findIndex(c => (/identity/i.test(name) ? c.identity : c.rowGuid));
    if (place < 0) throw new ServerError(207, `Invalid column name '${name}'.`);
    if (places.includes(place))
      throw new ServerError(
        264,
        `The column name '${name}' is specified more than once in the SET clause or column list of an INSERT. A column cannot be assigned more than one value in the same clause. Modify the clause to make sure that a column is updated only once. If this statement updates or inserts columns into a view, column aliasing can conceal the duplication in your code.`,
      );
    places.push(place);
  }
  return places;
}

function refuseGenerated(layout: Layout, places: readonly number[], keepIdentity: boolean, values: boolean): void {
  const { table } = layout;
  for (const place of places) {
    const c = layout.columns[place]!;
    if (c.definition.computed)
      throw new ServerError(
        271,
        `The column "${c.name}" cannot be modified because it is either a computed column or is the result of a UNION operator.`,
      );
    if (c.identity && !keepIdentity)
      throw new ServerError(
        544,
        `Cannot insert explicit value for identity column in table '${table.name}' when IDENTITY_INSERT is set to OFF.`,
      );
    if (c.type.name === 'timestamp' && values)
      throw new ServerError(
        273,
        'Cannot insert an explicit value into a timestamp column. Use INSERT with a column list to exclude the timestamp column, or insert a DEFAULT into the timestamp column.',
      );
  }
  if (keepIdentity && layout.identity >= 0 && !places.includes(layout.identity))
    throw new ServerError(
      545,
      `Explicit value must be specified for identity column in table '${table.name}' either when IDENTITY_INSERT is set to ON or when a replication user is inserting into a NOT FOR REPLICATION identity column.`,
    );
}

function wrongCount(s: StatementOf<'insert'>, given: number, wanted: number): ServerError {
  if (!s.columns)
    return new ServerError(213, 'Column name or number of supplied values does not match table definition.');
  const values = s.source.kind === 'values';
  const [many, few] = values ? [110, 109] : [121, 120];
  const clause = values ? 'values specified in the VALUES clause' : 'items in the INSERT list';
  if (values)
    return given > wanted
      ? new ServerError(
          many,
          `There are fewer columns in the INSERT statement than ${clause}. The number of values in the VALUES clause must match the number of columns specified in the INSERT statement.`,
          { class: 15 },
        )
      : new ServerError(
          few,
          `There are more columns in the INSERT statement than ${clause}. The number of values in the VALUES clause must match the number of columns specified in the INSERT statement.`,
          { class: 15 },
        );
  return given > wanted
    ? new ServerError(
        many,
        'The select list for the INSERT statement contains more items than the insert list. The number of SELECT values must match the number of INSERT columns.',
        { class: 15 },
      )
    : new ServerError(
        few,
        'The select list for the INSERT statement contains fewer items than the insert list. The number of SELECT values must match the number of INSERT columns.',
        { class: 15 },
      );
}

/** Rows of VALUES as cells for the target columns, evaluated one after another. */
function valueCells(
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
