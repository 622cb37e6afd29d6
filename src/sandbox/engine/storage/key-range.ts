/** The part of a clustered key that a WHERE leaves: comparisons of its first column with what is no column. */
import { coerce, commonType } from '../bind/comparison.ts';
import { bindExpression } from '../bind/expressions.ts';
import type { Scope } from '../bind/scope.ts';
import type { Condition, Expression } from '../parser/ast.ts';
import type { Run } from '../query/runtime.ts';
import type { SqlType } from '../types/sql-type.ts';
import type { Value } from '../types/values.ts';
import { afterPrefix, type KeyPart, keyOf } from './key-bytes.ts';
import { everything, type KeyRange } from './row-storage.ts';

const mirrored = { '<': '>', '>': '<', '<=': '>=', '>=': '<=', '=': '=', '<>': '<>' } as const;

/**
 * `isKey`: whether an expression is the key's first column; `outside`: a scope without the table's columns.
 * Rows outside of the range cannot meet the condition; those inside must still be tested.
 */
export function rangeOfCondition(
  where: Condition | null,
  part: KeyPart | undefined,
  isKey: (e: Expression) => boolean,
  outside: Scope,
  run: Run,
): KeyRange {
  if (!where || !part || part.descending) return everything;
  let { from, to } = everything;
  const narrow = (c: Condition): void => {
    if (c.kind === 'and') {
      narrow(c.left);
      narrow(c.right);
      return;
    }
    if (c.kind !== 'compare') return;
    const left = isKey(c.left);
    if (!left && !isKey(c.right)) return;
    const operator = left ? c.operator : mirrored[c.operator];
    const value = valueOf(left ? c.right : c.left, part.type, outside, run);
    if (value === null || operator === '<>') return;
    const values: Value[] = [];
    values[part.column] = value;
    const key = keyOf(values, [part]);
    if (operator === '=' || operator === '>=') from = later(from, key);
    if (operator === '>') from = later(from, afterPrefix(key));
    if (operator === '<') to = earlier(to, key);
    if (operator === '=' || operator === '<=') to = earlier(to, afterPrefix(key));
  };
  narrow(where);
  return { from, to };
}

const later = (a: Buffer | null, b: Buffer): Buffer => (a && Buffer.compare(a, b) > 0 ? a : b);
const earlier = (a: Buffer | null, b: Buffer): Buffer => (a && Buffer.compare(a, b) < 0 ? a : b);

/** The other side as a value of the key's type; null where the comparison is made in another type, or reads columns. */
function valueOf(e: Expression, key: SqlType, outside: Scope, run: Run): Value {
  if (!isFixed(e)) return null;
  const bound = bindExpression(e, outside);
  if (bound.isNull) return null;
  const common = commonType(key, bound.type);
  if (common.name !== key.name || common.collation?.name !== key.collation?.name) return null;
  if ((key.name === 'decimal' || key.name === 'numeric') && common.scale !== key.scale) return null;
  return coerce(bound, common)({ row: [], outer: null, run });
}

/** Literals, variables and conversions of them: the same for the whole statement. */
function isFixed(e: Expression): boolean {
  switch (e.kind) {
    case 'literal':
    case 'variable':
      return true;
    case 'convert':
      return isFixed(e.expression) && (e.style === null || isFixed(e.style));
    case 'unary':
      return isFixed(e.operand);
    default:
      return false;
  }
}
