/**
 * xml: `CONVERT(xml, N'…', 1)`, for style 1 keeps white space; 3 where the text has an internal DTD. The wire has UTF-16LE
 * without a byte order mark (a mark is left out: it is no part of the value).
 */

import { utf16Text, writeUtf16 } from './character.ts';
import { writeAscii } from './digits.ts';
import { type LiteralState, noRoom } from './literal-state.ts';

export function writeXml(
  out: DataView,
  pos: number,
  bytes: DataView,
  at: number,
  end: number,
  state: LiteralState,
): number {
  const start = end - at >= 2 && bytes.getUint8(at) === 0xff && bytes.getUint8(at + 1) === 0xfe ? at + 2 : at;
  const next = writeUtf16(out, writeAscii(out, pos, 'CONVERT(xml, '), bytes, start, end, state);
  if (next === noRoom) return noRoom;
  // The rowsum does not see the style: it is no part of the value.
  if (!state.canonical && hasDtd(bytes, start, end)) {
    state.guarded = true;
    return writeAscii(out, next, ', 3)');
  }
  return writeAscii(out, next, ', 1)');
}

/** `<!DOCTYPE` can stand only before the root element, after declarations, comments and white space. */
function hasDtd(bytes: DataView, at: number, end: number): boolean {
  let i = at;
  while (i < end && bytes.getUint8(i) !== 0x3c) i += 2;
  // `<!` or `<?`: look closer; nearly every value begins with an element.
  if (i + 4 > end || (bytes.getUint8(i + 2) !== 0x21 && bytes.getUint8(i + 2) !== 0x3f)) return false;
  return /^(?:\s|<\?[\s\S]*?\?>|<!--[\s\S]*?-->)*<!DOCTYPE/.test(utf16Text(bytes, at, end));
}
