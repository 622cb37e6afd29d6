/** Sends one step in whatever transaction is open. */

import type { ServerMessage } from '../connection/sql-error.ts';
import { XpdbError } from '../model/error.ts';
import { batchesOf } from './insert-batches.ts';
import type { RowLoader } from './row-loader.ts';
import type { BatchStep, InsertStatement, RowsStep, Step } from './step.ts';
import type { Target } from './target.ts';

export type OnMessage = (message: ServerMessage) => void;

/** @throws SqlServerError of the first statement or load that failed */
export async function sendStep(target: Target, step: Step, onMessage: OnMessage): Promise<void> {
  if (step.kind === 'rows') await sendRows(target, step, onMessage);
  else await sendBatch(target, step, onMessage);
}

async function sendBatch(target: Target, step: BatchStep, onMessage: OnMessage): Promise<void> {
  const passed = step.inserts.length === 0 ? null : await target.lost?.check(target.session, step.inserts);
  for (let i = 0; i < step.count; i++) await target.session.execute(step.text, { onMessage });
  passed?.();
  if (!step.data) target.invalidate();
  target.assume(step.after);
}

async function sendRows(target: Target, step: RowsStep, onMessage: OnMessage): Promise<void> {
  const filled = step.filled();
  if (filled !== null && filled.rows === step.rows && target.isCurrent(filled)) return sendLoad(filled, step);
  // Of another session: what it took is filled in anew.
  filled?.discard();
  const loader = await target.openLoader(step.head, step.before);
  let asText: InsertStatement[] = [];
  const sendText = async () => {
    if (asText.length === 0) return;
    const statements = asText;
    asText = [];
    for (const batch of batchesOf({ ...step, statements: () => statements })) await sendBatch(target, batch, onMessage);
  };
  for (const statement of step.statements()) {
    if (loader && takes(loader, statement)) {
      // Rows keep their order: the text before them goes first, and the other way round.
      await sendText();
      continue;
    }
    if (loader && loader.rows > 0) await sendLoad(loader, step);
    asText.push(statement);
  }
  await sendText();
  if (loader && loader.rows > 0) await sendLoad(loader, step);
}

/** All rows of a statement or none. */
export function takes(loader: RowLoader, statement: InsertStatement): boolean {
  if (statement.tail !== '' && statement.tail !== ';') return false;
  loader.startStatement();
  for (const row of statement.rows) {
    if (loader.add(row)) continue;
    loader.dropStatement();
    return false;
  }
  return true;
}

async function sendLoad(loader: RowLoader, step: RowsStep): Promise<void> {
  const expected = loader.rows;
  const counted = await loader.send();
  if (counted === expected) return;
  throw new XpdbError(`the server counted ${counted} rows of ${expected} that were loaded`, {
    ...(step.object === null ? {} : { object: step.object }),
    position: step.first,
    hint: 'run the import again with --no-bulk',
  });
}
