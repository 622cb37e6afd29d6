import { Command, Option } from 'commander';
import { type Edition, engineEditions, parseTargetVersion } from '../compat/version.ts';
import type { ConsistencyWay } from '../exporter/consistency.ts';
import { ExitCode, XpdbError } from '../model/error.ts';
import { addConnectionFlags, type ConnectionFlags, resolveConnection } from './connection-flags.ts';
import { reportFindings } from './findings.ts';
import { onInterrupt } from './interrupt.ts';
import { integerOption, listOption, option, parseVersionArgument, repeatedOption } from './option.ts';
import { type ProgressMode, showProgress } from './progress.ts';
import { byteText, say, table, thousands, warn } from './terminal.ts';

interface ExportFlags extends ConnectionFlags {
  target?: string;
  edition?: Edition;
  output?: string;
  overwrite?: boolean;
  encoding: 'utf8' | 'utf16le';
  unicode?: boolean;
  newline: 'crlf' | 'lf';
  schemaOnly?: boolean;
  dataOnly?: boolean;
  section: string[];
  table: string[];
  excludeTable: string[];
  schema: string[];
  excludeSchema: string[];
  excludeTableData: string[];
  where: string[];
  owner: boolean;
  privileges: boolean;
  accept: string[];
  rowsPerInsert?: number;
  batchSize?: number;
  consistency?: ConsistencyWay;
  progress?: ProgressMode;
}

export function exportCommand(): Command {
  const command = new Command('export')
    .description('write a database as a script for a server version')
    .addOption(
      option(
        '--target <version>',
        'version that the script is for: 2008, 2008R2, 2012 … 2025, azure (default: the source’s)',
      ).argParser(parseVersionArgument),
    )
    .addOption(
      option('--edition <edition>', 'edition of the target, for features that only some have').choices([
        ...engineEditions,
      ]),
    )
    .addOption(option('-o, --output <file>', 'script to write; - or nothing for standard output'))
    .addOption(new Option('-f, --file <file>', 'as -o').hideHelp())
    .addOption(option('--overwrite', 'replace an existing file'))
    .addOption(option('--encoding <name>', 'utf8 or utf16le').choices(['utf8', 'utf16le']).default('utf8'))
    .addOption(option('-u, --unicode', 'as --encoding utf16le'))
    .addOption(option('--newline <kind>', 'line breaks between statements').choices(['crlf', 'lf']).default('crlf'))
    .addOption(option('--schema-only', 'no rows').conflicts('dataOnly'))
    .addOption(option('--data-only', 'rows only'))
    .addOption(listOption('--section <name>', 'pre-data, data, post-data; several by commas'))
    .addOption(
      repeatedOption(
        '--table <pattern>',
        'only tables of this name; * and ? stand for any characters, schema.name or name',
      ),
    )
    .addOption(repeatedOption('--exclude-table <pattern>', 'not these tables'))
    .addOption(repeatedOption('--schema <pattern>', 'only objects of these schemas'))
    .addOption(repeatedOption('--exclude-schema <pattern>', 'not these schemas'))
    .addOption(repeatedOption('--exclude-table-data <pattern>', 'these tables without their rows'))
    .addOption(repeatedOption('--where <table:condition>', 'only the rows of a table that meet a condition'))
    .addOption(option('--no-owner', 'without owners of objects'))
    .addOption(option('--no-privileges', 'without users, roles, permissions and owners'))
    .addOption(repeatedOption('--accept <rule[:object]>', 'do without what this blocker names'))
    .addOption(integerOption('--rows-per-insert <n>', 'rows of one INSERT', 1, 1000))
    .addOption(integerOption('--batch-size <bytes>', 'bytes between two GO lines', 1024, 64 * 1024 * 1024))
    .addOption(
      option(
        '--consistency <way>',
        'one point in time by a database snapshot (snapshot-database) or one transaction (snapshot), or none',
      ).choices(['snapshot-database', 'snapshot', 'none']),
    )
    .addOption(new Option('--progress <kind>', 'plain, json or none').choices(['plain', 'json', 'none']));
  addConnectionFlags(command);
  command.addHelpText(
    'after',
    `
Examples:
  xpdb export -S old -U sa -d XPDATA --target 2012 -o xpdata.sql
  xpdb export -S old -U sa -d XPDATA --schema-only
  xpdb export -S old -U sa -d XPDATA --table 'dbo.Call*' --exclude-table-data dbo.CallAudio -o calls.sql`,
  );
  return command.action(async (flags: ExportFlags & { file?: string }) => {
    process.exitCode = await runExport({ ...flags, output: flags.output ?? flags.file ?? '-' });
  });
}

