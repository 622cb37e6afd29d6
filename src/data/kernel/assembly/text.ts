/** What the texts of two bytes and of one byte a unit have in common. */

/** A UTF-16 unit from U+0080 on as UTF-8; surrogates, too, get their three bytes. */
@inline
export function writeUnit(pos: usize, unit: u32): usize {
  if (unit < 0x800) {
    store<u16>(pos, <u16>(0x80c0 | (unit >> 6) | ((unit & 0x3f) << 8)));
    return pos + 2;
  }
  store<u32>(pos, 0x8080e0 | (unit >> 12) | (((unit >> 6) & 0x3f) << 8) | ((unit & 0x3f) << 16));
  return pos + 3;
}

/**
 * A bit for each byte that can't be copied without a look at it: no ASCII, NUL and the quote; in a script also what may need a guard (line
 * breaks, backslash, dollar). To save time it finds others, too: up to U+000D all, and `%` and `&`.
 */
@inline
export function specials(bytes: v128, script: bool): i32 {
  if (!script) {
    return i8x16.bitmask(v128.or(i8x16.lt_s(bytes, i8x16.splat(1)), i8x16.eq(bytes, i8x16.splat(0x27))));
  }
  return i8x16.bitmask(
    v128.or(
      v128.or(i8x16.lt_s(bytes, i8x16.splat(14)), i8x16.eq(bytes, i8x16.splat(0x5c))),
      i8x16.eq(v128.or(bytes, i8x16.splat(3)), i8x16.splat(0x27)),
    ),
  );
}
