import { tokenize } from './lexer.ts';
import { quoteQualified } from './quote.ts';
import type { Token } from './token.ts';

export type HeaderKind = 'view' | 'procedure' | 'function' | 'trigger' | 'rule' | 'default';

/** The head of a module's text: CREATE … name. Offsets are in the text. */
export interface ModuleHeader {
  readonly verb: 'CREATE' | 'ALTER' | 'CREATE OR ALTER';
  readonly verbStart: number;
  readonly verbEnd: number;
  readonly kind: HeaderKind;
  /** One to three parts, unquoted; the last is the object's name. */
  readonly name: readonly string[];
  readonly nameStart: number;
  readonly nameEnd: number;
  /** `;2` of a numbered procedure. */
  readonly number: number | null;
  /** Index of the first token behind the name in `tokens`. */
  readonly next: number;
  readonly tokens: readonly Token[];
}

const kinds: Record<string, HeaderKind> = {
  VIEW: 'view',
  PROC: 'procedure',
  PROCEDURE: 'procedure',
  FUNCTION: 'function',
  TRIGGER: 'trigger',
  RULE: 'rule',
  DEFAULT: 'default',
};

/** Reads the head of a module; null when the text does not begin with one (comments before it are allowed). */
export function readModuleHeader(text: string, tokens: readonly Token[] = tokenize(text)): ModuleHeader | null {
  const first = tokens[0];
  if (first?.value !== 'CREATE' && first?.value !== 'ALTER') return null;
  const orAlter = first.value === 'CREATE' && tokens[1]?.value === 'OR' && tokens[2]?.value === 'ALTER';
  let i = orAlter ? 3 : 1;
  const kind = kinds[tokens[i]?.kind === 'word' ? tokens[i]!.value : ''];
  if (!kind) return null;
  i++;
  const start = i;
  const name: string[] = [];
  for (;;) {
    const token = tokens[i];
    if (token === undefined || !['word', 'bracketed', 'quoted'].includes(token.kind)) return null;
    name.push(token.kind === 'word' ? token.text : token.value);
    i++;
    if (tokens[i]?.text !== '.') break;
    i++;
  }
  const nameEnd = tokens[i - 1]!.end;
  let number: number | null = null;
  if (kind === 'procedure' && tokens[i]?.text === ';' && tokens[i + 1]?.kind === 'number') {
    number = Number(tokens[i + 1]!.text);
    i += 2;
  }
  return {
    verb: orAlter ? 'CREATE OR ALTER' : (first.value as 'CREATE' | 'ALTER'),
    verbStart: first.start,
    verbEnd: tokens[orAlter ? 2 : 0]!.end,
    kind,
    name,
    nameStart: tokens[start]!.start,
    nameEnd,
    number,
    next: i,
    tokens,
  };
}

/**
 * The text with another verb, and with the object's present name where the header has another one (sp_rename and
 * ALTER SCHEMA … TRANSFER leave the old name in the stored text). Everything else stays to the letter.
 */
export function rewriteModuleHeader(
  text: string,
  to: { readonly verb: 'CREATE' | 'ALTER'; readonly schema: string; readonly name: string },
): string {
  const header = readModuleHeader(text);
  if (!header) return text;
  const oldName = header.name.at(-1);
  const oldSchema = header.name.length > 1 ? header.name.at(-2) : undefined;
  // A name without schema means the default schema of whoever runs the script, so it is kept only in dbo.
  const same = oldName === to.name && (oldSchema === undefined ? to.schema === 'dbo' : oldSchema === to.schema);
  const name = same ? text.slice(header.nameStart, header.nameEnd) : quoteQualified(to.schema, to.name);
  const verb = header.verb === to.verb ? text.slice(header.verbStart, header.verbEnd) : to.verb;
  return (
    text.slice(0, header.verbStart) +
    verb +
    text.slice(header.verbEnd, header.nameStart) +
    name +
    text.slice(header.nameEnd)
  );
}
