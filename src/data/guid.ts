/** uniqueidentifier: 36 characters; the first three groups are little-endian on the wire (MS-DTYP 2.3.4.2). */

import { writeHex } from './binary.ts';

const order = new Uint8Array([3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15]);
const turned = new DataView(new ArrayBuffer(16));

export function writeGuid(out: DataView, pos: number, bytes: DataView, at: number): number {
  for (let i = 0; i < 16; i++) turned.setUint8(i, bytes.getUint8(at + order[i]!));
  let next = writeHex(out, pos, turned, 0, 4);
  out.setUint8(next, 0x2d);
  next = writeHex(out, next + 1, turned, 4, 2);
  out.setUint8(next, 0x2d);
  next = writeHex(out, next + 1, turned, 6, 2);
  out.setUint8(next, 0x2d);
  next = writeHex(out, next + 1, turned, 8, 2);
  out.setUint8(next, 0x2d);
  return writeHex(out, next + 1, turned, 10, 6);
}
