import { type ScriptPosition, XpdbError } from '../model/error.ts';
import type { ObjectName } from './ddl/statement.ts';
import type { Token } from './token.ts';

/** Walks over the tokens of a statement or batch. Parsers share it; it never goes past the `end` token. */
export class TokenCursor {
  readonly tokens: readonly Token[];
  readonly source: string;
  readonly file: string | undefined;
  index: number;

  constructor(tokens: readonly Token[], source: string, index = 0, file?: string) {
    this.tokens = tokens;
    this.source = source;
    this.index = index;
    this.file = file;
  }

  get token(): Token {
    return this.tokens[this.index]!;
  }

  peek(ahead = 1): Token {
    return this.tokens[Math.min(this.index + ahead, this.tokens.length - 1)]!;
  }

  get atEnd(): boolean {
    return this.token.kind === 'end';
  }

  position(token: Token = this.token): ScriptPosition {
    return { ...(this.file === undefined ? {} : { file: this.file }), line: token.line, column: token.column };
  }

  next(): Token {
    const token = this.token;
    if (token.kind !== 'end') this.index++;
    return token;
  }

  /** Whether the words stand here, unquoted. */
  isWord(...words: readonly string[]): boolean {
    return words.every((word, i) => {
      const token = this.peek(i);
      return token.kind === 'word' && token.value === word;
    });
  }

  /** Whether one of the words stands here. */
  isOneOf(...words: readonly string[]): boolean {
    return this.token.kind === 'word' && words.includes(this.token.value);
  }

  /** Takes the words if all stand here. */
  takeWord(...words: readonly string[]): boolean {
    if (!this.isWord(...words)) return false;
    this.index += words.length;
    return true;
  }

  takeOneOf(...words: readonly string[]): string | null {
    if (!this.isOneOf(...words)) return null;
    return this.next().value;
  }

  expectWord(...words: readonly string[]): void {
    if (!this.takeWord(...words)) this.fail(words.join(' '));
  }

  is(text: string): boolean {
    return this.token.kind === 'operator' && this.token.text === text;
  }

  take(text: string): boolean {
    if (!this.is(text)) return false;
    this.index++;
    return true;
  }

  expect(text: string): void {
    if (!this.take(text)) this.fail(`'${text}'`);
  }

  get atName(): boolean {
    return this.token.kind === 'word' || this.token.kind === 'bracketed' || this.token.kind === 'quoted';
  }

  /** One identifier, unquoted. */
  name(): string {
    if (!this.atName) this.fail('a name');
    const token = this.next();
    return token.kind === 'word' ? token.text : token.value;
  }

  /** `a`, `s.a`, `db.s.a`, `db..a`, `srv.db.s.a`. */
  objectName(): ObjectName {
    const parts: string[] = [this.name()];
    while (this.take('.')) parts.push(this.is('.') ? '' : this.name());
    const part = (fromEnd: number) => parts.at(-1 - fromEnd) || null;
    if (parts.length > 4) this.fail('a name of at most four parts');
    return { server: part(3), database: part(2), schema: part(1), name: parts.at(-1)! };
  }

  /** `(a, b)`. */
  nameList(): string[] {
    return this.list(() => this.name());
  }

  /** Items in parentheses, separated by commas. */
  list<T>(item: () => T): T[] {
    this.expect('(');
    const items: T[] = [];
    do items.push(item());
    while (this.take(','));
    this.expect(')');
    return items;
  }

  /** Content of a string literal; a name or number where the grammar lets one stand for it. */
  string(): string {
    const token = this.token;
    if (token.kind === 'string' || token.kind === 'nstring') return this.next().value;
    return this.fail('a string');
  }

  /** Number with its sign, as text. */
  signedNumber(): string {
    const negative = this.take('-');
    if (!negative) this.take('+');
    if (this.token.kind !== 'number') this.fail('a number');
    return (negative ? '-' : '') + this.next().text;
  }

  /** From an open parenthesis to its closing one, verbatim with both. */
  parenthesised(): string {
    const start = this.token;
    if (!this.is('(')) this.fail("'('");
    this.skipParentheses();
    return this.source.slice(start.start, this.tokens[this.index - 1]!.end);
  }

  /** Moves behind the parenthesis that closes the one here. */
  skipParentheses(): void {
    const open = this.token;
    let depth = 0;
    do {
      if (this.is('(')) depth++;
      else if (this.is(')')) depth--;
      else if (this.atEnd) this.fail("')'", open);
      this.next();
    } while (depth > 0);
  }

  /** Text between two token indexes, verbatim without blanks around it. */
  slice(from: number, to: number): string {
    return to <= from ? '' : this.source.slice(this.tokens[from]!.start, this.tokens[to - 1]!.end);
  }

  /** @throws XpdbError 102 at a token: the present one unless another is given */
  fail(expected: string, token: Token = this.token): never {
    const near = token.kind === 'end' ? 'the end' : `'${token.text.slice(0, 40)}'`;
    throw new XpdbError(`incorrect syntax near ${near}: ${expected} expected`, {
      position: this.position(token),
      number: 102,
    });
  }
}
