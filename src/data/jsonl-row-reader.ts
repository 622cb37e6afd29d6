/** Reads rows of JSON lines as they come and gives them as rows of literals, as they stand in a script. Numbers keep their digits. */

import { jsonParser, type Token } from 'stream-json/core/parser.js';
import { XpdbError } from '../model/error.ts';
import { binaryLiteral } from '../tsql/literal.ts';
import { quoteString } from '../tsql/quote.ts';
import { CellKind } from './cell-kind.ts';
import { type FieldColumn, fieldColumn, fieldLiteral } from './field-literal.ts';
import { encodePageText } from './text-encoder.ts';
import { Family } from './type-family.ts';
import type { WireColumn } from './wire-column.ts';

/** Base type, collation and value of a sql_variant. */
interface VariantParts {
  type?: string;
  collation?: string;
  value?: { readonly text: string; readonly number: boolean };
}

export class JsonlRowReader {
  readonly #name: string;
  readonly #columns: readonly FieldColumn[];
  readonly #indexes: ReadonlyMap<string, number>;
  readonly #decoder = new TextDecoder('utf-8', { fatal: true });
  readonly #parse = jsonParser({ packValues: true, streamValues: false, jsonStreaming: true });
  #ready: string[] = [];
  #values: (string | null)[] = [];
  #column = -1;
  #variant: VariantParts | null = null;
  #member: string | null = null;
  #open = false;
  rows = 0;

  /**
   * @param columns whose values the objects' members of the same name are; a member that an object lacks is NULL
   * @param name of the file, for messages
   */
  constructor(columns: readonly WireColumn[], name: string) {
    this.#name = name;
    this.#columns = columns.map(fieldColumn);
    this.#indexes = new Map(columns.map((column, i) => [column.name, i]));
  }

  /** @throws XpdbError naming file and row for what is no JSON line of such a row */
  write(bytes: Uint8Array): void {
    this.#tokens(this.#decode(bytes, true));
  }

  /** @throws XpdbError when the last row is not whole */
  end(): void {
    this.#tokens(this.#decode(undefined, false));
    if (this.#open) throw this.#error('the file ends inside of a row');
  }

  /** The next row as `(1, N'…')`; null when more must be written first or, after `end`, when there is none. */
  read(): string | null {
    return this.#ready.shift() ?? null;
  }

  #decode(bytes: Uint8Array | undefined, stream: boolean): string {
    try {
      return this.#decoder.decode(bytes, { stream });
    } catch {
      throw this.#error('the file is no text in UTF-8');
    }
  }

  #tokens(text: string): void {
    if (text === '') return;
    let result: unknown;
    try {
      result = this.#parse(text);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new XpdbError(`${this.#name} is no JSON in or behind row ${this.rows + 1}: ${why}`);
    }
    // What stream-json gives for several tokens, or a mark of its own for none.
    const tokens = (result as { readonly values?: readonly Token[] }).values ?? [];
    try {
      for (const token of tokens) this.#token(token);
    } catch (error) {
      throw error instanceof XpdbError && error.details.object === undefined ? this.#error(error.message) : error;
    }
  }

  #token(token: Token): void {
    switch (token.name) {
      case 'startObject':
        if (!this.#open) return this.#begin();
        if (this.#column < 0 || this.#variant || this.#columns[this.#column]!.kind !== CellKind.variant) break;
        this.#variant = {};
        return;
      case 'endObject':
        if (this.#variant) return this.#endVariant(this.#variant);
        return this.#end();
      case 'keyValue':
        if (this.#variant) this.#member = token.value;
        else this.#key(token.value);
        return;
      case 'stringValue':
        return this.#value(token.value, false);
      case 'numberValue':
        return this.#value(token.value, true);
      case 'trueValue':
      case 'falseValue':
        return this.#value(token.value ? '1' : '0', true);
      case 'nullValue':
        if (this.#variant || this.#column < 0) break;
        this.#column = -1;
        return;
      default:
        break;
    }
    throw new XpdbError(this.#open ? 'a value is no text, number, true, false or null' : 'a row is no object');
  }

  #begin(): void {
    this.#open = true;
    this.#values = this.#columns.map(() => null);
    this.#column = -1;
  }

  #key(name: string): void {
    const column = this.#indexes.get(name);
    if (column === undefined) throw new XpdbError(`the table takes no column ${name}`);
    if (this.#values[column] !== null) throw new XpdbError(`column ${name} stands there twice`);
    this.#column = column;
  }

  #value(text: string, number: boolean): void {
    if (this.#variant) {
      if (this.#member === 'value') this.#variant.value = { text, number };
      else if (this.#member === 'type' || this.#member === 'collation') this.#variant[this.#member] = text;
      else throw new XpdbError(`a sql_variant has no member ${this.#member}`);
      return;
    }
    if (this.#column < 0) throw new XpdbError('a row is no object');
    const column = this.#columns[this.#column]!;
    this.#values[this.#column] = bytesOrLiteral(column, text);
    this.#column = -1;
  }

  #endVariant({ type, collation, value }: VariantParts): void {
    if (type === undefined || value === undefined) throw new XpdbError('a sql_variant lacks its type or its value');
    const plain = value.number || /^(?:bigint|decimal|numeric|money|smallmoney|binary|varbinary)\b/.test(type);
    const literal = plain ? value.text : quoteString(value.text);
    const cast = `CAST(${literal}${collation === undefined ? '' : ` COLLATE ${collation}`} AS ${type})`;
    this.#values[this.#column] = fieldLiteral(this.#columns[this.#column]!, cast);
    this.#variant = null;
    this.#column = -1;
  }

  #end(): void {
    this.#open = false;
    this.rows++;
    this.#ready.push(`(${this.#values.map(value => value ?? 'NULL').join(', ')})`);
  }

  #error(message: string): XpdbError {
    return new XpdbError(`row ${this.rows + 1} of ${this.#name}: ${message}`);
  }
}

/** A lone surrogate U+DC80–DCFF in text of a code page stands for a byte that is no character: such a value comes back as bytes. */
function bytesOrLiteral(column: FieldColumn, text: string): string {
  const { page, family } = column.codec;
  if (family !== Family.characters || page === null || text.isWellFormed()) return fieldLiteral(column, text);
  const parts = text.split(/([\uDC80-\uDCFF])/u).map((part, i) => {
    if (i % 2 === 1) return Buffer.of(part.charCodeAt(0) & 0xff);
    if (page.number === 65001) return Buffer.from(part);
    const { bytes, replaced } = encodePageText(part, page.number);
    if (replaced > 0)
      throw new XpdbError(`column ${column.name} holds characters that its code page lacks beside bytes`);
    return bytes;
  });
  return binaryLiteral(Buffer.concat(parts));
}
