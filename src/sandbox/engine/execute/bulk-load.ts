/** The rows of a bulk load. */
import type { BulkRows } from '../../tds/engine.ts';
import { ServerError } from '../server-error.ts';
import { BulkReader } from '../storage/bulk-reader.ts';
import { TableWriter } from '../storage/table-writer.ts';
import type { AnnouncedBulk } from './bulk-statement.ts';
import { command } from './commands.ts';
import type { Execution } from './execution.ts';
import { IdentityColumn } from './identity.ts';
import { refuseDoomed, resolveTarget } from './target.ts';

const noMetadata = (): ServerError =>
  new ServerError(
    4804,
    'While reading current row from host, a premature end-of-message was encountered--an incoming data stream was interrupted when the server expected to see more data. The host program may have terminated. Ensure that you are using a supported client application programming interface (API).',
    { state: 2 },
  );

export async function bulkLoad(x: Execution, announced: AnnouncedBulk, rows: BulkRows): Promise<void> {
  const { session } = x;
  const { statement } = announced;
  const { columns } = rows;
  if (columns === null) {
    for await (const _ of rows.chunks);
    throw noMetadata();
  }
  refuseDoomed(x);
  const keepNulls = statement.options.includes('KEEP_NULLS');
  const checked = statement.options.includes('CHECK_CONSTRAINTS');
  const fires = statement.options.includes('FIRE_TRIGGERS');
  const count = await session.transaction.statement(x.waiter, async () => {
    const target = resolveTarget(x, { kind: 'object', name: statement.name }, 'INSERT BULK');
    const { table } = target;
    session.transaction.touch(table);
    const writer = new TableWriter(table, target.storage, x.run(), {
      verb: 'INSERT',
      checkConstraints: checked,
      firesTriggers: fires,
      notice: text => x.notice(text, 1),
    });
    const keepsIdentity = announced.columns.some(c => c.place === writer.layout.identity);
    const identity = new IdentityColumn(writer, session, keepsIdentity);
    const reader = new BulkReader(writer, identity, announced.columns, columns, keepNulls, session);
    let n = 0;
    try {
      for await (const chunk of rows.chunks) {
        n += reader.take(Buffer.from(chunk.bytes.buffer, chunk.bytes.byteOffset, chunk.bytes.byteLength));
        await x.breathe();
      }
      writer.finish();
    } finally {
      identity.remember();
    }
    identity.tell();
    if (!checked && (table.checks.length > 0 || table.foreignKeys.length > 0)) {
      session.transaction.touchDefinitions();
      session.catalog.setConstraintsUntrusted(table);
    }
    return n;
  });
  session.rowCount = count;
  x.tokens.done(command.bulkRows, x.counted(count));
}

/** The command that the DONE of a failed load shows: errors that end the statement alone show that of the rows. */
export const failedBulkCommand = (error: ServerError, xactAbort: boolean): number =>
  !xactAbort && error.more.some(m => m.number === 3621) ? command.bulkRows : command.none;
