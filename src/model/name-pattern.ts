/** Patterns of names, as `--table` and its like take them. */

import type { QualifiedName } from './name.ts';

/** `dbo.Call*`, `[dbo].[Calls]`, `Calls`: a pattern on schema and name, or on the name alone. Case does not count. */
export function matchesPattern(object: QualifiedName, pattern: string): boolean {
  const parts = splitPattern(pattern);
  const name = parts.at(-1) ?? '';
  const schema = parts.length > 1 ? parts[parts.length - 2]! : '*';
  return wildcard(schema).test(object.schema) && wildcard(name).test(object.name);
}

/** Dots inside brackets belong to the name. */
function splitPattern(pattern: string): string[] {
  return (pattern.match(/\[(?:[^\]]|\]\])*\]|[^.]+/g) ?? []).map(part =>
    part.startsWith('[') ? part.slice(1, -1).replaceAll(']]', ']') : part,
  );
}

/** `*` and `?` stand for any characters. */
export function wildcard(pattern: string): RegExp {
  const text = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${text}$`, 'is');
}
