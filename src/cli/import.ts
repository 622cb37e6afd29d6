import type { Command as CommandType } from 'commander';
import { Command, Option } from 'commander';
import type { ScriptInput } from '../archive/script-input.ts';
import type { Finding } from '../compat/finding.ts';
import type { ImportOptions, ImportResult, OnExisting } from '../importer/import-options.ts';
import { describeError, ExitCode, XpdbError } from '../model/error.ts';
import { checkAccepted } from './accepted-rules.ts';
import { acceptOption, encodingOption, onExistingOption, progressOption } from './common-options.ts';
import { addConnectionFlags, type ConnectionFlags, resolveConnection } from './connection-flags.ts';
import { concludeFindings, reportFindings } from './findings.ts';
import { archiveData, listSource, openImportSource, readEntryList } from './import-source.ts';
import { onInterrupt } from './interrupt.ts';
import { integerOption, listOption, option, parsePairs, repeatedOption, splitBySource } from './option.ts';
import { addPlacementFlags, type PlacementFlags, placementOptions } from './placement-flags.ts';
import { type ProgressMode, showProgress } from './progress.ts';
import { confirm } from './prompt.ts';
import { checkSections } from './sections.ts';
import { byteText, fail, note, say, table, thousands, warn } from './terminal.ts';

interface ImportFlags extends ConnectionFlags, PlacementFlags {
  input: string[];
  encoding?: string;
  create?: boolean;
  onExisting: OnExisting;
  resume?: boolean;
  continueOnError?: boolean;
  dryRun?: boolean;
  bulk: boolean;
  verify: boolean;
  disableTriggers?: boolean;
  strict?: boolean;
  variable: string[];
  expansion?: boolean;
  section: string[];
  table: string[];
  list?: boolean;
  useList?: string;
  jobs: number;
  accept: string[];
  dropOnFailure?: boolean;
  progress?: ProgressMode;
}

export function importCommand(): CommandType {
  const command = new Command('import')
    .description('run a script on a server, with its files where they belong there')
    .addOption(
      listOption(
        '-i, --input <file>',
        'script to run, also .gz and .zst, or the folder of an archive; - or nothing for standard input; several by commas',
      ),
    )
    .addOption(encodingOption())
    .addOption(option('--create', 'run the script’s CREATE DATABASE; with -d under that name'));
  addPlacementFlags(command)
    .addOption(onExistingOption())
    .addOption(option('--resume', 'go on where an import stopped'))
    .addOption(option('--continue-on-error', 'collect errors and go on; the exit code is 1 all the same'))
    .addOption(option('--dry-run', 'print what would run, change nothing'))
    .addOption(option('--no-bulk', 'send every INSERT as a statement'))
    .addOption(option('--no-verify', 'do not compare rows with the script at the end'))
    .addOption(option('--disable-triggers', 'switch enabled triggers off while rows are imported'))
    .addOption(option('--strict', 'stop at characters that a column’s code page lacks, instead of reporting them'))
    .addOption(repeatedOption('-v, --variable <name=value>', 'sqlcmd variable for $(name)'))
    .addOption(new Option('-x, --no-expansion', 'leave $(name) as it is (the default without -v)'))
    .addOption(listOption('--section <name>', 'only these sections of a script of xpdb: pre-data, data, post-data'))
    .addOption(repeatedOption('--table <pattern>', 'only tables of this name, with what belongs to them'))
    .addOption(option('--list', 'print what the script or archive holds, change nothing'))
    .addOption(option('--use-list <file>', 'only the entries of this list, tables in its order'))
    .addOption(integerOption('--jobs <n>', 'connections that load the rows of an archive', 1, 64).default(1))
    .addOption(acceptOption())
    .addOption(option('--drop-on-failure', 'drop a database that a failed --create made'))
    .addOption(new Option('-b, --stop-on-error', 'the default').hideHelp())
    .addOption(new Option('-I, --quoted-identifier', 'always on').hideHelp())
    .addOption(progressOption());
  addConnectionFlags(command);
  command.addHelpText(
    'after',
    `
Examples:
  xpdb import -S new -U sa -i xpdata.sql --create --data-path 'D:\\Data' --log-path 'L:\\Log'
  xpdb import -S new -U sa -i wizard.sql --create -d XPDATA2 --map-file 'XPDATA_fs=F:\\Streams\\xp'
  xpdb import -S new -U sa -d XPDATA -i tables.sql.gz
  xpdb import -S new -U sa -d XPDATA -i tables.sql.gz --resume
  xpdb import -S new -U sa -i xpdata-archive --create --jobs 4
  xpdb import -i xpdata-archive --list > entries.txt
  cat calls.sql | xpdb import -S new -U sa -d XPDATA --on-existing skip`,
  );
  return command.action(async (flags: ImportFlags) => {
    process.exitCode = await runImport(flags, command);
  });
}

