/**
 * Whether a text in a script needs more than one plain literal, because a script runner or the server would change it: character.ts beside
 * the kernel has the reasons and writes such rows.
 */

import { COMMAND_STARTS } from './memory';

/** Fills the table, once. */
export function fillCommandStarts(): void {
  // G E Q R, then : and !
  for (let letters: u64 = 0x52514547; letters != 0; letters >>= 8) {
    store<u8>(COMMAND_STARTS + <usize>(letters & 0xff), 1);
    store<u8>(COMMAND_STARTS + <usize>((letters & 0xff) | 0x20), 1);
  }
  store<u8>(COMMAND_STARTS + 0x3a, 1);
  store<u8>(COMMAND_STARTS + 0x21, 1);
}

/** The ASCII character at `at`, 0 for others and behind the end. @param width bytes of a unit */
@inline
function ascii(at: usize, end: usize, width: usize): u32 {
  if (at >= end) return 0;
  const unit = width == 2 ? <u32>load<u16>(at) : <u32>load<u8>(at);
  return unit < 0x80 ? unit : 0;
}

/** Whether the ASCII character `unit` before `at` makes trouble. */
@inline
export function needsGuard(unit: u32, at: usize, end: usize, width: usize): bool {
  if (unit == 10 || unit == 13) return beforeCommand(at, end, width);
  if (unit == 0x24) return ascii(at, end, width) == 0x28;
  // A backslash takes a line break after it away.
  if (unit == 0x5c) return ascii(at, end, width) == 10 || ascii(at, end, width) == 13;
  return unit == 0;
}

/** Whether a runner may take the line at `at` for a command. */
@inline
function beforeCommand(at: usize, end: usize, width: usize): bool {
  const following = ascii(at, end, width);
  if (following == 0x20 || following == 0x09) return startsCommand(behindSpaces(at, end, width), end, width);
  return load<u8>(COMMAND_STARTS + following) != 0 && startsCommand(at, end, width);
}

function behindSpaces(at: usize, end: usize, width: usize): usize {
  let i = at;
  while (i < end && (ascii(i, end, width) == 0x20 || ascii(i, end, width) == 0x09)) i += width;
  return i;
}

/** GO, ED, EXIT, QUIT, RESET as whole words, `:` or `!!`. */
function startsCommand(at: usize, end: usize, width: usize): bool {
  const first = ascii(at, end, width);
  if (load<u8>(COMMAND_STARTS + first) == 0) return false;
  switch (first | 0x20) {
    case 0x67: // g
      return isWord(at, end, width, 0x4f47); // GO
    case 0x65: // e
      return isWord(at, end, width, 0x4445) || isWord(at, end, width, 0x54495845); // ED, EXIT
    case 0x71: // q
      return isWord(at, end, width, 0x54495551); // QUIT
    case 0x72: // r
      return isWord(at, end, width, 0x5445534552); // RESET
    case 0x3a: // a colon
      return true;
    default:
      // The exclamation mark, of which a command has two.
      return ascii(at + width, end, width) == 0x21;
  }
}

/** @param word its letters, the first one lowest */
function isWord(at: usize, end: usize, width: usize, word: u64): bool {
  let i = at;
  for (let letters = word; letters != 0; letters >>= 8) {
    if (<u64>(ascii(i, end, width) & 0xdf) != (letters & 0xff)) return false;
    i += width;
  }
  const behind = ascii(i, end, width);
  const letter = behind | 0x20;
  return !((behind >= 0x30 && behind <= 0x39) || (letter >= 0x61 && letter <= 0x7a) || behind == 0x5f);
}
