/**
 * Text of xml whose value does not depend on how white space between tags is treated: CONVERT with style 1 keeps it, an implicit
 * conversion drops it, and what a bulk load does is written nowhere. Declarations, comments, CDATA sections and character
 * references are left to the server, too.
 */

const isBlank = (c: number): boolean => c === 32 || c === 9 || c === 10 || c === 13;

/** @param bytes UTF-16LE in [at, end) */
export function isPlainXml(bytes: DataView, at: number, end: number): boolean {
  let blanks = false;
  let other = false;
  for (let i = at; i < end; i += 2) {
    const c = bytes.getUint16(i, true);
    if (c === 0x3c) {
      const next = i + 2 < end ? bytes.getUint16(i + 2, true) : 0;
      if ((blanks && !other) || next === 0x21 || next === 0x3f) return false;
      i = tagEnd(bytes, i + 2, end);
      blanks = other = false;
    } else if (isBlank(c)) blanks = true;
    else if (c === 0xfeff || (c === 0x26 && i + 2 < end && bytes.getUint16(i + 2, true) === 0x23)) return false;
    else other = true;
  }
  return !blanks || other;
}

/** Position of the `>` that ends the tag; one in an attribute's value does not. */
function tagEnd(bytes: DataView, at: number, end: number): number {
  let quote = 0;
  for (let i = at; i < end; i += 2) {
    const c = bytes.getUint16(i, true);
    if (quote !== 0) {
      if (c === quote) quote = 0;
    } else if (c === 0x22 || c === 0x27) quote = c;
    else if (c === 0x3e) return i;
  }
  return end;
}
