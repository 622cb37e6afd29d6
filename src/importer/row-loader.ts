/**
 * Where the replay of a script meets bulk loading: rows of literal INSERTs become bulk loads with the same meaning. The replay
 * keeps the script's text of what a loader took until it was sent: what fails as a load is undone and replayed as the script
 * has it, so that errors have their row and their meaning.
 */

import type { ObjectName } from '../tsql/ddl/statement.ts';
import type { InsertHeadPiece } from '../tsql/script-piece.ts';

/** What the script has set for its session, as far as it changes the meaning of an INSERT. */
export interface ScriptSettings {
  /** The current database. */
  readonly database: string;
  /** Table of the last SET IDENTITY_INSERT … ON; null when it is off. */
  readonly identityInsert: ObjectName | null;
  /** Other SET options that the script gave, upper case: `ANSI_NULLS` → `OFF`, `DATEFORMAT` → `dmy`. */
  readonly options: ReadonlyMap<string, string>;
}

/** Takes the rows of one table and column list; one loader serves all statements of the same head. */
export interface RowLoader {
  /** Another one for the same rows, to be filled while those of this one are on their way: they take turns. */
  twin(): RowLoader;
  /** What `RowLoaders.open` gave: this one, or the one whose twin it is. */
  readonly opened: RowLoader;
  /**
   * A statement begins. Its rows are one VALUES list, whose literals the server types together column by column, so they
   * are judged together; and a statement is inserted as a whole or not at all.
   */
  startStatement(): void;
  /**
   * Takes one row as it stands in the script, parentheses included.
   * @returns false when it is not only literals, or not certain to mean the same in a bulk load: nothing of the row was taken,
   * and its whole statement must run as text (`dropStatement`, `send` what is left, then the statement)
   */
  add(row: string): boolean;
  /**
   * The same for the rows of a script's bytes from `start` on, where one begins, as long as there is nothing but a comma and blanks
   * between them. Saves looking for their ends first.
   * @param script UTF-8, and behind `end` a margin of zeros (`endMargin`)
   * @param most rows to take
   * @returns the offset behind the last one; -1 when the first was not taken or does not end before `end`
   */
  addRows(script: DataView, start: number, end: number, most: number): number;
  /** Offset of the row that `addRows` took last. */
  readonly lastRow: number;
  /** Forgets the rows taken since `startStatement`. */
  dropStatement(): void;
  /** Taken and not sent yet. */
  readonly rows: number;
  readonly bytes: number;
  /**
   * Sends what was taken as one bulk load, in the session's open transaction, or else in one of its own that is rolled back
   * when the load fails. Only between statements.
   * @returns rows that the server counted
   * @throws SqlServerError; what was taken is forgotten then, too
   */
  send(): Promise<number>;
  /** Forgets what was taken and not sent. */
  discard(): void;
}

export interface RowLoaders {
  /** A new loader for each call. `loader` is null when INSERTs of this head can't become a bulk load with the same meaning; `why` says so to who asks. */
  open(
    head: InsertHeadPiece,
    settings: ScriptSettings,
  ): Promise<{ readonly loader: RowLoader } | { readonly loader: null; readonly why: string }>;
  /** Other statements ran that may have changed tables, triggers or SET options. */
  invalidate(): void;
}

/** Every INSERT goes as a statement. */
export const noRowLoaders: RowLoaders = {
  open: async () => ({ loader: null, why: 'bulk loading is off' }),
  invalidate() {},
};
