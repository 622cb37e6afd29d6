import type { ConnectionOptions } from '../connection/connection-options.ts';
import { ExitCode, XpdbError } from '../model/error.ts';
import { type ExportFlags, scriptForm, sourceOptions } from './export-flags.ts';
import { summarizeExport } from './export-summary.ts';
import { onInterrupt } from './interrupt.ts';
import { showProgress } from './progress.ts';
import { warn } from './terminal.ts';

/** `xpdb export --format sql`: one script into a file or to standard output. */
export async function exportToScript(flags: ExportFlags, connection: ConnectionOptions): Promise<ExitCode> {
  const toStdout = flags.output === '-';
  const { openSession } = await import('../connection/connect.ts');
  const { exportScript } = await import('../exporter/export-script.ts');
  const { openOutputFile, openStdout } = await import('../archive/output-file.ts');
  const started = performance.now();
  const display = showProgress(flags.progress);
  const options = { ...sourceOptions(flags, display), ...scriptForm(flags, !toStdout) };
  const session = await openSession(connection);
  const interrupt = onInterrupt(() => session.cancel());
  try {
    const output = toStdout
      ? openStdout(process.stdout)
      : await openOutputFile(flags.output, { overwrite: flags.overwrite === true });
    try {
      const result = await exportScript(session, output, options);
      await output.finish();
      display.clear();
      const what = `${flags.output} is a script for SQL Server ${result.target} of database ${result.database}`;
      return summarizeExport(result, output.bytesWritten, started, flags.accept, toStdout ? null : what);
    } catch (error) {
      display.clear();
      await output.abandon();
      if (!toStdout && output.bytesWritten > 0)
        warn(`${flags.output}.partial holds what was written so far; it is not a complete script`);
      throw interrupt.interrupted() ? stoppedByUser('run the same command again', error) : error;
    }
  } finally {
    interrupt.release();
    await session.close();
  }
}

/** Ctrl-C, whatever error it led to. */
export function stoppedByUser(hint: string, cause: unknown): XpdbError {
  return new XpdbError('stopped by Ctrl-C', { hint, exitCode: ExitCode.interrupted, cause });
}
