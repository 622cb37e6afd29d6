/** A copy of its own. `slice` of a Buffer, which a Uint8Array may be, would be a view of the same memory. */
export function copyBytes(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes);
}
