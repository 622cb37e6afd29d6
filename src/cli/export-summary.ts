import type { ExportResult } from '../exporter/export-options.ts';
import type { ExitCode } from '../model/error.ts';
import { concludeFindings, reportFindings } from './findings.ts';
import { byteText, say, table, thousands } from './terminal.ts';

/**
 * Prints findings and what was written.
 * @returns the exit code: 3 with blockers that nobody accepted
 */
export function summarizeExport(
  result: ExportResult,
  bytes: number,
  startedAt: number,
  accepted: readonly string[],
  what: string | null,
): ExitCode {
  const open = reportFindings(result.findings, accepted);
  const seconds = (performance.now() - startedAt) / 1000;
  say(
    table([
      ['objects', 'tables', 'rows', 'bytes', 'seconds', 'findings'],
      [
        thousands(result.objects),
        thousands(result.tables),
        thousands(result.rows),
        byteText(bytes),
        seconds.toFixed(1),
        String(result.findings.length),
      ],
    ]),
  );
  if (what !== null) say(what);
  return concludeFindings(open, 'the script lacks what they name, or fails there');
}