async function runImport(flags: ImportFlags, command: CommandType): Promise<number> {
  const names = flags.input.length === 0 ? ['-'] : flags.input;
  const placement = placementOptions(flags);
  const variables =
    flags.expansion === false || flags.variable.length === 0 ? null : parsePairs(flags.variable, '-v', 'name=value');
  const sections = checkSections(flags.section);
  await checkAccepted(flags.accept);
  const entries = flags.useList === undefined ? null : await readEntryList(flags.useList);
  if (!flags.list && !flags.create && flags.database === undefined && flags.connectionString === undefined) {
    throw noDatabase();
  }
  const source = await openImportSource(names, flags.encoding);
  const { inputs } = source;
  if (source.archive === null && flags.jobs > 1) {
    throw new XpdbError('--jobs is for the rows of an archive', {
      hint: 'leave it out: a script runs in its order, on one connection',
      exitCode: ExitCode.usage,
    });
  }
  if (flags.list) {
    const { formatList } = await import('../importer/entry-list.ts');
    process.stdout.write(formatList(await listSource(source)));
    return ExitCode.done;
  }
  const { line, environment } = splitBySource(flags, command);
  const connection = await resolveConnection(line, environment);
  if (!flags.create && connection.database === undefined) throw noDatabase();
  const { openSession } = await import('../connection/connect.ts');
  const { importScript } = await import('../importer/import-script.ts');
  const { createRowLoaders } = await import('../importer/bulk/row-loaders.ts');
  const started = performance.now();
  const display = showProgress(flags.progress);
  const stop = new AbortController();
  const interrupt = onInterrupt(() => stop.abort());
  const findings: Finding[] = [];
  const { database: named, ...elsewhere } = connection;
  const onNote = (text: string) => {
    display.clear();
    note(text);
  };
  const onWarning = (text: string) => {
    display.clear();
    warn(text);
  };
  const options: ImportOptions = {
    open: database => openSession(database === null ? elsewhere : { ...connection, database }),
    inputs,
    database: named ?? null,
    create: flags.create === true,
    ...placement,
    onExisting: flags.onExisting,
    resume: flags.resume === true,
    continueOnError: flags.continueOnError === true,
    dryRun: flags.dryRun ? text => void process.stdout.write(text) : null,
    loaders: flags.bulk ? createRowLoaders : null,
    verify: flags.verify,
    disableTriggers: flags.disableTriggers === true,
    strict: flags.strict === true,
    variables,
    sections,
    tables: flags.table,
    entries,
    data:
      source.archive === null
        ? null
        : await archiveData(source.archive, {
            connection: elsewhere,
            jobs: flags.jobs,
            bulk: flags.bulk,
            strict: flags.strict === true,
            tables: flags.table,
            entries,
            signal: stop.signal,
            onRows: (rows, object) => display.report({ ...loading, object, rows }),
            onNote,
          }),
    report: display.report,
    onNote,
    onWarning,
    onFinding: finding => void findings.push(finding),
    signal: stop.signal,
  };
  try {
    const result = await importScript(options);
    display.clear();
    const open = reportFindings(findings, flags.accept);
    for (const failure of result.failures) fail(describeError(failure));
    summarise(result, source.archive === null ? inputs : null, findings.length, (performance.now() - started) / 1000);
    if (result.failures.length > 0) return ExitCode.failed;
    return concludeFindings(open);
  } catch (error) {
    display.clear();
    reportFindings(findings, flags.accept);
    interrupt.release();
    throw (await offerDrop(error, flags.dropOnFailure === true, options)) ?? error;
  } finally {
    interrupt.release();
  }
}

const loading = {
  phase: 'rows',
  tablesDone: 0,
  tablesTotal: null,
  rowsTotal: null,
  bytes: 0,
  bytesTotal: null,
} as const;

function noDatabase(): XpdbError {
  return new XpdbError('no database named', {
    hint: 'use -d for one that exists, or --create to run the script’s CREATE DATABASE',
    exitCode: ExitCode.usage,
  });
}

/** @param scripts null for an archive, whose files several connections read */
function summarise(
  result: ImportResult,
  scripts: readonly ScriptInput[] | null,
  findings: number,
  seconds: number,
): void {
  const cells = [
    ['batches', thousands(result.batches)],
    ['tables', thousands(result.tables)],
    ['rows', thousands(result.rows)],
    ['compared', thousands(result.compared)],
    ...(scripts === null ? [] : [['bytes', byteText(scripts.reduce((sum, i) => sum + i.bytesRead, 0))]]),
    ['seconds', seconds.toFixed(1)],
    ['findings', String(findings)],
    ['errors', String(result.failures.length)],
  ];
  say(table([cells.map(([name]) => name!), cells.map(([, value]) => value!)]));
  if (result.dryRun) say('nothing was changed');
  else if (result.failures.length > 0)
    warn(`${result.failures.length} errors; the rest is in database ${result.database}`);
  else say(`database ${result.database} has everything of the script`);
}

/**
 * A database that a failed import made is of use to nobody but who resumes.
 * @returns the error as it is once the database that the import created is dropped; null where it stays
 */
async function offerDrop(error: unknown, asked: boolean, options: ImportOptions): Promise<unknown> {
  const { ImportStopped } = await import('../importer/import-stopped.ts');
  if (!(error instanceof ImportStopped) || error.state.created === null) return null;
  const { dropDatabaseText } = await import('../importer/drop-database.ts');
  const { created } = error.state;
  const drop = asked || (await confirm(`drop database ${created}, which this import created?`, false));
  if (!drop) {
    warn(`to drop what this import created: ${dropDatabaseText(created)}`);
    return null;
  }
  const session = await options.open(null);
  try {
    await session.execute(dropDatabaseText(created));
    say(`database ${created} is dropped`);
    // There is nothing to go on with.
    return error.details.cause;
  } finally {
    await session.close();
  }
}
