import { removeUnreadable } from '../remove-texts.ts';
import { findRemovedSyntax } from '../removed-syntax.ts';
import type { Rule } from '../rule.ts';

export const removedSyntax: Rule = {
  id: 'removed-syntax',
  description: 'Modules with syntax that newer versions no longer take are left out',
  apply: (database, target, report) =>
    removeUnreadable(
      database,
      text =>
        findRemovedSyntax(text, target.number).map(({ what, line }) => ({
          message: `${what} is not in 2012 and later`,
          line,
        })),
      report,
    ),
};
