/** A row taken out of its script, for what looks at it more than once: expressions around literals, and rows made from strings. */

import { cursor, endMargin } from './literal-cursor.ts';

export interface HeldRow {
  /** UTF-8, and zeros behind. */
  readonly view: DataView;
  readonly end: number;
  /** The same bytes as the characters U+0000 to U+00FF, so that offsets are those of `view`. */
  readonly text: string;
}

let bytes: Buffer = Buffer.alloc(4096);
let view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** One row is held at a time. */
function hold(length: number): void {
  if (length + endMargin > bytes.length) {
    bytes = Buffer.alloc(2 * length + endMargin);
    view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }
}

function held(length: number): HeldRow {
  bytes.fill(0, length, length + endMargin);
  cursor.end = length;
  let text: string | null = null;
  return {
    view,
    end: length,
    get text() {
      return (text ??= bytes.toString('latin1', 0, length));
    },
  };
}

/** The bytes [from, to) of a script. */
export function holdBytes(source: DataView, from: number, to: number): HeldRow {
  hold(to - from);
  bytes.set(new Uint8Array(source.buffer, source.byteOffset + from, to - from));
  cursor.halves = false;
  return held(to - from);
}

/** A row that is a string. */
export function holdText(row: string): HeldRow {
  hold(3 * row.length);
  cursor.halves = !row.isWellFormed();
  return held(cursor.halves ? writeHalves(row) : bytes.write(row, 'utf8'));
}

/** As UTF-8 has it, and halves of pairs as three bytes. */
function writeHalves(row: string): number {
  let at = 0;
  for (const character of row) {
    const unit = character.charCodeAt(0);
    if (character.length === 1 && unit >= 0xd800 && unit <= 0xdfff) {
      at = bytes.writeUInt8(0xe0 | (unit >> 12), at);
      at = bytes.writeUInt8(0x80 | ((unit >> 6) & 0x3f), at);
      at = bytes.writeUInt8(0x80 | (unit & 0x3f), at);
    } else at += bytes.write(character, at, 'utf8');
  }
  return at;
}

const half = /(\xed[\xa0-\xbf][\x80-\xbf])/;
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The string that a part of `HeldRow.text` stands for; null when that is not UTF-8. */
export function stringOf(part: string): string | null {
  if (/^[\0-\x7f]*$/.test(part)) return part;
  const pieces = cursor.halves ? part.split(half) : [part];
  try {
    return pieces
      .map((piece, i) => (i % 2 === 0 ? decoder.decode(Buffer.from(piece, 'latin1')) : halfOf(piece)))
      .join('');
  } catch {
    return null;
  }
}

function halfOf(bytes: string): string {
  return String.fromCharCode(
    ((bytes.charCodeAt(0) & 0x0f) << 12) | ((bytes.charCodeAt(1) & 0x3f) << 6) | (bytes.charCodeAt(2) & 0x3f),
  );
}
