import { Command, Option } from 'commander';
import type { Finding } from '../compat/finding.ts';
import { type Edition, engineEditions, parseTargetVersion } from '../compat/version.ts';
import type { ConsistencyWay } from '../exporter/consistency.ts';
import type { OnExisting } from '../importer/import-options.ts';
import { ExitCode, XpdbError } from '../model/error.ts';
import type { CopyResult } from '../move/copy-options.ts';
import { reportFindings } from './findings.ts';
import { onInterrupt } from './interrupt.ts';
import { integerOption, option, parseVersionArgument, repeatedOption } from './option.ts';
import { type ProgressMode, showProgress } from './progress.ts';
import { addSideFlags, resolveServer, type SideFlags } from './side-flags.ts';
import { note, say, table, warn } from './terminal.ts';
import { printResult } from './verify.ts';

interface CopyFlags extends SideFlags {
  target?: string;
  edition?: Edition;
  create?: boolean;
  dataPath?: string;
  logPath?: string;
  filestreamPath?: string;
  mapFile: string[];
  onExisting: OnExisting;
  schemaOnly?: boolean;
  table: string[];
  excludeTable: string[];
  schema: string[];
  excludeSchema: string[];
  excludeTableData: string[];
  where: string[];
  owner: boolean;
  privileges: boolean;
  accept: string[];
  consistency?: ConsistencyWay;
  jobs: number;
  chunkRows: number;
  resume?: boolean;
  verify: boolean;
  progress?: ProgressMode;
}

export function copyCommand(): Command {
  const command = new Command('copy').description('copy a database from server to server, with no file between');
  addSideFlags(command, 'source: server/database or connection string')
    .addOption(
      option('--target <version>', 'version to write for (default: the target server’s own)').argParser(
        parseVersionArgument,
      ),
    )
    .addOption(option('--edition <edition>', 'edition of the target').choices([...engineEditions]))
    .addOption(option('--create', 'create the database, under its own name unless --to names one'))
    .addOption(option('--data-path <directory>', 'for data files (default: the server’s own)'))
    .addOption(option('--log-path <directory>', 'for log files'))
    .addOption(option('--filestream-path <directory>', 'for FILESTREAM and memory-optimized containers'))
    .addOption(repeatedOption('--map-file <logical=path>', 'whole path of one file'))
    .addOption(
      option('--on-existing <way>', 'what happens to objects that are there: fail, skip or drop')
        .choices(['fail', 'skip', 'drop'])
        .default('fail'),
    )
    .addOption(option('--schema-only', 'no rows'))
    .addOption(repeatedOption('--table <pattern>', 'only tables of this name; * and ? stand for any characters'))
    .addOption(repeatedOption('--exclude-table <pattern>', 'not these tables'))
    .addOption(repeatedOption('--schema <pattern>', 'only objects of these schemas'))
    .addOption(repeatedOption('--exclude-schema <pattern>', 'not these schemas'))
    .addOption(repeatedOption('--exclude-table-data <pattern>', 'these tables without their rows'))
    .addOption(repeatedOption('--where <table:condition>', 'only the rows of a table that meet a condition'))
    .addOption(option('--no-owner', 'without owners of objects'))
    .addOption(option('--no-privileges', 'without users, roles, permissions and owners'))
    .addOption(repeatedOption('--accept <rule[:object]>', 'do without what this blocker names'))
    .addOption(
      option('--consistency <way>', 'point in time of all rows: snapshot-database, snapshot or none').choices([
        'snapshot-database',
        'snapshot',
        'none',
      ]),
    )
    .addOption(integerOption('--jobs <n>', 'connections to each server that carry rows', 1, 64).default(2))
    .addOption(integerOption('--chunk-rows <n>', 'rows of a table that go in one transaction', 1).default(1_000_000))
    .addOption(option('--resume', 'go on where a copy stopped'))
    .addOption(option('--no-verify', 'do not compare the databases at the end'))
    .addOption(new Option('--progress <kind>', 'plain, json or none').choices(['plain', 'json', 'none']));
  command.addHelpText(
    'after',
    `
Examples:
  xpdb copy --from old/XPDATA --to new/XPDATA -U sa --create --data-path 'D:\\Data' --log-path 'L:\\Log'
  xpdb copy --from old/XPDATA --to 'Server=new;Database=XPTEST;User ID=sa' --from-user reader --target 2012 --jobs 4
  xpdb copy --from old/XPDATA --to new/XPDATA -U sa --create --resume

Exit codes: 0 done and equal, 1 failed or different, 2 usage, 3 done with blockers that nobody accepted, 4 stopped: --resume`,
  );
  return command.action(async (flags: CopyFlags) => {
    process.exitCode = await runCopy(flags);
  });
}

