/** Where a row of a script ends, for what is not read as literals. Hot: a script of casts passes here as a whole. */

/** The text ends before the row does. */
export const unfinished = -1;
/** The row has comments or names between double quotes: its end is for the reader of all of T-SQL to find. */
export const unusual = -2;

/**
 * @param open offset of the row's parenthesis
 * @param end of the text, behind which a byte stands that is part of nothing
 * @returns offset behind the parenthesis that closes the row, `unfinished` or `unusual`
 */
export function rowEnd(bytes: Uint8Array, open: number, end: number): number {
  let depth = 0;
  for (let at = open; at < end; at++) {
    const c = bytes[at]!;
    if (c === 0x27 || c === 0x5b) {
      at = quoteEnd(bytes, at, c === 0x27 ? 0x27 : 0x5d);
      if (at < 0 || at >= end) return unfinished;
    } else if (c === 0x28) depth++;
    else if (c === 0x29) {
      if (--depth === 0) return at + 1;
    } else if (c === 0x22) return unusual;
    else if (c === 0x2d || c === 0x2f) {
      const next = at + 1 < end ? bytes[at + 1]! : 0;
      if (next === (c === 0x2d ? 0x2d : 0x2a)) return unusual;
    }
  }
  return unfinished;
}

/** Quotes so far apart are found by the runtime's own search. */
const nearby = 48;

/** Offset of the quote that closes the one at `open`; -1 when there is none. */
function quoteEnd(bytes: Uint8Array, open: number, quote: number): number {
  for (let at = open + 1; ; at++) {
    const near = Math.min(at + nearby, bytes.length);
    while (at < near && bytes[at] !== quote) at++;
    if (at === near) {
      at = bytes.indexOf(quote, at);
      if (at < 0) return -1;
    }
    // The last byte may be the first one of two.
    if (at + 1 >= bytes.length) return -1;
    if (bytes[at + 1] !== quote) return at;
    at++;
  }
}
