/**
 * How the readers of literals share their place in the script's text. Reading is synchronous and one literal at a time, so one
 * object serves all; the readers return a position in the output, and leave the position in the text here.
 */

export interface LiteralCursor {
  /** Behind the literal that was read last. */
  at: number;
}

export const cursor: LiteralCursor = { at: 0 };

/**
 * Returned instead of an output position: no literal of the expected kind, or one of which it is not certain that a bulk load
 * stores what the INSERT would. The row then goes to the server as it stands, which also gives the server's own error.
 */
export const notTaken = -1;

const lineFeed = 10;
const space = 32;

/** Offset of the first character from `at` on that is neither blank nor part of a comment. */
export function skipBlanks(text: string, at: number): number {
  let i = at;
  for (;;) {
    const c = text.charCodeAt(i);
    if (c <= space) i++;
    else if (c === 0x2d && text.charCodeAt(i + 1) === 0x2d) i = lineEnd(text, i);
    else if (c === 0x2f && text.charCodeAt(i + 1) === 0x2a) i = commentEnd(text, i);
    else return i;
  }
}

function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end;
}

/** Comments nest. */
function commentEnd(text: string, open: number): number {
  let depth = 0;
  for (let i = open; i < text.length; i++) {
    const c = text.charCodeAt(i);
    const next = text.charCodeAt(i + 1);
    if (c === 0x2f && next === 0x2a) {
      depth++;
      i++;
    } else if (c === 0x2a && next === 0x2f) {
      i++;
      if (--depth === 0) return i + 1;
    }
  }
  return text.length;
}

/** Whether the character at `at` and the next ends a line: a backslash before it would take it away. */
export function isLineBreak(text: string, at: number): boolean {
  const c = text.charCodeAt(at);
  return c === lineFeed || (c === 13 && text.charCodeAt(at + 1) === lineFeed);
}
