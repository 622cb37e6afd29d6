import { findNewerSyntax } from '../newer-syntax.ts';
import { removeUnreadable } from '../remove-texts.ts';
import type { Rule } from '../rule.ts';
import { targetVersions, versionNumber } from '../version.ts';

export const tsqlVersion: Rule = {
  id: 'tsql-version',
  description: 'Modules and expressions with functions or syntax that the target does not know are left out',
  apply: (database, target, report) =>
    removeUnreadable(
      database,
      text =>
        findNewerSyntax(text, target.number).map(({ what, since, line }) => {
          const first = targetVersions.find(v => versionNumber(v) === since);
          return { message: `${what} ${first ? `came with ${first}` : `is newer than ${target.version}`}`, line };
        }),
      report,
    ),
};
