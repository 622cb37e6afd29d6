import { describe, expect, it } from 'vitest';
import type { VersionNumber } from '../../src/compat/version.ts';
import type { ScriptOptions } from '../../src/scripter/options.ts';
import { oracleAvailable, parseWith } from '../support/oracle.ts';

export const options: ScriptOptions = { target: 160, owners: true, privileges: true };

export interface ScriptCase {
  readonly name: string;
  readonly batches: readonly string[] | string;
  /** What must come out, to the letter. */
  readonly expected: readonly string[];
  /** Versions from which on Microsoft's parser must take it. */
  readonly since?: VersionNumber;
}

const versions: readonly VersionNumber[] = [100, 110, 120, 130, 140, 150, 160, 170];

/** Tests that each case gives its text, and that the parser of every version it is for takes that text. */
export function testScripts(title: string, cases: readonly ScriptCase[]): void {
  describe(title, () => {
    it.each(cases)('$name', ({ batches, expected }) => {
      expect(typeof batches === 'string' ? [batches] : batches).toEqual(expected);
    });
    it.skipIf(!oracleAvailable)("Microsoft's parser takes all of it", async () => {
      for (const version of versions) {
        const texts = cases.filter(c => (c.since ?? 100) <= version).flatMap(c => c.expected);
        const script = texts.map(text => `${text}\nGO\n`).join('');
        expect(await parseWith(version, script), `version ${version}`).toEqual([]);
      }
    });
  });
}
