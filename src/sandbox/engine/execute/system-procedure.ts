/** System procedures: done by the catalog, their results sent here. */
import type { ObjectName } from '../../../tsql/ddl/statement.ts';
import type { DdlOutcome, ProcedureArgument, ProcedureResult } from '../catalog-access.ts';
import { fromSqlite } from '../query/catalog-source.ts';
import { externalValue } from '../session/external-value.ts';
import { dataType, nvarcharType, sqlType, types } from '../types/sql-type.ts';
import { Variant } from '../types/values.ts';
import type { Argument, CallResult } from './arguments.ts';
import { command } from './commands.ts';
import { tellOutcome } from './ddl.ts';
import type { Execution } from './execution.ts';
import { failureOf } from './outcome.ts';
import { ResultSender } from './result-sender.ts';
import { refuseDoomed } from './target.ts';

/** null: the catalog has no such procedure. */
export async function systemProcedure(
  x: Execution,
  name: ObjectName,
  args: readonly Argument[],
  line: number,
): Promise<CallResult | null> {
  const { session } = x;
  const given = args.map((a): ProcedureArgument => {
    // A variable of type sql_variant hands over what is in it.
    const { type, value } = a.value instanceof Variant ? a.value : a;
    return {
      name: a.name === '' ? null : a.name.slice(1),
      value: type === null ? null : externalValue(value, type, session.settings),
      output: a.output,
      ...(type === null ? {} : { type: dataType(type) }),
    };
  });
  refuseDoomed(x);
  let outcome: DdlOutcome | null = null;
  await session.transaction.statement(x.waiter, () => {
    session.transaction.touchDefinitions();
    outcome = session.catalog.executeSystemProcedure(name, given, session.context);
    session.transaction.touchDefinitions();
    const failure = outcome && failureOf(outcome);
    if (failure) throw failure;
  });
  const made = outcome as DdlOutcome | null;
  if (!made) return null;
  for (const count of made.steps ?? []) tellStep(x, count);
  for (const result of made.results ?? []) await sendResult(x, result);
  tellOutcome(x, made, line);
  for (const [key, value] of Object.entries(made.outputs ?? {})) {
    const target = args.find(a => a.output && a.name.slice(1).toLowerCase() === key.toLowerCase());
    const type = typeof value === 'number' ? types.int : nvarcharType(4000, session.settings.databaseCollation);
    target?.receive?.(type, value);
  }
  return { status: made.returnStatus ?? 0 };
}

async function sendResult(x: Execution, result: ProcedureResult): Promise<void> {
  const { session } = x;
  const columns = result.columns.map(c => ({
    name: c.name,
    type: sqlType(c.type, session.settings.databaseCollation, 1),
    nullable: c.nullable,
    flags: (c.stored ? 8 : 0x20) | (c.nullable ? 1 : 0),
  }));
  const decode = columns.map(c => fromSqlite(c.type, session));
  const sender = new ResultSender(x, columns);
  for (const row of result.rows) {
    sender.row(row.map((v, i) => decode[i]!(v)));
    if (sender.full) await sender.flush();
  }
  await sender.flush();
  session.rowCount = sender.count;
  tellStep(x, result.counted === false ? null : x.counted(sender.count));
}

/** DONEINPROC of a statement inside a system procedure. */
function tellStep(x: Execution, count: number | bigint | null): void {
  x.tokens.procedureDepth++;
  x.tokens.done(command.select, count);
  x.tokens.procedureDepth--;
}
