import type { Output } from '../archive/output-file.ts';
import type { ConnectionOptions } from '../connection/connection-options.ts';
import type { Session } from '../connection/session.ts';
import type { ExportFlags } from './export-flags.ts';
import { onInterrupt, stoppedByUser } from './interrupt.ts';
import type { ProgressDisplay } from './progress.ts';
import { warn } from './terminal.ts';

/**
 * Has `write` fill what -o names, a file or standard output, from a session of its own. A file gets its name when it is whole; what an
 * error leaves is named.
 * @throws XpdbError that says so when Ctrl-C was the cause; any error of `write`
 */
export async function writeOutput<T>(
  flags: ExportFlags,
  connection: ConnectionOptions,
  display: ProgressDisplay,
  write: (session: Session, output: Output, signal: AbortSignal) => Promise<T>,
): Promise<{ readonly result: T; readonly bytes: number }> {
  const toStdout = flags.output === '-';
  const { openSession } = await import('../connection/connect.ts');
  const { openOutputFile, openStdout } = await import('../archive/output-file.ts');
  const session = await openSession(connection);
  const stop = new AbortController();
  const interrupt = onInterrupt(() => {
    stop.abort();
    // It reaches what the server is at; between two requests there is the signal alone.
    session.cancel();
  });
  try {
    const output = toStdout
      ? openStdout(process.stdout)
      : await openOutputFile(flags.output, { overwrite: flags.overwrite === true });
    try {
      stop.signal.throwIfAborted();
      const result = await write(session, output, stop.signal);
      stop.signal.throwIfAborted();
      await output.finish();
      display.clear();
      return { result, bytes: output.bytesWritten };
    } catch (error) {
      display.clear();
      await output.abandon();
      if (!toStdout && output.bytesWritten > 0)
        warn(`${flags.output}.partial holds what was written so far; it is not complete`);
      throw interrupt.interrupted() ? stoppedByUser('run the same command again', error) : error;
    }
  } finally {
    interrupt.release();
    await session.close();
  }
}
