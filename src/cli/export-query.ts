import type { ConnectionOptions } from '../connection/connection-options.ts';
import type { CsvOptions } from '../data/csv-format.ts';
import type { QueryFormat } from '../exporter/export-query.ts';
import { ExitCode, XpdbError } from '../model/error.ts';
import type { ExportFlags } from './export-flags.ts';
import { stoppedByUser } from './export-to-script.ts';
import { reportFindings } from './findings.ts';
import { onInterrupt } from './interrupt.ts';
import { showProgress } from './progress.ts';
import { byteText, say, table, thousands, warn } from './terminal.ts';

/** `xpdb export --query`: the rows of any query as csv, jsonl or native, into a file or to standard output. */
export async function exportQueryRows(
  flags: ExportFlags,
  query: string,
  connection: ConnectionOptions,
): Promise<ExitCode> {
  const toStdout = flags.output === '-';
  const format = queryFormat(flags);
  const { openSession } = await import('../connection/connect.ts');
  const { exportQuery } = await import('../exporter/export-query.ts');
  const { openOutputFile, openStdout } = await import('../archive/output-file.ts');
  const started = performance.now();
  const display = showProgress(flags.progress);
  const session = await openSession(connection);
  const interrupt = onInterrupt(() => session.cancel());
  try {
    const output = toStdout
      ? openStdout(process.stdout)
      : await openOutputFile(flags.output, { overwrite: flags.overwrite === true });
    try {
      const result = await exportQuery(session, output, query, format, rows =>
        display.report({
          phase: 'query',
          object: null,
          tablesDone: 0,
          tablesTotal: null,
          rows,
          rowsTotal: null,
          bytes: output.bytesWritten,
          bytesTotal: null,
        }),
      );
      await output.finish();
      display.clear();
      const open = reportFindings(result.findings, flags.accept);
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      say(
        table([
          ['rows', 'bytes', 'seconds'],
          [thousands(result.rows), byteText(output.bytesWritten), seconds],
        ]),
      );
      return open.length === 0 ? ExitCode.done : ExitCode.blockers;
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

function queryFormat(flags: ExportFlags): QueryFormat {
  if (flags.dataFormat === 'sql') {
    throw new XpdbError('the rows of a query have no table to be inserted into', {
      hint: 'add --data-format csv, jsonl or native',
      exitCode: ExitCode.usage,
    });
  }
  if (flags.dataFormat !== 'csv') return { format: flags.dataFormat };
  const encodings = { utf8: 'utf8', utf16le: 'utf16le' } as const;
  const csv: CsvOptions = {
    delimiter: flags.delimiter === '\\t' ? '\t' : flags.delimiter,
    nullText: flags.nullText,
    header: flags.header,
    bom: flags.bom === true,
    strict: flags.strict === true,
    encoding: flags.codePage ?? encodings[flags.unicode ? 'utf16le' : flags.encoding],
    newline: flags.newline === 'lf' ? '\n' : '\r\n',
  };
  return { format: 'csv', csv };
}
