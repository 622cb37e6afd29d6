import type { LoginRequest } from './engine.ts';

/** Id of VECTORSUPPORT (MS-TDS 2.2.6.4). */
export const vectorFeature = 0x0e;

export interface Login7 extends LoginRequest {
  readonly packetSize: number;
}

/** LOGIN7 (MS-TDS 2.2.6.4). @throws Error when the message is cut */
export function readLogin7(bytes: Buffer): Login7 {
  if (bytes.length < 94) throw new Error('LOGIN7 message is cut');
  const text = (at: number) => {
    const offset = bytes.readUInt16LE(at);
    const length = bytes.readUInt16LE(at + 2);
    return bytes.subarray(offset, offset + length * 2);
  };
  const plain = (at: number) => text(at).toString('utf16le');
  return {
    tdsVersion: bytes.readUInt32LE(4),
    packetSize: bytes.readUInt32LE(8),
    hostName: plain(36),
    user: plain(40),
    password: Buffer.from(text(44).map(decodeByte)).toString('utf16le'),
    applicationName: plain(48),
    library: plain(60),
    language: plain(64),
    database: plain(68),
    vectorVersion: readFeatures(bytes).get(vectorFeature)?.[0] ?? 0,
  };
}

/** FeatureExt of LOGIN7, to which OptionFlags3.fExtension says that ibExtension points by way of ibFeatureExtLong. */
function readFeatures(bytes: Buffer): Map<number, Buffer> {
  const features = new Map<number, Buffer>();
  if ((bytes[27]! & 0x10) === 0 || bytes.readUInt16LE(58) === 0) return features;
  let at = bytes.readUInt32LE(bytes.readUInt16LE(56));
  while (bytes[at] !== undefined && bytes[at] !== 0xff) {
    const end = at + 5 + bytes.readUInt32LE(at + 1);
    features.set(bytes[at]!, bytes.subarray(at + 5, end));
    at = end;
  }
  return features;
}

/** The password's obfuscation: XOR with A5, then the halves of the byte swapped. */
function decodeByte(byte: number): number {
  const plain = byte ^ 0xa5;
  return ((plain << 4) | (plain >> 4)) & 0xff;
}
