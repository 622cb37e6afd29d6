import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { collationFromName } from '../../src/data/collation.ts';
import { createSqlRowWriter } from '../../src/data/sql-row-writer.ts';
import type { WireColumn } from '../../src/data/wire-column.ts';
import { splitScript } from '../../src/tsql/batch-splitter.ts';
import { hex, plp, u32, u64, ucs2 } from '../connection/tds-bytes.ts';
import { oracleAvailable, parseWith } from '../support/oracle.ts';
import { literalOf, scriptOf } from './literal-of.ts';
import { readLiteral, readRow } from './literal-reader.ts';
import { columns, pointed, sized, variant } from './wire-columns.ts';

const latin = 'SQL_Latin1_General_CP1_CI_AS';
const utf8 = 'Latin1_General_100_BIN2_UTF8';

/** Every way in which text comes over the wire: column, framing of UTF-16, or of Latin-1 where all characters are. */
const unicode: readonly (readonly [string, WireColumn, (text: string) => Buffer])[] = [
  ['nvarchar', columns.nvarchar, text => sized(ucs2(text))],
  ['nchar', columns.nchar, text => sized(ucs2(text))],
  ['nvarchar(max)', columns.nvarcharMax, text => plp(ucs2(text))],
  ['ntext', columns.ntext, text => pointed(ucs2(text))],
];
const bytes: readonly (readonly [string, WireColumn, (text: string) => Buffer])[] = [
  ['varchar', columns.varchar(latin), text => sized(Buffer.from(text, 'latin1'))],
  ['char', columns.char(latin), text => sized(Buffer.from(text, 'latin1'))],
  ['varchar(max)', columns.varcharMax(latin), text => plp(Buffer.from(text, 'latin1'))],
  ['text', columns.text, text => pointed(Buffer.from(text, 'latin1'))],
  ['UTF-8 varchar', columns.varchar(utf8), text => sized(Buffer.from(text))],
];

const plain: readonly (readonly [text: string, literal: string])[] = [
  ['', "N''"],
  [' ', "N' '"],
  ['row0', "N'row0'"],
  ['tail  \t', "N'tail  \t'"],
  ["'", "N''''"],
  ["''", "N''''''"],
  ["it's", "N'it''s'"],
  [']', "N']'"],
  ['a\rb', "N'a\rb'"],
  ['a\nb', "N'a\nb'"],
  ['a\r\nb\r\n', "N'a\r\nb\r\n'"],
  ['\\', "N'\\'"],
  ['\\\\n', "N'\\\\n'"],
  ['$ (', "N'$ ('"],
  ['$', "N'$'"],
  ['/* -- */', "N'/* -- */'"],
  ['£é', "N'£é'"],
  ['x\ngone\nGO_ON\ngo2', "N'x\ngone\nGO_ON\ngo2'"],
  ['GO', "N'GO'"],
  [':r file', "N':r file'"],
];

const unicodeOnly: readonly (readonly [text: string, literal: string])[] = [
  ['é😀', "N'é😀'"],
  ['\u2028\u2029', "N'\u2028\u2029'"],
  ['\uFFFD', "N'\uFFFD'"],
  ['\uFEFFfirst', "N'\uFEFFfirst'"],
  ['e\u0301', "N'e\u0301'"],
  ['Ωя漢', "N'Ωя漢'"],
  ['\u{10FFFF}\u{10000}', "N'\u{10FFFF}\u{10000}'"],
  ['\u007F\u0080\u07FF\u0800\uFFFF', "N'\u007F\u0080\u07FF\u0800\uFFFF'"],
];

/** What a runner of scripts or the server would change in one plain literal. */
const traps: readonly (readonly [text: string, literal: string])[] = [
  ['a\\\nb', "N'a\\' + N'\nb'"],
  ['a\\\r\nb', "N'a\\' + N'\r\nb'"],
  ['a\\\\\nb', "N'a\\\\' + N'\nb'"],
  ['$(x)', "N'$' + N'(x)'"],
  ['$$(x)', "N'$$' + N'(x)'"],
  ['a\nGO', "N'a' + NCHAR(10) + N'GO'"],
  ['a\r\ngo 5\r\nb', "N'a' + NCHAR(13) + NCHAR(10) + N'go 5\r\nb'"],
  ['a\n \tGO -- x', "N'a' + NCHAR(10) + N' \tGO -- x'"],
  ['a\n:r file', "N'a' + NCHAR(10) + N':r file'"],
  ['a\n!!dir', "N'a' + NCHAR(10) + N'!!dir'"],
  ['a\nexit', "N'a' + NCHAR(10) + N'exit'"],
  ['a\nQUIT', "N'a' + NCHAR(10) + N'QUIT'"],
  ['a\nreset', "N'a' + NCHAR(10) + N'reset'"],
  ['a\ned', "N'a' + NCHAR(10) + N'ed'"],
  ['\nGO', "NCHAR(10) + N'GO'"],
  ["it's\nGO", "N'it''s' + NCHAR(10) + N'GO'"],
];

