import type { Finding } from '../compat/finding.ts';
import type { AliasType } from '../model/alias-type.ts';
import type { DataType } from '../model/data-type.ts';
import { baseTypeOf } from '../model/look-up.ts';
import type { Table } from '../model/table.ts';
import { insertableColumns } from '../scripter/table-data.ts';
import { quoteName, quoteQualified } from '../tsql/quote.ts';
import { explanationOfValues } from './explanation.ts';
import { findRowDifferences, type RowDifferences, type RowReader } from './row-differences.ts';
import { keyColumns, sampleCondition } from './sample.ts';
import type { Side, SumQuery, TableSum } from './side.ts';
import type { TableSummer } from './table-summer.ts';
import type { TableComparison, VerifyOptions } from './verify-options.ts';

export interface TablePair {
  /** As it should be on the second side. */
  readonly from: Table;
  readonly to: Table;
  readonly fromAliases: readonly AliasType[];
  readonly toAliases: readonly AliasType[];
  /** Findings on this table or its columns. */
  readonly findings: readonly Finding[];
}

/**
 * Compares rows and content of one table, both sides at the same time.
 * @param summer reads what the sides do not have ready
 */
export async function compareTable(
  from: Side,
  to: Side,
  pair: TablePair,
  options: VerifyOptions,
  summer: TableSummer,
  onRows: (rows: number) => void,
): Promise<TableComparison> {
  const table = { schema: pair.from.schema, name: pair.from.name };
  const quoted = quoteQualified(table.schema, table.name);
  const plan = planColumns(from, to, pair);
  const empty = {
    table: quoted,
    fromRows: null,
    toRows: null,
    fromRowsum: null,
    toRowsum: null,
    leftOut: [],
    rows: [],
  };
  if (typeof plan === 'string') return { ...empty, state: 'notCompared', note: plan };
  const where = options.sample === null ? null : sampleCondition(pair.from, pair.to, options.sample);
  const form = from.sumForm ?? to.sumForm ?? 'text';
  const vectors = pair.from.columns.some(c => isVector(c.type) && plan.columns.includes(c.name));
  const sameVectors = !vectors || from.textVectors(pair.from) === to.textVectors(pair.to);
  const comparable = (to.sumForm ?? form) === form && sameVectors;
  const sums = (columns: readonly string[], condition: string | null) => {
    const request = { table, columns, form, where: condition };
    return sumBoth(from.sum(request), to.sum(request), summer, onRows);
  };
  const [a, b] = await sums(plan.columns, where);
  // Of a sample the rows are counted besides, all of them.
  const [allA, allB] = where === null ? [a, b] : await sums([], null);
  const result = {
    ...empty,
    fromRows: allA.rows,
    toRows: allB.rows,
    fromRowsum: a.rowsum,
    toRowsum: b.rowsum,
    leftOut: plan.leftOut.map(quoteName),
  };
  if (plan.missing.length > 0)
    return {
      ...result,
      state: 'different',
      note: `${to.label} has no ${plan.missing.map(c => `column ${quoteName(c)}`).join(', ')}`,
    };
  const sampled =
    [
      ...(where === null ? [] : [`content of about one in ${options.sample} rows`]),
      ...(vectors && from.textVectors(pair.from)
        ? ['vectors by the eight digits that a server tells of a number']
        : []),
    ].join(', ') || null;
  const outcome = judge(comparable ? a : { ...a, rowsum: null }, b, allA.rows === allB.rows, plan.columns);
  if (outcome === 'equal' && plan.columns.length > 0 && a.rows === 0 && allA.rows > 0)
    return { ...result, state: 'counted', note: `none of its rows is in the sample of one in ${options.sample}` };
  if (outcome === 'equal') return { ...result, state: 'equal', note: sampled };
  if (outcome === 'counted')
    return {
      ...result,
      state: 'counted',
      note: comparable
        ? 'a side tells the number of its rows, not their content'
        : sameVectors
          ? 'the sides sum the content in different forms'
          : 'one side has its vectors as text of the server, the other as numbers',
    };
  const { rows, unordered } =
    options.showRows > 0 ? await differences(from, to, pair, plan.columns, where, options.showRows) : noDifferences;
  const foretold = plan.columns.flatMap(c => explanationOfValues(quoted, c, pair.findings) ?? []);
  if (foretold.length > 0 && allA.rows === allB.rows) {
    const reason = foretold.map(f => `${f.message} (${f.rule})`).join('; ');
    if (plan.fixed)
      return {
        ...result,
        state: 'counted',
        note: `${reason}; the content of the other columns is summed together with it`,
        rows,
      };
    const others = plan.columns.filter(c => !explanationOfValues(quoted, c, pair.findings));
    const [x, y] = await sums(others, where);
    if (judge(x, y, true, others) === 'equal') return { ...result, state: 'explained', note: reason, rows };
  }
  const differ = allA.rows === allB.rows ? 'the same number of rows, but not the same content' : 'not as many rows';
  const unnamed = unordered ? 'the servers order its rows too differently to name those that differ' : null;
  return { ...result, state: 'different', note: [differ, sampled, unnamed].filter(n => n !== null).join('; '), rows };
}

