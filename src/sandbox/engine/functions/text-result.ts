/** Functions whose result is made of the text of an argument. */
import { derived } from '../bind/bound.ts';
import type { Bound } from '../query/runtime.ts';
import { isBytes, isCharacter, isUnicode, nvarcharType, type SqlType, varcharType } from '../types/sql-type.ts';
import type { FunctionCall } from './registry.ts';

/** Type of a result made of an argument's text: varchar or nvarchar as the argument, `length` wide. */
export function sameText(a: Bound, call: FunctionCall, length: number): SqlType {
  const { databaseCollation } = call.session.settings;
  if (!isCharacter(a.type))
    return isBytes(a.type)
      ? varcharType(length < 0 ? -1 : Math.min(8000, length), databaseCollation)
      : varcharType(length < 0 ? -1 : Math.min(8000, Math.max(1, length)), databaseCollation);
  const unicode = isUnicode(a.type);
  const limit = unicode ? 4000 : 8000;
  const n = length < 0 ? -1 : Math.max(1, Math.min(limit, length));
  return unicode
    ? nvarcharType(n, a.type.collation!, a.type.strength)
    : varcharType(n, a.type.collation!, a.type.strength);
}
export const widthOf = (a: Bound): number => (isCharacter(a.type) ? a.type.length : a.type.length || 40);

/** A function of one text and further arguments, NULL when one is NULL. */
export function mapText(
  call: FunctionCall,
  type: SqlType,
  extra: number[],
  apply: (text: string, numbers: number[]) => string | null,
): Bound {
  const text = call.text(0);
  const numbers = extra.map(i => call.int(i));
  // Nullable whatever the arguments are (captured: "triggers", RTRIM of a column that is NOT NULL).
  return derived(type, true, call.args, env => {
    const s = text(env);
    if (s === null) return null;
    const values: number[] = [];
    for (const n of numbers) {
      const v = n(env);
      if (v === null) return null;
      values.push(v);
    }
    return apply(s, values);
  });
}
