import type { ConnectionOptions } from '../connection/connection-options.ts';
import type { CsvOptions } from '../data/csv-format.ts';
import type { QueryFormat } from '../exporter/export-query.ts';
import { ExitCode, XpdbError } from '../model/error.ts';
import type { ExportFlags } from './export-flags.ts';
import { writeOutput } from './export-output.ts';
import { reportFindings } from './findings.ts';
import { showProgress } from './progress.ts';
import { byteText, say, table, thousands } from './terminal.ts';

/** `xpdb export --query`: the rows of any query as csv, jsonl or native, into a file or to standard output. */
export async function exportQueryRows(
  flags: ExportFlags,
  query: string,
  connection: ConnectionOptions,
): Promise<ExitCode> {
  const format = queryFormat(flags);
  const { exportQuery } = await import('../exporter/export-query.ts');
  const started = performance.now();
  const display = showProgress(flags.progress);
  const { result, bytes } = await writeOutput(flags, connection, display, (session, output) =>
    exportQuery(session, output, query, format, rows =>
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
    ),
  );
  const open = reportFindings(result.findings, flags.accept);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  say(
    table([
      ['rows', 'bytes', 'seconds'],
      [thousands(result.rows), byteText(bytes), seconds],
    ]),
  );
  return open.length === 0 ? ExitCode.done : ExitCode.blockers;
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
