/** The database that an import works on: found or made, locked, with its journal; and left as the script wants it at the end. */

import { defaultRetries, repeatWork, retryNote } from '../connection/repeat-work.ts';
import type { Session } from '../connection/session.ts';
import { XpdbError } from '../model/error.ts';
import { quoteName } from '../tsql/quote.ts';
import { hasEverything } from './check-existing.ts';
import { readEnabledTriggers } from './disable-triggers.ts';
import { type ExistingNames, readDefaultSchema, readExistingNames } from './existing-names.ts';
import { lockTarget, unlockTarget } from './import-lock.ts';
import type { ImportOptions } from './import-options.ts';
import { inTransaction, Journal, journalTable } from './journal.ts';
import { clearDatabase, compareWithTarget, databaseExists, readFilledTables } from './prepare-target.ts';
import { atEnd, fromBeginning, type ResumeState, readResumeState, scriptEntry } from './resume-state.ts';
import { findScriptDatabase } from './script-database.ts';
import type { ScriptPlace } from './step.ts';
import type { StepRunner } from './step-runner.ts';
import type { Target } from './target.ts';

/** The server may take this long to end a session that was lost, which holds the lock. */
const relockMs = 60_000;

export interface Prepared {
  /** What the replay must look out for; null when nothing of the script is there. */
  readonly existing: ExistingNames | null;
  readonly defaultSchema: string;
  readonly resume: ResumeState;
}

export class ImportTarget {
  readonly connection: Target;
  readonly #options: ImportOptions;
  database: string;
  /** Database that the script made in this run or the one before. */
  createdName: string | null = null;
  journal: Journal | null = null;
  runner: StepRunner | null = null;
  existing: ExistingNames | null = null;
  #locked = false;
  /** Whether this run made the journal, in a database that was there. */
  #begun = false;
  #triggersOn: readonly string[] = [];

  constructor(connection: Target, options: ImportOptions) {
    this.connection = connection;
    this.#options = options;
    this.database = options.database ?? connection.session.database;
  }

  get session(): Session {
    return this.connection.session;
  }

  /** @throws XpdbError when the target is not as it must be; nothing was changed then */
  async prepare(): Promise<Prepared> {
    const prepared = this.#options.create ? await this.#prepareNew() : await this.#prepareExisting();
    this.existing = prepared.existing;
    this.#triggersOn = [...this.#triggersOn, ...prepared.resume.triggersOn];
    const { position } = prepared.resume;
    if (position && position !== atEnd) {
      this.#options.onNote(`goes on behind line ${position.line} of input ${position.file + 1}`);
    }
    return prepared;
  }

  async #prepareNew(): Promise<Prepared> {
    const options = this.#options;
    const [first] = options.inputs;
    const name =
      options.database ?? (first?.repeatable ? (await findScriptDatabase(first, options.variables)).name : null);
    const plain = { existing: null, defaultSchema: 'dbo', resume: fromBeginning };
    if (name === null) return plain;
    if (!options.resume || !(await databaseExists(this.session, name))) {
      await clearDatabase(this.session, name, options);
      return plain;
    }
    this.database = name;
    await this.#lock(relockMs);
    const journal = new Journal(name);
    if (await journal.exists(this.session)) return { ...plain, resume: await this.#resume(journal) };
    if (await this.#isEmpty(name)) return plain;
    const { database } = this.session;
    await this.session.useDatabase(name);
    const resume = await this.#assumeComplete();
    await this.session.useDatabase(database);
    return { ...plain, resume };
  }

  async #prepareExisting(): Promise<Prepared> {
    const options = this.#options;
    if (options.database !== null && this.session.database.toLowerCase() !== options.database.toLowerCase()) {
      await this.session.useDatabase(options.database);
    }
    this.database = this.session.database;
    await this.#lock(options.resume ? relockMs : 0);
    const journal = new Journal(this.database);
    if (await journal.exists(this.session)) {
      if (!options.resume) throw unfinished(this.database);
      const resume = await this.#resume(journal);
      return { existing: resume.existing, defaultSchema: await readDefaultSchema(this.session), resume };
    }
    if (options.resume && !(await this.#isEmpty(this.database))) {
      return { existing: null, defaultSchema: 'dbo', resume: await this.#assumeComplete() };
    }
    const contents = await compareWithTarget(this.session, options);
    const filled = await readFilledTables(this.session);
    if (options.dryRun === null) {
      const skip = options.onExisting === 'skip' ? [...(contents.existing?.keys() ?? [])] : [];
      await journal.create(this.session, await scriptEntry(options, skip, filled));
      this.journal = journal;
      this.#begun = true;
      if (options.disableTriggers) await this.#switchTriggersOff(journal);
    }
    return { ...contents, resume: { ...fromBeginning, filled } };
  }

  async #resume(journal: Journal): Promise<ResumeState> {
    this.journal = journal;
    return readResumeState(journal, this.session, this.#options);
  }

  /** Objects but no journal: the earlier run came to its end, or it was another one. */
  async #assumeComplete(): Promise<ResumeState> {
    const { inputs, variables } = this.#options;
    const selection = this.#options;
    const existing = await readExistingNames(this.session, new Set([journalTable]));
    const scripts = { inputs, variables, selection, defaultSchema: await readDefaultSchema(this.session) };
    if (!inputs.every(i => i.repeatable) || !(await hasEverything(scripts, existing))) {
      throw notBegun(this.database);
    }
    this.#options.onNote('the import was complete; its rows are compared once more');
    return { ...fromBeginning, position: atEnd };
  }

  async #isEmpty(name: string): Promise<boolean> {
    const { rows } = await this.session.query(
      `SELECT [name] FROM ${quoteName(name)}.[sys].[objects] WHERE [is_ms_shipped] = 0`,
    );
    return rows.length === 0;
  }

