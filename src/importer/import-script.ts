/** Imports scripts into a database: the whole way from the first look at the target to the comparison of rows at the end. */

import { CancelledError } from '../connection/sql-error.ts';
import { ExitCode, XpdbError } from '../model/error.ts';
import { quoteName, quoteQualified } from '../tsql/quote.ts';
import { checkRows } from './check-rows.ts';
import { DatabaseStatements } from './database-statements.ts';
import { readEnabledTriggers } from './disable-triggers.ts';
import { DryRun } from './dry-run.ts';
import { keyOf, readDefaultSchema } from './existing-names.ts';
import { lockTarget, unlockTarget } from './import-lock.ts';
import type { ImportOptions, ImportResult } from './import-options.ts';
import { ImportStopped } from './import-stopped.ts';
import { Journal } from './journal.ts';
import { clearDatabase, compareWithTarget, databaseExists, readFilePaths, readFilledTables } from './prepare-target.ts';
import { Replay } from './replay.ts';
import { findScriptDatabase } from './script-database.ts';
import { SessionState } from './session-state.ts';
import { StatementPolicy } from './statement-policy.ts';
import { comparePlaces, type ScriptPlace, type Step } from './step.ts';
import { StepRunner } from './step-runner.ts';
import { Target } from './target.ts';

/** The server may take this long to end a session that was lost, which holds the lock. */
const relockMs = 60_000;

/**
 * @throws ImportStopped with its exit code and what is in the target; XpdbError when nothing was begun
 */
export async function importScript(options: ImportOptions): Promise<ImportResult> {
  for (const input of options.inputs) refuseCut(input.name, input.ends);
  const { open, loaders } = options;
  const target = await Target.open(
    { open, ...(loaders === null ? {} : { loaders }) },
    options.create ? null : options.database,
  );
  const cancel = () => target.session.cancel();
  options.signal.addEventListener('abort', cancel);
  try {
    return await new Import(target, options).run();
  } finally {
    options.signal.removeEventListener('abort', cancel);
    await target.session.close();
  }
}

function refuseCut(name: string, ends: string): void {
  if (ends !== 'cut') return;
  throw new XpdbError(`${name} is incomplete: it begins as a script of xpdb and its trailer is missing`, {
    hint: 'export it again; nothing was changed',
  });
}

/** What a journal keeps of the run that began it. */
interface ScriptEntry {
  readonly inputs: number;
  /** Keys of what the target had, with --on-existing skip. */
  readonly skip: readonly string[];
  /** Keys of tables that had rows. */
  readonly filled: readonly string[];
}

class Import {
  readonly #target: Target;
  readonly #options: ImportOptions;
  #database: string;
  #created: string | null = null;
  #locked = false;
  #journal: Journal | null = null;
  #resumeAt: ScriptPlace | null = null;
  #deferredPlaces: { place: ScriptPlace; error: string }[] = [];
  #filled: ReadonlySet<string> = new Set();
  #noted: ScriptPlace[] = [];
  #triggersOn: string[] = [];
  #trailer = false;
  #header = false;
  #batches = 0;
  #rows = 0;
  #runner: StepRunner | null = null;

  constructor(target: Target, options: ImportOptions) {
    this.#target = target;
    this.#options = options;
    this.#database = options.database ?? target.session.database;
  }

