import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compressed, decompressedFile, parseCompression } from '../../src/archive/compression.ts';
import { openOutputFile } from '../../src/archive/output-file.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'xpdb-compression-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const text = Buffer.from(Array.from({ length: 50_000 }, (_, i) => `${i} some text\n`).join(''));

async function read(path: string, kind: 'zstd' | 'gzip' | 'none', limit: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of decompressedFile(path, kind, limit)) parts.push(Buffer.from(part));
  return Buffer.concat(parts);
}

describe('compression', () => {
  it.each(['zstd', 'zstd:19', 'gzip', 'gzip:1', 'none'])(
    '%s gives back what was written, also to others',
    async option => {
      const path = join(folder, 'a');
      const compression = parseCompression(option);
      const output = compressed(await openOutputFile(path, { overwrite: false }), compression);
      for (let at = 0; at < text.length; at += 100_000) {
        // The bytes are used again by their owner.
        const piece = Buffer.from(text.subarray(at, at + 100_000));
        await output.write(piece);
        piece.fill(0);
      }
      await output.finish();
      const stored = readFileSync(path);
      expect(output.bytesWritten).toBe(stored.length);
      const others = { zstd: zstdDecompressSync, gzip: gunzipSync, none: (b: Buffer) => b };
      expect(others[compression.kind](stored).equals(text)).toBe(true);
      expect((await read(path, compression.kind, text.length)).equals(text)).toBe(true);
    },
  );

  it.each(['lz4', 'zstd:0', 'zstd:20', 'gzip:10', 'none:1', 'zstd:', 'ZSTD'])('refuses %s', option => {
    expect(() => parseCompression(option)).toThrow(/not known/);
  });
});

describe('reading a compressed file that nobody vouches for', () => {
  it.each(['zstd', 'gzip'] as const)('stops a bomb at its declared size (%s)', async kind => {
    const path = join(folder, 'bomb');
    const zeros = Buffer.alloc(64 << 20);
    writeFileSync(path, kind === 'zstd' ? zstdCompressSync(zeros) : gzipSync(zeros));
    let seen = 0;
    const reading = (async () => {
      for await (const part of decompressedFile(path, kind, 1 << 20)) seen += part.length;
    })();
    await expect(reading).rejects.toThrow(/more than the 1048576 bytes/);
    expect(seen).toBeLessThanOrEqual(1 << 20);
  });
  it.each(['zstd', 'gzip'] as const)('says that a file is cut or no such file (%s)', async kind => {
    const path = join(folder, 'cut');
    writeFileSync(path, kind === 'zstd' ? zstdCompressSync(text) : gzipSync(text));
    truncateSync(path, 1000);
    await expect(read(path, kind, text.length)).rejects.toThrow(/can't read .*cut/);
    writeFileSync(path, 'plain text');
    await expect(read(path, kind, text.length)).rejects.toThrow(/can't read .*cut/);
    await expect(read(join(folder, 'none'), kind, 10)).rejects.toThrow(/is missing/);
  });
});
