/** Binary strings of date and time types, as older versions of SSMS cast them: `binary-date.ts` of the host has their forms. */

import { hex } from './binary';
import {
  DAYS_1753,
  DAYS_1900,
  KIND_DATE,
  KIND_DATETIME,
  KIND_OFFSET,
  KIND_SMALL,
  KIND_TIME,
  LAST_DAY,
  TICKS_PER_DAY,
  writeDays,
  writeLength,
  writeTime,
} from './date-time';
import { INTEGERS } from './memory';
import { endsCell } from './number';
import { dateKindOf, scaleOf } from './plan';
import { HOST, setBehind } from './state';

/** The longest form: scale, five bytes of time, three of date, two of the offset. */
const MOST_BYTES: usize = 11;

/** From behind `0x` on. */
export function writeBinaryDate(start: usize, column: usize, out: usize): usize {
  // Behind what is written at last.
  const bytes = out + 16;
  let at = start;
  let length: usize = 0;
  for (; ; length++) {
    const high = hex(at);
    if (high > 15) break;
    const low = hex(at + 1);
    if (low > 15 || length == MOST_BYTES) return HOST;
    store<u8>(bytes + length, <u8>((high << 4) | low));
    at += 2;
  }
  if (!endsCell(load<u8>(at))) return HOST;
  setBehind(at);
  const kind = dateKindOf(column);
  if (kind == KIND_DATETIME) {
    const days = <i32>bswap<u32>(load<u32>(bytes));
    const clock = bswap<u32>(load<u32>(bytes, 4));
    if (length != 8 || days < DAYS_1753 - DAYS_1900 || days > LAST_DAY - DAYS_1900 || clock >= 25920000) return HOST;
    store<u8>(out, 8);
    store<i32>(out, days, 1);
    store<u32>(out, clock, 5);
    return out + 9;
  }
  if (kind == KIND_SMALL) {
    const minutes = bswap<u16>(load<u16>(bytes, 2));
    if (length != 4 || minutes >= 1440) return HOST;
    store<u8>(out, 4);
    store<u16>(out, bswap<u16>(load<u16>(bytes)), 1);
    store<u16>(out, minutes, 3);
    return out + 5;
  }
  if (kind == KIND_DATE) {
    // SSMS writes a fourth byte, which is zero.
    if (length != 3 && (length != 4 || load<u8>(bytes, 3) != 0)) return HOST;
    const days = daysAt(bytes);
    return days > LAST_DAY ? HOST : writeLength(out, writeDays(days, out + 1));
  }
  const scale = <i32>load<u8>(bytes);
  const size: usize = scale <= 2 ? 3 : scale <= 4 ? 4 : 5;
  const behindTime = bytes + 1 + size;
  if (scale > 7 || length != 1 + size + (kind == KIND_TIME ? 0 : kind == KIND_OFFSET ? 5 : 3)) return HOST;
  let units = <i64>load<u32>(bytes, 1);
  if (size == 3) units &= 0xffffff;
  else if (size == 5) units |= <i64>load<u8>(bytes, 5) << 32;
  const ticks = units * load<i64>(INTEGERS + (<usize>(7 - scale) << 3));
  if (ticks >= TICKS_PER_DAY) return HOST;
  const days = daysAt(behindTime);
  const offset = load<i16>(behindTime, 3);
  let end = writeTime(ticks, scaleOf(column), out);
  if (end == HOST) return HOST;
  if (kind != KIND_TIME) {
    if (days > LAST_DAY) return HOST;
    end = writeDays(days, end);
    if (kind == KIND_OFFSET) {
      if (offset < -840 || offset > 840) return HOST;
      store<i16>(end, offset);
      end += 2;
    }
  }
  return writeLength(out, end);
}

function daysAt(at: usize): i32 {
  return <i32>(load<u32>(at) & 0xffffff);
}
