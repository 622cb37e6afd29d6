import type { Output } from '../../src/archive/output-file.ts';

/** Keeps what is written, after a turn of the event loop in which its bytes must stay as they are. */
export function memoryOutput(): Output & { readonly text: () => string; readonly bytes: () => Buffer } {
  const parts: Buffer[] = [];
  let bytesWritten = 0;
  return {
    name: 'memory',
    get bytesWritten() {
      return bytesWritten;
    },
    async write(bytes) {
      await new Promise(resolve => setImmediate(resolve));
      parts.push(Buffer.from(bytes));
      bytesWritten += bytes.length;
    },
    finish: async () => undefined,
    abandon: async () => undefined,
    bytes: () => Buffer.concat(parts),
    text: () => Buffer.concat(parts).toString('utf8'),
  };
}
