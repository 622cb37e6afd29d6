/**
 * Values as the engine computes with them; their static type says how to read them:
 * bit, tinyint, smallint, int, float, real: number · bigint: bigint · decimal, numeric, money: bigint, unscaled (scale from the type) ·
 * text, xml, json, uniqueidentifier (upper case): string · binary, timestamp, CLR types, vector in its binary form: Uint8Array ·
 * date: days since 0001-01-01 · time: 100 ns ticks · datetime: 1/300 s ticks since 1900 · smalldatetime: minutes since 1900 ·
 * datetime2: bigint of 100 ns ticks since 0001-01-01 · datetimeoffset: ZonedTime · sql_variant: Variant · NULL: null.
 */
import type { SqlType } from './sql-type.ts';

export class ZonedTime {
  /** 100 ns ticks since 0001-01-01, UTC. */
  readonly utc: bigint;
  /** Minutes. */
  readonly offset: number;
  constructor(utc: bigint, offset: number) {
    this.utc = utc;
    this.offset = offset;
  }
}

export class Variant {
  readonly type: SqlType;
  readonly value: Exclude<Value, null | Variant>;
  constructor(type: SqlType, value: Exclude<Value, null | Variant>) {
    this.type = type;
    this.value = value;
  }
}

export type Value = null | number | bigint | string | Uint8Array | ZonedTime | Variant;
/** A value that is not NULL. */
export type Present = Exclude<Value, null>;
