/**
 * Where everything lies in the kernel's memory, in bytes. Nothing is allocated: each region is filled by one side and read by the other,
 * call by call. The host learns the addresses it needs from the exports, so this file is the only place that has them.
 */

/** Digits of numbers of more than 64 bits. The compiler takes the first 1,024 bytes for unused, and folds offsets so that they trap there. */
export const DIGITS: usize = 0x0400;
/** Rows whose hashes are still to be added, 16 bytes each: see rowsum.ts. */
export const WAITING: usize = 0x0500;
export const WAITING_END: usize = 0x0600;
/** The two digits of each number below 100. */
export const PAIRS: usize = 0x0600;
/** What a line of a script may begin with when a runner takes it for a command: 1 for such ASCII characters. */
export const COMMAND_STARTS: usize = 0x0700;
/** What a call begins with and what it leaves: see state.ts. */
export const STATE: usize = 0x0800;
/** What holds for all rows of a writer: see plan.ts. */
export const PLAN: usize = 0x0900;
/** 128 bits of each power of ten from 10^-292 to 10^324, the low half first; the host fills it. */
export const POWERS: usize = 0x1000;
/** Single-byte code pages, 1 KB each: UTF-8 bytes of each byte and, in the highest byte, how many they are. The host fills it. */
export const PAGES: usize = 0x4000;
export const PAGE_SIZE: usize = 0x400;
export const PAGES_END: usize = 0x10000;
/** Where each cell of the row begins in canonical text, for as many columns as COLUMNS has. */
export const CELLS: usize = 0x10000;
/** The columns, 32 bytes each: see plan.ts. */
export const COLUMNS: usize = 0x18000;
export const COLUMNS_END: usize = 0x30000;
/** Text that stands in every row or statement. */
export const TEXTS: usize = 0x30000;
export const TEXTS_END: usize = 0x40000;
/** Bytes of rows; loads reach up to 64 bytes behind the end. */
export const INPUT: usize = 0x41000;
export const INPUT_END: usize = 0x81000;
/** Canonical text of rows for CSV, JSON lines and sums. */
export const CANONICAL: usize = 0x82000;
export const CANONICAL_END: usize = 0x150000;
/** What goes to the file. */
export const OUTPUT: usize = 0x151000;
export const OUTPUT_END: usize = 0x2f0000;
/** All of it, in pages of WebAssembly. */
export const MEMORY_PAGES: i32 = 0x30;

/** Stores are made in blocks of 16 bytes: a text may end so many bytes before a region's end. */
export const SLACK: usize = 256;
