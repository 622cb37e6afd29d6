import { Command } from 'commander';
import type { Finding } from '../compat/finding.ts';
import type { Edition, TargetVersion } from '../compat/version.ts';
import type { ConsistencyWay } from '../exporter/consistency.ts';
import type { OnExisting } from '../importer/import-options.ts';
import { ExitCode, XpdbError } from '../model/error.ts';
import type { CopyResult } from '../move/copy-options.ts';
import { checkAccepted } from './accepted-rules.ts';
import { acceptOption, consistencyOption, editionOption, onExistingOption, progressOption } from './common-options.ts';
import { printComparison } from './comparison.ts';
import { addContentFlags, type ContentFlags, contentOptions } from './content-flags.ts';
import { concludeFindings, reportFindings } from './findings.ts';
import { onInterrupt } from './interrupt.ts';
import { integerOption, option, parseVersionArgument, splitBySource } from './option.ts';
import { addPlacementFlags, type PlacementFlags, placementOptions } from './placement-flags.ts';
import { type ProgressMode, showProgress } from './progress.ts';
import { addSideFlags, resolveServer, type SideFlags } from './side-flags.ts';
import { note, say, table, warn } from './terminal.ts';

interface CopyFlags extends SideFlags, ContentFlags, PlacementFlags {
  target?: TargetVersion;
  edition?: Edition;
  create?: boolean;
  onExisting: OnExisting;
  schemaOnly?: boolean;
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
    .addOption(editionOption())
    .addOption(option('--create', 'create the database, under its own name unless --to names one'));
  addPlacementFlags(command).addOption(onExistingOption()).addOption(option('--schema-only', 'no rows'));
  addContentFlags(command)
    .addOption(acceptOption())
    .addOption(consistencyOption())
    .addOption(integerOption('--jobs <n>', 'connections to each server that carry rows', 1, 64).default(2))
    .addOption(integerOption('--chunk-rows <n>', 'rows of a table that go in one transaction', 1).default(1_000_000))
    .addOption(option('--resume', 'go on where a copy stopped'))
    .addOption(option('--no-verify', 'do not compare the databases at the end'))
    .addOption(progressOption());
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
    process.exitCode = await runCopy(flags, command);
  });
}

async function runCopy(flags: CopyFlags, command: Command): Promise<number> {
  await checkAccepted(flags.accept);
  const sides = splitBySource(flags, command);
  const from = await resolveServer(sides, 'from');
  const to = await resolveServer(sides, 'to', flags.create === true);
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
      target: flags.target ?? null,
      edition: flags.edition ?? null,
      create: flags.create === true,
      ...placementOptions(flags),
      onExisting: flags.onExisting,
      schemaOnly: flags.schemaOnly === true,
      ...contentOptions(flags),
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
      onWarning: text => {
        display.clear();
        warn(text);
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
  if (verified) printComparison(verified, seconds);
  if (verified && !verified.equal) {
    warn(`database ${result.database} was copied, but differs from its source`);
    return ExitCode.failed;
  }
  say(`database ${result.database} is a copy for SQL Server ${result.target}`);
  return concludeFindings(open);
}
