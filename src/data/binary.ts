/** binary, varbinary, image, rowversion: `0x` and upper-case hex digits. */

const digits = new Uint8Array([...'0123456789ABCDEF'].map(c => c.charCodeAt(0)));

/** `0x0A1B`; `0x` for no bytes. */
export function writeBinary(out: Uint8Array, pos: number, bytes: Uint8Array, at: number, length: number): number {
  out[pos] = 0x30;
  out[pos + 1] = 0x78;
  return writeHex(out, pos + 2, bytes, at, length);
}

/** Two digits a byte, nothing before them. */
export function writeHex(out: Uint8Array, pos: number, bytes: Uint8Array, at: number, length: number): number {
  let next = pos;
  for (let i = at, end = at + length; i < end; i++) {
    const byte = bytes[i]!;
    out[next] = digits[byte >> 4]!;
    out[next + 1] = digits[byte & 15]!;
    next += 2;
  }
  return next;
}
