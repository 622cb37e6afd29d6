/** Characters of char, varchar and text in small results. */

import type { WireCollation } from '../data/wire-column.ts';
import { XpdbError } from '../model/error.ts';

const utf8Flag = 64;

/**
 * @param collation of the column; sort id 52 and the languages of code page 1252 are decoded as such
 * @throws XpdbError naming the column for a code page other than 1252 and UTF-8 when the bytes are not plain ASCII
 */
export function decodeCharacters(bytes: Uint8Array, collation: WireCollation | null, column: string): string {
  if (bytes.every(byte => byte < 0x80)) return Buffer.from(bytes).toString('latin1');
  if (collation && (collation.flags & utf8Flag) !== 0) {
    return decodeUtf8(bytes, column);
  }
  if (collation && isWestern(collation)) return new TextDecoder('windows-1252').decode(bytes);
  throw new XpdbError(`column ${column} has characters of a code page that xpdb does not decode in catalog queries`, {
    hint: 'convert it to nvarchar in the query',
  });
}

/** @throws XpdbError naming the column when the bytes are no UTF-8, which a UTF-8 column of the server may hold */
export function decodeUtf8(bytes: Uint8Array, column: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new XpdbError(`column ${column} holds bytes that are not UTF-8`, {
      hint: 'convert it to varbinary in the query',
      cause,
    });
  }
}

/** Sort ids 51–54 and 71–75 are SQL collations of code page 1252; without a sort id the language decides. */
function isWestern({ sortId, lcid }: WireCollation): boolean {
  if (sortId !== 0) return (sortId >= 50 && sortId <= 54) || (sortId >= 71 && sortId <= 75) || sortId === 183;
  const primary = lcid & 0x3ff;
  // Danish, German, English, Spanish, Finnish, French, Icelandic, Italian, Dutch, Norwegian, Portuguese, Swedish.
  return [0x06, 0x07, 0x09, 0x0a, 0x0b, 0x0c, 0x0f, 0x10, 0x13, 0x14, 0x16, 0x1d].includes(primary);
}
