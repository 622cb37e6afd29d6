import type { ObjectName } from './ddl/statement.ts';
import { isWordPart, isWordStart, type ScriptText } from './script-text.ts';

export interface InsertHead {
  /** Offset behind VALUES. */
  readonly end: number;
  readonly table: ObjectName;
  readonly columns: readonly string[] | null;
}

/**
 * Reads `INSERT [INTO] t [(a, b)] VALUES` up to a parenthesis; null for every other INSERT (SELECT, EXEC, DEFAULT VALUES,
 * TOP, hints, OUTPUT, table variables). `at` is behind the word INSERT.
 */
export function readInsertHead(source: ScriptText, at: number): InsertHead | null {
  const reader = new HeadReader(source, at);
  let part = reader.name();
  if (part === null) return null;
  if (!part.quoted && /^into$/i.test(part.value)) part = reader.name();
  if (part === null || (!part.quoted && /^(top|values|select|default|exec|execute|with|output)$/i.test(part.value))) {
    return null;
  }
  const parts: string[] = [part.value];
  while (reader.mark('.')) {
    if (reader.peek('.')) parts.push('');
    else {
      const next = reader.name();
      if (next === null) return null;
      parts.push(next.value);
    }
  }
  if (parts.length > 4) return null;
  let columns: string[] | null = null;
  if (reader.mark('(')) {
    columns = [];
    do {
      const column = reader.name();
      if (column === null) return null;
      columns.push(column.value);
    } while (reader.mark(','));
    if (!reader.mark(')')) return null;
  }
  const values = reader.name();
  if (values === null || values.quoted || !/^values$/i.test(values.value)) return null;
  const { end } = reader;
  if (!reader.peek('(')) return null;
  const fromEnd = (n: number) => parts.at(-1 - n) || null;
  return {
    end,
    table: { server: fromEnd(3), database: fromEnd(2), schema: fromEnd(1), name: parts.at(-1)! },
    columns,
  };
}

class HeadReader {
  end: number;
  readonly #source: ScriptText;

  constructor(source: ScriptText, at: number) {
    this.#source = source;
    this.end = at;
  }

  peek(mark: string): boolean {
    return this.#source.char(this.#source.skipTrivia(this.end)) === mark.charCodeAt(0);
  }

  mark(mark: string): boolean {
    const at = this.#source.skipTrivia(this.end);
    if (this.#source.char(at) !== mark.charCodeAt(0)) return false;
    this.end = at + 1;
    return true;
  }

  name(): { readonly value: string; readonly quoted: boolean } | null {
    const source = this.#source;
    const at = source.skipTrivia(this.end);
    const c = source.char(at);
    if (c === 91 || c === 34) {
      this.end = source.quoteEnd(at);
      const content = source.text.slice(at + 1, this.end - 1);
      return { value: content.replaceAll(c === 91 ? ']]' : '""', c === 91 ? ']' : '"'), quoted: true };
    }
    // A table variable is no table.
    if (!isWordStart(c) || c === 64) return null;
    let end = at + 1;
    while (isWordPart(source.char(end))) end++;
    this.end = end;
    return { value: source.text.slice(at, end), quoted: false };
  }
}

/** Offset behind the parenthesis that closes the one at `open`. Hot: nearly all of a script with data passes here. */
export function tupleEnd(source: ScriptText, open: number): number {
  const { text } = source;
  const { length } = text;
  let depth = 0;
  for (let at = open; at < length; ) {
    const c = text.charCodeAt(at);
    if (c === 39) {
      const found = text.indexOf("'", at + 1);
      // The usual string: no quote inside.
      at = found >= 0 && found + 1 < length && text.charCodeAt(found + 1) !== 39 ? found + 1 : source.quoteEnd(at);
    } else if (c === 40) {
      depth++;
      at++;
    } else if (c === 41) {
      at++;
      if (--depth === 0) return at;
    } else if (c === 91 || c === 34) at = source.quoteEnd(at);
    else if (c === 45 && source.char(at + 1) === 45) at = source.lineEnd(at);
    else if (c === 47 && source.char(at + 1) === 42) at = source.commentEnd(at);
    else at++;
  }
  source.char(length);
  throw source.unclosed('parenthesis', open);
}
