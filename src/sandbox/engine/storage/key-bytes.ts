/** Keys of indexes as bytes: memcmp orders them as the server orders the values, equal keys are equal bytes. */
import { guidKey } from '../bind/comparison.ts';
import { sortKey } from '../types/collation.ts';
import { isBytes, isCharacter, type SqlType } from '../types/sql-type.ts';
import type { Value, Variant, ZonedTime } from '../types/values.ts';

/** Variable bytes: 00 becomes 00 FF, the end is 00 00. */
function terminated(source: Uint8Array): Buffer {
  let zeros = 0;
  for (const b of source) if (b === 0) zeros++;
  const out = Buffer.alloc(source.length + zeros + 2);
  let at = 0;
  for (const b of source) {
    out[at++] = b;
    if (b === 0) out[at++] = 0xff;
  }
  return out;
}

function numberKey(n: number): Buffer {
  const out = Buffer.allocUnsafe(8);
  out.writeDoubleBE(n === 0 ? 0 : n);
  if (out[0]! & 0x80) for (let i = 0; i < 8; i++) out[i] = ~out[i]! & 0xff;
  else out[0]! |= 0x80;
  return out;
}
const half = 1n << 127n;
const mask64 = (1n << 64n) - 1n;
function bigKey(n: bigint): Buffer {
  const out = Buffer.allocUnsafe(16);
  const biased = n + half;
  out.writeBigUInt64BE(biased >> 64n);
  out.writeBigUInt64BE(biased & mask64, 8);
  return out;
}

function componentKey(value: Exclude<Value, null>, t: SqlType): Buffer {
  if (isCharacter(t) || t.name === 'json')
    return terminated(t.collation ? sortKey(value as string, t.collation) : Buffer.from(value as string));
  if (isBytes(t)) {
    const b = value as Uint8Array;
    let end = b.length;
    while (end > 0 && b[end - 1] === 0) end--;
    return terminated(b.subarray(0, end));
  }
  if (t.name === 'uniqueidentifier') return guidKey(value as string);
  if (t.name === 'datetimeoffset') return bigKey((value as ZonedTime).utc);
  if (t.name === 'sql_variant') {
    const v = value as Variant;
    return terminated(Buffer.concat([Buffer.from(v.type.name), Buffer.of(0), componentKey(v.value, v.type)]));
  }
  return typeof value === 'bigint' ? bigKey(value) : numberKey(value as number);
}

export interface KeyPart {
  readonly column: number;
  readonly type: SqlType;
  readonly descending: boolean;
}

const nullKey = Buffer.of(0);

export function keyOf(values: readonly Value[], parts: readonly KeyPart[]): Buffer {
  const out: Uint8Array[] = [];
  for (const p of parts) {
    const v = values[p.column]!;
    let piece = v === null ? nullKey : Buffer.concat([Buffer.of(1), componentKey(v, p.type)]);
    if (p.descending) piece = Buffer.from(piece.map(b => ~b & 0xff));
    out.push(piece);
  }
  return out.length === 1 ? Buffer.from(out[0]!) : Buffer.concat(out);
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
