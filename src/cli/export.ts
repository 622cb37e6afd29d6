import { Command } from 'commander';
import { ExitCode, XpdbError } from '../model/error.ts';
import { checkAccepted } from './accepted-rules.ts';
import { addConnectionFlags, resolveConnection } from './connection-flags.ts';
import { refuseContradictions } from './export-contradictions.ts';
import { addExportFlags, type ExportFlags } from './export-flags.ts';
import { exportQueryRows } from './export-query.ts';
import { exportToDirectory } from './export-to-directory.ts';
import { exportToScript } from './export-to-script.ts';
import { splitBySource } from './option.ts';

export function exportCommand(): Command {
  const command = addExportFlags(
    new Command('export').description('write a database as a script for a server version, or as an archive folder'),
  );
  addConnectionFlags(command);
  command.addHelpText(
    'after',
    `
Examples:
  xpdb export -S old -U sa -d XPDATA --target 2012 -o xpdata.sql
  xpdb export -S old -U sa -d XPDATA --schema-only
  xpdb export -S old -U sa -d XPDATA --table 'dbo.Call*' --exclude-table-data dbo.CallAudio -o calls.sql
  xpdb export -S old -U sa -d XPDATA --format dir --data-format native --jobs 4 -o xpdata
  xpdb export -S old -U sa -d XPDATA --format dir --jobs 4 -o xpdata --resume
  xpdb export -S old -U sa -d XPDATA --query 'SELECT * FROM dbo.Calls' --data-format csv -o calls.csv`,
  );
  return command.action(async (flags: Partial<ExportFlags> & ExportFlags & { file?: string }) => {
    process.exitCode = await runExport({ ...flags, output: flags.output ?? flags.file ?? '-' }, command);
  });
}

async function runExport(flags: ExportFlags, command: Command): Promise<ExitCode> {
  refuseContradictions(flags, command);
  await checkAccepted(flags.accept);
  const { line, environment } = splitBySource(flags, command);
  const connection = await resolveConnection(line, environment);
  if (flags.query !== undefined) return exportQueryRows(flags, flags.query, connection).catch(cannotGoOn);
  if (connection.database === undefined)
    throw new XpdbError('no database named', { hint: 'use -d', exitCode: ExitCode.usage });
  return flags.format === 'dir'
    ? exportToDirectory(flags, connection)
    : exportToScript(flags, connection).catch(cannotGoOn);
}

/** What is not a folder begins anew: there a full disk is a failure, not a stop that --resume goes on from. */
function cannotGoOn(error: unknown): never {
  const { code } = (error instanceof XpdbError ? (error.cause ?? {}) : {}) as NodeJS.ErrnoException;
  if (error instanceof XpdbError && (code === 'ENOSPC' || code === 'EDQUOT')) {
    throw new XpdbError(error.message, {
      ...error.details,
      hint: 'make room, then run the same command again',
      exitCode: ExitCode.failed,
    });
  }
  throw error;
}
