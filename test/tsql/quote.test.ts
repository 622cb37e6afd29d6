import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { constantString } from '../../src/tsql/constant-string.ts';
import { tokenize } from '../../src/tsql/lexer.ts';
import { scriptString } from '../../src/tsql/literal.ts';
import { quoteName, quoteQualified, quoteString } from '../../src/tsql/quote.ts';
import { TokenCursor } from '../../src/tsql/token-cursor.ts';

const anything = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc
    .array(
      fc.constantFrom(
        "'",
        ']',
        '[',
        '"',
        '\\\r\n',
        '\nGO\n',
        '$(x)',
        '\u0000',
        '\ud800',
        '\r\n:r x',
        'é',
        '𝄞',
        '--',
        '/*',
      ),
    )
    .map(parts => parts.join('')),
);

describe('names and strings in T-SQL', () => {
  it('come back from the lexer as they were', () => {
    fc.assert(
      fc.property(anything, text => {
        const [name, end] = tokenize(quoteName(text));
        expect([name?.kind, name?.value, end?.kind]).toEqual(['bracketed', text, 'end']);
      }),
    );
    fc.assert(
      fc.property(
        anything.filter(t => !/\\\r?\n/.test(t)),
        text => {
          const [string, end] = tokenize(quoteString(text));
          expect([string?.kind, string?.value, end?.kind]).toEqual(['nstring', text, 'end']);
        },
      ),
    );
  });

  it('quotes each part of a name by itself', () => {
    fc.assert(
      fc.property(anything, anything, (schema, name) => {
        const quoted = quoteQualified(schema, name);
        const read = new TokenCursor(tokenize(quoted), quoted).objectName();
        // An empty part is one that was left out.
        expect([read.schema ?? '', read.name]).toEqual([schema, name]);
      }),
    );
    expect(quoteQualified(null, 'a')).toBe('[a]');
  });

  it('writes strings for scripts that mean what they were, in pieces that no runner takes for its own', () => {
    fc.assert(
      fc.property(anything, text => {
        const written = scriptString(text);
        expect(constantString(written)).toBe(text);
        expect(written).not.toMatch(/\$\(|\\\r?\n|[\r\n][ \t]*(?:GO\b|:|!!)/i);
        expect(written.isWellFormed() && !written.includes('\u0000')).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('constantString', () => {
  it.each<[string, string | null]>([
    ["N'a' + 'b'", 'ab'],
    ["N'a' + NCHAR(13) + NCHAR(0xA)", null],
    ["N'a' + CHAR(10)", 'a\n'],
    ['CHAR(200)', null],
    ['CAST(0x61002000 AS nvarchar(2))', 'a '],
    ["CAST(N'' AS nvarchar(max)) + N'x'", 'x'],
    ['1', null],
    ["N'a' + @b", null],
    ["UPPER(N'a')", null],
    ["N'a", null],
  ])('%s', (text, value) => {
    expect(constantString(text)).toBe(value);
  });
});