async function runExport(flags: ExportFlags & { output: string }): Promise<number> {
  const toStdout = flags.output === '-';
  if (toStdout && process.stdout.isTTY && !flags.schemaOnly) {
    throw new XpdbError('rows are not written to a terminal', {
      hint: 'name a file with -o, or use --schema-only',
      exitCode: ExitCode.usage,
    });
  }
  if (toStdout && process.platform === 'win32')
    warn('PowerShell before 7.4 re-encodes redirected output; -o FILE does not');
  const connection = await resolveConnection(flags);
  if (connection.database === undefined)
    throw new XpdbError('no database named', { hint: 'use -d', exitCode: ExitCode.usage });
  const { openSession } = await import('../connection/connect.ts');
  const { exportScript } = await import('../exporter/export-script.ts');
  const { openOutputFile, openStdout } = await import('../archive/output-file.ts');

  const started = performance.now();
  const session = await openSession(connection);
  const display = showProgress(flags.progress);
  const interrupt = onInterrupt(() => session.cancel());
  const output = toStdout
    ? openStdout(process.stdout)
    : await openOutputFile(flags.output, { overwrite: flags.overwrite === true });
  try {
    const result = await exportScript(session, output, {
      target: flags.target === undefined ? null : (parseTargetVersion(flags.target) ?? null),
      edition: flags.edition ?? null,
      encoding: flags.unicode ? 'utf16le' : flags.encoding,
      bom: !toStdout,
      newline: flags.newline === 'lf' ? '\n' : '\r\n',
      sections: sectionsOf(flags),
      dataOnly: flags.dataOnly === true,
      tables: flags.table,
      excludeTables: flags.excludeTable,
      schemas: flags.schema,
      excludeSchemas: flags.excludeSchema,
      excludeTableData: flags.excludeTableData,
      where: flags.where,
      owners: flags.owner,
      privileges: flags.privileges,
      rowsPerInsert: flags.rowsPerInsert ?? null,
      batchBytes: flags.batchSize ?? null,
      consistency: flags.consistency ?? null,
      report: display.report,
    });
    await output.finish();
    display.clear();
    const open = reportFindings(result.findings, flags.accept);
    const seconds = (performance.now() - started) / 1000;
    say(
      table([
        ['objects', 'tables', 'rows', 'bytes', 'seconds', 'findings'],
        [
          thousands(result.objects),
          thousands(result.tables),
          thousands(result.rows),
          byteText(output.bytesWritten),
          seconds.toFixed(1),
          String(result.findings.length),
        ],
      ]),
    );
    if (!toStdout) say(`${flags.output} is a script for SQL Server ${result.target} of database ${result.database}`);
    if (open.length === 0) return ExitCode.done;
    warn(
      `${open.length} blocker${open.length === 1 ? '' : 's'}: the script lacks what they name, or fails there; accept each with --accept RULE[:OBJECT]`,
    );
    return ExitCode.blockers;
  } catch (error) {
    display.clear();
    await output.abandon();
    if (!toStdout && output.bytesWritten > 0)
      warn(`${flags.output}.partial holds what was written so far; it is not a complete script`);
    if (interrupt.interrupted()) {
      throw new XpdbError('stopped by Ctrl-C', {
        hint: 'run the same command again',
        exitCode: ExitCode.interrupted,
        cause: error,
      });
    }
    throw error;
  } finally {
    interrupt.release();
    await session.close();
  }
}

const allSections = ['pre-data', 'data', 'post-data'] as const;

function sectionsOf(flags: ExportFlags): ReadonlySet<string> {
  if (flags.schemaOnly) return new Set(['pre-data', 'post-data']);
  if (flags.dataOnly) return new Set(['data']);
  if (flags.section.length === 0) return new Set(allSections);
  for (const name of flags.section) {
    if (!(allSections as readonly string[]).includes(name)) {
      throw new XpdbError(`no section ${name}`, {
        hint: `sections are ${allSections.join(', ')}`,
        exitCode: ExitCode.usage,
      });
    }
  }
  return new Set(flags.section);
}
