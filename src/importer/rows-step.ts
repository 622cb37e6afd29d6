/** Steps of rows: from the text of the script, or from what a loader took of it. */

import type { InsertHeadPiece } from '../tsql/script-piece.ts';
import { placeOf } from './insert-batches.ts';
import type { LoadRun, TakenRows } from './load-run.ts';
import type { RowLoader } from './row-loader.ts';
import { quoteObjectName, type SessionSnapshot } from './session-state.ts';
import type { InsertStatement, RowsStep } from './step.ts';

/** @param file index of the script that has the statements, of which there is one at least */
export function statementsStep(statements: readonly InsertStatement[], file: number, now: SessionSnapshot): RowsStep {
  const { head } = statements[0]!;
  return {
    ...around(head, now),
    statements: () => statements,
    length: statements.reduce((sum, s) => sum + s.length, 0),
    rows: statements.reduce((sum, s) => sum + s.rows.length, 0),
    filled: () => null,
    first: head.position,
    last: placeOf(statements.at(-1)!, file),
  };
}

/** @param taken rows of the load, all or the first of them */
export function loadStep(load: LoadRun, taken: TakenRows, file: number, now: SessionSnapshot): RowsStep {
  return {
    ...around(load.head, now),
    statements: taken.statements,
    length: taken.length,
    rows: taken.rows,
    filled: once(load.loader),
    release: () => load.release(),
    first: taken.first,
    last: { file, line: taken.last.line, column: taken.last.column },
  };
}

/** The loader takes the rows of other steps afterwards. */
function once(loader: RowLoader): () => RowLoader | null {
  let left: RowLoader | null = loader;
  return () => {
    const taken = left;
    left = null;
    return taken;
  };
}

/** Rows change nothing of what a script sets. */
function around(head: InsertHeadPiece, now: SessionSnapshot) {
  return { kind: 'rows', head, before: now, after: now, object: quoteObjectName(head.table) } as const;
}
