/** PRELOGIN (MS-TDS 2.2.6.5). */
export const Encryption = { off: 0, on: 1, notSupported: 2, required: 3 } as const;

/** The ENCRYPTION byte that a client sends; off when it sends none. */
export function readEncryption(payload: Buffer): number {
  for (let at = 0; at < payload.length && payload[at] !== 0xff; at += 5) {
    if (payload[at] === 1) return payload[payload.readUInt16BE(at + 1)] ?? Encryption.off;
  }
  return Encryption.off;
}

export function writePrelogin(version: { major: number; minor: number; build: number }, encryption: number): Buffer {
  const options: [token: number, data: Buffer][] = [
    [0, Buffer.from([version.major, version.minor, version.build >> 8, version.build & 0xff, 0, 0])],
    [1, Buffer.from([encryption])],
    [2, Buffer.from([0])],
    [3, Buffer.alloc(0)],
    [4, Buffer.from([0])],
  ];
  let offset = options.length * 5 + 1;
  const heads: Buffer[] = [];
  for (const [token, data] of options) {
    const head = Buffer.alloc(5);
    head[0] = token;
    head.writeUInt16BE(offset, 1);
    head.writeUInt16BE(data.length, 3);
    heads.push(head);
    offset += data.length;
  }
  return Buffer.concat([...heads, Buffer.from([0xff]), ...options.map(([, data]) => data)]);
}
