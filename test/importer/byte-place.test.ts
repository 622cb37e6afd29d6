import fc from 'fast-check';
import { expect, it } from 'vitest';
import { placeAt } from '../../src/importer/byte-place.ts';
import { ScriptText } from '../../src/tsql/script-text.ts';

it('counts lines and columns in bytes as they are counted in text', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'ä', '☎', '𝄞', '\r', '\n', '\r\n', ' '), maxLength: 40 });
  fc.assert(
    fc.property(text, text, text, (before, between, after) => {
      // A break is never cut: rows and heads, at whose ends places are counted, do not end in one.
      const parts = [`${before}(`, `${between})`, `${after};`];
      const bytes = Buffer.from(parts.join(''));
      const source = new ScriptText('x.sql', { file: 'x.sql', line: 7, column: 3 });
      source.extend(0, parts.join(''), true);
      const first = Buffer.byteLength(parts[0]!);
      const second = first + Buffer.byteLength(parts[1]!);
      const place = placeAt(bytes, 0, first, { file: 'x.sql', line: 7, column: 3 });
      expect(place).toEqual(source.position(parts[0]!.length));
      expect(placeAt(bytes, first, second, place)).toEqual(source.position(parts[0]!.length + parts[1]!.length));
    }),
  );
});

const parts = fc.array(fc.constantFrom('a', 'bcd', '\n', '\r\n', '\r', 'é', '\u{1F600}', '\t', ' '.repeat(9), "N'x'"), {
  maxLength: 60,
});

it('lines and columns of bytes are those of their text, wherever the bytes stand in memory', () => {
  fc.assert(
    fc.property(parts, fc.nat(), fc.nat(), fc.nat(7), (list, a, b, offset) => {
      const before = list.slice(0, a % (list.length + 1));
      const text = list.join('');
      const from = Buffer.byteLength(before.join(''));
      const upTo = list.slice(0, before.length + (b % (list.length - before.length + 1))).join('');
      // A CR LF is not cut.
      fc.pre(!(upTo.endsWith('\r') && text[upTo.length] === '\n'));
      fc.pre(!(before.join('').endsWith('\r') && text[before.join('').length] === '\n'));
      const memory = Buffer.alloc(offset + Buffer.byteLength(text) + 9, 10);
      memory.write(text, offset);
      const bytes = memory.subarray(offset, offset + Buffer.byteLength(text));
      const found = placeAt(bytes, from, Buffer.byteLength(upTo), { line: 7, column: 3 });
      expect(found).toEqual(counted(text.slice(before.join('').length, upTo.length)));
    }),
    { numRuns: 2000 },
  );
});

/** By the rule alone. */
function counted(text: string) {
  const lines = text.split(/\r\n|\n|\r/);
  const last = lines.at(-1)!;
  return lines.length === 1
    ? { line: 7, column: 3 + last.length }
    : { line: 6 + lines.length, column: 1 + last.length };
}
