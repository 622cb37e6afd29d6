/** Number literals of at most 19 significant digits, eight digits at a time. */

import { INTEGERS } from './memory';
import { behind, setBehind } from './state';

/** What was scanned: see ScannedNumber of the host. */
export let negative: bool = false;
export let magnitude: u64 = 0;
export let digits: i32 = 0;
export let wholeDigits: i32 = 0;
export let scale: i32 = 0;
export let isInteger: bool = false;
export let isFloat: bool = false;
export let exponent: i32 = 0;

/** The digits from `behind` on join `magnitude`. @returns how many there are */
function run(): i32 {
  const start = behind;
  let at = start;
  for (;;) {
    const eight = load<u64>(at);
    const values = eight ^ 0x3030303030303030;
    const others = (((values & 0x7f7f7f7f7f7f7f7f) + 0x7676767676767676) | values) & 0x8080808080808080;
    const count = others == 0 ? 8 : <i32>(ctz(others) >> 3);
    if (count == 0) break;
    let sum = count == 8 ? values : values << (<u64>(8 - count) << 3);
    sum = ((sum & 0x0f0f0f0f0f0f0f0f) * 2561) >> 8;
    sum = ((sum & 0x00ff00ff00ff00ff) * 6553601) >> 16;
    sum = ((sum & 0x0000ffff0000ffff) * 42949672960001) >> 32;
    magnitude = magnitude * load<u64>(INTEGERS + (<usize>count << 3)) + sum;
    at += count;
    if (count < 8) break;
  }
  setBehind(at);
  return <i32>(at - start);
}

function zeros(): void {
  let at = behind;
  while (load<u8>(at) == 0x30) at++;
  setBehind(at);
}

/** Whether a cell may end before the character: only then is a literal known to be whole. */
export function endsCell(c: u8): bool {
  return c == 0x2c || c == 0x29 || c == 0x20;
}

/** @returns whether a number stands at `at` that ends with its cell; `behind` is behind it */
export function scan(at: usize): bool {
  let c = load<u8>(at);
  negative = c == 0x2d;
  const start = at + <usize>(negative || c == 0x2b);
  setBehind(start);
  magnitude = 0;
  isFloat = false;
  zeros();
  let significant = run();
  let any = behind > start;
  wholeDigits = significant;
  c = load<u8>(behind);
  isInteger = c != 0x2e;
  scale = 0;
  if (!isInteger) {
    const point = behind + 1;
    setBehind(point);
    if (significant == 0) zeros();
    significant += run();
    scale = <i32>(behind - point);
    any = any || scale > 0;
    c = load<u8>(behind);
  }
  digits = significant;
  if (!any || significant > 19) return false;
  if ((c | 0x20) == 0x65) c = scanExponent();
  return endsCell(c);
}

function scanExponent(): u8 {
  let at = behind + 1;
  let c = load<u8>(at);
  const down = c == 0x2d;
  if (down || c == 0x2b) c = load<u8>(++at);
  let value = 0;
  for (; c >= 48 && c <= 57; c = load<u8>(++at)) value = min(value * 10 + <i32>c - 48, 10000);
  exponent = down ? -value : value;
  isFloat = true;
  setBehind(at);
  return c;
}

/** `magnitude` with so many digits behind the point. @returns false when digits would go or would be too many */
export function rescale(wanted: i32): bool {
  const missing = wanted - scale;
  if (missing < 0 || digits + missing > 19) return false;
  magnitude *= load<u64>(INTEGERS + (<usize>missing << 3));
  return true;
}
