/** Lines and columns of offsets in UTF-8, counted as `ScriptText` counts them in text. */

import { literalKernel } from '../data/kernel/literal-kernel.ts';
import type { ScriptPosition } from '../model/error.ts';

const lineFeed = 10;
const carriageReturn = 13;

/**
 * Place of the offset `to`.
 * @param start place of the offset `from`
 */
export function placeAt(bytes: Buffer, from: number, to: number, start: ScriptPosition): ScriptPosition {
  const { breaks, lineStart } = lineBreaks(bytes, from, to);
  const column = lineStart < 0 ? start.column + units(bytes, from, to) : 1 + units(bytes, lineStart, to);
  return { ...start, line: start.line + breaks, column };
}

/** From so many bytes on the kernel counts. */
const longBytes = 1 << 14;

/** Line breaks in [from, to), and the offset behind the last; -1 for none. A CR is one where no LF follows. */
function lineBreaks(bytes: Buffer, from: number, to: number): { readonly breaks: number; readonly lineStart: number } {
  if (to - from >= longBytes) return literalKernel().lineBreaks(bytes, from, to);
  let breaks = 0;
  let lineStart = -1;
  for (let at = from; at < to; at++) {
    const byte = bytes[at]!;
    if (byte !== lineFeed && (byte !== carriageReturn || bytes[at + 1] === lineFeed)) continue;
    breaks++;
    lineStart = at + 1;
  }
  return { breaks, lineStart };
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