async function runCopy(flags: CopyFlags): Promise<number> {
  const from = await resolveServer(flags, 'from');
  const to = await resolveServer(flags, 'to', flags.create === true);
  if (from.database === undefined) {
    throw new XpdbError('no database named on the source', { hint: 'use server/database', exitCode: ExitCode.usage });
  }
  const { copyDatabase } = await import('../move/copy-database.ts');
  const display = showProgress(flags.progress);
  const stop = new AbortController();
  const interrupt = onInterrupt(() => stop.abort());
  const findings: Finding[] = [];
  const started = performance.now();
  try {
    const result = await copyDatabase({
      from,
      to,
      target: flags.target === undefined ? null : (parseTargetVersion(flags.target) ?? null),
      edition: flags.edition ?? null,
      create: flags.create === true,
      dataPath: flags.dataPath ?? null,
      logPath: flags.logPath ?? null,
      filestreamPath: flags.filestreamPath ?? null,
      mapFiles: filePairs(flags.mapFile),
      onExisting: flags.onExisting,
      schemaOnly: flags.schemaOnly === true,
      tables: flags.table,
      excludeTables: flags.excludeTable,
      schemas: flags.schema,
      excludeSchemas: flags.excludeSchema,
      excludeTableData: flags.excludeTableData,
      where: flags.where,
      owners: flags.owner,
      privileges: flags.privileges,
      consistency: flags.consistency ?? null,
      jobs: flags.jobs,
      chunkRows: flags.chunkRows,
      resume: flags.resume === true,
      verify: flags.verify,
      report: display.report,
      onNote: text => {
        display.clear();
        note(text);
      },
      onFinding: finding => void findings.push(finding),
      signal: stop.signal,
    });
    display.clear();
    return conclude(result, [...findings, ...result.findings], flags.accept, (performance.now() - started) / 1000);
  } catch (error) {
    display.clear();
    reportFindings(findings, flags.accept);
    throw error;
  } finally {
    interrupt.release();
  }
}

function conclude(
  result: CopyResult,
  findings: readonly Finding[],
  accepted: readonly string[],
  seconds: number,
): number {
  const open = reportFindings(findings, accepted);
  say(
    table([
      ['objects', 'tables', 'rows', 'seconds', 'findings'],
      [result.objects, result.tables, result.rows, seconds.toFixed(1), findings.length],
    ]),
  );
  const { verified } = result;
  if (verified) printResult(verified, seconds);
  if (verified && !verified.equal) {
    warn(`database ${result.database} was copied, but differs from its source`);
    return ExitCode.failed;
  }
  say(`database ${result.database} is a copy for SQL Server ${result.target}`);
  if (open.length === 0) return ExitCode.done;
  warn(`${open.length} blockers are not accepted: look at each, then name it with --accept`);
  return ExitCode.blockers;
}

function filePairs(list: readonly string[]): Map<string, string> {
  return new Map(
    list.map(entry => {
      const at = entry.indexOf('=');
      if (at <= 0) throw new XpdbError(`--map-file takes logical=path, not ${entry}`, { exitCode: ExitCode.usage });
      return [entry.slice(0, at), entry.slice(at + 1)] as const;
    }),
  );
}
