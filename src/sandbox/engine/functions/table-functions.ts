/** Table-valued functions of the server. */
import type { ObjectName } from '../../../tsql/ddl/statement.ts';
import { coerce } from '../bind/comparison.ts';
import type { BindContext } from '../bind/scope.ts';
import { catalogSource } from '../query/catalog-source.ts';
import type { Bound, Env, OutputColumn, Plan } from '../query/runtime.ts';
import { ServerError } from '../server-error.ts';
import { isUnicode, nvarcharType, types, varcharType } from '../types/sql-type.ts';
import type { Value } from '../types/values.ts';

/** null = not one of these. Functions over catalog data (fn_helpcollations, dm_os_volume_stats) are catalog views with a name. */
export function tableFunction(
  name: ObjectName,
  args: readonly Bound[],
  context: BindContext,
  correlated: boolean,
): Plan | null {
  const { session } = context;
  const lower = name.name.toLowerCase();
  const bare = name.schema === null;
  if (bare && lower === 'string_split') {
    if (session.version < 130) throw new ServerError(208, "Invalid object name 'STRING_SPLIT'.");
    const [a, b] = args as [Bound, Bound];
    const collation = a.type.collation ?? session.settings.databaseCollation;
    const type = isUnicode(a.type) ? nvarcharType(a.type.length, collation) : varcharType(a.type.length, collation);
    const text = coerce(a, { ...type, length: -1 });
    const separator = coerce(b, nvarcharType(1, collation));
    const ordinal = args.length > 2;
    const columns: OutputColumn[] = [{ name: 'value', type, nullable: true, flags: 0x21 }];
    if (ordinal) columns.push({ name: 'ordinal', type: types.bigint, nullable: true, flags: 0x21 });
    return rowsPlan(columns, correlated, function* (env) {
      const s = text(env) as string | null;
      const sep = separator(env) as string | null;
      if (s === null || sep === null) return;
      let n = 0n;
      for (const part of s.split(sep)) yield ordinal ? [part, ++n] : [part];
    });
  }
  if (bare && lower === 'generate_series') {
    if (session.version < 160) throw new ServerError(208, "Invalid object name 'GENERATE_SERIES'.");
    const big = args.some(x => x.type.name === 'bigint');
    const type = big ? types.bigint : types.int;
    const evals = args.map(x => coerce(x, types.bigint));
    return rowsPlan([{ name: 'value', type, nullable: true, flags: 0x21 }], correlated, function* (env) {
      const [from, to, step] = evals.map(e => e(env) as bigint | null);
      if (from === null || to === null || from === undefined || to === undefined) return;
      const by = step ?? (from <= to ? 1n : -1n);
      if (by === 0n)
        throw new ServerError(4199, 'Argument value 0 is invalid for argument 3 of generate_series function.');
      for (let i = from; by > 0n ? i <= to : i >= to; i += by) yield [big ? i : Number(i)];
    });
  }
  const found = session.catalog.resolve(bare ? { ...name, schema: 'sys' } : name, session.context);
  if (found?.kind !== 'catalogView') return null;
  // Parameters of such a function (database id, file id) select among its rows by the columns of the same place.
  const source = catalogSource(found, session);
  const keys = args.filter(a => !a.isNull);
  const columnsOf = source.columns.map((_, i) => i);
  return rowsPlan(
    source.columns.map(c => ({ name: c.name, type: c.type, nullable: c.nullable, flags: c.flags })),
    correlated,
    function* (env) {
      const values = keys.map((k, i) => coerce(k, source.columns[i]?.type ?? types.int)(env));
      for (const row of source.scan(env.run, columnsOf, null)) {
        if (
          keys.length > 0 &&
          values.some((v, i) => v !== null && isKeyColumn(source.columns[i]?.name) && row[i] !== v)
        )
          continue;
        yield row;
      }
    },
  );
}
const isKeyColumn = (name: string | undefined): boolean => name !== undefined && /_id$/.test(name);

function rowsPlan(columns: OutputColumn[], correlated: boolean, rows: (env: Env) => Iterable<Value[]>): Plan {
  return { columns, correlated, orderColumns: null, rows: (outer, run) => rows({ row: [], outer, run }) };
}
