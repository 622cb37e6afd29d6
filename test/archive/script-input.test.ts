import { Readable } from 'node:stream';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { openScriptStream } from '../../src/archive/script-input.ts';

const text = 'PRINT 1\nGO\n'.repeat(100_000);

function parts(bytes: Buffer): Readable {
  return Readable.from(
    (function* () {
      for (let at = 0; at < bytes.length; at += 50_000) yield bytes.subarray(at, at + 50_000);
    })(),
    { objectMode: false },
  );
}

describe('a script that is read', () => {
  for (const [packing, bytes] of [
    ['none', Buffer.from(text)],
    ['gzip', gzipSync(text)],
    ['zstd', zstdCompressSync(text)],
  ] as const) {
    it(`comes whole (packing: ${packing})`, async () => {
      let read = '';
      for await (const part of openScriptStream(parts(bytes), 'x.sql', undefined).text()) read += part;
      expect(read).toBe(text);
    });

    it(`is closed by who reads only its beginning (packing: ${packing})`, async () => {
      const source = parts(bytes);
      const reader = openScriptStream(source, 'x.sql', undefined).text();
      expect((await reader.next()).done).toBe(false);
      await reader.return(undefined);
      expect(source.destroyed).toBe(true);
    });
  }
});
