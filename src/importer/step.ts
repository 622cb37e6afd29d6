/** Units in which a script is sent: batches and loads of rows, each with its place in the script. */

import type { ScriptPosition } from '../model/error.ts';
import type { InsertHeadPiece } from '../tsql/script-piece.ts';
import type { RowLoader } from './row-loader.ts';
import type { SessionSnapshot } from './session-state.ts';
import type { StatementFacts } from './statement-facts.ts';

/** Place of a piece among all scripts of an import; pieces come in the order of their places. */
export interface ScriptPlace {
  /** Index of the input, from 0. */
  readonly file: number;
  readonly line: number;
  readonly column: number;
}

export function comparePlaces(a: ScriptPlace, b: ScriptPlace): number {
  return a.file - b.file || a.line - b.line || a.column - b.column;
}

/** One INSERT … VALUES of the script, or a part of one that is longer than a server takes. */
export interface InsertStatement {
  readonly head: InsertHeadPiece;
  readonly rows: string[];
  readonly positions: ScriptPosition[];
  /** What stands behind the rows: `;` or OPTION (…). */
  tail: string;
  length: number;
}

interface StepBase {
  readonly first: ScriptPosition;
  /** Of the last piece in it: what a journal notes as done. */
  readonly last: ScriptPlace;
  /** What the script had set before it, and behind it. */
  readonly before: SessionSnapshot;
  readonly after: SessionSnapshot;
  /** Object that it concerns, for messages. */
  readonly object: string | null;
}

/** Text between two GO lines, or a part of it where cutting changes nothing. */
export interface BatchStep extends StepBase {
  readonly kind: 'batch';
  readonly text: string;
  /** First line in `text` of each piece, and its place in the script. */
  readonly segments: readonly LineSegment[];
  /** Of GO n. */
  readonly count: number;
  readonly outside: StatementFacts['outside'];
  readonly transaction: boolean;
  /** Its INSERTs, where it is nothing but several of them: under --continue-on-error only the failing ones are left out. */
  readonly statements: readonly InsertStatement[];
  /** All its INSERT … VALUES. */
  readonly inserts: readonly InsertStatement[];
  /** Only INSERTs: never put off to a later try, for rows must not pile up. */
  readonly data: boolean;
  /** Nothing but definitions: it may wait for what it refers to. */
  readonly defines: boolean;
  /** Rows that its INSERTs name. */
  readonly rows: number;
}

/** Rows of one table that a loader may take. */
export interface RowsStep extends StepBase {
  readonly kind: 'rows';
  readonly head: InsertHeadPiece;
  /** As the script has them. */
  readonly statements: () => readonly InsertStatement[];
  /** Characters of the script. */
  readonly length: number;
  readonly rows: number;
  /** The loader that has all the rows, for the first try: it is given once. */
  readonly filled: () => RowLoader | null;
  /** The rows are in the target for good: `statements` is not called any more. */
  readonly release?: () => void;
}

export type Step = BatchStep | RowsStep;

export interface LineSegment {
  readonly line: number;
  readonly position: ScriptPosition;
}

/** The script's line of a line in the batch; the batch's first line for 0. */
export function positionOfLine(step: BatchStep, line: number): ScriptPosition {
  if (line <= 0) return step.first;
  let found = step.segments[0]!;
  for (const segment of step.segments) {
    if (segment.line > line) break;
    found = segment;
  }
  const offset = line - found.line;
  return offset === 0 ? found.position : { ...found.position, line: found.position.line + offset, column: 1 };
}

/** Characters that a step keeps in memory. */
export function sizeOf(step: Step): number {
  return step.kind === 'batch' ? step.text.length : step.length;
}
