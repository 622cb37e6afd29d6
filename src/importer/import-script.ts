/** Imports scripts into a database: the whole way from the first look at the target to the comparison of rows at the end. */

import type { TableMarker } from '../archive/marker.ts';
import type { Session } from '../connection/session.ts';
import { keepOldGenerationSmall, keepYoungGenerationSmall } from '../connection/small-heap.ts';
import { CancelledError } from '../connection/sql-error.ts';
import { ExitCode, XpdbError } from '../model/error.ts';
import { matchesPattern } from '../model/name-pattern.ts';
import { quoteQualified } from '../tsql/quote.ts';
import { checkRows, type RowCheck } from './check-rows.ts';
import { DatabaseStatements } from './database-statements.ts';
import { DryRun } from './dry-run.ts';
import { keyOf } from './existing-names.ts';
import type { ImportOptions, ImportResult } from './import-options.ts';
import { ImportStopped } from './import-stopped.ts';
import { ImportTarget } from './import-target.ts';
import { LostCharacters } from './lost-characters.ts';
import { MissingLogins, readLogins } from './missing-login.ts';
import { readFilePaths } from './prepare-target.ts';
import { Replay } from './replay.ts';
import { withCreation } from './script-database.ts';
import { ScriptSelection } from './script-selection.ts';
import { SessionState } from './session-state.ts';
import { StatementPolicy } from './statement-policy.ts';
import { comparePlaces, type Step } from './step.ts';
import { StepRunner } from './step-runner.ts';
import { Target } from './target.ts';

/**
 * @throws ImportStopped with its exit code and what is in the target; XpdbError when nothing was begun, and at the end when nothing
 * of the scripts is what was asked for
 */
export async function importScript(options: ImportOptions): Promise<ImportResult> {
  const cut = options.inputs.find(i => i.ends === 'cut');
  if (cut) {
    throw new XpdbError(`${cut.name} is incomplete: it begins as a script of xpdb and its trailer is missing`, {
      hint: 'export it again; nothing was changed',
    });
  }
  keepYoungGenerationSmall();
  keepOldGenerationSmall();
  const { open, loaders } = options;
  const lost = new LostCharacters(options.strict);
  const target = await Target.open(
    { open, lost, ...(loaders === null ? {} : { loaders }) },
    options.create ? null : options.database,
  );
  const cancel = () => target.session.cancel();
  options.signal.addEventListener('abort', cancel);
  try {
    return await new Import(target, await withCreation(options)).run();
  } finally {
    for (const finding of lost.findings()) options.onFinding(finding);
    options.signal.removeEventListener('abort', cancel);
    await target.session.close();
  }
}

class Import {
  readonly #options: ImportOptions;
  readonly #target: ImportTarget;
  #header = false;
  #trailer = false;
  #batches = 0;
  #rows = 0;
  #resumed = false;
  /** Tables that INSERTs named, quoted and in lower case. */
  readonly #filled = new Set<string>();
  /** Statements that close the database. */
  readonly #last: string[] = [];

  constructor(target: Target, options: ImportOptions) {
    this.#options = options;
    this.#target = new ImportTarget(target, options);
  }

