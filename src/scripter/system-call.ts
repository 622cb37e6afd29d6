import { scriptString } from '../tsql/literal.ts';
import type { Batch } from './options.ts';

/** An argument of EXEC is a constant or a variable, never an expression (documentation of EXECUTE). */
const constant = /^(NULL|N'(?:[^']|'')*'|-?\d+(\.\d+)?(E[+-]?\d+)?|0x[0-9A-Fa-f]*)$/;

export interface CallArgument {
  /** Without its @. */
  readonly name: string;
  /** T-SQL expression. */
  readonly value: string;
  /** Of the variable that carries what is no constant. Default sysname. */
  readonly type?: string;
}

/** An argument that is a name or a word. */
export function textArgument(name: string, text: string): CallArgument {
  return { name, value: scriptString(text), type: text.length > 128 ? `nvarchar(${text.length})` : 'sysname' };
}

/** `EXEC sys.procedure @a = N'…', …`; what one literal can't carry goes through variables. */
export function scriptCall(procedure: string, args: readonly CallArgument[]): Batch {
  const isConstant = (a: CallArgument) => constant.test(a.value);
  const variables = args
    .filter(a => !isConstant(a))
    .map(a => `DECLARE @${a.name} ${a.type ?? 'sysname'} = ${a.value};`);
  const list = args.map(a => `@${a.name} = ${isConstant(a) ? a.value : `@${a.name}`}`).join(', ');
  return [...variables, `EXEC sys.${procedure} ${list}`].join('\n');
}
