import { XpdbError } from '../model/error.ts';
import { type CodePageNumber, codePage, decodeText, noUnit } from './code-page.ts';
import { copyBytes } from './copy-bytes.ts';

/** Decodes a stream of bytes; characters may be cut anywhere. */
export interface TextStreamDecoder {
  /** @throws XpdbError naming the file for bytes that are no text of the encoding */
  decode(bytes: Uint8Array): string;
  /** @throws XpdbError when a character was not whole */
  end(): string;
}

/** @param name of the file, for messages */
export function textDecoder(encoding: 'utf8' | 'utf16le' | CodePageNumber, name: string): TextStreamDecoder {
  if (typeof encoding === 'number' && encoding !== 65001) return new PageDecoder(encoding, name);
  const decoder = new TextDecoder(encoding === 'utf16le' ? 'utf-16le' : 'utf-8', { fatal: true });
  const run = (bytes: Uint8Array | undefined, stream: boolean): string => {
    try {
      return decoder.decode(bytes, { stream });
    } catch {
      throw noText(name, encoding === 'utf16le' ? 'UTF-16' : 'UTF-8');
    }
  };
  return { decode: bytes => run(bytes, true), end: () => run(undefined, false) };
}

class PageDecoder implements TextStreamDecoder {
  readonly #page: ReturnType<typeof codePage>;
  readonly #name: string;
  #lead = new Uint8Array(0);

  constructor(number: CodePageNumber, name: string) {
    this.#page = codePage(number);
    this.#name = name;
  }

  decode(given: Uint8Array): string {
    const bytes = this.#lead.length > 0 ? Buffer.concat([this.#lead, given]) : given;
    const end = bytes.length - this.#cut(bytes);
    this.#lead = copyBytes(bytes.subarray(end));
    const text = decodeText(this.#page, new DataView(bytes.buffer, bytes.byteOffset, bytes.length), 0, end);
    if (text === null) throw noText(this.#name, `code page ${this.#page.number}`);
    return text;
  }

  end(): string {
    if (this.#lead.length > 0) throw noText(this.#name, `code page ${this.#page.number}`);
    return '';
  }

  /** 1 when the last byte is the first of a pair: lead and trail bytes look alike, so only from the start on is it known. */
  #cut(bytes: Uint8Array): number {
    if (this.#page.kind !== 'double') return 0;
    let at = 0;
    while (at < bytes.length) at += this.#page.units[bytes[at]!] === noUnit ? 2 : 1;
    return at > bytes.length ? 1 : 0;
  }
}

function noText(name: string, encoding: string): XpdbError {
  return new XpdbError(`${name} is no text in ${encoding}`, { hint: 'name its encoding' });
}
