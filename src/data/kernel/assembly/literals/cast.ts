/** `CAST(literal AS type)` to the column's own type, told by the text that the host found behind the last one: see KnownCasts of the host. */

import { CAST_SIZE, CASTS } from './memory';

/** CAST in upper case, as a number. */
const WORD: u32 = 0x54534143;

/** Whether the word stands at `at` with a parenthesis right behind; the literal is 5 bytes on then. */
@inline
export function opensCast(at: usize): bool {
  return (load<u32>(at) & 0xdfdfdfdf) == WORD && load<u8>(at, 4) == 0x28;
}

/** Whether what the host found stands at `at`. It ends with a parenthesis: never beyond the end of the script's part. */
export function closesCast(at: usize, index: i32, length: usize): bool {
  const known = CASTS + <usize>index * CAST_SIZE;
  for (let i: usize = 0; i < length; i += 16) {
    const others = ~i8x16.bitmask(i8x16.eq(v128.load(at + i), v128.load(known + i)));
    const rest = length - i;
    if ((others & (rest < 16 ? (1 << <i32>rest) - 1 : 0xffff)) != 0) return false;
  }
  return true;
}
