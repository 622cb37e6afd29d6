/**
 * Evaluates the literals of scripts as SQL Server would, in a few lines and with nothing of the code under test: numbers as their
 * text, strings as UTF-16, binary as bytes.
 */

export type LiteralValue =
  | { readonly kind: 'null' }
  | { readonly kind: 'number'; readonly text: string }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'bytes'; readonly bytes: Buffer }
  | { readonly kind: 'typed'; readonly type: string; readonly value: LiteralValue; readonly collation?: string };

/** @throws Error for anything that is no literal expression of a script */
export function readLiteral(source: string): LiteralValue {
  const reader = new Reader(source);
  const value = reader.expression();
  reader.end();
  return value;
}

/** The literals between the parentheses of one row. */
export function readRow(source: string): LiteralValue[] {
  const reader = new Reader(source);
  reader.take(/\(/y);
  const values = [reader.expression()];
  while (reader.has(/,\s*/y)) values.push(reader.expression());
  reader.take(/\)/y);
  reader.end();
  return values;
}

class Reader {
  #at = 0;
  readonly #source: string;

  constructor(source: string) {
    this.#source = source;
  }

  match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#source);
    if (found) this.#at += found[0].length;
    return found;
  }
  has(pattern: RegExp): boolean {
    return this.match(pattern) !== null;
  }
  take(pattern: RegExp): RegExpExecArray {
    const found = this.match(pattern);
    if (!found) throw new Error(`no ${pattern} at ${this.#at}: ${this.#source.slice(this.#at, this.#at + 40)}`);
    return found;
  }
  end(): void {
    this.take(/\s*$/y);
  }

  expression(): LiteralValue {
    const terms = [this.#term()];
    while (this.has(/\s*\+\s*/y)) terms.push(this.#term());
    if (terms.length === 1) return terms[0]!;
    return {
      kind: 'text',
      text: terms
        .map(term => {
          const value = term.kind === 'typed' ? term.value : term;
          if (value.kind !== 'text') throw new Error('only strings are joined');
          return value.text;
        })
        .join(''),
    };
  }

  #term(): LiteralValue {
    if (this.has(/NULL/y)) return { kind: 'null' };
    const text = this.match(/N'((?:[^']|'')*)'/y);
    if (text) {
      // The server takes a backslash and the line break behind it out of a literal.
      return { kind: 'text', text: text[1]!.replaceAll("''", "'").replace(/\\\r?\n/g, '') };
    }
    const unit = this.match(/NCHAR\((\d+)\)/y);
    if (unit) return { kind: 'text', text: String.fromCharCode(Number(unit[1])) };
    const bytes = this.match(/0x([0-9A-F]*)/y);
    if (bytes) return { kind: 'bytes', bytes: Buffer.from(bytes[1]!, 'hex') };
    if (this.has(/CAST\(/y)) return this.#cast();
    if (this.has(/CONVERT\(xml, /y)) {
      const value = this.expression();
      const style = this.take(/, ([13])\)/y)[1]!;
      return { kind: 'typed', type: `xml ${style}`, value };
    }
    return { kind: 'number', text: this.take(/-?\d+(?:\.\d+)?(?:E-?\d+)?/y)[0] };
  }

  #cast(): LiteralValue {
    const value = this.expression();
    const collation = this.match(/ COLLATE (\w+)/y)?.[1];
    const type = this.take(/ AS ((?:\[(?:[^\]]|\]\])*\]|\w+)(?:\.\[(?:[^\]]|\]\])*\])?(?:\([\w, ]+\))?)\)/y)[1]!;
    if (/^nvarchar/.test(type) && value.kind === 'bytes')
      return { kind: 'text', text: value.bytes.toString('utf16le') };
    if (/^nvarchar/.test(type) && collation === undefined && value.kind === 'text') return value;
    return { kind: 'typed', type, value, ...(collation === undefined ? {} : { collation }) };
  }
}
