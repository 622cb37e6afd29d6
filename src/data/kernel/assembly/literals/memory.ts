/**
 * Where everything lies in the memory of the kernel for literals, which is a module of its own. Nothing is allocated: each region is filled by
 * one side and read by the other, call by call. The host learns the addresses that it needs from the exports. Nothing lies below 1024: the
 * compiler takes such small sums for parts of an address, which must not be negative then.
 */

/** The forms of each column's literals, two bytes each, most digits before the point and behind it, one byte each. */
export const FORMS: usize = 0x1000;
export const WHOLES: usize = 0x1800;
export const SCALES: usize = 0x1c00;
/** The columns, 32 bytes each: see plan.ts. */
export const COLUMNS: usize = 0x2000;
export const COLUMNS_END: usize = 0xa000;
/** What a call leaves: see state.ts. */
export const STATE: usize = 0xb000;
/** Powers of ten up to 10^19 as integers, and up to 10^22 as doubles. */
export const INTEGERS: usize = 0xb100;
export const DOUBLES: usize = 0xb200;
/** Days before each month, 13 numbers. */
export const MONTHS: usize = 0xb300;
/** Code pages: two bytes for each unit of UTF-16, as CodePageEncoder has them. */
export const PAGES: usize = 0x10000;
export const PAGE_SIZE: usize = 0x20000;
export const PAGES_END: usize = 0x90000;
/** What closes the casts of each column: see cast.ts. */
export const CASTS: usize = 0x90000;
export const CAST_SIZE: usize = 64;
/** A part of a script, and a margin of zeros behind. */
export const INPUT: usize = 0xa0000;
export const INPUT_END: usize = 0x1a0000;
/** Rows of a load. */
export const OUTPUT: usize = 0x1a1000;
export const OUTPUT_END: usize = 0x1f0000;

/** Stores are made in blocks of 32 bytes. */
export const SLACK: usize = 64;
