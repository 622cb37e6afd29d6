/** Lines and columns of offsets in UTF-8, counted as `ScriptText` counts them in text. */

import type { ScriptPosition } from '../model/error.ts';

const lineFeed = 10;
const carriageReturn = 13;

/**
 * Place of the offset `to`.
 * @param start place of the offset `from`
 */
export function placeAt(bytes: Buffer, from: number, to: number, start: ScriptPosition): ScriptPosition {
  let { line } = start;
  let lineStart = -1;
  for (let i = bytes.indexOf(lineFeed, from); i >= 0 && i < to; i = bytes.indexOf(lineFeed, i + 1)) {
    line++;
    lineStart = i + 1;
  }
  // A CR ends a line where no LF follows.
  for (let i = bytes.indexOf(carriageReturn, from); i >= 0 && i < to; i = bytes.indexOf(carriageReturn, i + 1)) {
    if (bytes[i + 1] === lineFeed) continue;
    line++;
    lineStart = Math.max(lineStart, i + 1);
  }
  const column = lineStart < 0 ? start.column + units(bytes, from, to) : 1 + units(bytes, lineStart, to);
  return { ...start, line, column };
}

/** Units of UTF-16 that the bytes are. */
function units(bytes: Buffer, from: number, to: number): number {
  let count = 0;
  for (let i = from; i < to; i++) {
    const c = bytes[i]!;
    // The first byte of a character, and one of a character that takes two units.
    if ((c & 0xc0) !== 0x80) count += c >= 0xf0 ? 2 : 1;
  }
  return count;
}
