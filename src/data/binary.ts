/** binary, varbinary, image, rowversion: `0x` and upper-case hex digits. */

const digits = new Uint8Array([...'0123456789ABCDEF'].map(c => c.charCodeAt(0)));

/** `0x0A1B`; `0x` for no bytes. */
export function writeBinary(out: DataView, pos: number, bytes: DataView, at: number, length: number): number {
  out.setUint8(pos, 0x30);
  out.setUint8(pos + 1, 0x78);
  return writeHex(out, pos + 2, bytes, at, length);
}

/** Two digits a byte, nothing before them. */
export function writeHex(out: DataView, pos: number, bytes: DataView, at: number, length: number): number {
  let next = pos;
  for (let i = at, end = at + length; i < end; i++) {
    const byte = bytes.getUint8(i);
    out.setUint8(next, digits[byte >> 4]!);
    out.setUint8(next + 1, digits[byte & 15]!);
    next += 2;
  }
  return next;
}
