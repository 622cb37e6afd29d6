import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeScript } from '../../src/tsql/script-decoder.ts';

async function decode(bytes: Uint8Array, encoding?: string, cut = bytes.length): Promise<string> {
  let text = '';
  const chunks = [bytes.subarray(0, cut), bytes.subarray(cut)];
  const options = encoding === undefined ? { file: 'x.sql' } : { file: 'x.sql', encoding };
  for await (const part of decodeScript(chunks, options)) text += part;
  return text;
}

const sample = "INSERT [Größe ☎] VALUES (N'日本 𝄞');\r\nGO\r\n";
const withMark = (encoding: 'utf8' | 'utf16le', text: string) => Buffer.from(`\ufeff${text}`, encoding);
const bigEndian = (text: string) => Buffer.from(text, 'utf16le').swap16();

describe('decodeScript', () => {
  it.each<[string, Uint8Array]>([
    ['UTF-8', Buffer.from(sample)],
    ['UTF-8 with a mark', withMark('utf8', sample)],
    ['UTF-16 with a mark', withMark('utf16le', sample)],
    ['big-endian UTF-16 with a mark', bigEndian(`\ufeff${sample}`)],
    ['UTF-16 without a mark', Buffer.from('CREATE TABLE t (a int)\r\nGO\r\n', 'utf16le')],
    ['big-endian UTF-16 without a mark', bigEndian('CREATE TABLE t (a int)\r\nGO\r\n')],
  ])('reads %s', async (name, bytes) => {
    const expected = name.includes('without') ? 'CREATE TABLE t (a int)\r\nGO\r\n' : sample;
    expect(await decode(bytes)).toBe(expected);
  });

  it('reads an ANSI page that is named', async () => {
    expect(await decode(Buffer.from([0x50, 0xfc, 0x80]), 'windows-1252')).toBe('Pü€');
    expect(await decode(Buffer.from([0xcf, 0xf0]), 'windows-1251')).toBe('Пр');
  });

  it('asks for the name of an ANSI page', async () => {
    await expect(decode(Buffer.from([0x50, 0xfc, 0x20]))).rejects.toThrow(/not UTF-8 and has no byte order mark/);
    await expect(decode(Buffer.from('x'), 'klingon')).rejects.toThrow(/no encoding klingon/);
  });

  it.each<[string, Uint8Array, RegExp]>([
    ['a backup', Buffer.from('TAPE\u0000\u0003xxxx', 'latin1'), /is a backup/],
    ['a compressed backup', Buffer.from('MSSQLBAK\u0002', 'latin1'), /is a backup/],
    ['a bacpac', Buffer.from('PK\u0003\u0004xxxx', 'latin1'), /zip file/],
    ['binary data', Buffer.from([1, 0, 2, 3, 0, 0, 9, 8, 7]), /binary data/],
  ])('refuses %s', async (_, bytes, message) => {
    await expect(decode(bytes)).rejects.toThrow(message);
  });

  it('reads an empty file', async () => {
    expect(await decode(new Uint8Array())).toBe('');
  });

  it('gives the same text wherever its bytes are cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'binary', maxLength: 50 }).filter(t => !t.includes('\u0000') && t.isWellFormed()),
        fc.constantFrom('utf8' as const, 'utf16le' as const),
        fc.nat(120),
        async (text, encoding, cut) => {
          const bytes = withMark(encoding, text);
          // The mark itself is never part of the text.
          expect(await decode(bytes, undefined, Math.min(cut, bytes.length))).toBe(text.replace(/^\ufeff/, m => m));
        },
      ),
      { numRuns: 300 },
    );
  });
});