  async run(): Promise<ImportResult> {
    const options = this.#options;
    const target = this.#target;
    const paths = await readFilePaths(target.session, options);
    const logins = await readLogins(target.session);
    const { existing, defaultSchema, resume } = await target.prepare();
    this.#resumed = resume.position !== null;
    const runner = this.#runner();
    target.runner = runner;
    if (target.journal) runner.useJournal(target.journal);
    for (const place of resume.noted) runner.addNoted(place);
    const database = new DatabaseStatements({
      create: options.create,
      database: options.database,
      paths,
      explicitPaths: options.dataPath !== null || options.logPath !== null,
      onFinding: options.onFinding,
    });
    const policy = new StatementPolicy(database, new ScriptSelection(options, defaultSchema), {
      onExisting: options.onExisting,
      existing,
      defaultSchema,
      onSkip: options.onNote,
      logins: logins === null ? null : new MissingLogins(logins, options.onFinding),
    });
    const sink = options.dryRun === null ? runner : new DryRun(options.dryRun);
    const state = new SessionState(target.session.database);
    const replay = new Replay(sink, state, policy, {
      variables: options.variables,
      resumeAt: resume.position,
      isDeferred: place => resume.deferred.some(d => comparePlaces(d.place, place) === 0),
      onDeferred: step => {
        const waiting = resume.deferred.find(d => comparePlaces(d.place, step.last) === 0);
        runner.addDeferred(step, new XpdbError(waiting?.error ?? 'its references were missing'));
      },
      onMarker: marker => {
        if (marker.kind === 'header') this.#header = true;
        if (marker.kind === 'trailer') this.#trailer = true;
      },
      onPrint: options.onNote,
      isCreated: name => target.isCreated(name),
      onCreated: (name, place) => target.created(name, place),
      onLast: text => void this.#last.push(text),
      onProgress: () => this.#progress(replay.rows, policy.object),
    });
    let result: ImportResult;
    try {
      for (const [index, input] of options.inputs.entries()) {
        if (options.data?.before === index) await this.#loadData(runner, resume.chunks);
        await replay.file(index, input);
      }
      if (options.data && options.data.before >= options.inputs.length) await this.#loadData(runner, resume.chunks);
      replay.end();
      await sink.end();
      this.#checkTrailer();
      // What the script has set would hold for the comparison, too.
      const plain = { ...state.now, options: new Map<string, string>() };
      if (options.dryRun === null) await target.persist(() => target.connection.settle(plain));
      this.#warnOfFiles(database.unmatchedFiles);
      const tables = [...replay.tables, ...(options.data?.tables ?? [])];
      const check = await this.#compare(tables, resume.filled);
      if (options.dryRun === null) await target.finish(this.#last);
      result = {
        database: target.database,
        batches: this.#batches,
        rows: this.#rows,
        tables:
          this.#header || options.data !== null
            ? new Set(chosenTables(tables, options).map(t => quoteQualified(t.schema, t.name))).size
            : this.#filled.size,
        compared: check.equal,
        failures: [...runner.failures, ...check.differences],
        dryRun: options.dryRun !== null,
      };
    } catch (error) {
      if (runner.committed === null && this.#rows === 0) await target.abandon().catch(() => undefined);
      throw this.#stopped(error);
    }
    // What else was asked for is in the target, whole.
    if (result.failures.length === 0) policy.checkMet(options.data?.tables ?? []);
    return result;
  }

  #runner(): StepRunner {
    const { continueOnError, signal, onNote, retries } = this.#options;
    return new StepRunner(this.#target.connection, {
      continueOnError,
      signal,
      onMessage: message => {
        // 5701 and 5703 only say which database and language are set.
        if (message.number !== 5701 && message.number !== 5703) onNote(message.message);
      },
      onNote,
      relock: () => this.#target.relock(),
      onCommitted: steps => this.#count(steps),
      ...(retries === undefined ? {} : { retries }),
    });
  }

