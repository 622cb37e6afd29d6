import type { ScriptPosition } from '../model/error.ts';
import type { ObjectName } from './ddl/statement.ts';

/**
 * Pieces of a script, in order. The pieces up to a `batchEnd` make one batch: their texts with a line break between, the
 * rows of an INSERT with a comma between. Of an INSERT … VALUES no more than a row is held at a time.
 */
export type ScriptPiece = TextPiece | InsertHeadPiece | InsertRowPiece | InsertEndPiece | BatchEndPiece | MarkerPiece;

/**
 * A statement, verbatim with its semicolon and the comments before it; several where it is not certain that one ends.
 * A module (CREATE VIEW …) is the whole batch from its first character on, without the line break before its GO.
 */
export interface TextPiece {
  readonly kind: 'text';
  readonly text: string;
  /** Of the text's first character. */
  readonly position: ScriptPosition;
}

/** `INSERT [INTO] t [(a, b)] VALUES`, outside of blocks. Consecutive ones with the same text share `table` and `columns`. */
export interface InsertHeadPiece {
  readonly kind: 'insertHead';
  readonly text: string;
  readonly table: ObjectName;
  readonly columns: readonly string[] | null;
  readonly position: ScriptPosition;
}

/** `(1, N'…')`: literals as a rule, but any expression is allowed. */
export interface InsertRowPiece {
  readonly kind: 'insertRow';
  readonly text: string;
  readonly position: ScriptPosition;
}

export interface InsertEndPiece {
  readonly kind: 'insertEnd';
  /** What stood behind the last row and belongs to the statement: `;`, `OPTION (…)` or nothing. */
  readonly text: string;
}

/** GO with its count; also at the end of a script whose last batch has none. */
export interface BatchEndPiece {
  readonly kind: 'batchEnd';
  readonly count: number;
  readonly position: ScriptPosition;
}

/** A comment line `-- xpdb: {…}` between statements, as it stands. */
export interface MarkerPiece {
  readonly kind: 'marker';
  readonly text: string;
  readonly position: ScriptPosition;
}