async function sumBoth(
  from: TableSum | SumQuery,
  to: TableSum | SumQuery,
  summer: TableSummer,
  onRows: (rows: number) => void,
): Promise<readonly [TableSum, TableSum]> {
  const queries = { from: 'sql' in from ? from : null, to: 'sql' in to ? to : null };
  const read = await summer.run(queries, onRows, () => undefined);
  return ['sql' in from ? read.from! : from, 'sql' in to ? read.to! : to];
}

function judge(
  a: TableSum,
  b: TableSum,
  sameRows: boolean,
  columns: readonly string[],
): 'equal' | 'counted' | 'different' {
  if (!sameRows || a.rows !== b.rows) return 'different';
  if (columns.length === 0 || a.rows === 0) return 'equal';
  if (a.rowsum === null || b.rowsum === null) return 'counted';
  return a.rowsum === b.rowsum ? 'equal' : 'different';
}

/** Of single precision: half-precision ones come as text from every server. */
export function isVector(type: DataType): boolean {
  return type.schema === null && type.name === 'vector' && type.vectorBaseType !== 'float16';
}

interface ColumnPlan {
  readonly columns: readonly string[];
  readonly leftOut: readonly string[];
  /** The second side has none of that name that takes values. */
  readonly missing: readonly string[];
  /** A side has the sum of just these columns. */
  readonly fixed: boolean;
}

/** Columns whose values are compared, or why no rows are. */
function planColumns(from: Side, to: Side, pair: TablePair): ColumnPlan | string {
  const stated = [from.sumColumns(pair.from), to.sumColumns(pair.to)] as const;
  if (stated[0] === undefined) return `${from.label} has no rows of it`;
  if (stated[1] === undefined) return `${to.label} has no rows of it`;
  const own = insertableColumns(pair.from, pair.fromAliases).map(c => c.name);
  const other = new Set(insertableColumns(pair.to, pair.toAliases).map(c => c.name));
  const missing = own.filter(name => !other.has(name));
  const fixed = stated[0] ?? stated[1];
  if (missing.length > 0) return { columns: [], leftOut: own, missing, fixed: fixed !== null };
  if (stated[0] && stated[1] && stated[0].join('\u0000') !== stated[1].join('\u0000'))
    return 'the sides state the content of different columns';
  if (fixed) return { columns: fixed, leftOut: [], missing, fixed: true };
  const changed = new Set(
    pair.findings.filter(f => f.rule === 'data-type' && f.severity === 'rewritten').map(f => f.object),
  );
  const quoted = quoteQualified(pair.from.schema, pair.from.name);
  // A type that was rewritten is read in another form on each side.
  const isChanged = (name: string) => changed.has(`${quoted}.${quoteName(name)}`);
  return { columns: own.filter(name => !isChanged(name)), leftOut: own.filter(isChanged), missing, fixed: false };
}

/** Types that have no order. */
const unordered = new Set(['text', 'ntext', 'image', 'xml', 'geography', 'geometry', 'json', 'vector']);

const noDifferences: RowDifferences = { rows: [], unordered: false };

async function differences(
  from: Side,
  to: Side,
  pair: TablePair,
  columns: readonly string[],
  where: string | null,
  limit: number,
): Promise<RowDifferences> {
  if (!from.readRows || !to.readRows || columns.length === 0) return noDifferences;
  const keys = keyColumns(pair.from).filter(name => columns.includes(name));
  const ordered = [...keys, ...columns.filter(c => !keys.includes(c))];
  const sortable = ordered.filter(name => {
    const column = pair.from.columns.find(c => c.name === name);
    return column && !unordered.has(baseTypeOf(column.type, pair.fromAliases).name) && column.type.length !== 'max';
  });
  const order = keys.length > 0 ? keys : sortable;
  const query =
    `SELECT ${ordered.map(quoteName).join(', ')} FROM ${quoteQualified(pair.from.schema, pair.from.name)}` +
    `${where === null ? '' : ` WHERE ${where}`}${order.length > 0 ? ` ORDER BY ${order.map(quoteName).join(', ')}` : ''}`;
  const reader =
    (side: Side): RowReader =>
    take =>
      side.readRows!(query, keys.length, take);
  return findRowDifferences(reader(from), reader(to), ordered, keys.length, limit);
}
