import { Command } from 'commander';
import { ExitCode } from '../model/error.ts';
import { encodingOption, progressOption } from './common-options.ts';
import { printComparison } from './comparison.ts';
import { onInterrupt, stoppedByUser } from './interrupt.ts';
import { integerOption, option, repeatedOption, splitBySource } from './option.ts';
import { type ProgressMode, showProgress } from './progress.ts';
import { addSideFlags, resolveSide, type SideFlags } from './side-flags.ts';

interface VerifyFlags extends SideFlags {
  schemaOnly?: boolean;
  dataOnly?: boolean;
  table: string[];
  excludeTable: string[];
  databaseSettings: boolean;
  sample?: number;
  showRows: number;
  recount?: boolean;
  jobs: number;
  encoding?: string;
  report: 'text' | 'json';
  progress?: ProgressMode;
}

export function verifyCommand(): Command {
  const command = new Command('verify').description('compare two databases: definitions, rows and their content');
  addSideFlags(command, 'connection string, server/database, script (.sql, .gz, .zst) or archive folder')
    .addOption(option('--schema-only', 'definitions, no rows').conflicts('dataOnly'))
    .addOption(option('--data-only', 'rows, no definitions'))
    .addOption(repeatedOption('--table <pattern>', 'only tables of this name; * and ? stand for any characters'))
    .addOption(repeatedOption('--exclude-table <pattern>', 'not these tables'))
    .addOption(option('--no-database-settings', 'not the options, collation and filegroups of the database itself'))
    .addOption(
      integerOption('--sample <n>', 'the content of about one in n rows; all are counted', 2).conflicts('schemaOnly'),
    )
    .addOption(
      integerOption('--show-rows <n>', 'name up to n rows of each table that differs', 0, 100_000)
        .default(0)
        .conflicts('schemaOnly'),
    )
    .addOption(
      option(
        '--recount',
        'count and sum the rows of a script, and read those of an archive, instead of believing their own sums',
      ).conflicts('schemaOnly'),
    )
    .addOption(integerOption('--jobs <n>', 'tables that are compared at the same time', 1, 64).default(2))
    .addOption(encodingOption())
    .addOption(option('--report <form>', 'text, or json on standard output').choices(['text', 'json']).default('text'))
    .addOption(progressOption());
  command.addHelpText(
    'after',
    `
What the target can't hold as it is counts as a difference only where no finding of the export foretells it. Names that the
server gave, places and sizes of files and SIDs are not compared.

Examples:
  xpdb verify --from old/XPDATA --to new/XPDATA -U sa
  xpdb verify --from xpdata.sql --to 'Server=new;User ID=sa;Database=XPDATA' --show-rows 10
  xpdb verify --from xpdata.sql --to new/XPDATA --from-user sa --schema-only --report json

Exit codes: 0 equal, 1 different or failed, 2 usage, 4 stopped in the middle`,
  );
  return command.action(async (flags: VerifyFlags) => {
    process.exitCode = await runVerify(flags, command);
  });
}

async function runVerify(flags: VerifyFlags, command: Command): Promise<number> {
  const sides = splitBySource(flags, command);
  const from = await resolveSide(sides, 'from', flags.encoding);
  const to = await resolveSide(sides, 'to', flags.encoding);
  const { verifyDatabases } = await import('../verify/verify-databases.ts');
  const display = showProgress(flags.progress);
  const started = performance.now();
  const stop = new AbortController();
  const interrupt = onInterrupt(() => stop.abort());
  const result = await verifyDatabases(from, to, {
    schema: flags.dataOnly !== true,
    data: flags.schemaOnly !== true,
    tables: flags.table,
    excludeTables: flags.excludeTable,
    databaseProperties: flags.databaseSettings,
    sample: flags.sample ?? null,
    showRows: flags.showRows,
    recount: flags.recount === true,
    jobs: flags.jobs,
    report: display.report,
    signal: stop.signal,
  })
    .catch(error => {
      throw interrupt.interrupted() ? stoppedByUser('run the same command again', error) : error;
    })
    .finally(() => {
      interrupt.release();
      display.clear();
    });
  if (flags.report === 'json') process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
  else printComparison(result, (performance.now() - started) / 1000);
  return result.equal ? ExitCode.done : ExitCode.failed;
}
