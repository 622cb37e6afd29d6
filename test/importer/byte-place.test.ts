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

/** By the rule alone. */
function counted(text: string) {
  const lines = text.split(/\r\n|\n|\r/);
  const last = lines.at(-1)!;
  return lines.length === 1
    ? { line: 7, column: 3 + last.length }
    : { line: 6 + lines.length, column: 1 + last.length };
}

it('counts the same in many bytes, wherever they stand in memory', () => {
  const part = fc.constantFrom('a', 'bcd', '\n', '\r\n', '\r', 'é', '\u{1F600}', '\t', ' '.repeat(9), "N'x'");
  const long = fc.tuple(fc.array(part, { minLength: 1, maxLength: 60 }), fc.integer({ min: 400, max: 3000 }));
  fc.assert(
    fc.property(
      long,
      fc.array(part, { maxLength: 20 }),
      fc.nat(40),
      fc.constantFrom('', '\n', 'x'),
      (body, head, offset, behind) => {
        const before = `${head.join('')}(`;
        // Some of them over a megabyte, which the kernel takes in parts.
        const text = body[0].join('').repeat(body[1]);
        fc.pre(!(text.endsWith('\r') && behind === '\n'));
        const whole = before + text + behind;
        const memory = Buffer.alloc(offset + Buffer.byteLength(whole) + 9, 10);
        memory.write(whole, offset);
        const bytes = memory.subarray(offset, offset + Buffer.byteLength(whole));
        const to = bytes.length - Buffer.byteLength(behind);
        expect(placeAt(bytes, Buffer.byteLength(before), to, { line: 7, column: 3 })).toEqual(counted(text));
      },
    ),
    { numRuns: 100 },
  );
});