const unwritable: readonly (readonly [text: string, literal: string])[] = [
  ['a\u0000b', 'CAST(0x610000006200 AS nvarchar(3))'],
  ['\u0000', 'CAST(0x0000 AS nvarchar(1))'],
];
const unwritableUnicode: readonly (readonly [text: string, literal: string])[] = [
  ['\uD800', 'CAST(0x00D8 AS nvarchar(1))'],
  ['\uDC00', 'CAST(0x00DC AS nvarchar(1))'],
  ['a\uDC00\uD800b', 'CAST(0x610000DC00D86200 AS nvarchar(4))'],
  ['\uD800\uD800\uDC00', 'CAST(0x00D800D800DC AS nvarchar(3))'],
];

describe('text as literals', () => {
  const both = [...plain, ...traps, ...unwritable];
  for (const [name, column, frame] of unicode) {
    it.each([...both, ...unicodeOnly, ...unwritableUnicode])(`${name} %j`, (text, literal) => {
      expect(literalOf(column, frame(text))).toBe(literal);
    });
  }
  for (const [name, column, frame] of bytes) {
    it.each(both)(`${name} %j`, (text, literal) => expect(literalOf(column, frame(text))).toBe(literal));
  }
  it.each(unicodeOnly)('UTF-8 varchar %j', (text, literal) => {
    expect(literalOf(columns.varchar(utf8), sized(Buffer.from(text)))).toBe(literal);
  });

  it('tells NULL from empty', () => {
    expect(literalOf(columns.nvarchar, Buffer.of(0xff, 0xff))).toBe('NULL');
    expect(literalOf(columns.nvarcharMax, u64(0xffffffffffffffffn))).toBe('NULL');
    expect(literalOf(columns.nvarcharMax, Buffer.concat([u64(0n), u32(0)]))).toBe("N''");
    expect(literalOf(columns.text, Buffer.of(0))).toBe('NULL');
  });

  it('joins chunks before it decodes: a character may be cut anywhere', () => {
    const text = "Ω😀漢'\\\nGO\r\nго";
    const utf16 = ucs2(text);
    const single = Array.from(utf16, byte => Buffer.of(byte));
    expect(readLiteral(literalOf(columns.nvarcharMax, plp(...single)))).toEqual({ kind: 'text', text });
    const narrow = Array.from(Buffer.from(text), byte => Buffer.of(byte));
    expect(readLiteral(literalOf(columns.varcharMax(utf8), plp(...narrow)))).toEqual({ kind: 'text', text });
  });

  it.each([4000, 4001, 8000, 8001, 10_000_000])('carries %i characters with a trap in the middle', length => {
    const half = 'x'.repeat(length / 2 - 2);
    const text = `${half}\\\n${half}`;
    const literal = literalOf(columns.nvarcharMax, plp(ucs2(text)));
    expect(readLiteral(literal)).toEqual({ kind: 'text', text });
    // The result of + is cut at 8,000 bytes unless the left-most operand is a max type.
    if (text.length > 4000) expect(literal).toMatch(/^CAST\(N'' AS nvarchar\(max\)\) \+ /);
  });

  it('does not join more pieces than a server takes in one expression', () => {
    const text = 'line\nGO\n'.repeat(5000);
    const literal = literalOf(columns.nvarcharMax, plp(ucs2(text)));
    expect(readLiteral(literal)).toEqual({ kind: 'text', text });
    expect(literal.split(' + ').length).toBeLessThan(200);
  });
});

describe('bytes that are no text of their code page', () => {
  it.each([
    ['c328', utf8],
    ['80', utf8],
    ['eda080', utf8],
    ['f4908080', utf8],
    ['41f09f98', utf8],
    ['8120', 'Japanese_CI_AS'],
    ['4181', 'Japanese_CI_AS'],
    ['fe7f', 'Chinese_PRC_CI_AS'],
  ])('%s of %s stays as it is, in a statement of its own', (hexText, collation) => {
    const bytes = Buffer.from(hexText, 'hex');
    const good = sized(Buffer.from('good'));
    const script = scriptOf([columns.varchar(collation)], [[good], [sized(bytes)], [good], [good]]);
    expect(script).toBe(
      [
        "INSERT [T] ([c]) VALUES\r\n(N'good');",
        `INSERT [T] ([c]) VALUES\r\n(0x${hexText.toUpperCase()});`,
        "INSERT [T] ([c]) VALUES\r\n(N'good'),\r\n(N'good');",
        'GO\r\n',
      ].join('\r\n'),
    );
  });
});

