export type TransactionRequest =
  | { readonly kind: 'begin'; readonly isolation: number; readonly name: string }
  | { readonly kind: 'commit' }
  | { readonly kind: 'rollback'; readonly name: string }
  | { readonly kind: 'save'; readonly name: string };

/** Transaction manager request (MS-TDS 2.2.6.9) behind its ALL_HEADERS. @throws Error for a request that is not known */
export function readTransactionRequest(bytes: Buffer): TransactionRequest {
  const request = bytes.readUInt16LE(0);
  const name = (at: number) => {
    const length = bytes[at] ?? 0;
    return bytes.toString('utf16le', at + 1, at + 1 + length);
  };
  switch (request) {
    case 5:
      return { kind: 'begin', isolation: bytes[2] ?? 0, name: name(3) };
    case 7:
      return { kind: 'commit' };
    case 8:
      return { kind: 'rollback', name: name(2) };
    case 9:
      return { kind: 'save', name: name(2) };
    default:
      throw new Error(`transaction manager request ${request}`);
  }
}
