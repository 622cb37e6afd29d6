/** The first lines of an import's scripts, by which a resumed one knows whether it was given the same ones. */

import { createHash } from 'node:crypto';
import type { ScriptInput } from '../archive/script-input.ts';
import { ExitCode, XpdbError } from '../model/error.ts';
import type { ScriptPlace } from './step.ts';

const mostLines = 200;
const mostLength = 1 << 16;

/** Of each script the hashes of its first lines; null for one that can be read once only. */
export type Beginnings = readonly (readonly string[] | null)[];

export async function readBeginnings(inputs: readonly ScriptInput[]): Promise<Beginnings> {
  const found: (readonly string[] | null)[] = [];
  for (const input of inputs) found.push(input.repeatable ? await readLines(input) : null);
  return found;
}

async function readLines(input: ScriptInput): Promise<readonly string[]> {
  let text = '';
  for await (const part of input.text()) {
    text += part;
    if (text.length > mostLength) break;
  }
  const lines = text.slice(0, mostLength).split('\n');
  // The last one may be cut.
  if (text.length > mostLength) lines.pop();
  return lines
    .slice(0, mostLines)
    .map(line => createHash('sha256').update(line.replace(/\r$/, '')).digest('base64').slice(0, 8));
}

/**
 * What is to be run still may have been changed; what was run may not.
 * @param position up to which it was run
 * @throws XpdbError (usage) naming the script and its line
 */
export function compareBeginnings(
  before: Beginnings,
  now: Beginnings,
  inputs: readonly ScriptInput[],
  position: ScriptPlace,
): void {
  for (const [file, lines] of before.entries()) {
    const current = now[file];
    if (lines === null || !current || file > position.file) continue;
    const end = file < position.file ? lines.length : Math.min(lines.length, position.line - 1);
    for (let i = 0; i < end; i++) {
      if (lines[i] === current[i]) continue;
      throw new XpdbError(`${inputs[file]!.name} is another script than the import began with: line ${i + 1} differs`, {
        hint: 'give the same script; only what was not run yet may be changed',
        exitCode: ExitCode.usage,
      });
    }
  }
}
