/** INSERT statements as the text of batches. */

import { BatchBuilder } from './batch-builder.ts';
import type { BatchStep, InsertStatement, RowsStep, ScriptPlace } from './step.ts';

/** The server compiles a batch as a whole: more would only make it slower. */
const batchLength = 1 << 18;
const batchStatements = 500;

/** Batches of the statements of a load, none cut; the last one carries the step's place. */
export function batchesOf(step: RowsStep, statementsEach = batchStatements): BatchStep[] {
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

/** Of its last row. */
export function placeOf(statement: InsertStatement, file: number): ScriptPlace {
  const { line, column } = statement.positions.at(-1) ?? statement.head.position;
  return { file, line, column };
}
