import { XpdbError } from '../model/error.ts';
import type { Expression } from './expression.ts';
import { parseExpressionText } from './expression-parser.ts';

/**
 * The value of a constant string expression, as scripts write names and texts that one literal can't carry: `N'…'`, `'…'`,
 * concatenations of them, NCHAR(10), CAST(0x… AS nvarchar(n)). Null for everything else.
 */
export function constantString(text: string): string | null {
  try {
    return valueOf(parseExpressionText(text));
  } catch (error) {
    if (error instanceof XpdbError) return null;
    throw error;
  }
}

function valueOf(e: Expression): string | null {
  switch (e.kind) {
    case 'literal':
      return e.literal === 'string' || e.literal === 'nstring' ? e.value : null;
    case 'arithmetic': {
      if (e.operator !== '+') return null;
      const left = valueOf(e.left);
      const right = left === null ? null : valueOf(e.right);
      return left === null || right === null ? null : left + right;
    }
    case 'call': {
      const [argument] = e.args ?? [];
      if (!e.builtIn || (e.name[0] !== 'NCHAR' && e.name[0] !== 'CHAR') || e.args?.length !== 1) return null;
      if (argument?.kind !== 'literal' || argument.literal !== 'integer') return null;
      const code = Number(argument.value);
      // Above 127 CHAR depends on a code page.
      return code < (e.name[0] === 'CHAR' ? 128 : 65536) ? String.fromCharCode(code) : null;
    }
    case 'cast': {
      const type = e.type.parts.at(-1)?.toLowerCase();
      if ((type !== 'nvarchar' && type !== 'nchar') || e.style !== null) return null;
      if (e.operand.kind === 'literal' && e.operand.literal === 'binary')
        return Buffer.from(e.operand.value.slice(2), 'hex').toString('utf16le');
      return valueOf(e.operand);
    }
    default:
      return null;
  }
}
