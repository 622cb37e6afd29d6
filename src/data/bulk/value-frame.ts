/** Lengths before and after the bytes of a value in a bulk load's ROW (MS-TDS 2.2.5.2): as `value-layout.ts` reads them. */

import { Layout } from '../value-layout.ts';

/** Pointer of 16 bytes and time stamp of 8 of text, ntext and image: the server ignores what a load sends there. */
const pointerBytes = 16;
const pointerHead = 1 + pointerBytes + 8 + 4;

/** Bytes between a value's position and its data. */
export function frameHead(layout: number): number {
  switch (layout) {
    case Layout.byteLength:
      return 1;
    case Layout.ushortLength:
      return 2;
    case Layout.plp:
      return 12;
    case Layout.textPointer:
      return pointerHead;
    case Layout.longLength:
      return 4;
    default:
      return 0;
  }
}

/** Writes what belongs around the data in [pos + frameHead, end). @returns the position behind the value */
export function closeFrame(out: DataView, pos: number, layout: number, end: number): number {
  switch (layout) {
    case Layout.byteLength:
      out.setUint8(pos, end - pos - 1);
      return end;
    case Layout.ushortLength:
      out.setUint16(pos, end - pos - 2, true);
      return end;
    case Layout.plp:
      return closePlp(out, pos, end);
    case Layout.textPointer:
      out.setUint8(pos, pointerBytes);
      for (let i = 1; i < pointerHead - 4; i++) out.setUint8(pos + i, 0xff);
      out.setUint32(pos + pointerHead - 4, end - pos - pointerHead, true);
      return end;
    case Layout.longLength:
      out.setUint32(pos, end - pos - 4, true);
      return end;
    default:
      return end;
  }
}

/** Known total length, one chunk, and the empty chunk that ends the value; an empty value has no chunk but that. */
function closePlp(out: DataView, pos: number, end: number): number {
  const length = end - pos - 12;
  out.setUint32(pos, length, true);
  out.setUint32(pos + 4, 0, true);
  out.setUint32(pos + 8, length, true);
  if (length === 0) return pos + 12;
  out.setUint32(end, 0, true);
  return end + 4;
}

/** NULL of a nullable type. @returns the position behind it */
export function writeNullValue(out: DataView, pos: number, layout: number): number {
  switch (layout) {
    case Layout.ushortLength:
      out.setUint16(pos, 0xffff, true);
      return pos + 2;
    case Layout.plp:
      out.setUint32(pos, 0xffffffff, true);
      out.setUint32(pos + 4, 0xffffffff, true);
      return pos + 8;
    case Layout.longLength:
      out.setUint32(pos, 0, true);
      return pos + 4;
    default:
      out.setUint8(pos, 0);
      return pos + 1;
  }
}
