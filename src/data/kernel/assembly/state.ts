/** What a call of the kernel begins with and what it leaves, 32-bit numbers at STATE. */

import { STATE } from './memory';

/** Why the kernel stopped. */
export namespace Stop {
  /** All rows are taken. */
  export const done: i32 = 0;
  /** The next row is not whole. */
  export const cut: i32 = 1;
  /** The text of the next row finds no room. */
  export const full: i32 = 2;
  /** The next row is one for the host. */
  export const host: i32 = 3;
}

/** Set by whoever gives a row up. */
export let stopped: i32 = Stop.done;

/** Gives the row up. @returns 0, which is no position */
export function stop(why: i32): usize {
  stopped = why;
  return 0;
}

export function clearStop(): void {
  stopped = Stop.done;
}

/** Offsets of the fields. */
export namespace Field {
  /** Position behind the last row that was taken. */
  export const consumed: usize = 0;
  /** Position behind the output. */
  export const written: usize = 4;
  /** Rows taken in this call. */
  export const rows: usize = 8;
  /** Four lanes of the sum of the row hashes of this call. */
  export const lanes: usize = 12;
  /** Of the open statement and the open batch, before and after the call. */
  export const statementRows: usize = 28;
  export const statementBytes: usize = 32;
  export const batchBytes: usize = 36;
}

@inline
export function field(offset: usize): u32 {
  return load<u32>(STATE + offset);
}

@inline
export function setField(offset: usize, value: u32): void {
  store<u32>(STATE + offset, value);
}
