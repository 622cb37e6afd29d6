/** SELECT … INTO: a table made of the columns of a query, with its rows. */
import type { ColumnDefinition, CreateTable, ObjectName } from '../../../tsql/ddl/statement.ts';
import type { Query, QueryBody } from '../parser/ast.ts';
import { resolveObject } from '../query/from.ts';
import type { OutputColumn, Plan } from '../query/runtime.ts';
import { planQuery } from '../query/select.ts';
import { isTemporaryName } from '../session/temporary-tables.ts';
import { layoutOf } from '../storage/layout.ts';
import { dataType, isCharacter } from '../types/sql-type.ts';
import type { Value } from '../types/values.ts';
import { command } from './commands.ts';
import { runDdl } from './ddl.ts';
import type { Execution } from './execution.ts';
import { IdentityColumn } from './identity.ts';
import { refuseDoomed, resolveTarget, writerFor } from './target.ts';

const withoutInto = (body: QueryBody): QueryBody => {
  switch (body.kind) {
    case 'select':
      return { ...body, into: null };
    case 'set':
      return { ...body, left: withoutInto(body.left) };
    case 'nested':
      return { ...body, query: { ...body.query, body: withoutInto(body.query.body) } };
  }
};

function definition(c: OutputColumn, identity: ColumnDefinition['identity']): ColumnDefinition {
  const type = dataType(c.type.name === 'timestamp' ? { ...c.type, name: 'timestamp' } : c.type);
  return {
    name: c.name,
    type: type.length === 0 ? { ...type, length: 1 } : type,
    nullable: identity ? false : c.nullable,
    collation: isCharacter(c.type) ? (c.type.collation?.name ?? null) : null,
    identity,
    computed: null,
    default: null,
    rowGuid: false,
    sparse: false,
    columnSet: false,
    filestream: false,
  };
}

/** The identity that a plain column of one table hands on. */
function inheritedIdentity(x: Execution, query: Query): Map<number, NonNullable<ColumnDefinition['identity']>> {
  const found = new Map<number, NonNullable<ColumnDefinition['identity']>>();
  const core = query.body;
  if (core.kind !== 'select' || core.from.length !== 1 || core.distinct || core.groupBy.length > 0) return found;
  const [from] = core.from;
  if (from?.kind !== 'object') return found;
  const table = isTemporaryName(from.name.name)
    ? x.session.temporary.find(from.name.name)
    : resolveObject(from.name, x.bind());
  if (table?.kind !== 'table') return found;
  let place = 0;
  for (const item of core.items) {
    if (item.expression.kind === 'star') {
      for (const c of table.columns) {
        if (c.identity) found.set(place, text(c.identity));
        place++;
      }
      continue;
    }
    const e = item.expression;
    if (e.kind === 'column') {
      const name = e.parts[e.parts.length - 1]!.toLowerCase();
      const c = table.columns.find(k => k.name.toLowerCase() === name);
      if (c?.identity) found.set(place, text(c.identity));
    }
    place++;
  }
  return found.size === 1 ? found : new Map();
}
const text = (i: { seed: bigint; increment: bigint }): NonNullable<ColumnDefinition['identity']> => ({
  seed: String(i.seed),
  increment: String(i.increment),
  notForReplication: false,
  lastValue: null,
});

export async function selectInto(x: Execution, query: Query, into: ObjectName, line: number): Promise<void> {
  refuseDoomed(x);
  const { session } = x;
  const plain: Query = { ...query, body: withoutInto(query.body) };
  const count = await session.transaction.statement(x.waiter, async () => {
    const plan: Plan = planQuery(plain, x.bind(), null);
    const run = x.run();
    const identities = inheritedIdentity(x, plain);
    const create: CreateTable = {
      kind: 'createTable',
      position: { line, column: 1 },
      name: into,
      columns: plan.columns.map((c, i) => definition(c, identities.get(i) ?? null)),
      keys: [],
      foreignKeys: [],
      checks: [],
      defaults: [],
      indexes: [],
      dataSpace: null,
      lobDataSpace: null,
      filestreamDataSpace: null,
      compression: [],
      otherOptions: {},
    };
    const rows = [...plan.rows(null, run)];
    runDdl(x, create);
    const target = resolveTarget(x, { kind: 'object', name: into }, 'SELECT INTO');
    session.transaction.touch(target.table);
    const layout = layoutOf(target.table);
    const writer = writerFor(x, target, run, 'INSERT', line);
    const identity = new IdentityColumn(writer, session, true);
    let n = 0;
    for (const row of rows) {
      const values: Value[] = row.slice(0, layout.columns.length);
      if (layout.identity >= 0) identity.take(values[layout.identity]!);
      writer.insert(values);
      if ((++n & 1023) === 0) await x.breathe();
    }
    identity.remember();
    return n;
  });
  session.rowCount = count;
  x.tokens.done(command.select, x.counted(count));
}
