/** `$PARTITION.f(value)`: the number of the partition that a partition function puts a value into. */
import { derived } from '../bind/bound.ts';
import { coerce, comparer } from '../bind/comparison.ts';
import { bindExpression } from '../bind/expressions.ts';
import type { Scope } from '../bind/scope.ts';
import type { SandboxPartitionFunction } from '../catalog-access.ts';
import type { Expression } from '../parser/ast.ts';
import { fromSqlite } from '../query/catalog-source.ts';
import type { Bound, SessionView } from '../query/runtime.ts';
import { ServerError } from '../server-error.ts';
import { type SqlType, sqlType, types } from '../types/sql-type.ts';
import type { Value } from '../types/values.ts';

type Call = Extract<Expression, { kind: 'call' }>;

/** Whether a call is `$PARTITION.f(…)` or `database.$PARTITION.f(…)`. */
export const isPartitionCall = (call: Call): boolean =>
  call.path.length > 0 && call.path.length < 3 && call.path[call.path.length - 1]!.toUpperCase() === '$PARTITION';

export function bindPartitionCall(call: Call, scope: Scope): Bound {
  const { session } = scope.context;
  const database = call.path.length > 1 ? call.path[0]! : (scope.context.database ?? session.context.database);
  if (session.catalog.databaseId(database) === null)
    throw new ServerError(911, `Database '${database}' does not exist. Make sure that the name is entered correctly.`, {
      line: call.line,
    });
  session.catalog.checkAccess(database, session.context);
  const found = session.catalog.partitionFunction(call.name, database);
  // Which error the server gives is not documented; it looks the function up as it does other names.
  if (!found) throw new ServerError(208, `Invalid object name '${call.name}'.`, { line: call.line });
  if (call.star || call.distinct || call.over)
    throw new ServerError(102, `Incorrect syntax near '${call.name}'.`, { class: 15, line: call.line });
  if (call.arguments.length !== 1)
    throw new ServerError(174, `The ${call.name} function requires 1 argument(s).`, { class: 15, line: call.line });
  const type = partitionType(found, session);
  const argument = bindExpression(call.arguments[0]!, scope);
  const value = coerce(argument, type);
  const numberOf = partitionNumbers(found, type, session);
  return derived(types.int, true, [argument], env => numberOf(value(env)));
}

/** The type that values are converted to before they are compared with the boundaries. */
export const partitionType = (of: SandboxPartitionFunction, session: SessionView): SqlType =>
  sqlType(of.type, of.collation ?? session.settings.databaseCollation, 1);

/**
 * From a value of the function's type to its partition, from 1. A boundary belongs to the partition on its right or on its left;
 * NULL is lower than any value ("Create partitioned tables and indexes").
 */
export function partitionNumbers(
  of: SandboxPartitionFunction,
  type: SqlType,
  session: SessionView,
): (value: Value) => number {
  const boundaries = of.boundaries.map(fromSqlite(type, session));
  const present = comparer(type);
  const compare = (a: Value, b: Value): number => (a === null ? (b === null ? 0 : -1) : b === null ? 1 : present(a, b));
  return value => {
    // The first boundary that is not to the left of the value.
    let low = 0;
    let high = boundaries.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const order = compare(boundaries[middle]!, value);
      if (order < 0 || (order === 0 && of.boundaryOnRight)) low = middle + 1;
      else high = middle;
    }
    return low + 1;
  };
}
