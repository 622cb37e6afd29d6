/** Tokens that begin a row (MS-TDS 2.2.7.19, 2.2.7.15). */

export const ROW: u32 = 0xd1;
/** With a bitmap of the NULLs, which have no bytes then. */
export const NBCROW: u32 = 0xd2;
