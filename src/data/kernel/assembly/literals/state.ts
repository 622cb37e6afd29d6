/** What a call leaves to the host, in 32-bit words from STATE on. */

import { STATE } from './memory';

/** Offset behind the last row that was taken. */
export function setConsumed(value: usize): void {
  store<u32>(STATE, <u32>value);
}
/** Bytes of the rows in OUTPUT. */
export function setWritten(value: usize): void {
  store<u32>(STATE, <u32>value, 4);
}
export function setRows(value: i32): void {
  store<i32>(STATE, value, 8);
}
/** Offset of the last row that was taken. */
export function setLastRow(value: usize): void {
  store<u32>(STATE, <u32>value, 12);
}
/** Where the line behind the last line break begins. */
export function setLineStart(value: usize): void {
  store<u32>(STATE, <u32>value, 16);
}

/** Where the literal that was read last ends. */
export let behind: usize = 0;
export function setBehind(at: usize): void {
  behind = at;
}

/** Up to where long values may be written. */
export let room: usize = 0;
export function setRoom(value: usize): void {
  room = value;
}

/** Returned instead of a position in the output: what only the host can tell, from the row as a whole. */
export const HOST: usize = 0;
