/** Text into the bytes of a code page, for files in another encoding than UTF-8. */

import { type CodePageNumber, codePage, noUnit } from './code-page.ts';

export interface PageText {
  readonly bytes: Uint8Array;
  /** Characters that the page lacks and that became `?`. */
  readonly replaced: number;
}

const tables = new Map<CodePageNumber, Uint16Array>();

/** By UTF-16 unit: the byte, or lead · 256 + trail; 0 for none. */
function tableOf(number: CodePageNumber): Uint16Array {
  let table = tables.get(number);
  if (table) return table;
  table = new Uint16Array(65536);
  const { units, pairs } = codePage(number);
  for (let byte = 0; byte < 256; byte++) if (units[byte] !== noUnit) table[units[byte]!] ||= byte;
  // Of several pairs for one character Windows takes the first, but those of NEC's selection (ED, EE) last.
  for (const last of [false, true]) {
    for (let pair = 0; pair < pairs.length; pair++) {
      const nec = number === 932 && (pair >> 8 === 0xed || pair >> 8 === 0xee);
      if (pairs[pair] !== 0 && nec === last) table[pairs[pair]!] ||= pair;
    }
  }
  tables.set(number, table);
  return table;
}

/** @param page single- or double-byte */
export function encodePageText(text: string, page: CodePageNumber): PageText {
  const table = tableOf(page);
  const bytes = new Uint8Array(2 * text.length);
  let length = 0;
  let replaced = 0;
  for (const character of text) {
    const unit = character.charCodeAt(0);
    const code = character.length > 1 ? 0 : table[unit]!;
    if (code === 0 && unit !== 0) {
      bytes[length++] = 0x3f;
      replaced++;
    } else {
      if (code > 255) bytes[length++] = code >> 8;
      bytes[length++] = code & 255;
    }
  }
  return { bytes: bytes.subarray(0, length), replaced };
}
