/** A look-ahead over the lexemes of a batch, with the server's syntax errors. */
import type { ObjectName } from '../../../tsql/ddl/statement.ts';
import { ServerError } from '../server-error.ts';
import type { Expression } from './ast.ts';
import { reserved } from './keywords.ts';
import { type Lexeme, Lexer } from './lexer.ts';
import { literalRow } from './literal-row.ts';

export class Cursor {
  readonly lexer: Lexer;
  private readonly buffer: Lexeme[] = [];

  constructor(source: string, quotedIdentifier: boolean) {
    this.lexer = new Lexer(source, quotedIdentifier);
  }

  get source(): string {
    return this.lexer.source;
  }

  peek(ahead = 0): Lexeme {
    while (this.buffer.length <= ahead) this.buffer.push(this.lexer.next());
    return this.buffer[ahead]!;
  }

  next(): Lexeme {
    return this.buffer.shift() ?? this.lexer.next();
  }

  /** Go on at an offset (after a statement that another parser read). */
  seek(offset: number): void {
    this.buffer.length = 0;
    this.lexer.seek(offset);
  }

  /** A whole row of literals, where one is next and nothing was looked at yet; else null, and nothing is taken. */
  literalRow(): Expression[] | null {
    if (this.buffer.length > 0) return null;
    const { lexer } = this;
    const row = literalRow(lexer.source, lexer.position, lexer.lineAt(lexer.position));
    if (!row) return null;
    lexer.position = row.end;
    return row.cells;
  }

  get line(): number {
    return this.peek().line;
  }

  isWord(word: string, ahead = 0): boolean {
    const t = this.peek(ahead);
    return t.kind === 'word' && t.value === word;
  }
  isAnyWord(words: ReadonlySet<string>, ahead = 0): boolean {
    const t = this.peek(ahead);
    return t.kind === 'word' && words.has(t.value);
  }
  acceptWord(word: string): boolean {
    if (!this.isWord(word)) return false;
    this.next();
    return true;
  }
  expectWord(word: string): void {
    if (!this.acceptWord(word)) this.fail();
  }
  isOperator(text: string, ahead = 0): boolean {
    const t = this.peek(ahead);
    return t.kind === 'operator' && t.text === text;
  }
  accept(text: string): boolean {
    if (!this.isOperator(text)) return false;
    this.next();
    return true;
  }
  expect(text: string): void {
    if (!this.accept(text)) this.fail();
  }

  /** 156 at a reserved word, 102 elsewhere. */
  error(token = this.peek()): ServerError {
    if (token.kind === 'word' && reserved.has(token.value))
      return new ServerError(156, `Incorrect syntax near the keyword '${token.text}'.`, {
        class: 15,
        line: token.line,
      });
    const near =
      token.kind === 'end'
        ? this.lastText
        : token.kind === 'word' || token.kind === 'operator'
          ? token.text
          : token.value;
    return new ServerError(102, `Incorrect syntax near '${near}'.`, { class: 15, line: token.line });
  }
  fail(token?: Lexeme): never {
    throw this.error(token);
  }
  private get lastText(): string {
    const trimmed = this.source.trimEnd();
    return /[\w@#$]+$|.$/s.exec(trimmed)?.[0] ?? '';
  }

  /** Whether an identifier (unreserved word or quoted name) is next. */
  isIdentifier(ahead = 0): boolean {
    const t = this.peek(ahead);
    return t.kind === 'name' || (t.kind === 'word' && !reserved.has(t.value));
  }
  identifier(): string {
    const t = this.peek();
    if (!this.isIdentifier()) this.fail(t);
    this.next();
    const name = t.kind === 'word' ? t.text : t.value;
    if (name.length > 128)
      throw new ServerError(
        103,
        `The identifier that starts with '${name.slice(0, 128)}' is too long. Maximum length is 128.`,
        { state: 4, class: 15, line: t.line },
      );
    return name;
  }

  /** Up to four parts; left-out middle parts are ''. */
  nameParts(): string[] {
    const parts: string[] = [];
    if (this.isOperator('.')) parts.push('');
    else parts.push(this.identifier());
    while (this.accept('.')) {
      if (this.isOperator('.')) parts.push('');
      else parts.push(this.anyIdentifier());
    }
    if (parts.length > 4) this.fail();
    return parts;
  }
  /** After a dot reserved words are names too (`sys.schemas`, `t.percent`). */
  anyIdentifier(): string {
    const t = this.peek();
    if (t.kind === 'word' || t.kind === 'name') {
      this.next();
      return t.kind === 'word' ? t.text : t.value;
    }
    return this.fail(t);
  }
  objectName(): ObjectName {
    return objectName(this.nameParts());
  }
}

export function objectName(parts: readonly string[]): ObjectName {
  const at = (i: number): string | null => parts[parts.length - i] || null;
  return {
    server: parts.length > 3 ? at(4) : null,
    database: parts.length > 2 ? at(3) : null,
    schema: parts.length > 1 ? at(2) : null,
    name: parts[parts.length - 1]!,
  };
}