describe('bytes that are no text of their code page, where no binary literal can stand for them,', () => {
  const utf8Collation = Buffer.from(collationFromName(utf8).bytes).toString('hex');
  const write = (column: WireColumn, values: readonly Uint8Array[], unicode: readonly string[] = []) => {
    const writer = createSqlRowWriter([column], { table: 'T', unicode: new Set(unicode) });
    const bytes = Buffer.concat(values.map(value => Buffer.concat([Buffer.of(0xd1), value])));
    writer.write(bytes, 0, bytes.length);
    writer.finish();
    return { script: Buffer.from(writer.take()).toString('utf8'), replaced: writer.replaced() };
  };
  const rows = (...literals: readonly string[]) =>
    `INSERT [T] ([c]) VALUES\r\n${literals.map(l => `(${l})`).join(',\r\n')};\r\nGO\r\n`;
  const one = [{ column: 'c', values: 1 }];

  it('are replaced in text, and counted', () => {
    const column = { ...columns.text, collation: collationFromName('Japanese_CI_AS') };
    expect(write(column, [pointed(hex('414281')), pointed(hex('8abf'))])).toEqual({
      script: rows("N'AB\ufffd'", "N'漢'"),
      replaced: one,
    });
  });

  it('are replaced in varchar that is nvarchar in the table', () => {
    expect(write(columns.varchar(utf8), [sized(hex('41c328c3a9')), sized(hex('62'))], ['c'])).toEqual({
      script: rows("N'A\ufffd(é'", "N'b'"),
      replaced: one,
    });
    expect(write(columns.varcharMax(utf8), [plp(hex('ff'), hex('240a474f'))], ['c'])).toEqual({
      script: rows("N'\ufffd$' + NCHAR(10) + N'GO'"),
      replaced: one,
    });
  });

  it('are replaced in a sql_variant by what is as long as they are', () => {
    const value = variant('a7', `${utf8Collation}0400`, hex('ff616263'));
    const { script, replaced } = write(columns.variant, [value]);
    expect(script).toBe(rows(`CAST(CAST(N'?abc' COLLATE ${utf8} AS varchar(4)) AS sql_variant)`));
    expect(replaced).toEqual(one);
  });

  it.skipIf(!oracleAvailable)("are a script that Microsoft's parser takes", async () => {
    const bad = hex('41ff0042');
    const value = variant('a7', `${utf8Collation}0400`, bad);
    const script = [
      write(columns.text, [pointed(bad)]),
      write(columns.varchar(utf8), [sized(bad)], ['c']),
      write(columns.varchar(utf8), [sized(bad)]),
      write(columns.variant, [value]),
    ];
    expect(await parseWith(140, script.map(s => s.script).join(''))).toEqual([]);
  });
});

/** Text of the characters that make trouble, and some that don't. */
const hazardous = fc
  .array(
    fc.constantFrom(
      ...["'", '\\', '\n', '\r', '\r\n', '$', '(', ')', ' ', '\t', 'GO', 'go', ':', '!!', '!', 'exit', 'ED', 'x'],
      ...['é', '漢', '😀', '\uD800', '\uDC00', '\u0000', '\u2028', ';', ',', '--', '/*', '*/', '[', ']', '"', '5'],
    ),
    { maxLength: 14 },
  )
  .map(parts => parts.join(''));
const row = fc.tuple(hazardous, hazardous, fc.array(hazardous, { minLength: 1, maxLength: 300 }));

const rowColumns = [
  { ...columns.nvarchar, name: 'a' },
  { ...columns.nvarcharMax, name: 'b' },
];

function script(rows: readonly (readonly [string, string])[]): string {
  return scriptOf(
    rowColumns,
    rows.map(([a, b]) => [sized(ucs2(a)), plp(ucs2(b))]),
  );
}

describe('scripts that any runner may replay', () => {
  it('split into the same rows and values', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(hazardous, hazardous), { minLength: 1, maxLength: 20 }), async rows => {
        const found: string[][] = [];
        for await (const piece of splitScript([script(rows)])) {
          if (piece.kind === 'insertRow') {
            found.push(
              readRow(piece.text).map(v => {
                if (v.kind !== 'text') throw new Error(`no text: ${v.kind}`);
                return v.text;
              }),
            );
          } else expect(['insertHead', 'insertEnd', 'batchEnd']).toContain(piece.kind);
        }
        expect(found).toEqual(rows);
      }),
      { numRuns: 500, endOnFailure: true },
    );
  });

  it('hold nothing that sqlcmd would take for its own', () => {
    fc.assert(
      fc.property(row, ([a, b, more]) => {
        const text = script([[a, b], ...more.map(m => [m, m] as const)]);
        expect(text.isWellFormed()).toBe(true);
        expect(text).not.toContain('\u0000');
        expect(text).not.toContain('$(');
        expect(text).not.toMatch(/\\\r?\n/);
        const lines = text.split(/\r\n|\n|\r/);
        const commands = lines.filter(line => /^[ \t]*(?:GO\b|ED\b|EXIT\b|QUIT\b|RESET\b|:|!!)/i.test(line));
        expect(new Set(commands)).toEqual(new Set(['GO']));
        // GO lines only where xpdb ends a batch.
        expect(commands.length).toBe(text.split(';\r\nGO\r\n').length - 1);
      }),
      { numRuns: 300, endOnFailure: true },
    );
  });

  it.skipIf(!oracleAvailable)(
    "are valid to Microsoft's parser",
    async () => {
      const rows = fc.sample(fc.tuple(hazardous, hazardous), { numRuns: 1500, seed: 7 });
      expect(await parseWith(100, script(rows).replaceAll(/(\r\n)GO\r\n/g, '$1'))).toEqual([]);
    },
    120_000,
  );
});
