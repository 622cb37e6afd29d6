/** COLLATIONPROPERTY, and the numbers of a collation that other functions answer too. */
import { codePageFromCollationName, collationFromName } from '../../../data/collation.ts';
import { XpdbError } from '../../../model/error.ts';
import { knownCollation } from '../collations.ts';
import type { MetadataFunctions } from './function-call.ts';

/** Windows' comparison bits: 1 ignore case, 2 ignore accents, 65536 ignore kana, 131072 ignore width; 0 for binary ones. */
export function comparisonStyle(name: string): number {
  const { flags } = collationFromName(name);
  if (flags & 48) return 0;
  return (flags & 1) | (flags & 2) | (flags & 4 ? 65536 : 0) | (flags & 8 ? 131072 : 0);
}

export const lcidOf = (name: string): number => collationFromName(name).lcid;

/** 0 for collations that have none (Unicode only). */
function codePage(name: string): number {
  try {
    return codePageFromCollationName(name);
  } catch (error) {
    if (error instanceof XpdbError) return 0;
    throw error;
  }
}

export const collationFunctions: MetadataFunctions = {
  COLLATIONPROPERTY(call) {
    const name = knownCollation(call.text(0) ?? '', call.scope.version);
    if (name === undefined) return null;
    switch (call.text(1)?.trim().toUpperCase()) {
      case 'CODEPAGE':
        return codePage(name);
      case 'LCID':
        return lcidOf(name);
      case 'COMPARISONSTYLE':
        return comparisonStyle(name);
      case 'VERSION':
        return collationFromName(name).version;
      case 'SORTID':
        return collationFromName(name).sortId;
      default:
        return null;
    }
  },
};
