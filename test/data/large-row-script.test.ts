import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readColumnMetadata } from '../../src/data/column-metadata.ts';
import { LargeRowScript } from '../../src/data/large-row-script.ts';
import { RowText } from '../../src/data/row-text.ts';
import { Rowsum } from '../../src/data/rowsum.ts';
import { columnMetadata, hex, int, latin, plp, row, typeInfo, u16, u32, ucs2 } from '../connection/tds-bytes.ts';
import { oracleAvailable, parseWith } from '../support/oracle.ts';

const japaneseMax = Buffer.concat([hex('a7ffff'), hex('1104d00000')]);
const xml = hex('f100');
const image = Buffer.concat([hex('22'), u32(0x7fffffff), hex('01'), u16(1), hex('7400')]);
const geometry = Buffer.concat([
  hex('f0ffff'),
  hex('00'),
  hex('03730079007300'),
  hex('08670065006f006d006500740072007900'),
  u16(1),
  hex('6100'),
]);

function script(
  columns: readonly (readonly [string, Buffer])[],
  bytes: Buffer,
  cut = 65536,
  unicode: readonly string[] = [],
) {
  const metadata = readColumnMetadata(columnMetadata(columns), 1).columns;
  const writer = new LargeRowScript(metadata, {
    schema: 'dbo',
    table: 'Files',
    columns: columns.map(([name]) => name),
    unicode: new Set(unicode),
    newline: '\n',
  });
  let text = '';
  let longest = 0;
  for (let at = 0; at < bytes.length; at += cut) {
    writer.part(bytes.subarray(at, at + cut));
    const piece = writer.take();
    longest = Math.max(longest, piece.length);
    text += Buffer.from(piece).toString('utf8');
  }
  const sum = new Rowsum();
  writer.end();
  sum.addLanes();
  text += Buffer.from(writer.take()).toString('utf8');
  return { text, batches: text.split('\nGO\n').slice(0, -1), sum: sum.toString(), writer, metadata, longest };
}

/** The rowsum of the row as the ordinary way computes it. */
function wholeSum(metadata: ReturnType<typeof script>['metadata'], bytes: Buffer): string {
  const text = new RowText(metadata);
  const out = new DataView(new ArrayBuffer(bytes.length * 3 + text.overhead * 2 + 64));
  const state = { canonical: true, guarded: false, isolated: false, limit: out.byteLength - text.overhead - 16 };
  const end = text.write(out, 0, new DataView(bytes.buffer, bytes.byteOffset, bytes.length), 0, state);
  const sum = new Rowsum();
  sum.add(out, 0, end);
  return sum.toString();
}

/** Puts the pieces of a temporary table together as the server would: literals, guards and concatenations. */
function valueOf(batches: readonly string[], table: string): Buffer {
  const pieces = batches
    .map(b =>
      /^INSERT (\[[^\]]+\]) \(\[value\]\) SELECT ([\s\S]*);$|^UPDATE (\[[^\]]+\]) SET \[value\]\.WRITE\(([\s\S]*), NULL, 0\);$/.exec(
        b,
      ),
    )
    .filter(m => m !== null && (m[1] ?? m[3]) === table)
    .map(m => (m![2] ?? m![4])!);
  return Buffer.concat(pieces.map(literalBytes));
}

function literalBytes(literal: string): Buffer {
  if (literal.startsWith('0x')) return Buffer.from(literal.slice(2), 'hex');
  const cast = /^CAST\(0x([0-9A-F]*) AS nvarchar\((?:\d+|max)\)\)$/.exec(literal);
  if (cast) return Buffer.from(cast[1]!, 'hex');
  let text = '';
  let rest = literal.replace(/^CAST\(N'' AS nvarchar\(max\)\) \+ /, '');
  while (rest !== '') {
    const part = /^(?:N'((?:[^']|'')*)'|NCHAR\((\d+)\))(?: \+ )?/.exec(rest);
    if (!part) throw new Error(`not a literal: ${rest.slice(0, 80)}`);
    text += part[1] === undefined ? String.fromCharCode(Number(part[2])) : part[1].replaceAll("''", "'");
    rest = rest.slice(part[0].length);
  }
  return ucs2(text);
}

