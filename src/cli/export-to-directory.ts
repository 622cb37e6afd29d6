import type { ConnectionOptions } from '../connection/connection-options.ts';
import { ExitCode as code, type ExitCode, XpdbError } from '../model/error.ts';
import { type ExportFlags, scriptForm, sourceOptions } from './export-flags.ts';
import { summarizeExport } from './export-summary.ts';
import { onInterrupt, stoppedByUser } from './interrupt.ts';
import { showProgress } from './progress.ts';
import { warn } from './terminal.ts';

/** `xpdb export --format dir`: a folder of scripts, chunks of rows and a manifest. */
export async function exportToDirectory(flags: ExportFlags, connection: ConnectionOptions): Promise<ExitCode> {
  if (flags.output === '-') {
    throw new XpdbError('a folder must be named', { hint: 'use -o FOLDER', exitCode: code.usage });
  }
  if (flags.shard !== undefined && flags.databaseSnapshot === undefined) {
    throw new XpdbError('shards must read one and the same database snapshot', {
      hint: 'create one and name it by --database-snapshot',
      exitCode: code.usage,
    });
  }
  const { openSession } = await import('../connection/connect.ts');
  const { exportDirectory } = await import('../exporter/export-directory.ts');
  const { parseCompression } = await import('../archive/compression.ts');
  const compression = parseCompression(flags.compress);
  const started = performance.now();
  const display = showProgress(flags.progress);
  const options = { ...sourceOptions(flags, display), ...scriptForm(flags, true) };
  const session = await openSession(connection);
  const stop = new AbortController();
  const interrupt = onInterrupt(() => {
    stop.abort();
    session.cancel();
  });
  let bytes = 0;
  try {
    const result = await exportDirectory(
      session,
      connection,
      flags.output,
      {
        ...options,
        report: event => {
          bytes = event.bytes;
          display.report(event);
        },
        dataFormat: flags.dataFormat,
        compression,
        jobs: flags.jobs,
        chunkRows: flags.chunkRows,
        resume: flags.resume === true,
        overwrite: flags.overwrite === true,
        shard: flags.shard ?? null,
        databaseSnapshot: flags.databaseSnapshot ?? null,
        onNote: warn,
        onSnapshotKept: name =>
          warn(`database snapshot ${name} stays on the source for --resume; DROP DATABASE it if you don’t go on`),
      },
      stop.signal,
    );
    display.clear();
    const part = flags.shard ? `shard ${flags.shard.shard} of ${flags.shard.of} of ` : '';
    const what = `${flags.output} is ${part}an archive for SQL Server ${result.target} of database ${result.database}`;
    return summarizeExport(result, bytes, started, flags.accept, what);
  } catch (error) {
    display.clear();
    throw interrupt.interrupted() ? stoppedByUser('run the same command again with --resume', error) : error;
  } finally {
    interrupt.release();
    await session.close();
  }
}
