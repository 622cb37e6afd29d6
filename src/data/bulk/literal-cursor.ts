/**
 * How the readers of literals share their place in a row's text. Reading is synchronous and one literal at a time, so one object
 * serves all; the readers return a position in the output, and leave the position in the text here.
 *
 * The text is looked at as an array of UTF-16 units, which V8 reads several times as fast as a string; behind it stand a
 * quote and a unit that is neither blank nor part of anything, so that no reader needs to look for the end.
 */

export interface LiteralCursor {
  /** Behind the literal that was read last. */
  at: number;
}

export const cursor: LiteralCursor = { at: 0 };

/** The text that `units` holds, all of it, and behind it a quote and U+FFFF. */
let heldText = '';
let heldUnits: Uint16Array = Uint16Array.of(0x27, 0xffff);
let heldBytes: Buffer = Buffer.alloc(0);

/** The units of a text: for many rows of one text it is taken apart once. The array is used again for the next text. */
export function unitsOf(text: string): Uint16Array {
  if (text === heldText) return heldUnits;
  const { length } = text;
  if (length + 2 > heldUnits.length) {
    heldUnits = new Uint16Array(length + (length >> 2) + 1024);
    heldBytes = Buffer.from(heldUnits.buffer);
  }
  heldBytes.write(text, 0, 'utf16le');
  heldUnits[length] = 0x27;
  heldUnits[length + 1] = 0xffff;
  heldText = text;
  slashesFrom = length + 1;
  return heldUnits;
}

/** What `nextBackslash` found last: from where it looked, and where one is. */
let slashesFrom = 1;
let slashAt = 0;

/**
 * Offset of the next backslash of the text taken apart last, infinity when there is none. Literals come in the order of the text,
 * so each place is looked at once.
 */
export function nextBackslash(from: number): number {
  if (from >= slashesFrom && from <= slashAt) return slashAt;
  const found = heldUnits.subarray(0, heldText.length).indexOf(0x5c, from);
  slashesFrom = from;
  slashAt = found < 0 ? Number.POSITIVE_INFINITY : found;
  return slashAt;
}

/** Characters of a literal as a string, for the rare ones that need it. */
export function unitsText(units: Uint16Array, from: number, to: number): string {
  return Buffer.from(units.buffer, units.byteOffset + 2 * from, 2 * (to - from)).toString('utf16le');
}

/**
 * Returned instead of an output position: no literal of the expected kind, or one of which it is not certain that a bulk load
 * stores what the INSERT would. The row then goes to the server as it stands, which also gives the server's own error.
 */
export const notTaken = -1;

const lineFeed = 10;
const space = 32;

/** Offset of the first character from `at` on that is neither blank nor part of a comment. */
export function skipBlanks(units: Uint16Array, at: number): number {
  let i = at;
  for (;;) {
    const c = units[i]!;
    if (c <= space) i++;
    else if (c === 0x2d && units[i + 1]! === 0x2d) i = lineEnd(units, i);
    else if (c === 0x2f && units[i + 1]! === 0x2a) i = commentEnd(units, i);
    else return i;
  }
}

function lineEnd(units: Uint16Array, at: number): number {
  const end = units.indexOf(lineFeed, at);
  return end < 0 ? units.length : end;
}

/** Comments nest. */
function commentEnd(units: Uint16Array, open: number): number {
  let depth = 0;
  for (let i = open; i < units.length; i++) {
    const c = units[i]!;
    const next = units[i + 1]!;
    if (c === 0x2f && next === 0x2a) {
      depth++;
      i++;
    } else if (c === 0x2a && next === 0x2f) {
      i++;
      if (--depth === 0) return i + 1;
    }
  }
  return units.length;
}

/** Whether the character at `at` and the next ends a line: a backslash before it would take it away. */
export function isLineBreak(units: Uint16Array, at: number): boolean {
  const c = units[at]!;
  return c === lineFeed || (c === 13 && units[at + 1]! === lineFeed);
}
