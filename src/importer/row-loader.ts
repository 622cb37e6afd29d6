/** Where the replay of a script meets bulk loading: rows of literal INSERTs become bulk loads with the same meaning. */

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

/** Takes the rows of one table. */
export interface RowLoader {
  /**
   * Takes one row as it stands in the script, parentheses included.
   * @returns false when it is not only literals, or not representable: nothing of it was taken
   */
  add(row: string): boolean;
  /** Taken and not sent yet. */
  readonly rows: number;
  readonly bytes: number;
  /**
   * Sends what was taken as one bulk load, in the session's open transaction or its own.
   * @returns rows that the server counted
   * @throws SqlServerError
   */
  send(): Promise<number>;
  /** Forgets what was taken and not sent. */
  discard(): void;
}

export interface RowLoaders {
  /** `loader` is null when INSERTs of this head can't become a bulk load with the same meaning; `why` says so to who asks. */
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
