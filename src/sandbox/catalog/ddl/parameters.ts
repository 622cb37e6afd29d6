/** Parameters, return type and result columns of procedures and functions, read from their text. */
import type { DataType } from '../../../model/data-type.ts';
import { readModuleHeader } from '../../../tsql/module-header.ts';
import type { Token } from '../../../tsql/token.ts';

export interface ModuleParameter {
  readonly name: string;
  readonly type: DataType;
  readonly output: boolean;
  readonly readOnly: boolean;
  readonly hasDefault: boolean;
}

export interface ModuleSignature {
  readonly parameters: readonly ModuleParameter[];
  readonly returns: DataType | null;
  /** Columns of RETURNS @t TABLE (…). */
  readonly columns: readonly { readonly name: string; readonly type: DataType; readonly nullable: boolean }[];
  /** Options after WITH, in upper case. */
  readonly options: readonly string[];
  /** Offset of the body behind AS; of a function's BEGIN or RETURN. */
  readonly bodyStart: number;
  /** `(a, b)` behind a view's name. */
  readonly columnNames: readonly string[];
}

const nameOf = (token: Token | undefined): string =>
  token?.kind === 'word' || token?.kind === 'variable' ? token.text : (token?.value ?? '');
const wordAt = (tokens: readonly Token[], i: number): string =>
  tokens[i]?.kind === 'word' ? tokens[i].value.toUpperCase() : '';

const synonyms: Readonly<Record<string, string>> = {
  integer: 'int',
  dec: 'decimal',
  rowversion: 'timestamp',
  character: 'char',
  'char varying': 'varchar',
  'character varying': 'varchar',
  'national character': 'nchar',
  'national char': 'nchar',
  'national character varying': 'nvarchar',
  'national char varying': 'nvarchar',
  'double precision': 'float',
  'binary varying': 'varbinary',
  'national text': 'ntext',
};
const unsized = new Set(['char', 'varchar', 'nchar', 'nvarchar', 'binary', 'varbinary']);

/** Reads a type at token `i`. Yields it in canonical form and the index behind it; null where there is no type. */
export function readType(tokens: readonly Token[], i: number): { type: DataType; next: number } | null {
  const first = tokens[i];
  if (!first || !['word', 'bracketed', 'quoted'].includes(first.kind)) return null;
  let at = i + 1;
  let schema: string | null = null;
  let name = nameOf(first);
  if (tokens[at]?.text === '.') {
    schema = name;
    name = nameOf(tokens[at + 1]);
    at += 2;
  }
  let lower = name.toLowerCase();
  if (first.kind === 'word' && schema === null) {
    while (
      synonyms[`${lower} ${wordAt(tokens, at).toLowerCase()}`] !== undefined ||
      (lower === 'national' && /^CHAR(ACTER)?$/.test(wordAt(tokens, at)))
    ) {
      lower = `${lower} ${wordAt(tokens, at).toLowerCase()}`;
      at++;
    }
    lower = synonyms[lower] ?? lower;
  }
  const sizes: string[] = [];
  if (tokens[at]?.text === '(') {
    for (at++; tokens[at] && tokens[at]?.text !== ')'; at++)
      if (tokens[at]?.text !== ',') sizes.push(tokens[at]?.text.toLowerCase() ?? '');
    at++;
  }
  return { type: canonical(schema, lower, name, sizes), next: at };
}

function canonical(schema: string | null, lower: string, name: string, sizes: readonly string[]): DataType {
  if (schema !== null && schema.toLowerCase() !== 'sys') return { schema, name };
  const [a, b] = sizes;
  if (unsized.has(lower)) return { schema: null, name: lower, length: a === 'max' ? 'max' : Number(a ?? 1) };
  switch (lower) {
    case 'decimal':
    case 'numeric':
      return { schema: null, name: lower, precision: Number(a ?? 18), scale: Number(b ?? 0) };
    case 'time':
    case 'datetime2':
    case 'datetimeoffset':
      return { schema: null, name: lower, scale: Number(a ?? 7) };
    case 'float':
      return { schema: null, name: Number(a ?? 53) <= 24 ? 'real' : 'float' };
    case 'vector':
      return { schema: null, name: lower, dimensions: Number(a ?? 0) };
    default:
      return { schema: null, name: lower };
  }
}

function skipParentheses(tokens: readonly Token[], i: number): number {
  let depth = 0;
  for (let at = i; at < tokens.length; at++) {
    if (tokens[at]?.text === '(') depth++;
    if (tokens[at]?.text === ')' && --depth === 0) return at + 1;
  }
  return tokens.length;
}