  async #lock(waitMs: number): Promise<void> {
    if (this.#locked) return;
    await lockTarget(this.session, this.database, waitMs);
    this.#locked = true;
  }

  /** On a new session. */
  async relock(): Promise<void> {
    this.#locked = false;
    if (this.journal) await this.#lock(relockMs);
  }

  async isCreated(name: string): Promise<boolean> {
    return this.#options.resume && (await databaseExists(this.session, name));
  }

  /** The script created its database: the journal begins there. The first one keeps it for a script that creates several. */
  async created(name: string, place: ScriptPlace): Promise<void> {
    if (this.#options.dryRun !== null) return;
    this.createdName ??= name;
    if (this.journal) return;
    this.database = name;
    const journal = new Journal(name);
    await this.persist(async (session, again) => {
      await this.#lock(again ? relockMs : 0);
      if (!again || !(await journal.exists(session)))
        await journal.create(session, await scriptEntry(this.#options, [], new Set()));
      await session.execute(journal.moveTo(place));
    });
    this.journal = journal;
    this.runner?.useJournal(journal);
  }

  async #switchTriggersOff(journal: Journal): Promise<void> {
    const triggers = await readEnabledTriggers(this.session);
    if (triggers.length === 0) return;
    const start = { file: 0, line: 0, column: 0 };
    const notes = triggers.map(t => journal.add('triggers', start, t.on));
    const off = triggers.map(t => `${t.off};`);
    await this.session.execute(inTransaction(...notes, ...off));
    this.#triggersOn = triggers.map(t => t.on);
    this.#options.onNote(`${triggers.length} triggers are off until the import ends`);
  }

  /** Nothing of the script ran: the target becomes as it was. */
  async abandon(): Promise<void> {
    const { session, journal } = this;
    if (!journal || !this.#begun || session.closed) return;
    await session.execute('IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION');
    if (session.database !== this.database) await session.useDatabase(this.database);
    for (const statement of this.#triggersOn) await session.execute(`${statement};`);
    await journal.drop(session);
    this.journal = null;
  }

  /** @param last statements that close the database, for when nothing else is left to do */
  async finish(last: readonly string[]): Promise<void> {
    await this.persist(async (session, again) => {
      if (this.#triggersOn.length > 0 && session.database !== this.database) await session.useDatabase(this.database);
      for (const statement of this.#triggersOn) await session.execute(`${statement};`);
      const { journal } = this;
      if (journal && (!again || (await journal.exists(session)))) await journal.drop(session);
      this.journal = null;
      if (this.#locked) await unlockTarget(session, this.database);
    });
    if (last.length === 0) return;
    await this.persist(async session => {
      // Nobody may be in a database that becomes read-only or single-user.
      await session.useDatabase('master');
      for (const statement of last) await session.execute(statement);
    });
  }

  /**
   * Work beside the steps of the script: done again where a connection is lost or a server throttles.
   * @param run `again`: it was begun before, and may have been done
   */
  persist<T>(run: (session: Session, again: boolean) => Promise<T>): Promise<T> {
    const { retries = defaultRetries, signal, onNote } = this.#options;
    const work = {
      connect: async () => {
        if (!this.session.closed) return;
        await this.connection.reopen();
        await this.relock();
      },
      run: (again: boolean) => run(this.session, again),
      onRetry: (error: Error, tries: number) => onNote(retryNote(quoteName(this.database), error, tries, retries)),
    };
    return repeatWork(work, retries, signal);
  }
}

function unfinished(database: string): XpdbError {
  return new XpdbError(`an import into ${quoteName(database)} was begun and not finished`, {
    hint: 'go on with --resume and the same files, or import into an empty database',
  });
}

function notBegun(database: string): XpdbError {
  return new XpdbError(`database ${quoteName(database)} has objects and no unfinished import to go on with`, {
    hint: 'import without --resume, or compare it with xpdb verify',
  });
}
