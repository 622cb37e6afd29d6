/**
 * How the readers of literals share their place in a row's text. Reading is synchronous and one literal at a time, so one object
 * serves all; the readers return a position in the output, and leave the position in the text here.
 *
 * The text is UTF-8, as it lies in the script. Behind its end stand zeros (`endMargin` of them), which are part of nothing, so that
 * no reader needs to look for the end.
 */

export interface LiteralCursor {
  /** Behind the literal that was read last. */
  at: number;
  /** Where the text ends. */
  end: number;
  /** Position in the output up to which long values may be written. */
  room: number;
  /** The text may have units of UTF-16 that are half of a pair, as three bytes each: it is no script but was made from a string. */
  halves: boolean;
}

export const cursor: LiteralCursor = { at: 0, end: 0, room: 0, halves: false };

/** Zeros behind a text: more than any reader looks ahead. */
export const endMargin = 64;

/**
 * Returned instead of an output position: no literal of the expected kind, or one of which it is not certain that a bulk load
 * stores what the INSERT would. The row then goes to the server as it stands, which also gives the server's own error.
 */
export const notTaken = -1;
/** Returned instead of an output position: the value needs more than `cursor.room`. */
export const noRoom = -2;

const lineFeed = 10;
const space = 32;

/** Offset of the first character from `at` on that is neither blank nor part of a comment. */
export function skipBlanks(text: DataView, at: number): number {
  let i = at;
  for (;;) {
    const c = text.getUint8(i);
    if (c <= space && i < cursor.end) i++;
    else if (c === 0x2d && text.getUint8(i + 1) === 0x2d) i = lineEnd(text, i);
    else if (c === 0x2f && text.getUint8(i + 1) === 0x2a) i = commentEnd(text, i);
    else return i;
  }
}

function lineEnd(text: DataView, at: number): number {
  let i = at;
  while (i < cursor.end && text.getUint8(i) !== lineFeed) i++;
  return i;
}

/** Comments nest. */
function commentEnd(text: DataView, open: number): number {
  let depth = 0;
  for (let i = open; i < cursor.end; i++) {
    const c = text.getUint8(i);
    const next = text.getUint8(i + 1);
    if (c === 0x2f && next === 0x2a) {
      depth++;
      i++;
    } else if (c === 0x2a && next === 0x2f) {
      i++;
      if (--depth === 0) return i + 1;
    }
  }
  return cursor.end;
}

/** Whether the character at `at` and the next ends a line: a backslash before it would take it away. */
export function isLineBreak(text: DataView, at: number): boolean {
  const c = text.getUint8(at);
  return c === lineFeed || (c === 13 && text.getUint8(at + 1) === lineFeed);
}

/** ASCII characters of a literal as a string, for the rare ones that need it. */
export function asciiText(text: DataView, from: number, to: number): string {
  return Buffer.from(text.buffer, text.byteOffset + from, to - from).toString('latin1');
}
