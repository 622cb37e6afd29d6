import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { XpdbError } from '../../src/model/error.ts';
import { tokenize } from '../../src/tsql/lexer.ts';

const kinds = (text: string): string[] =>
  tokenize(text)
    .slice(0, -1)
    .map(t => `${t.kind} ${t.value}`);

describe('tokenize', () => {
  it.each<[string, string[]]>([
    ["'it''s'", ["string it's"]],
    ["N'ü''x' n'y'", ["nstring ü'x", 'nstring y']],
    ['"a""b"', ['quoted a"b']],
    ['[a]]b] [x.y]', ['bracketed a]b', 'bracketed x.y']],
    ["''", ['string ']],
    [
      'select Größe, 日本, _a, #t, ##g',
      [
        'word SELECT',
        'word GRÖSSE',
        'operator ,',
        'word 日本',
        'operator ,',
        'word _A',
        'operator ,',
        'word #T',
        'operator ,',
        'word ##G',
      ],
    ],
    ['@a @@ROWCOUNT @é', ['variable @a', 'variable @@ROWCOUNT', 'variable @é']],
    [
      '1 1.5 .5 1. 1E3 1.5e-10 1E',
      ['number 1', 'number 1.5', 'number .5', 'number 1.', 'number 1E3', 'number 1.5e-10', 'number 1E'],
    ],
    ['0x0A1b 0x', ['binary 0x0A1b', 'binary 0x']],
    ['0x0A\\\r\n1B', ['binary 0x0A1B']],
    ['$1.50 $-2', ['money $1.50', 'money $-2']],
    ['a<>b!=c<=d', ['word A', 'operator <>', 'word B', 'operator !=', 'word C', 'operator <=', 'word D']],
    ['geography::Point', ['word GEOGRAPHY', 'operator ::', 'word POINT']],
    ['a -- b\nc', ['word A', 'word C']],
    ['a /* x /* y */ z */ b', ['word A', 'word B']],
    ['a/*/ */b', ['word A', 'word B']],
    ["'-- no /* no'", ['string -- no /* no']],
    ["'a\\\r\nb'", ['string ab']],
    ["'a\\b'", ['string a\\b']],
    ['a\u00a0b\u3000c\ufeffd', ['word A', 'word B', 'word C', 'word D']],
    ['𝄞x', ['word 𝄞X']],
  ])('%j', (text, expected) => {
    expect(kinds(text)).toEqual(expected);
  });

  it('counts lines by CRLF, LF and CR', () => {
    const at = tokenize('a\r\nb\nc\rd').map(t => [t.text, t.line, t.column]);
    expect(at).toEqual([
      ['a', 1, 1],
      ['b', 2, 1],
      ['c', 3, 1],
      ['d', 4, 1],
      ['', 4, 2],
    ]);
  });

  it('counts on from where the text stands in its script', () => {
    const [a, b] = tokenize('a\n b', { position: { file: 'x.sql', line: 7, column: 5 } });
    expect([a?.line, a?.column, b?.line, b?.column]).toEqual([7, 5, 8, 2]);
  });

  it('gives comments and blanks too when asked to', () => {
    const text = "a /* b */ -- c\n'd'";
    const all = tokenize(text, { trivia: true });
    expect(all.map(t => t.text).join('')).toBe(text);
    expect(all.filter(t => t.kind === 'comment').map(t => t.text)).toEqual(['/* b */', '-- c']);
  });

  it.each<[string, RegExp, number, number, number]>([
    ["a\n 'b", /string is not closed/, 105, 2, 2],
    ['a [b', /name in brackets is not closed/, 105, 1, 3],
    ['a "b""', /quoted name is not closed/, 105, 1, 3],
    ['\n\n/* /* */', /comment .* is not closed/, 113, 3, 1],
  ])('says where %j began', (text, message, number, line, column) => {
    try {
      tokenize(text);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(XpdbError);
      expect((error as XpdbError).message).toMatch(message);
      expect((error as XpdbError).details).toMatchObject({ number, position: { line, column } });
    }
  });

  it('loses no character', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        "'a''b'",
        "N'x'",
        '[a]]b]',
        '"q""r"',
        '-- c\n',
        '/* /* */ */',
        '1.5e3',
        '0xAB',
        '@v',
        ' ',
        '\r\n',
        '<>',
        '(',
        'é',
        '日本',
        '$1',
      ),
      fc.string({ unit: fc.constantFrom('a', 'B', '1', '_', '#', '$', '.', ',', ';', '+', 'ü') }),
    );
    fc.assert(
      fc.property(fc.array(piece), pieces => {
        const text = pieces.join('');
        const tokens = tokenize(text, { trivia: true });
        expect(tokens.map(t => t.text).join('')).toBe(text);
        expect(tokens.slice(0, -1).map(t => t.end)).toEqual(tokens.slice(1).map(t => t.start));
      }),
      { numRuns: 1000 },
    );
  });
});