  async run(): Promise<ImportResult> {
    const options = this.#options;
    const paths = await readFilePaths(this.#target.session, options);
    const database = new DatabaseStatements({
      create: options.create,
      database: options.database,
      paths,
      explicitPaths: options.dataPath !== null || options.logPath !== null,
      onFinding: options.onFinding,
    });
    const contents = options.create ? await this.#prepareCreate() : await this.#prepareExisting();
    const state = new SessionState(this.#target.session.database);
    const runner = new StepRunner(this.#target, {
      continueOnError: options.continueOnError,
      signal: options.signal,
      onMessage: message => {
        // Class 0 with number 0 is PRINT; 5701 and 5703 only say which database and language are set.
        if (message.number !== 5701 && message.number !== 5703) options.onNote(message.message);
      },
      onNote: options.onNote,
      relock: async () => {
        this.#locked = false;
        if (this.#journal) await this.#lock(this.#database, relockMs);
      },
      onCommitted: steps => this.#count(steps),
      ...(options.retries === undefined ? {} : { retries: options.retries }),
    });
    this.#runner = runner;
    if (this.#journal) runner.useJournal(this.#journal);
    for (const place of this.#noted) runner.addNoted(place);
    const policy = new StatementPolicy(database, {
      onExisting: options.onExisting,
      existing: contents.existing,
      sections: new Set(options.sections),
      tables: options.tables,
      defaultSchema: contents.defaultSchema,
      onSkip: options.onNote,
    });
    const sink = options.dryRun === null ? runner : new DryRun(options.dryRun);
    const replay = new Replay(sink, state, policy, {
      variables: options.variables,
      resumeAt: this.#resumeAt,
      isDeferred: place => this.#deferredPlaces.some(d => comparePlaces(d.place, place) === 0),
      onDeferred: step => {
        const waiting = this.#deferredPlaces.find(d => comparePlaces(d.place, step.last) === 0);
        runner.addDeferred(step, new XpdbError(waiting?.error ?? 'its references were missing'));
      },
      onMarker: marker => {
        if (marker.kind === 'header') this.#header = true;
        if (marker.kind === 'trailer') this.#trailer = true;
      },
      onPrint: options.onNote,
      isCreated: async name => options.resume && (await databaseExists(this.#target.session, name)),
      onCreated: (name, place) => this.#onCreated(name, place),
      onProgress: () => this.#progress(replay.rows, policy.object),
    });
    try {
      for (const [index, input] of options.inputs.entries()) await replay.file(index, input);
      replay.end();
      await sink.end();
      this.#checkTrailer();
      for (const name of database.unmatchedFiles) options.onNote(`--map-file ${name}: the script has no such file`);
      if (options.dryRun === null) await this.#setTriggers(this.#triggersOn);
      const check = await this.#compare(replay);
      const failures = [...runner.failures, ...check.differences];
      if (options.dryRun === null && this.#journal) await this.#finishJournal();
      return {
        database: this.#database,
        batches: this.#batches,
        rows: this.#rows,
        tables: new Set(replay.tables.map(t => quoteQualified(t.schema, t.name))).size,
        compared: check.equal,
        failures,
        dryRun: options.dryRun !== null,
      };
    } catch (error) {
      throw this.#stopped(error);
    }
  }

  async #prepareCreate(): Promise<{ existing: null; defaultSchema: string }> {
    const options = this.#options;
    const [first] = options.inputs;
    const name = options.database ?? (first?.repeatable ? await findScriptDatabase(first, options.variables) : null);
    const { session } = this.#target;
    if (name !== null && options.resume && (await databaseExists(session, name))) {
      this.#database = name;
      const journal = new Journal(name);
      await this.#lock(name, relockMs);
      if (await journal.exists(session)) await this.#resume(journal);
      else if (!(await this.#isEmpty(name))) throw notBegun(name);
    } else if (name !== null) await clearDatabase(session, name, options);
    return { existing: null, defaultSchema: 'dbo' };
  }

  async #lock(database: string, waitMs: number): Promise<void> {
    if (this.#locked) return;
    await lockTarget(this.#target.session, database, waitMs);
    this.#locked = true;
  }

  async #isEmpty(name: string): Promise<boolean> {
    const { rows } = await this.#target.session.query(
      `SELECT [name] FROM ${quoteName(name)}.[sys].[objects] WHERE [is_ms_shipped] = 0`,
    );
    return rows.length === 0;
  }

  async #prepareExisting(): Promise<Awaited<ReturnType<typeof compareWithTarget>>> {
    const options = this.#options;
    const { session } = this.#target;
    if (options.database !== null && session.database.toLowerCase() !== options.database.toLowerCase()) {
      await session.useDatabase(options.database);
    }
    this.#database = session.database;
    await this.#lock(this.#database, options.resume ? relockMs : 0);
    const journal = new Journal(this.#database);
    if (await journal.exists(session)) {
      if (!options.resume) throw unfinished(this.#database);
      const entry = await this.#resume(journal);
      const defaultSchema = await readDefaultSchema(session);
      const existing = new Map(
        entry.skip.map(key => {
          const [kind, schema, name] = key.split('\u0000') as ['object', string, string];
          return [key, { kind, schema, name, type: '' }] as const;
        }),
      );
      return { existing: existing.size === 0 ? null : existing, defaultSchema };
    }
    const contents = await compareWithTarget(session, options);
    this.#filled = await readFilledTables(session);
    if (options.dryRun !== null) return contents;
    await journal.create(
      session,
      this.#scriptEntry(options.onExisting === 'skip' ? [...(contents.existing?.keys() ?? [])] : []),
    );
    this.#journal = journal;
    if (options.disableTriggers) await this.#switchTriggersOff();
    return contents;
  }

  #scriptEntry(skip: readonly string[]): string {
    const entry: ScriptEntry = { inputs: this.#options.inputs.length, skip, filled: [...this.#filled] };
    return JSON.stringify(entry);
  }

  /** Takes up what an earlier run noted. */
  async #resume(journal: Journal): Promise<ScriptEntry> {
    const { session } = this.#target;
    const entries = await journal.entries(session);
    const script = entries.find(e => e.kind === 'script');
    const position = entries.find(e => e.kind === 'position');
    if (!script?.text || !position)
      throw new XpdbError(`the journal of the import into ${quoteName(journal.database)} is damaged`);
    if (position.text !== null) {
      throw new XpdbError(`the import can't be resumed: ${position.text} were lost with its connection`, {
        hint: 'import again into an empty database',
      });
    }
    const entry = JSON.parse(script.text) as ScriptEntry;
    if (entry.inputs !== this.#options.inputs.length) {
      throw new XpdbError(`the import began with ${entry.inputs} input files, not ${this.#options.inputs.length}`, {
        hint: 'give the same files in the same order',
        exitCode: ExitCode.usage,
      });
    }
    this.#journal = journal;
    this.#resumeAt = position.place;
    this.#deferredPlaces = entries
      .filter(e => e.kind === 'deferred')
      .map(e => ({ place: e.place, error: e.text ?? '' }));
    this.#noted = entries.filter(e => e.kind === 'note').map(e => e.place);
    this.#filled = new Set(entry.filled);
    this.#triggersOn = entries.filter(e => e.kind === 'triggers').map(e => e.text ?? '');
    this.#options.onNote(`goes on behind line ${position.place.line} of input ${position.place.file + 1}`);
    return entry;
  }

  async #onCreated(name: string, place: ScriptPlace): Promise<void> {
    if (this.#options.dryRun !== null) return;
    this.#created ??= name;
    // The first one keeps the journal of a script that creates several.
    if (this.#journal) return;
    this.#database = name;
    const { session } = this.#target;
    await this.#lock(name, 0);
    const journal = new Journal(name);
    await journal.create(session, this.#scriptEntry([]));
    await session.execute(journal.moveTo(place));
    this.#journal = journal;
    this.#runner!.useJournal(journal);
  }

  async #switchTriggersOff(): Promise<void> {
    const { session } = this.#target;
    const triggers = await readEnabledTriggers(session);
    if (triggers.length === 0) return;
    const start = { file: 0, line: 0, column: 0 };
    const notes = triggers.map(t => this.#journal!.add('triggers', start, t.on));
    await session.execute(
      ['BEGIN TRANSACTION', ...notes, ...triggers.map(t => `${t.off};`), 'COMMIT TRANSACTION'].join('\n'),
    );
    this.#triggersOn = triggers.map(t => t.on);
    this.#options.onNote(`${triggers.length} triggers are off until the import ends`);
  }

  async #setTriggers(statements: readonly string[]): Promise<void> {
    for (const statement of statements) await this.#target.session.execute(`${statement};`);
  }

  #checkTrailer(): void {
    if (this.#header && !this.#trailer) {
      throw new XpdbError('the script ends without its trailer: it is incomplete', {
        hint: 'everything that it holds was imported; export it again and import into an empty database',
      });
    }
  }

  async #compare(replay: Replay): Promise<{ equal: number; differences: readonly XpdbError[] }> {
    const options = this.#options;
    if (!options.verify || options.dryRun !== null || replay.tables.length === 0) return { equal: 0, differences: [] };
    const tables = replay.tables.filter(t => {
      const filled = this.#filled.has(keyOf({ kind: 'object', schema: t.schema, name: t.name }, 'dbo'));
      if (filled) options.onNote(`${quoteQualified(t.schema, t.name)} had rows before: its rows are not compared`);
      return !filled;
    });
    const { session } = this.#target;
    if (session.database !== this.#database) await session.useDatabase(this.#database);
    let done = 0;
    return checkRows(session, tables, (object, rows) =>
      options.report({
        phase: 'verify',
        object,
        tablesDone: done++,
        tablesTotal: tables.length,
        rows,
        rowsTotal: null,
        bytes: 0,
        bytesTotal: null,
      }),
    );
  }

  async #finishJournal(): Promise<void> {
    const { session } = this.#target;
    await this.#journal!.drop(session);
    await unlockTarget(session, this.#database);
  }

  #count(steps: readonly Step[]): void {
    for (const step of steps) {
      this.#rows += step.rows;
      if (step.kind === 'batch' && !step.data) this.#batches += step.count;
    }
  }

  #progress(rows: number, object: string | null): void {
    const { inputs } = this.#options;
    const total = inputs.reduce<number | null>(
      (sum, i) => (sum === null || i.bytesTotal === null ? null : sum + i.bytesTotal),
      0,
    );
    this.#options.report({
      phase: this.#options.dryRun === null ? 'import' : 'read',
      object,
      tablesDone: 0,
      tablesTotal: null,
      rows,
      rowsTotal: null,
      bytes: inputs.reduce((sum, i) => sum + i.bytesRead, 0),
      bytesTotal: total,
    });
  }

  /** The error with the state that it leaves behind. */
  #stopped(error: unknown): unknown {
    const { signal, dryRun } = this.#options;
    const cancelled = error instanceof CancelledError || signal.aborted;
    if (!(error instanceof XpdbError) && !cancelled) return error;
    const cause = cancelled
      ? new XpdbError('stopped by Ctrl-C', { exitCode: ExitCode.interrupted, cause: error })
      : (error as XpdbError);
    if (dryRun !== null) return cause;
    return new ImportStopped(cause, {
      database: this.#database,
      created: this.#created,
      begun: this.#journal !== null || this.#created !== null,
      batches: this.#batches,
      rows: this.#rows,
    });
  }
}

function unfinished(database: string): XpdbError {
  return new XpdbError(`an import into ${quoteName(database)} was begun and not finished`, {
    hint: 'go on with --resume and the same files, or import into an empty database',
  });
}

function notBegun(database: string): XpdbError {
  return new XpdbError(`database ${quoteName(database)} has objects and no unfinished import to go on with`, {
    hint: 'perhaps it is complete: xpdb verify compares it with the script',
  });
}
