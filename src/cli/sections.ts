import { ExitCode, XpdbError } from '../model/error.ts';

/** The sections of a script that `--section` takes. */
export const allSections = ['pre-data', 'data', 'post-data'] as const;

/** @throws XpdbError (usage) for a name that is no section's */
export function checkSections(names: readonly string[]): readonly string[] {
  const unknown = names.find(name => !(allSections as readonly string[]).includes(name));
  if (unknown === undefined) return names;
  throw new XpdbError(`no section ${unknown}`, {
    hint: `sections are ${allSections.join(', ')}`,
    exitCode: ExitCode.usage,
  });
}
