import type { ConnectionOptions } from '../connection/connection-options.ts';
import type { ExitCode } from '../model/error.ts';
import { type ExportFlags, scriptForm, sourceOptions } from './export-flags.ts';
import { writeOutput } from './export-output.ts';
import { summarizeExport } from './export-summary.ts';
import { showProgress } from './progress.ts';

/** `xpdb export --format sql`: one script into a file or to standard output. */
export async function exportToScript(flags: ExportFlags, connection: ConnectionOptions): Promise<ExitCode> {
  const toStdout = flags.output === '-';
  const { exportScript } = await import('../exporter/export-script.ts');
  const started = performance.now();
  const display = showProgress(flags.progress);
  const options = { ...sourceOptions(flags, display), ...scriptForm(flags, !toStdout) };
  const { result, bytes } = await writeOutput(flags, connection, display, (session, output, signal) =>
    exportScript(session, output, { ...options, signal }),
  );
  const what = `${flags.output} is a script for SQL Server ${result.target} of database ${result.database}`;
  return summarizeExport(result, bytes, started, flags.accept, toStdout ? null : what);
}
