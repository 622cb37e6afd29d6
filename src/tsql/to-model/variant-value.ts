import { XpdbError } from '../../model/error.ts';
import { constantString } from '../constant-string.ts';
import { parseExpressionText } from '../expression-parser.ts';
import { scriptString } from '../literal.ts';

/**
 * A value that a script passes as sql_variant, as the model writes it: an nvarchar as its plain literal, other literals by a
 * CAST to the type that the server gives them (Constants, Transact-SQL reference). What is no literal stays as it is.
 */
export function variantValue(text: string): string {
  const trimmed = text.trim();
  if (/^(NULL|DEFAULT)$/i.test(trimmed)) return 'NULL';
  try {
    const e = parseExpressionText(trimmed);
    const negative = e.kind === 'unary' && e.operator === '-' && e.operand.kind === 'literal';
    const literal = negative ? e.operand : e;
    const sign = negative ? '-' : '';
    if (literal.kind === 'column' && literal.parts.length === 1) return varchar(literal.parts[0]!);
    if (literal.kind !== 'literal') return trimmed;
    switch (literal.literal) {
      case 'nstring':
        return scriptString(constantString(trimmed) ?? literal.value);
      case 'string':
        return varchar(literal.value);
      case 'integer': {
        const value = BigInt(sign + literal.value);
        if (value >= -2147483648n && value <= 2147483647n) return `CAST(${value} AS int)`;
        return `CAST(${value} AS numeric(${literal.value.length}, 0))`;
      }
      case 'decimal': {
        const [whole = '', fraction = ''] = literal.value.split('.');
        const precision = Math.max(1, whole.replace(/^0+/, '').length + fraction.length);
        return `CAST(${sign}${literal.value} AS numeric(${precision}, ${fraction.length}))`;
      }
      case 'float':
        return `CAST(${sign}${literal.value.toUpperCase()} AS float)`;
      case 'binary':
        return `CAST(${literal.value} AS varbinary(${Math.max(1, (literal.value.length - 2) / 2)}))`;
      default:
        return trimmed;
    }
  } catch (error) {
    if (error instanceof XpdbError) return trimmed;
    throw error;
  }
}

function varchar(value: string): string {
  return `CAST(${scriptString(value)} AS varchar(${Math.max(1, value.length)}))`;
}
