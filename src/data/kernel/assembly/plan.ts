/** What holds for all rows of a writer. The host writes it before the first call (kernel-plan.ts has the same order). */

import { PLAN } from './memory';

/** Offsets of 32-bit numbers at PLAN. A text is its address and its length. */
export namespace Plan {
  export const columns: usize = 0;
  /** 1: rows are hashed. */
  export const summing: usize = 4;
  /** `INSERT [t] (…) VALUES` and the first parenthesis; for CSV the text of NULL. */
  export const head: usize = 8;
  /** Between two rows of a statement; for CSV and JSON lines behind a row. */
  export const between: usize = 16;
  export const statementEnd: usize = 24;
  export const batchEnd: usize = 32;
  export const rowsPerStatement: usize = 40;
  export const bytesPerStatement: usize = 44;
  export const bytesPerBatch: usize = 48;
  /** Of CSV. */
  export const delimiter: usize = 52;
}

@inline
export function plan(offset: usize): u32 {
  return load<u32>(PLAN + offset);
}

/** Offsets in the 32 bytes of a column. */
export namespace Column {
  export const size: usize = 32;
  /** As in cell-literal.ts. Not of rows that stay as they are. */
  export const family: usize = 0;
  /** As in value-layout.ts. */
  export const layout: usize = 1;
  /** Of decimals that are laid out anew: the bytes of the target's. */
  export const scale: usize = 2;
  /** As in cell.ts; of rows for a bulk load a step of bulk/relay-plan.ts. */
  export const form: usize = 3;
  /** Address of a single-byte code page, 0 for UTF-8. */
  export const page: usize = 4;
  /** Of JSON lines: what stands before the value. */
  export const lead: usize = 8;
  /** What stands in the literal before and behind its inner one: `CAST(`, ` AS [s].[t])`. */
  export const before: usize = 16;
  export const behind: usize = 24;
}

/** Families of cell-literal.ts that the kernel writes. */
export namespace Family {
  export const int: u32 = 0;
  export const bit: u32 = 1;
  export const decimal: u32 = 2;
  export const float: u32 = 3;
  export const datetime2: u32 = 4;
  export const utf16: u32 = 5;
  export const characters: u32 = 6;
  export const date: u32 = 7;
  export const time: u32 = 8;
  export const datetimeOffset: u32 = 9;
  export const datetime: u32 = 10;
  export const money: u32 = 11;
  export const guid: u32 = 12;
  export const binary: u32 = 13;
  export const xml: u32 = 14;
  export const udt: u32 = 15;
  export const json: u32 = 17;
}

/** Where the length of a value stands: value-layout.ts. Below 16 it is the length itself. */
export namespace Layout {
  export const byteLength: u32 = 16;
  export const ushortLength: u32 = 17;
  export const plp: u32 = 18;
  export const textPointer: u32 = 19;
  export const longLength: u32 = 20;
}
