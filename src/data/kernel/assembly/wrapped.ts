/** Literals with another one inside: `CONVERT(xml, N'…', 1)`, `CAST(N'…' AS json)`, `CAST(0x… AS [s].[t])` of CLR types. */

import { writeBinary } from './binary';
import { writeCharactersCanonical, writeCharactersScript } from './characters';
import { Column, Family } from './plan';
import { Stop, stop } from './state';
import { writeUtf16Canonical, writeUtf16Script } from './utf16';
import { copy } from './vector';

/** @param limit as in row-text.ts */
export function writeWrapped(column: usize, pos: usize, at: usize, length: u32, limit: usize, script: bool): usize {
  const before = load<u32>(column, Column.before + 4);
  const behind = load<u32>(column, Column.behind + 4);
  if (<u64>pos + 3 * <u64>length + before + behind > <u64>limit) return stop(Stop.full);
  const start = copy(pos, load<u32>(column, Column.before), before);
  const next = writeInner(<u32>load<u8>(column, Column.family), start, at, at + length, script);
  return next == 0 ? 0 : copy(next, load<u32>(column, Column.behind), behind);
}

function writeInner(family: u32, pos: usize, at: usize, end: usize, script: bool): usize {
  if (family == Family.udt) return writeBinary(pos, at, end - at);
  if (family == Family.json) {
    return script ? writeCharactersScript(pos, at, end, 0) : writeCharactersCanonical(pos, at, end, 0);
  }
  if (((end - at) & 1) != 0) return stop(Stop.host);
  // A byte order mark is no part of the value.
  const start = end - at >= 2 && load<u16>(at) == 0xfeff ? at + 2 : at;
  if (!script) return writeUtf16Canonical(pos, start, end);
  // A text with a DTD has another style.
  return mayHaveDtd(start, end) ? stop(Stop.host) : writeUtf16Script(pos, start, end);
}

/** Whether the first markup of a text is a declaration, a comment or an instruction, not an element as in nearly every value. */
function mayHaveDtd(at: usize, end: usize): bool {
  for (let i = at; i < end; i += 2) {
    if (load<u8>(i) == 0x3c) {
      const following = <u32>load<u8>(i + 2);
      return following == 0x21 || following == 0x3f;
    }
  }
  return false;
}
