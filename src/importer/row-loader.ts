/**
 * The seam between the replay loop and bulk loading: rows of INSERT … VALUES statements that may reach the server as one
 * bulk load instead, with the same result. The loop keeps the script's text of what a loader took until it was sent: what
 * fails as a load is undone and replayed as the script has it, so that errors have their row and meaning.
 */

import type { InsertHeadPiece } from '../tsql/script-piece.ts';

/** Gathers rows for one table and column list. One loader serves all statements with the same head. */
export interface RowLoader {
  /**
   * A statement begins. Its rows are one VALUES list, whose literals the server types together column by column, so they
   * are judged together; and a statement is inserted as a whole or not at all.
   */
  startStatement(): void;
  /**
   * Takes one row as it stands in the script, parentheses included.
   * @param start of the row in `text`, 0 by default
   * @param end behind it, the end of `text` by default
   * @returns false: not only literals, or not certain to mean the same in a bulk load. Nothing of the row was taken, and the
   * whole statement must run as text: `dropStatement`, then `send` what is left, then the statement.
   */
  add(text: string, start?: number, end?: number): boolean;
  /** Forgets the rows taken since `startStatement`. */
  dropStatement(): void;
  /** Rows and bytes taken and not sent yet. */
  readonly rows: number;
  readonly bytes: number;
  /**
   * Sends what was taken as one bulk load, in the session's open transaction or else in one of its own, which is rolled back
   * when the load fails. Only between statements. Yields the rows that the server took.
   * @throws SqlServerError of the load; the loader forgets the rows either way
   */
  send(): Promise<number>;
  /** Forgets all that was taken and not sent. */
  discard(): void;
}

export interface RowLoaders {
  /** null when INSERTs of this head can't become a bulk load with the same meaning; `why` is for people. */
  open(head: InsertHeadPiece): Promise<OpenedLoader>;
  /**
   * Other statements ran that may have changed tables or SET options.
   * @param text what ran, as it stands in the script: SET IDENTITY_INSERT, SET ROWCOUNT and the like can be known from there
   * only. Every text that ran must come here, in order.
   */
  invalidate(text: string): void;
}

export type OpenedLoader =
  | { readonly loader: RowLoader }
  | {
      readonly loader: null /** Half a sentence: `the table [dbo].[T] has a trigger that would fire`. */;
      readonly why: string;
    };
