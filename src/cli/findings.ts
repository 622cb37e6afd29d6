import type { Finding, Severity } from '../compat/finding.ts';
import { ExitCode } from '../model/error.ts';
import { say, warn } from './terminal.ts';

const order: readonly Severity[] = ['blocker', 'dropped', 'rewritten', 'info'];

/** `--accept rule[:object]`: object as findings show it, with or without brackets. */
function isAccepted(finding: Finding, accepted: readonly string[]): boolean {
  const plain = (text: string) => text.replace(/[[\]]/g, '').toLowerCase();
  return accepted.some(entry => {
    const colon = entry.indexOf(':');
    const rule = colon < 0 ? entry : entry.slice(0, colon);
    return rule === finding.rule && (colon < 0 || plain(entry.slice(colon + 1)) === plain(finding.object));
  });
}

/** Prints findings, worst first, and gives back the blockers that nobody accepted. */
export function reportFindings(findings: readonly Finding[], accepted: readonly string[]): readonly Finding[] {
  for (const severity of order) {
    for (const finding of findings.filter(f => f.severity === severity)) {
      const line = finding.line === undefined ? '' : ` line ${finding.line}`;
      const text = `${severity} ${finding.object}${line}: ${finding.message} (${finding.rule})`;
      if (severity === 'blocker' && !isAccepted(finding, accepted)) warn(text);
      else say(severity === 'blocker' ? `accepted ${text}` : text);
    }
  }
  return findings.filter(f => f.severity === 'blocker' && !isAccepted(f, accepted));
}

/**
 * How a command ends whose work is done.
 * @param open blockers that nobody accepted
 * @param meaning what they mean for what was made
 */
export function concludeFindings(open: readonly Finding[], meaning?: string): ExitCode {
  if (open.length === 0) return ExitCode.done;
  const count = `${open.length} blocker${open.length === 1 ? '' : 's'}`;
  warn(`${count}: ${meaning === undefined ? '' : `${meaning}; `}accept each with --accept RULE[:OBJECT]`);
  return ExitCode.blockers;
}
