/** Expressions as the server stores them. */
import { normalizeExpression } from '../../../tsql/normalize-expression.ts';

/** The stored form of a default, check, computed column or filter: `((1))`, `([a]>(0))`. */
export function storedExpression(text: string): string {
  return normalizeExpression(text);
}
