import type { ProgressEvent, ReportProgress } from '../model/progress.ts';
import { byteText, settings, thousands } from './terminal.ts';

export type ProgressMode = 'plain' | 'json' | 'none';

export interface ProgressDisplay {
  readonly report: ReportProgress;
  /** Takes the line away so that other text can be written. */
  readonly clear: () => void;
}

/** A line on a terminal, JSON lines on request, nothing otherwise; at most ten updates a second. */
export function showProgress(mode: ProgressMode | undefined): ProgressDisplay {
  const chosen: ProgressMode = mode ?? (process.stderr.isTTY && !settings.quiet ? 'plain' : 'none');
  if (chosen === 'none') return { report: () => undefined, clear: () => undefined };
  const started = performance.now();
  let last = 0;
  let width = 0;
  const clear = () => {
    if (width > 0) process.stderr.write(`\r${' '.repeat(width)}\r`);
    width = 0;
  };
  return {
    clear,
    report: event => {
      const now = performance.now();
      if (now - last < 100) return;
      last = now;
      const seconds = (now - started) / 1000;
      if (chosen === 'json')
        process.stderr.write(`${JSON.stringify({ ...event, seconds: Number(seconds.toFixed(1)) })}\n`);
      else {
        const text = progressLine(event, seconds).slice(0, (process.stderr.columns ?? 100) - 1);
        process.stderr.write(`\r${text.padEnd(width)}`);
        width = text.length;
      }
    },
  };
}

function progressLine(event: ProgressEvent, seconds: number): string {
  const parts = [event.phase];
  if (event.tablesTotal !== null) parts.push(`${event.tablesDone}/${event.tablesTotal} tables`);
  if (event.rows > 0) parts.push(`${thousands(event.rows)} rows`);
  if (event.bytes > 0) parts.push(byteText(event.bytes));
  if (seconds > 1 && event.rows > 0) parts.push(`${thousands(event.rows / seconds)} rows/s`);
  const done = event.bytesTotal ? event.bytes / event.bytesTotal : event.rowsTotal ? event.rows / event.rowsTotal : 0;
  if (done > 0.02 && done <= 1 && seconds > 2) parts.push(`${Math.ceil(seconds / done - seconds)} s left`);
  if (event.object) parts.push(event.object);
  return parts.join(' · ');
}
