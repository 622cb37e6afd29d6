import type { ExportResult } from '../exporter/export-options.ts';
import { ExitCode } from '../model/error.ts';
import { reportFindings } from './findings.ts';
import { byteText, say, table, thousands, warn } from './terminal.ts';

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
  if (open.length === 0) return ExitCode.done;
  warn(
    `${open.length} blocker${open.length === 1 ? '' : 's'}: the script lacks what they name, or fails there; accept each with --accept RULE[:OBJECT]`,
  );
  return ExitCode.blockers;
}
