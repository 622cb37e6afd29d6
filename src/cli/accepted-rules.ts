import { ExitCode, XpdbError } from '../model/error.ts';

/** @throws XpdbError (usage) for a value of --accept whose rule no finding has */
export async function checkAccepted(accepted: readonly string[]): Promise<void> {
  if (accepted.length === 0) return;
  const { findingRules } = await import('../compat/finding-rules.ts');
  for (const entry of accepted) {
    const rule = entry.replace(/:[\s\S]*$/, '');
    if (findingRules.includes(rule)) continue;
    const [nearest] = findingRules
      .map(known => ({ known, far: distance(rule, known) }))
      .filter(({ known, far }) => far <= known.length / 3)
      .sort((a, b) => a.far - b.far);
    throw new XpdbError(`--accept ${entry}: there is no rule ${rule}`, {
      hint: nearest ? `the nearest is ${nearest.known}` : 'a finding ends with its rule in parentheses',
      exitCode: ExitCode.usage,
    });
  }
}

/** Letters to add, remove or change to make one word of the other. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, i) => i);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const changed = row[j - 1]! + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(changed, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[to.length]!;
}
