export const guidPattern = /^\{?([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\}?/i;

export function guidOfBytes(bytes: Uint8Array): string {
  const b = Buffer.alloc(16);
  b.set(bytes.subarray(0, 16));
  const hex = (i: number, j: number, reverse: boolean): string => {
    const part = Buffer.from(b.subarray(i, j));
    return (reverse ? part.reverse() : part).toString('hex');
  };
  return `${hex(0, 4, true)}-${hex(4, 6, true)}-${hex(6, 8, true)}-${hex(8, 10, false)}-${hex(10, 16, false)}`.toUpperCase();
}

export function bytesOfGuid(guid: string): Buffer {
  const b = Buffer.from(guid.replaceAll('-', ''), 'hex');
  b.subarray(0, 4).reverse();
  b.subarray(4, 6).reverse();
  b.subarray(6, 8).reverse();
  return b;
}
