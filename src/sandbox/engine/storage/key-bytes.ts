/** Keys of indexes as bytes: memcmp orders them as the server orders the values, equal keys are equal bytes. */
import { guidKey } from '../bind/comparison.ts';
import { sortKey } from '../types/collation.ts';
import { RowWriter } from '../types/row-writer.ts';
import { isBytes, isCharacter, type SqlType } from '../types/sql-type.ts';
import type { Value, Variant, ZonedTime } from '../types/values.ts';

/** Variable bytes: 00 becomes 00 FF, the end is 00 00. */
function terminated(w: RowWriter, source: Uint8Array): void {
  w.reserve(source.length * 2 + 2);
  const { buffer } = w;
  for (let i = 0; i < source.length; i++) {
    const b = source[i]!;
    buffer[w.position++] = b;
    if (b === 0) buffer[w.position++] = 0xff;
  }
  buffer[w.position++] = 0;
  buffer[w.position++] = 0;
}

function numberKey(w: RowWriter, n: number): void {
  w.reserve(8);
  const { buffer, position } = w;
  buffer.writeDoubleBE(n === 0 ? 0 : n, position);
  if (buffer[position]! & 0x80) for (let i = position; i < position + 8; i++) buffer[i] = ~buffer[i]! & 0xff;
  else buffer[position]! |= 0x80;
  w.position += 8;
}
const half = 1n << 127n;
const mask64 = (1n << 64n) - 1n;
function bigKey(w: RowWriter, n: bigint): void {
  w.reserve(16);
  const biased = n + half;
  w.buffer.writeBigUInt64BE(biased >> 64n, w.position);
  w.buffer.writeBigUInt64BE(biased & mask64, w.position + 8);
  w.position += 16;
}

function componentKey(w: RowWriter, value: Exclude<Value, null>, t: SqlType): void {
  if (isCharacter(t) || t.name === 'json')
    terminated(w, t.collation ? sortKey(value as string, t.collation) : Buffer.from(value as string));
  else if (isBytes(t)) {
    const b = value as Uint8Array;
    let end = b.length;
    while (end > 0 && b[end - 1] === 0) end--;
    terminated(w, b.subarray(0, end));
  } else if (t.name === 'uniqueidentifier') w.bytes(guidKey(value as string));
  else if (t.name === 'datetimeoffset') bigKey(w, (value as ZonedTime).utc);
  else if (t.name === 'sql_variant') {
    const v = value as Variant;
    const inner = new RowWriter();
    inner.bytes(Buffer.from(v.type.name));
    inner.byte(0);
    componentKey(inner, v.value, v.type);
    terminated(w, inner.take());
  } else if (typeof value === 'bigint') bigKey(w, value);
  else numberKey(w, value as number);
}

export interface KeyPart {
  readonly column: number;
  readonly type: SqlType;
  readonly descending: boolean;
}

const scratch = new RowWriter();

export function keyOf(values: readonly Value[], parts: readonly KeyPart[]): Buffer {
  scratch.position = 0;
  for (const p of parts) {
    const from = scratch.position;
    const v = values[p.column]!;
    scratch.byte(v === null ? 0 : 1);
    if (v !== null) componentKey(scratch, v, p.type);
    if (p.descending) for (let i = from; i < scratch.position; i++) scratch.buffer[i] = ~scratch.buffer[i]! & 0xff;
  }
  return scratch.take();
}

/** Smallest key above all that begin with `prefix`. */
export function afterPrefix(prefix: Buffer): Buffer {
  const out = Buffer.from(prefix);
  for (let i = out.length - 1; i >= 0; i--) {
    if (out[i] !== 0xff) {
      out[i]!++;
      return out.subarray(0, i + 1);
    }
  }
  return Buffer.alloc(64, 0xff);
}
