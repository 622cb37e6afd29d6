/** INSERT statements as the text of batches. */

import { BatchBuilder } from './batch-builder.ts';
import type { BatchStep, InsertStatement, RowsStep, ScriptPlace } from './step.ts';

/** The server compiles a batch as a whole: more would only make it slower. */
const batchLength = 1 << 18;
const batchStatements = 500;

/** Batches of the statements of a load, none cut. */
export function batchesOf(step: Omit<RowsStep, 'kind'>, statementsEach = batchStatements): BatchStep[] {
  const builder = new BatchBuilder();
  const batches: BatchStep[] = [];
  const take = () => {
    const batch = builder.take(1, step.after);
    if (batch) batches.push(batch);
  };
  for (const statement of step.statements()) {
    builder.addInsert(statement, placeOf(statement, step.last.file), step.before, step.object);
    if (builder.inserts >= statementsEach || builder.length >= batchLength) take();
  }
  take();
  return batches;
}

/** The two halves of a batch that is nothing but INSERTs; null when it can't be halved. */
export function halvesOf(step: BatchStep): BatchStep[] | null {
  const { statements } = step;
  if (statements.length < 2) return null;
  const half = statements.length >> 1;
  return [statements.slice(0, half), statements.slice(half)].flatMap(part =>
    batchesOf({ ...step, head: part[0]!.head, statements: () => part, length: 0, filled: () => null }),
  );
}

/** Of its last row. */
export function placeOf(statement: InsertStatement, file: number): ScriptPlace {
  const { line, column } = statement.positions.at(-1) ?? statement.head.position;
  return { file, line, column };
}
