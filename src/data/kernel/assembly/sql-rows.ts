/** Rows as multi-row INSERT statements in GO batches, as sql-row-writer.ts beside the kernel. */

import { OUTPUT, OUTPUT_END, SLACK } from './memory';
import { Plan, plan } from './plan';
import { rowEnd, writeScriptRow } from './row-text';
import { addRow, addWaiting, SEED } from './rowsum';
import { clearStop, Field, field, setField, Stop, stop, stopped } from './state';
import { copy } from './vector';

/** Appends a text of the plan. */
@inline
function append(pos: usize, text: usize): usize {
  return copy(pos, plan(text), plan(text + 4));
}

/**
 * Takes the rows in [start, end) as far as it can.
 * @returns why it stopped; the fields of the state tell what it did
 */
export function sqlRows(start: usize, end: usize): i32 {
  const limit = OUTPUT_END - SLACK - plan(Plan.statementEnd + 4) - plan(Plan.batchEnd + 4);
  const summing = plan(Plan.summing) != 0;
  const rowsPerStatement = plan(Plan.rowsPerStatement);
  const bytesPerStatement = plan(Plan.bytesPerStatement);
  let statementRows = field(Field.statementRows);
  let statementBytes = field(Field.statementBytes);
  let batchBytes = field(Field.batchBytes);
  let rows: u32 = 0;
  let pos = OUTPUT;
  let at = start;
  clearStop();
  while (at < end) {
    const lead = statementRows > 0 ? Plan.between : Plan.head;
    if (pos + plan(lead + 4) > limit) {
      stop(Stop.full);
      break;
    }
    const begin = append(pos, lead);
    const next = writeScriptRow(begin, at, end, limit);
    if (next == 0) break;
    if (summing) addRow(begin, next, SEED);
    rows++;
    statementRows++;
    statementBytes += <u32>(next - pos);
    pos = next;
    at = rowEnd;
    if (statementRows >= rowsPerStatement || statementBytes >= bytesPerStatement) {
      pos = append(pos, Plan.statementEnd);
      batchBytes += statementBytes + plan(Plan.statementEnd + 4);
      statementBytes = 0;
      statementRows = 0;
      if (batchBytes >= plan(Plan.bytesPerBatch)) {
        pos = append(pos, Plan.batchEnd);
        batchBytes = 0;
      }
    }
  }
  addWaiting();
  setField(Field.consumed, <u32>at);
  setField(Field.written, <u32>pos);
  setField(Field.rows, rows);
  setField(Field.statementRows, statementRows);
  setField(Field.statementBytes, statementBytes);
  setField(Field.batchBytes, batchBytes);
  return stopped;
}
