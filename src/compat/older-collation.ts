/** Name that an older version knows, or null when the collation is as old as the target (documentation of Windows collations). */
export function olderCollation(name: string, version: number): string | null {
  let result = name;
  if (version < 170) result = result.replace(/_160_/, '_100_');
  if (version < 150) result = result.replace(/_UTF8$/i, '');
  // _140_ collations are supplementary by themselves.
  if (version < 140)
    result = result.replace(
      /_140_(.*?)(_VSS)?$/,
      (_, rest: string) => `_100_${rest}${/BIN2?$/.test(rest) ? '' : '_SC'}`,
    );
  if (version < 110) result = result.replace(/_SC$/i, '');
  return result === name ? null : result;
}
