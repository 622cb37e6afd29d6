/** The connection to the target, opened anew when it is lost. */

import type { Session } from '../connection/session.ts';
import { SqlServerError } from '../connection/sql-error.ts';
import type { InsertHeadPiece } from '../tsql/script-piece.ts';
import type { LostCharacters } from './lost-characters.ts';
import { noRowLoaders, type RowLoader, type RowLoaders } from './row-loader.ts';
import { isCertain, loggedIn, type SessionSnapshot, settingsAnew, settingsBetween } from './session-state.ts';

export interface TargetOptions {
  /** @param database null for the log-in's default */
  readonly open: (database: string | null) => Promise<Session>;
  /** Loaders on a session; absent when every INSERT goes as a statement. */
  readonly loaders?: (session: Session) => RowLoaders;
  /** Looks through INSERTs that go as statements. */
  readonly lost?: LostCharacters;
}

export class Target {
  session: Session;
  loaders: RowLoaders;
  readonly lost: LostCharacters | null;
  readonly #options: TargetOptions;
  #opened = new WeakSet<RowLoader>();
  /** What the session has set, as far as the replay knows; null after a new log-in. */
  #settings: SessionSnapshot | null;

  private constructor(options: TargetOptions, session: Session, loaders?: RowLoaders) {
    this.#options = options;
    this.session = session;
    this.lost = options.lost ?? null;
    this.loaders = loaders ?? options.loaders?.(session) ?? noRowLoaders;
    this.#settings = null;
  }

  /** A session that somebody else opened and closes. */
  static on(session: Session, loaders: RowLoaders | null, lost: LostCharacters): Target {
    return new Target({ open: async () => session, lost }, session, loaders ?? noRowLoaders);
  }

  static async open(options: TargetOptions, database: string | null): Promise<Target> {
    return new Target(options, await options.open(database));
  }

  /** A new session instead of a lost one. */
  async reopen(): Promise<void> {
    this.#opened = new WeakSet();
    await this.session.close();
    this.session = await this.#options.open(null);
    this.loaders = this.#options.loaders?.(this.session) ?? noRowLoaders;
    this.#settings = null;
  }

  /** Null when the rows must go as statements. */
  async openLoader(head: InsertHeadPiece, settings: SessionSnapshot): Promise<RowLoader | null> {
    const certain = isCertain(settings);
    if (certain === false || (certain === 'ask' && !(await this.#runsStatements()))) return null;
    const { loader } = await this.loaders.open(head, settings);
    if (loader) this.#opened.add(loader);
    return loader;
  }

  /** SET NOEXEC and its like are off. */
  async #runsStatements(): Promise<boolean> {
    return (await this.session.execute('SELECT 1 AS [one]')).resultSets > 0;
  }

  /** Whether a loader was opened on the present session. */
  isCurrent(loader: RowLoader): boolean {
    return this.#opened.has(loader.opened);
  }

  /** Makes the session what a step expects to find. */
  async settle(settings: SessionSnapshot): Promise<void> {
    const from = this.#settings ?? loggedIn(this.session.database);
    if (from === settings) return;
    const statements = settingsBetween(from, settings);
    if (statements.length > 0) {
      await this.session.execute(statements.join('\n'));
      this.loaders.invalidate();
    }
    this.#settings = settings;
  }

  /** Tables may be others than before. */
  invalidate(): void {
    this.loaders.invalidate();
    this.lost?.invalidate();
  }

  /** The script itself changed settings: the session has them. */
  assume(settings: SessionSnapshot): void {
    this.#settings = settings;
  }

  /** A batch broke off: which of its SET statements ran is not known. */
  async settleAnew(candidates: readonly SessionSnapshot[], settings: SessionSnapshot): Promise<void> {
    for (const statement of settingsAnew(candidates, settings)) {
      try {
        await this.session.execute(statement);
      } catch (error) {
        // IDENTITY_INSERT of a table that was undone with the batch is off already.
        if (!(error instanceof SqlServerError) || !statement.endsWith(' OFF')) throw error;
      }
    }
    this.loaders.invalidate();
    this.#settings = settings;
  }
}