function readParameter(tokens: readonly Token[], i: number): { parameter: ModuleParameter; next: number } | null {
  const name = nameOf(tokens[i]);
  let at = i + 1;
  if (wordAt(tokens, at) === 'AS') at++;
  const read = readType(tokens, at);
  if (!read) return null;
  at = read.next;
  let output = false;
  let readOnly = false;
  let hasDefault = false;
  for (;;) {
    const word = wordAt(tokens, at);
    if (word === 'VARYING' || word === 'NULL' || word === 'NOT') at++;
    else if (word === 'OUT' || word === 'OUTPUT') {
      output = true;
      at++;
    } else if (word === 'READONLY') {
      readOnly = true;
      at++;
    } else if (tokens[at]?.text === '=') {
      hasDefault = true;
      at++;
      if (tokens[at]?.text === '-' || tokens[at]?.text === '+') at++;
      at++;
    } else break;
  }
  return { parameter: { name, type: read.type, output, readOnly, hasDefault }, next: at };
}

function readColumns(tokens: readonly Token[], open: number): ModuleSignature['columns'] {
  const close = skipParentheses(tokens, open) - 1;
  const columns: { name: string; type: DataType; nullable: boolean }[] = [];
  let depth = 0;
  let start = open + 1;
  for (let at = open + 1; at <= close; at++) {
    if (tokens[at]?.text === '(') depth++;
    else if (tokens[at]?.text === ')' && at < close) depth--;
    if (at !== close && !(tokens[at]?.text === ',' && depth === 0)) continue;
    const first = wordAt(tokens, start);
    if (!['PRIMARY', 'UNIQUE', 'CHECK', 'CONSTRAINT', 'INDEX', ''].includes(first) || tokens[start]?.kind !== 'word') {
      const read = readType(tokens, start + 1);
      if (read) {
        const words = tokens.slice(read.next, at).map(t => t.value.toUpperCase());
        const notNull =
          words.some((w, k) => w === 'NOT' && words[k + 1] === 'NULL') ||
          words.includes('PRIMARY') ||
          words.includes('IDENTITY');
        columns.push({ name: nameOf(tokens[start]), type: read.type, nullable: !notNull });
      }
    }
    start = at + 1;
  }
  return columns;
}

function readNames(tokens: readonly Token[], open: number): string[] {
  const close = skipParentheses(tokens, open) - 1;
  return tokens
    .slice(open + 1, close)
    .filter(t => t.text !== ',')
    .map(nameOf);
}

/** The signature of a procedure, function, view or trigger. */
export function readSignature(text: string): ModuleSignature {
  const empty: ModuleSignature = {
    parameters: [],
    returns: null,
    columns: [],
    options: [],
    bodyStart: text.length,
    columnNames: [],
  };
  const header = readModuleHeader(text);
  if (!header) return empty;
  const { tokens } = header;
  let at = header.next;
  let columnNames: readonly string[] = [];
  if (header.kind === 'view' && tokens[at]?.text === '(') {
    columnNames = readNames(tokens, at);
    at = skipParentheses(tokens, at);
  }
  const parameters: ModuleParameter[] = [];
  const parenthesis = tokens[at]?.text === '(' && (tokens[at + 1]?.kind === 'variable' || tokens[at + 1]?.text === ')');
  if (parenthesis) at++;
  while (tokens[at]?.kind === 'variable') {
    const read = readParameter(tokens, at);
    if (!read) break;
    parameters.push(read.parameter);
    at = read.next;
    if (tokens[at]?.text === ',') at++;
  }
  if (parenthesis && tokens[at]?.text === ')') at++;
  let returns: DataType | null = null;
  let columns: ModuleSignature['columns'] = [];
  if (wordAt(tokens, at) === 'RETURNS') {
    at++;
    if (tokens[at]?.kind === 'variable' && wordAt(tokens, at + 1) === 'TABLE') {
      columns = readColumns(tokens, at + 2);
      at = skipParentheses(tokens, at + 2);
    } else if (wordAt(tokens, at) === 'TABLE') at++;
    else {
      const read = readType(tokens, at);
      returns = read?.type ?? null;
      at = read?.next ?? at;
    }
  }
  const options: string[] = [];
  for (; at < tokens.length; at++) {
    const word = wordAt(tokens, at);
    if (word === 'AS' && !(options.at(-1) === 'EXECUTE' || options.at(-1) === 'EXEC')) {
      at++;
      break;
    }
    if (header.kind === 'function' && (word === 'BEGIN' || word === 'RETURN')) break;
    if (tokens[at]?.kind === 'end') break;
    if (word !== '' && word !== 'WITH') options.push(word);
  }
  return { parameters, returns, columns, options, bodyStart: tokens[at]?.start ?? text.length, columnNames };
}
