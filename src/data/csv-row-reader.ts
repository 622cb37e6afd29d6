/** Reads rows of CSV as they come and gives them as rows of literals, as they stand in a script. */

import { XpdbError } from '../model/error.ts';
import { type CsvOptions, csvOptions } from './csv-format.ts';
import { type FieldColumn, fieldColumn, fieldLiteral } from './field-literal.ts';
import { type TextStreamDecoder, textDecoder } from './page-decoder.ts';
import type { WireColumn } from './wire-column.ts';

/** A row is whole in memory: what is larger belongs into the native format. */
const mostRowCharacters = 1 << 28;

export class CsvRowReader {
  readonly #name: string;
  readonly #options: Required<CsvOptions>;
  readonly #columns: readonly FieldColumn[];
  readonly #decoder: TextStreamDecoder;
  /** Of a field without quotes: up to a delimiter, quote or line break. */
  readonly #plain: RegExp;
  #text = '';
  #at = 0;
  /** Text to have before a row that was not whole is looked at again. */
  #wanted = 0;
  #ended = false;
  #line = 1;
  #header: boolean;
  rows = 0;

  /**
   * @param columns whose values the fields are, in order
   * @param name of the file, for messages
   * @throws XpdbError as createCsvRowWriter
   */
  constructor(columns: readonly WireColumn[], name: string, options: CsvOptions = {}) {
    this.#name = name;
    this.#options = csvOptions(options);
    this.#columns = columns.map(fieldColumn);
    this.#decoder = textDecoder(this.#options.encoding, name);
    this.#plain = new RegExp(`[^${this.#options.delimiter.replace(/[\\\]^-]/g, '\\$&')}"\\r\\n]*`, 'y');
    this.#header = this.#options.header;
  }

  /** @throws XpdbError for bytes that are no text of the encoding */
  write(bytes: Uint8Array): void {
    this.#text = this.#text.slice(this.#at) + this.#decoder.decode(bytes);
    this.#at = 0;
    if (this.#text.length > mostRowCharacters) {
      throw this.#error(`a row has more than ${mostRowCharacters} characters`, 'use the native format for such rows');
    }
  }

  end(): void {
    this.#text = this.#text.slice(this.#at) + this.#decoder.end();
    this.#at = 0;
    this.#ended = true;
  }

  /**
   * The next row as `(1, N'…')`; null when more must be written first or, after `end`, when there is none.
   * @throws XpdbError with file and line for what is no CSV, another number of fields, and fields that are none of their type
   */
  read(): string | null {
    if (!this.#ended && this.#text.length - this.#at < this.#wanted) return null;
    const line = this.#line;
    const fields = this.#record();
    if (fields === null) {
      // At least as much again must come, so that a large row is not looked at again and again.
      this.#wanted = 2 * (this.#text.length - this.#at) + 1;
      return null;
    }
    this.#wanted = 0;
    if (this.#header) {
      this.#header = false;
      this.#checkHeader(fields, line);
      return this.read();
    }
    try {
      if (fields.length !== this.#columns.length) {
        throw new XpdbError(`the row has ${fields.length} fields; the table takes ${this.#columns.length}`);
      }
      const literals = fields.map((field, i) => (field === null ? 'NULL' : fieldLiteral(this.#columns[i]!, field)));
      this.rows++;
      return `(${literals.join(', ')})`;
    } catch (error) {
      if (!(error instanceof XpdbError)) throw error;
      throw new XpdbError(error.message, { ...error.details, position: { file: this.#name, line, column: 1 } });
    }
  }

  /** Fields of one record, null for NULL; null when it is not whole yet or there is none. */
  #record(): (string | null)[] | null {
    const text = this.#text;
    const { delimiter, nullText } = this.#options;
    let at = this.#at;
    if (at >= text.length) return null;
    const fields: (string | null)[] = [];
    let lines = 0;
    for (;;) {
      if (text.charCodeAt(at) === 0x22) {
        const close = this.#closingQuote(at + 1);
        if (close < 0) return null;
        const field = text.slice(at + 1, close);
        lines += field.split('\n').length - 1;
        fields.push(field.includes('"') ? field.replaceAll('""', '"') : field);
        at = close + 1;
      } else {
        this.#plain.lastIndex = at;
        const [field] = this.#plain.exec(text)!;
        fields.push(field === nullText ? null : field);
        at += field.length;
      }
      // The last character may be cut off from what belongs to it.
      if (at >= text.length - 1 && !this.#ended) return null;
      if (text[at] === delimiter) at++;
      else if (at >= text.length || text[at] === '\n' || text[at] === '\r') break;
      else throw this.#error(`${JSON.stringify(text[at])} stands behind or inside a field where it can't`);
    }
    if (text[at] === '\r' && text[at + 1] === '\n') at++;
    this.#line += lines + (at < text.length ? 1 : 0);
    this.#at = at + 1;
    return fields;
  }

  /** @returns -1 when the text ends before it */
  #closingQuote(from: number): number {
    const text = this.#text;
    for (let at = text.indexOf('"', from); at >= 0; at = text.indexOf('"', at + 2)) {
      if (at + 1 >= text.length && !this.#ended) return -1;
      if (text.charCodeAt(at + 1) !== 0x22) return at;
    }
    if (this.#ended) throw this.#error('the file ends inside a field in quotes');
    return -1;
  }

  #checkHeader(fields: readonly (string | null)[], line: number): void {
    const wanted = this.#columns.map(column => column.name);
    const found = fields.map(field => field ?? '');
    if (found.length === wanted.length && found.every((name, i) => name === wanted[i])) return;
    throw new XpdbError(`the header names ${found.join(', ')}, the table takes ${wanted.join(', ')}`, {
      position: { file: this.#name, line, column: 1 },
    });
  }

  #error(message: string, hint?: string): XpdbError {
    const position = { file: this.#name, line: this.#line, column: 1 };
    return new XpdbError(message, hint === undefined ? { position } : { position, hint });
  }
}
