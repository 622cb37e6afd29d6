/** Builds the bytes of TDS tokens for tests, written after MS-TDS and independent of the code under test. */

export function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}
export function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value >>> 0);
  return bytes;
}
export function u64(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(value);
  return bytes;
}
export function hex(text: string): Buffer {
  return Buffer.from(text.replace(/\s+/g, ''), 'hex');
}
export function ucs2(text: string): Buffer {
  return Buffer.from(text, 'utf16le');
}
/** B_VARCHAR and US_VARCHAR. */
export function b(text: string): Buffer {
  return Buffer.concat([Buffer.of(text.length), ucs2(text)]);
}
export function us(text: string): Buffer {
  return Buffer.concat([u16(text.length), ucs2(text)]);
}

/** COLMETADATA of `[name, TYPE_INFO]` columns, all nullable. */
export function columnMetadata(columns: readonly (readonly [string, Buffer])[]): Buffer {
  return Buffer.concat([
    Buffer.of(0x81),
    u16(columns.length),
    ...columns.map(([name, type]) => Buffer.concat([u32(0), u16(9), type, b(name)])),
  ]);
}

export const latin = hex('0904d00034');
export const typeInfo = {
  int: hex('2604'),
  intFixed: hex('38'),
  bigint: hex('2608'),
  nvarchar: (length: number) => Buffer.concat([hex('e7'), u16(length), latin]),
  nvarcharMax: Buffer.concat([hex('e7ffff'), latin]),
  varbinaryMax: hex('a5ffff'),
};

export const row = (...values: Buffer[]): Buffer => Buffer.concat([Buffer.of(0xd1), ...values]);
export const int = (value: number): Buffer => Buffer.concat([Buffer.of(4), u32(value)]);
export const text = (value: string): Buffer => Buffer.concat([u16(value.length * 2), ucs2(value)]);
export const plp = (...chunks: Buffer[]): Buffer =>
  Buffer.concat([
    u64(0xfffffffffffffffen),
    ...chunks.filter(c => c.length > 0).map(c => Buffer.concat([u32(c.length), c])),
    u32(0),
  ]);

/** DONE; status 1 more, 2 error, 16 count, 32 attention. */
export const done = (status = 0, count = 0, command = 0xc1): Buffer =>
  Buffer.concat([Buffer.of(0xfd), u16(status), u16(command), u64(BigInt(count))]);

export interface Report {
  readonly number: number;
  readonly message: string;
  readonly class?: number;
  readonly state?: number;
  readonly line?: number;
  readonly procedure?: string;
}
function report(token: number, given: Report, severity: number): Buffer {
  const body = Buffer.concat([
    u32(given.number),
    Buffer.of(given.state ?? 1, given.class ?? severity),
    us(given.message),
    b('SRV'),
    b(given.procedure ?? ''),
    u32(given.line ?? 1),
  ]);
  return Buffer.concat([Buffer.of(token), u16(body.length), body]);
}
export const error = (given: Report): Buffer => report(0xaa, given, 16);
export const info = (given: Report): Buffer => report(0xab, given, 0);

export function environmentChange(type: number, value: Buffer, old: Buffer): Buffer {
  const body = Buffer.concat([Buffer.of(type), value, old]);
  return Buffer.concat([Buffer.of(0xe3), u16(body.length), body]);
}
export const databaseChange = (name: string, old = ''): Buffer => environmentChange(1, b(name), b(old));

export function loginAck(major = 16, minor = 0, build = 1000): Buffer {
  const body = Buffer.concat([hex('01 74000004'), b('xpdb test'), Buffer.of(major, minor, build >> 8, build & 255)]);
  return Buffer.concat([Buffer.of(0xad), u16(body.length), body]);
}
