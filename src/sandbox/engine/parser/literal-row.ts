/** A row of VALUES that holds nothing but literals, read without tokens: scripts of data are made of such rows. */
import type { Expression } from './ast.ts';

const isBlank = (c: number): boolean => c === 32 || (c >= 9 && c <= 13);
const isDigit = (c: number): boolean => c >= 48 && c <= 57;
const isHex = (c: number): boolean => isDigit(c) || (c >= 65 && c <= 70) || (c >= 97 && c <= 102);
/** What may not follow a number or word that ends. */
const isWordPart = (c: number): boolean =>
  isDigit(c) ||
  (c >= 65 && c <= 90) ||
  (c >= 97 && c <= 122) ||
  c === 95 ||
  c === 35 ||
  c === 36 ||
  c === 64 ||
  c > 127;

export interface LiteralRow {
  readonly cells: Expression[];
  /** Behind the closing parenthesis. */
  readonly end: number;
}

/** The row that begins at or behind blanks at `start`; null when it is anything else (comments, expressions, money …). */
export function literalRow(s: string, start: number, line: number): LiteralRow | null {
  let p = start;
  while (isBlank(s.charCodeAt(p))) p++;
  if (s.charCodeAt(p) !== 40) return null;
  p++;
  const cells: Expression[] = [];
  for (;;) {
    while (isBlank(s.charCodeAt(p))) p++;
    const c = s.charCodeAt(p);
    if (c === 39 || ((c === 78 || c === 110) && s.charCodeAt(p + 1) === 39)) {
      const unicode = c !== 39;
      const open = unicode ? p + 2 : p + 1;
      let close = s.indexOf("'", open);
      let doubled = false;
      while (close >= 0 && s.charCodeAt(close + 1) === 39) {
        doubled = true;
        close = s.indexOf("'", close + 2);
      }
      if (close < 0) return null;
      const text = s.slice(open, close);
      cells.push({
        kind: 'literal',
        form: unicode ? 'nstring' : 'string',
        text: doubled ? text.replaceAll("''", "'") : text,
        line,
      });
      p = close + 1;
    } else if (isDigit(c) || c === 45) {
      const negative = c === 45;
      const first = negative ? p + 1 : p;
      let end = first;
      if (!negative && c === 48 && (s.charCodeAt(p + 1) | 32) === 120) {
        end = p + 2;
        while (isHex(s.charCodeAt(end))) end++;
        if (isWordPart(s.charCodeAt(end)) || s.charCodeAt(end) === 92) return null;
        cells.push({ kind: 'literal', form: 'binary', text: s.slice(p, end), line });
        p = end;
      } else {
        if (!isDigit(s.charCodeAt(end))) return null;
        while (isDigit(s.charCodeAt(end))) end++;
        if (s.charCodeAt(end) === 46) {
          end++;
          while (isDigit(s.charCodeAt(end))) end++;
        }
        if ((s.charCodeAt(end) | 32) === 101) {
          end++;
          const sign = s.charCodeAt(end);
          if (sign === 43 || sign === 45) end++;
          while (isDigit(s.charCodeAt(end))) end++;
        }
        if (isWordPart(s.charCodeAt(end)) || s.charCodeAt(end) === 46) return null;
        const number: Expression = { kind: 'literal', form: 'number', text: s.slice(first, end), line };
        cells.push(negative ? { kind: 'unary', operator: '-', operand: number, line } : number);
        p = end;
      }
    } else if ((c | 32) === 110) {
      if (s.slice(p, p + 4).toUpperCase() !== 'NULL' || isWordPart(s.charCodeAt(p + 4))) return null;
      cells.push({ kind: 'literal', form: 'null', text: 'NULL', line });
      p += 4;
    } else return null;
    while (isBlank(s.charCodeAt(p))) p++;
    const next = s.charCodeAt(p);
    p++;
    if (next === 41) return { cells, end: p };
    if (next !== 44) return null;
  }
}
