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