  /** Rows that lie beside the scripts; every step before them is in the target. */
  async #loadData(runner: StepRunner, done: ReadonlySet<string>): Promise<void> {
    const { data, dryRun, sections, onExisting } = this.#options;
    if (!data || (sections.length > 0 && !sections.includes('data'))) return;
    if (dryRun !== null) {
      for (const t of data.tables) dryRun(`-- ${t.rows} rows into ${quoteQualified(t.schema, t.name)}\nGO\n`);
      return;
    }
    await runner.commit();
    await runner.retryDeferred();
    const { existing, journal } = this.#target;
    // An earlier run came to its end, rows included, and its journal is gone.
    if (journal === null) return;
    await data.load({
      database: this.#target.database,
      done,
      onLoaded: (rows, lost = []) => {
        this.#rows += rows;
        this.#target.connection.lost?.add(lost);
      },
      isLeftOut: table =>
        onExisting === 'skip' && existing !== null && existing.has(keyOf({ kind: 'object', ...table }, 'dbo')),
    });
  }

  /** @param unmatched logical names in lower case, to which the script made no file */
  #warnOfFiles(unmatched: readonly string[]): void {
    const { create, mapFiles, resume, onNote, onWarning = onNote } = this.#options;
    // An import that goes on may have made its files before.
    if (resume) return;
    const why = create ? 'the script has no such file' : 'without --create no file is made';
    for (const name of mapFiles.keys()) {
      if (unmatched.includes(name.toLowerCase())) onWarning(`--map-file ${name} has no effect: ${why}`);
    }
  }

  #checkTrailer(): void {
    if (this.#header && !this.#trailer && this.#options.data === null) {
      throw new XpdbError('the script ends without its trailer: it is incomplete', {
        hint: 'everything that it holds was imported; export it again and import into an empty database',
      });
    }
  }

  async #compare(tables: readonly TableMarker[], filled: ReadonlySet<string>): Promise<RowCheck> {
    const options = this.#options;
    if (!options.verify || options.dryRun !== null || tables.length === 0)
      return { equal: 0, differences: [], counted: [] };
    const { existing, database } = this.#target;
    const compared = tables.filter(t => {
      const key = keyOf({ kind: 'object', schema: t.schema, name: t.name }, 'dbo');
      if (options.onExisting === 'skip' && existing?.has(key)) return false;
      if (filled.has(key))
        options.onNote(`${quoteQualified(t.schema, t.name)} had rows before: its rows are not compared`);
      return !filled.has(key);
    });
    const chosen = chosenTables(compared, options);
    let done = 0;
    const onSession = <T>(work: (session: Session) => Promise<T>) =>
      this.#target.persist(async session => {
        if (session.database !== database) await session.useDatabase(database);
        return work(session);
      });
    const check = await checkRows(onSession, chosen, options.data?.sums ?? 'text', (object, rows) =>
      options.report({
        phase: 'verify',
        object,
        tablesDone: done++,
        tablesTotal: chosen.length,
        rows,
        rowsTotal: null,
        bytes: 0,
        bytesTotal: null,
      }),
    );
    for (const object of check.counted) {
      options.onFinding({
        rule: 'rows-counted',
        severity: 'info',
        object,
        message: 'only its rows were counted: one of the two servers gives vectors as text, the other as numbers',
      });
    }
    return check;
  }

  #count(steps: readonly Step[]): void {
    for (const step of steps) {
      this.#rows += step.rows;
      for (const { table } of step.kind === 'rows' ? [step.head] : step.inserts.map(i => i.head)) {
        this.#filled.add(quoteQualified(table.schema ?? 'dbo', table.name).toLowerCase());
      }
      if (step.kind === 'rows') step.release?.();
      else if (!step.data) this.#batches += step.count;
    }
  }

  #progress(rows: number, object: string | null): void {
    const { inputs, report, dryRun } = this.#options;
    const known = inputs.every(i => i.bytesTotal !== null);
    report({
      phase: dryRun === null ? 'import' : 'read',
      object,
      tablesDone: 0,
      tablesTotal: null,
      rows,
      rowsTotal: null,
      bytes: inputs.reduce((sum, i) => sum + i.bytesRead, 0),
      bytesTotal: known ? inputs.reduce((sum, i) => sum + (i.bytesTotal ?? 0), 0) : null,
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
    const { database, createdName, journal } = this.#target;
    return new ImportStopped(cause, {
      database,
      created: createdName,
      begun: journal !== null || createdName !== null,
      batches: this.#batches,
      rows: this.#rows,
      resumed: this.#resumed,
      waiting: this.#target.runner?.waiting ?? null,
    });
  }
}

/** Only tables that the options let in have their rows. */
function chosenTables(tables: readonly TableMarker[], options: ImportOptions): readonly TableMarker[] {
  if (options.sections.length > 0 && !options.sections.includes('data')) return [];
  return tables.filter(t => {
    const name = quoteQualified(t.schema, t.name);
    return (
      (options.tables.length === 0 || options.tables.some(p => matchesPattern(t, p))) &&
      (options.entries === null || options.entries.tables.includes(name))
    );
  });
}
