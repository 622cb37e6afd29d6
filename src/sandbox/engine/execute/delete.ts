/** DELETE and TRUNCATE TABLE. */
import type { StatementOf } from '../parser/ast.ts';
import { ServerError } from '../server-error.ts';
import { layoutOf } from '../storage/layout.ts';
import type { Value } from '../types/values.ts';
import { bindChange, changedRows, targetOf } from './changed-rows.ts';
import { command } from './commands.ts';
import type { Execution } from './execution.ts';
import { topCount } from './insert.ts';
import { OutputRows } from './output.ts';
import { changing, resolveTarget, writerFor } from './target.ts';
import { joinedPart } from './update.ts';

export async function deleteRows(x: Execution, s: StatementOf<'delete'>): Promise<void> {
  let output: OutputRows | null = null;
  const count = await changing(
    x,
    () => targetOf(x, s.target, s.from, s.with, 'DELETE'),
    async target => {
      const run = x.run();
      const layout = layoutOf(target.table);
      const change = bindChange(x, s.target, target, s.from, s.where, s.with);
      const writer = writerFor(x, target, run, 'DELETE', s.line);
      // All rows of a table that nothing refers to need not be looked at.
      if (!s.where && s.from.length === 0 && !s.top && !s.output && target.table.referencedBy.length === 0) {
        const n = target.storage.count(target.table.databaseId, target.table.objectId);
        target.storage.truncate(target.table);
        return n;
      }
      output = s.output ? new OutputRows(x, s.output, layout, 'deleted', joinedPart(change)) : null;
      const limit = s.top ? topCount(x, s.top, run) : Number.POSITIVE_INFINITY;
      const rows: { rid: number; values: Value[]; joined: Value[] }[] = [];
      for (const row of changedRows(change, run, layout.columns.length, limit, false)) {
        rows.push({ rid: row.rid, values: row.values, joined: output ? [...row.env.row] : [] });
        if ((rows.length & 1023) === 0) await x.breathe();
      }
      writer.delete(rows);
      writer.finish();
      const out = output as OutputRows | null;
      if (out) for (const r of rows) out.add(null, r.values, r.joined);
      await out?.store();
      return rows.length;
    },
  );
  await (output as OutputRows | null)?.send();
  x.session.rowCount = count;
  x.tokens.done(command.delete, x.counted(count));
}

export async function truncate(x: Execution, s: StatementOf<'truncate'>): Promise<void> {
  await changing(
    x,
    () => resolveTarget(x, { kind: 'object', name: s.name }, 'TRUNCATE'),
    ({ table, storage }) => {
      if (table.referencedBy.some(k => k.tableId !== table.objectId))
        throw new ServerError(
          4712,
          `Cannot truncate table '${table.name}' because it is being referenced by a FOREIGN KEY constraint.`,
        );
      storage.truncate(table);
      if (layoutOf(table).identity >= 0) x.session.catalog.setIdentityState(table, null);
    },
  );
  x.session.rowCount = 0;
  x.tokens.done(command.truncate, null);
}
