/** `StatementForms` of the host, as far as the kernel goes: what would make a column's literals mixed is left to the host. */

import { FORMS, SCALES, WHOLES } from './memory';

export const NUMBER: u16 = 1;
export const FLOAT_FORM: u16 = 2;
export const TEXT: u16 = 3;
export const BINARY_FORM: u16 = 4;

/** @param index of the column, -1 for what is cast: its form is that of the cast */
export function allows(index: i32, form: u16): bool {
  if (index < 0) return true;
  const at = FORMS + (<usize>index << 1);
  const before = load<u16>(at);
  if (before == form) return true;
  if (before != 0) return false;
  store<u16>(at, form);
  return true;
}

export function allowsNumber(index: i32, isInteger: bool, wholeDigits: i32, scale: i32, most: i32): bool {
  if (wholeDigits + scale > 38 || !allows(index, NUMBER)) return false;
  if (index < 0) return wholeDigits + scale <= most;
  const digits = (isInteger && wholeDigits < 10 ? 10 : wholeDigits) + 1;
  const whole = <i32>load<u8>(WHOLES + <usize>index);
  const longest = <i32>load<u8>(SCALES + <usize>index);
  if (digits <= whole && scale <= longest) return true;
  const widest = max(whole, digits);
  const deepest = max(longest, scale);
  if (widest - 1 + deepest > most) return false;
  store<u8>(WHOLES + <usize>index, <u8>widest);
  store<u8>(SCALES + <usize>index, <u8>deepest);
  return true;
}
