/**
 * The import's journal: a table in the target that says how far the script was run. Its position changes in the transaction of
 * the batches and rows that it speaks of, so that both are there or neither. It is dropped when the import is done.
 */

import type { Session } from '../connection/session.ts';
import { XpdbError } from '../model/error.ts';
import { quoteName, quoteString } from '../tsql/quote.ts';
import type { ScriptPlace } from './step.ts';

export const journalTable = 'xpdb_import_journal';

/**
 * - `script`: what is being imported, so that another script can't go on from its position
 * - `position`: everything up to this place is done; `text` says why another session could not go on from here, if so
 * - `note`: a statement that can't run in a transaction was about to run
 * - `deferred`: a batch whose references were missing waits for another try
 * - `failed`: a batch that failed under --continue-on-error; `text` is its error
 * - `triggers`: a trigger that was switched off for the import; `text` switches it on
 * - `chunk`: a part of an archive that is loaded; `text` is its name
 */
export type EntryKind = 'script' | 'position' | 'note' | 'deferred' | 'failed' | 'triggers' | 'chunk';

export interface JournalEntry {
  readonly kind: EntryKind;
  readonly place: ScriptPlace;
  readonly text: string | null;
}

const start: ScriptPlace = { file: 0, line: 0, column: 0 };

/** Statements that are done together or not at all. */
export function inTransaction(...statements: readonly string[]): string {
  return ['BEGIN TRANSACTION', ...statements, 'COMMIT TRANSACTION'].join('\n');
}

export class Journal {
  readonly database: string;
  readonly #table: string;

  constructor(database: string) {
    this.database = database;
    this.#table = `${quoteName(database)}.[dbo].${quoteName(journalTable)}`;
  }

  /** Whether the database has a journal: an import that was not finished. */
  async exists(session: Session): Promise<boolean> {
    const { rows } = await session.query(
      `SELECT [name] FROM ${quoteName(this.database)}.[sys].[tables] WHERE [name] = ${quoteString(journalTable)}`,
    );
    return rows.length > 0;
  }

  /** @param script what is being imported, as `entries` gives it back */
  async create(session: Session, script: string): Promise<void> {
    // All at once: a table without its rows would be no journal.
    await session.execute(
      inTransaction(
        `CREATE TABLE ${this.#table} ([kind] varchar(10) NOT NULL, [file] int NOT NULL, [line] int NOT NULL, [column] int NOT NULL, [text] nvarchar(max) NULL)`,
        this.#insert('script', start, script),
        this.#insert('position', start, null),
      ),
    );
  }

  async entries(session: Session): Promise<JournalEntry[]> {
    const { rows } = await session.query(`SELECT [kind], [file], [line], [column], [text] FROM ${this.#table}`);
    return rows.map(([kind, file, line, column, text]) => ({
      kind: String(kind) as EntryKind,
      place: { file: Number(file), line: Number(line), column: Number(column) },
      text: text === null || text === undefined ? null : String(text),
    }));
  }

  /** Statement that moves the position; goes into the transaction of what it speaks of. */
  moveTo(place: ScriptPlace, unresumable: string | null = null): string {
    return (
      `UPDATE ${this.#table} SET [file] = ${place.file}, [line] = ${place.line}, [column] = ${place.column}, ` +
      `[text] = ${unresumable === null ? 'NULL' : quoteString(unresumable)} WHERE [kind] = 'position'`
    );
  }

  add(kind: EntryKind, place: ScriptPlace, text: string | null): string {
    return this.#insert(kind, place, text);
  }

  remove(kind: EntryKind, place: ScriptPlace): string {
    return (
      `DELETE FROM ${this.#table} WHERE [kind] = '${kind}' AND [file] = ${place.file} AND [line] = ${place.line} ` +
      `AND [column] = ${place.column}`
    );
  }

  /** A chunk of an archive is loaded; goes into the chunk's transaction. */
  addChunk(path: string): string {
    return this.#insert('chunk', start, path);
  }

  async hasChunk(session: Session, path: string): Promise<boolean> {
    const { rows } = await session.query(
      `SELECT 1 AS [found] FROM ${this.#table} WHERE [kind] = 'chunk' AND [text] = ${quoteString(path)}`,
    );
    return rows.length > 0;
  }

  async position(session: Session): Promise<ScriptPlace> {
    const position = (await this.entries(session)).find(e => e.kind === 'position');
    if (!position) {
      throw new XpdbError(`the journal ${this.#table} has no position`, {
        hint: 'somebody changed it: drop the table and import into an empty database',
      });
    }
    return position.place;
  }

  async drop(session: Session): Promise<void> {
    await session.execute(`DROP TABLE ${this.#table}`);
  }

  #insert(kind: EntryKind, place: ScriptPlace, text: string | null): string {
    return (
      `INSERT INTO ${this.#table} ([kind], [file], [line], [column], [text]) VALUES ('${kind}', ${place.file}, ` +
      `${place.line}, ${place.column}, ${text === null ? 'NULL' : quoteString(text)})`
    );
  }
}