const big = (unit: string, times: number): Buffer => ucs2(unit.repeat(times));

describe('a row with a large value', () => {
  it('is built in a temporary table, within one transaction', () => {
    const value = big("äöü it's GO\nGO\n$(x) \\\n", 120_000);
    const bytes = row(int(7), plp(value), int(8));
    const { batches, sum, metadata } = script(
      [
        ['id', typeInfo.int],
        ['note', typeInfo.nvarcharMax],
        ['more', typeInfo.int],
      ],
      bytes,
    );
    expect(batches[0]).toBe('BEGIN TRANSACTION;');
    expect(batches[1]).toBe('CREATE TABLE [#xpdb_value_2] ([value] nvarchar(max) NOT NULL);');
    expect(batches.filter(b => b.startsWith('UPDATE')).length).toBeGreaterThan(5);
    expect(batches.slice(-3)).toEqual([
      'INSERT [dbo].[Files] ([id], [note], [more])\nSELECT 7, [v2].[value], 8 FROM [#xpdb_value_2] AS [v2];',
      'DROP TABLE [#xpdb_value_2];',
      'COMMIT TRANSACTION;',
    ]);
    expect(valueOf(batches, '[#xpdb_value_2]').equals(value)).toBe(true);
    expect(sum).toBe(wholeSum(metadata, bytes));
  });

  it('carries several large values and what stands between them', () => {
    const binary = Buffer.alloc(1_300_000, 0xa5);
    const text = big('𝄞x', 400_000);
    const { batches, sum, metadata } = script(
      [
        ['a', typeInfo.varbinaryMax],
        ['b', image],
        ['c', typeInfo.nvarcharMax],
        ['d', geometry],
        ['e', typeInfo.nvarcharMax],
      ],
      row(
        plp(binary),
        Buffer.concat([Buffer.of(16), Buffer.alloc(24), u32(binary.length), binary]),
        plp(text),
        plp(binary),
        plp(ucs2('small')),
      ),
    );
    expect(batches.at(-6)).toBe(
      'INSERT [dbo].[Files] ([a], [b], [c], [d], [e])\n' +
        "SELECT [v1].[value], [v2].[value], [v3].[value], CAST([v4].[value] AS geometry), N'small' FROM " +
        '[#xpdb_value_1] AS [v1] CROSS JOIN [#xpdb_value_2] AS [v2] CROSS JOIN [#xpdb_value_3] AS [v3] CROSS JOIN [#xpdb_value_4] AS [v4];',
    );
    for (const n of [1, 2, 4]) expect(valueOf(batches, `[#xpdb_value_${n}]`).equals(binary)).toBe(true);
    expect(valueOf(batches, '[#xpdb_value_3]').equals(text)).toBe(true);
    expect(sum).toBe(
      wholeSum(
        metadata,
        row(
          plp(binary),
          Buffer.concat([Buffer.of(16), Buffer.alloc(24), u32(binary.length), binary]),
          plp(text),
          plp(binary),
          plp(ucs2('small')),
        ),
      ),
    );
  });

  it('takes style 3 for xml with a document type, 1 for other xml', () => {
    const body = `<r>${'x'.repeat(800_000)}</r>`;
    const plain = script([['x', xml]], row(plp(ucs2(`\ufeff${body}`))));
    expect(plain.text).toContain('SELECT CONVERT(xml, [v1].[value], 1) FROM');
    expect(valueOf(plain.batches, '[#xpdb_value_1]').equals(ucs2(body))).toBe(true);
    const typed = script([['x', xml]], row(plp(ucs2(`<!-- a --><!DOCTYPE r [<!ELEMENT r ANY>]>${body}`))));
    expect(typed.text).toContain('CONVERT(xml, [v1].[value], 3)');
  });

  it('counts bytes that are no characters of their page', () => {
    const value = Buffer.concat([Buffer.alloc(1_200_000, 'a'), hex('81'), Buffer.from(' b')]);
    const { batches, writer } = script([['t', japaneseMax]], row(plp(value)));
    expect(writer.malformed()).toEqual([{ column: 't', values: 1 }]);
    expect(valueOf(batches, '[#xpdb_value_1]').toString('utf16le')).toBe(`${'a'.repeat(1_200_000)}\ufffd b`);
  });

  it('has no binary literal for such bytes where the table has text or nvarchar', () => {
    const text = Buffer.concat([hex('23'), u32(0x7fffffff), hex('1104d00000'), hex('01'), u16(1), hex('7400')]);
    const value = Buffer.concat([Buffer.of(16), Buffer.alloc(24), u32(2), hex('4181')]);
    const types = [
      ['t', text],
      ['u', japaneseMax],
      ['v', japaneseMax],
    ] as const;
    const { batches, writer } = script(types, row(value, plp(hex('4281')), plp(hex('4381'))), 65536, ['u']);
    expect(batches).toEqual(["INSERT [dbo].[Files] ([t], [u], [v])\nSELECT N'A\ufffd', N'B\ufffd', 0x4381;"]);
    expect(writer.malformed()).toEqual([
      { column: 't', values: 1 },
      { column: 'u', values: 1 },
    ]);
  });

  it('keeps no more than some megabytes, however large the value is', () => {
    const metadata = readColumnMetadata(columnMetadata([['b', typeInfo.varbinaryMax]]), 1).columns;
    const writer = new LargeRowScript(metadata, { schema: 'dbo', table: 'Files', columns: ['b'] });
    const part = Buffer.alloc(64000, 0x5c);
    const head = Buffer.concat([hex('d1 feffffffffffffff')]);
    writer.part(head);
    let largest = 0;
    for (let i = 0; i < 2000; i++) {
      writer.part(u32(part.length));
      writer.part(part);
      largest = Math.max(largest, writer.pending);
      writer.take();
    }
    writer.part(u32(0));
    writer.end();
    expect(largest).toBeLessThan(4 << 20);
  });

  it('gives back any text, cut anywhere', () => {
    const units = fc.array(
      fc.constantFrom('𝄞', '\ud834', '\udd1e', "'", '\\\n', '$(', '\nGO\n', '\0', 'é', 'plain text '),
      { minLength: 1, maxLength: 6 },
    );
    fc.assert(
      fc.property(units, fc.integer({ min: 1000, max: 90_000 }), fc.nat(9), (parts, cut, shift) => {
        const value = ucs2('.'.repeat(shift) + parts.join('').repeat(Math.ceil(300_000 / parts.join('').length)));
        const bytes = row(int(1), plp(value));
        const { batches, sum, metadata } = script(
          [
            ['i', typeInfo.int],
            ['n', typeInfo.nvarcharMax],
          ],
          bytes,
          cut,
        );
        expect(valueOf(batches, '[#xpdb_value_2]').equals(value)).toBe(true);
        expect(sum).toBe(wholeSum(metadata, bytes));
      }),
      { numRuns: 6 },
    );
  });

  it.skipIf(!oracleAvailable)('is text that every version parses (judged by ScriptDom)', async () => {
    const { text } = script(
      [
        ['id', typeInfo.int],
        ['note', typeInfo.nvarcharMax],
        ['x', xml],
        ['latin', Buffer.concat([hex('a7ffff'), latin])],
      ],
      row(
        int(7),
        plp(big('x\\\n', 400_000)),
        plp(ucs2(`<r>${'x'.repeat(700_000)}</r>`)),
        plp(Buffer.alloc(1_200_000, "'")),
      ),
    );
    for (const version of [100, 170]) expect(await parseWith(version, text)).toEqual([]);
  });
});
