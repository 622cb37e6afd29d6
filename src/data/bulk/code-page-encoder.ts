/** From UTF-16 to the bytes of a code page, for characters of which exactly one sequence of bytes is certain. */

import { type CodePage, type CodePageNumber, codePage, noUnit } from '../code-page.ts';

export interface CodePageEncoder {
  readonly kind: CodePage['kind'];
  /**
   * By UTF-16 unit: the byte, or lead · 256 + trail; 0 for a unit that the page lacks (U+0000 is byte 0 itself). The server puts a
   * similar character or `?` for those. Also 0 where a page has a character twice, for only the server knows which it takes.
   * Empty for UTF-8.
   */
  readonly bytes: Uint16Array;
  /** UTF-16 units that the page has twice. */
  readonly ambiguous: ReadonlySet<number>;
}

const encoders = new Map<CodePageNumber, CodePageEncoder>();

export function codePageEncoder(number: CodePageNumber): CodePageEncoder {
  let encoder = encoders.get(number);
  if (!encoder) encoders.set(number, (encoder = build(codePage(number))));
  return encoder;
}

function build(page: CodePage): CodePageEncoder {
  const { kind, units, pairs } = page;
  if (kind === 'utf8') return { kind, bytes: new Uint16Array(0), ambiguous: new Set() };
  const bytes = new Uint16Array(65536);
  const twice = new Set<number>();
  const set = (unit: number, code: number) => {
    if (bytes[unit] !== 0) twice.add(unit);
    bytes[unit] = code;
  };
  for (let byte = 1; byte < 256; byte++) if (units[byte] !== noUnit) set(units[byte]!, byte);
  for (let pair = 0; pair < pairs.length; pair++) if (pairs[pair] !== 0) set(pairs[pair]!, pair);
  for (const unit of twice) bytes[unit] = 0;
  return { kind, bytes, ambiguous: twice };
}
