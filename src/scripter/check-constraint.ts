import type { CheckConstraint } from '../model/check-constraint.ts';
import { quoteName, quoteQualified } from '../tsql/quote.ts';
import { constraintPrefix } from './constraint-name.ts';
import type { Batch } from './options.ts';

/**
 * ALTER TABLE … WITH CHECK|NOCHECK ADD, then NOCHECK CONSTRAINT where it is disabled.
 * WITH NOCHECK leaves it enabled but untrusted, as sys.check_constraints.is_not_trusted says.
 */
export function scriptCheck(schema: string, table: string, check: CheckConstraint): Batch[] {
  const on = quoteQualified(schema, table);
  const replication = check.notForReplication ? ' NOT FOR REPLICATION' : '';
  const trust = check.trusted && !check.disabled ? 'CHECK' : 'NOCHECK';
  const batches = [
    `ALTER TABLE ${on} WITH ${trust} ADD ${constraintPrefix(check)}CHECK${replication} ${parenthesised(check.expression)}`,
  ];
  if (check.disabled) batches.push(`ALTER TABLE ${on} NOCHECK CONSTRAINT ${quoteName(check.name)}`);
  return batches;
}

/** The catalog stores the outer parentheses; a script's text may come without. */
export function parenthesised(expression: string): string {
  return expression.startsWith('(') && expression.endsWith(')') && closesAtEnd(expression)
    ? expression
    : `(${expression})`;
}

function closesAtEnd(text: string): boolean {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (c === "'" || c === '[' || c === '"') {
      const close = c === '[' ? ']' : c;
      for (i++; i < text.length; i++) {
        if (text[i] !== close) continue;
        if (text[i + 1] !== close) break;
        i++;
      }
    } else if (c === '(') depth++;
    else if (c === ')' && --depth === 0) return i === text.length - 1;
  }
  return false;
}
