/** LIKE patterns: `%`, `_`, `[a-c]`, `[^…]`, ESCAPE; characters compare by collation. */
import { type Collation, compareText, equalityKey } from '../types/collation.ts';

type Part =
  | { readonly kind: 'any' }
  | { readonly kind: 'one' }
  | { readonly kind: 'literal'; readonly key: string }
  | { readonly kind: 'set'; readonly not: boolean; readonly ranges: readonly (readonly [string, string])[] };

function compile(pattern: string, escape: string | null, collation: Collation): Part[] {
  const parts: Part[] = [];
  for (let i = 0; i < pattern.length; i++) {
    const c = pattern[i]!;
    if (escape !== null && c === escape && i + 1 < pattern.length) {
      i++;
      parts.push({ kind: 'literal', key: fold(pattern[i]!, collation) });
    } else if (c === '%') {
      if (parts.at(-1)?.kind !== 'any') parts.push({ kind: 'any' });
    } else if (c === '_') parts.push({ kind: 'one' });
    else if (c === '[') {
      let j = i + 1;
      const not = pattern[j] === '^';
      if (not) j++;
      const ranges: [string, string][] = [];
      let first = true;
      let closed = false;
      for (; j < pattern.length; j++) {
        if (pattern[j] === ']' && !first) {
          closed = true;
          break;
        }
        if (pattern[j] === ']' && first) {
          closed = true;
          break;
        }
        first = false;
        let from = pattern[j]!;
        if (escape !== null && from === escape && j + 1 < pattern.length) from = pattern[++j]!;
        if (pattern[j + 1] === '-' && j + 2 < pattern.length && pattern[j + 2] !== ']') {
          ranges.push([from, pattern[j + 2]!]);
          j += 2;
        } else ranges.push([from, from]);
      }
      if (!closed) {
        // An unclosed bracket matches nothing.
        parts.push({ kind: 'set', not: false, ranges: [] });
        return parts;
      }
      parts.push({ kind: 'set', not, ranges });
      i = j;
    } else parts.push({ kind: 'literal', key: fold(c, collation) });
  }
  return parts;
}

/** A blank is kept: LIKE minds trailing blanks. */
const fold = (c: string, collation: Collation): string => (c === ' ' ? c : equalityKey(c, collation));

function inSet(c: string, part: Extract<Part, { kind: 'set' }>, collation: Collation): boolean {
  for (const [low, high] of part.ranges) {
    if (
      low === high
        ? fold(c, collation) === fold(low, collation)
        : compareText(c, low, collation) >= 0 && compareText(c, high, collation) <= 0
    )
      return !part.not;
  }
  return part.not;
}

/** `unicode`: nvarchar patterns; for varchar a pattern may be met by text with trailing blanks left over. */
export function likeMatcher(
  pattern: string,
  escape: string | null,
  collation: Collation,
  unicode: boolean,
): (text: string) => boolean {
  const parts = compile(pattern, escape, collation);
  const match = (text: string): boolean => {
    let t = 0;
    let p = 0;
    let starPart = -1;
    let starText = 0;
    while (t < text.length) {
      const part = parts[p];
      const c = text[t]!;
      if (part && part.kind === 'any') {
        starPart = p++;
        starText = t;
      } else if (
        part &&
        (part.kind === 'one' || (part.kind === 'literal' ? part.key === fold(c, collation) : inSet(c, part, collation)))
      ) {
        p++;
        t++;
      } else if (starPart >= 0) {
        p = starPart + 1;
        t = ++starText;
      } else return false;
    }
    while (parts[p]?.kind === 'any') p++;
    return p === parts.length;
  };
  if (unicode) return match;
  return text => {
    if (match(text)) return true;
    let end = text.length;
    while (end > 0 && text[end - 1] === ' ') if (match(text.slice(0, --end))) return true;
    return false;
  };
}
