/** The columns as `literal-kernel.ts` of the host lays them out, 32 bytes each. */

import { COLUMNS } from './memory';

/** As LiteralKind of the host; all others are `host`. */
export const INTEGER: u8 = 0;
export const DECIMAL: u8 = 1;
export const FLOAT: u8 = 2;
export const BIT: u8 = 3;
export const UNICODE: u8 = 4;
export const CHARACTER: u8 = 5;
export const DATE: u8 = 6;
export const MONEY: u8 = 7;
export const GUID: u8 = 8;
export const BINARY: u8 = 9;

/** Lengths around a value. */
export const BYTE_LENGTH: u8 = 0;
export const USHORT_LENGTH: u8 = 1;
export const PLP: u8 = 2;

const SIZE: usize = 32;
@inline
export function column(index: i32): usize {
  return COLUMNS + <usize>index * SIZE;
}
@inline
export function kindOf(column: usize): u8 {
  return load<u8>(column);
}
@inline
export function frameOf(column: usize): u8 {
  return load<u8>(column, 1);
}
@inline
export function isNullable(column: usize): bool {
  return load<u8>(column, 2) != 0;
}
@inline
export function isFixed(column: usize): bool {
  return load<u8>(column, 3) != 0;
}
@inline
export function precisionOf(column: usize): i32 {
  return load<u8>(column, 4);
}
@inline
export function scaleOf(column: usize): i32 {
  return load<u8>(column, 5);
}
/** Bytes of a number, sign byte included. */
@inline
export function sizeOf(column: usize): i32 {
  return load<u8>(column, 6);
}
@inline
export function dateKindOf(column: usize): u8 {
  return load<u8>(column, 7);
}
/** Most bytes of a value. */
@inline
export function limitOf(column: usize): usize {
  return load<u32>(column, 8);
}
/** Bytes that close a cast to the column's type; 0 when the host has found none yet. */
@inline
export function castLengthOf(column: usize): usize {
  return load<u8>(column, 17);
}
/** Form of the literals that are cast so. */
@inline
export function castFormOf(column: usize): u16 {
  return load<u16>(column, 18);
}
/** Instead of a page's address: the bytes as they stand in the script. */
export const UTF8: usize = 1;

/** Address of a character column's page; 0 for one that only the host has. */
@inline
export function pageOf(column: usize): usize {
  return load<u32>(column, 12);
}
/** What fills fixed types up: a blank, or zero. */
@inline
export function fillerOf(column: usize): u8 {
  return load<u8>(column, 16);
}
