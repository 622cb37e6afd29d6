/** Casts to the column's own type: what the kernel takes must be what the readers of single rows take, byte by byte. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { endMargin } from '../../../src/data/bulk/literal-cursor.ts';
import type { LiteralRows } from '../../../src/data/bulk/literal-rows.ts';
import { collationFromName } from '../../../src/data/collation.ts';
import { literalKernel } from '../../../src/data/kernel/literal-kernel.ts';
import { type WireColumn, WireType } from '../../../src/data/wire-column.ts';
import { columns, wireColumn } from '../wire-columns.ts';
import { literalRows, scriptBytes } from './bulk-bytes.ts';

const latin = collationFromName('SQL_Latin1_General_CP1_CI_AS');
const nvarchar = (length: number) => wireColumn(WireType.nvarchar, { maxLength: 2 * length, collation: latin });
const varchar = (length: number) => wireColumn(WireType.bigVarChar, { maxLength: length, collation: latin });
const nchar = (length: number) => wireColumn(WireType.nchar, { maxLength: 2 * length, collation: latin });
const binary = (length: number) => wireColumn(WireType.bigBinary, { maxLength: length });

interface Kind {
  readonly column: WireColumn;
  /** As tools write it, and others of the same meaning. */
  readonly types: readonly string[];
  readonly others: readonly string[];
  readonly literal: fc.Arbitrary<string>;
}

const pad = (value: number, length: number) => String(value).padStart(length, '0');
const date = fc
  .tuple(fc.integer({ min: 1750, max: 2080 }), fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 30 }))
  .map(([y, m, d]) => `${pad(y, 4)}-${pad(m, 2)}-${pad(d, 2)}`);
const fraction = fc.oneof(
  fc.constantFrom('', '.000', '.123', '.997', '.999', '.1230000', '.5'),
  fc.nat(9999999).map(f => `.${pad(f, 7)}`),
);
const time = fc
  .tuple(fc.nat(24), fc.nat(59), fc.constantFrom(0, 0, 59, 60), fraction)
  .map(([h, m, s, f]) => `${pad(h, 2)}:${pad(m, 2)}:${pad(s, 2)}${f}`);
const moment = fc.tuple(date, fc.constantFrom('T', ' '), time).map(parts => parts.join(''));
const offset = fc.constantFrom('+00:00', ' +01:00', '-08:30', '+14:00', '+15:00', 'Z');
const quoted = (text: fc.Arbitrary<string>) =>
  fc.tuple(fc.constantFrom('N', 'N', 'N', 'n', ''), text).map(([n, t]) => `${n}'${t.replaceAll("'", "''")}'`);
const hexOf = (lengths: readonly number[]) =>
  fc
    .constantFrom(...lengths)
    .chain(length => fc.uint8Array({ minLength: length, maxLength: length }))
    .map(bytes => `0x${Buffer.from(bytes).toString('hex')}`);
const u16 = (value: number) => value.toString(16).padStart(4, '0');
const u32 = (value: number) => (value >>> 0).toString(16).padStart(8, '0');
/** Little-endian, in so many bytes. */
const little = (value: number, size: number) =>
  Buffer.from(Array.from({ length: size }, (_, i) => Math.floor(value / 256 ** i) % 256)).toString('hex');
const binaryDatetime = fc
  .tuple(fc.integer({ min: -53692, max: 2958465 }), fc.integer({ min: -1, max: 25920001 }))
  .map(([days, clock]) => `0x${u32(days)}${u32(clock)}`.toUpperCase().replace('X', 'x'));
const binaryTime = fc.nat(8).chain(scale =>
  fc.nat(864001).map(part => {
    const units = Math.min(Math.floor((part / 864000) * 86400 * 10 ** Math.min(scale, 7)), 2 ** 40 - 1);
    return `0${scale}${little(units, scale <= 2 ? 3 : scale <= 4 ? 4 : 5)}`;
  }),
);
const binaryDays = fc.integer({ min: 0, max: 3652060 }).map(days => little(days, 3));
const binaryOffset = fc.integer({ min: -842, max: 842 }).map(minutes => little(minutes & 0xffff, 2));
const number = fc.oneof(
  fc.integer().map(String),
  fc.nat(300).map(String),
  fc.tuple(fc.integer({ min: -99999, max: 99999 }), fc.nat(99999)).map(([w, f]) => `${w}.${pad(f, 5)}`),
  fc.tuple(fc.nat(999), fc.constantFrom('.0000', '.5000', '.', '.12')).map(parts => parts.join('')),
  fc.constantFrom(
    '-0',
    '+5',
    '.5',
    '1e3',
    '1.5E-7',
    '0.00000000000000000000000000000000000000001',
    '- 5',
    '(3)',
    '0x05',
  ),
);
const text = quoted(fc.oneof(fc.string({ maxLength: 12 }), fc.constantFrom('é', 'x\\\n', '日本', 'a AS b', ')', '𝒳')));

const numeric = ['Decimal(18, 4)', 'decimal(18,4)', '[numeric](18, 4)', 'NUMERIC ( 18 , 4 )', 'dec(18, 4)'];
const kinds: readonly Kind[] = [
  { column: columns.int, types: ['Int', 'INT', '[int]', 'integer'], others: ['bigint', 'int(4)'], literal: number },
  { column: columns.bit, types: ['Bit', 'bit'], others: ['int'], literal: number },
  { column: columns.decimal(18, 4), types: numeric, others: ['Decimal(18, 5)', 'Decimal', 'money'], literal: number },
  { column: columns.numeric(18, 4), types: numeric, others: ['Numeric(9, 4)'], literal: number },
  { column: columns.money, types: ['Money', '[money]'], others: ['smallmoney'], literal: number },
  { column: columns.float, types: ['Float', 'float(53)'], others: ['Real', 'float(24)'], literal: number },
  { column: columns.real, types: ['Real', 'float(24)'], others: ['Float'], literal: number },
  {
    column: columns.datetime,
    types: ['DateTime', 'datetime', '[datetime]'],
    others: ['DateTime2', 'Date', 'datetime(3)'],
    literal: fc.oneof(quoted(fc.oneof(moment, date)), binaryDatetime, hexOf([0, 1, 7, 8, 9])),
  },
  {
    column: columns.smalldatetime,
    types: ['SmallDateTime', 'smalldatetime'],
    others: ['DateTime'],
    literal: fc.oneof(
      quoted(moment),
      fc.tuple(fc.nat(65535), fc.nat(1442)).map(([d, m]) => `0x${u16(d)}${u16(m)}`),
      hexOf([3, 4, 5]),
    ),
  },
  {
    column: columns.date,
    types: ['Date', 'date'],
    others: ['DateTime'],
    literal: fc.oneof(
      quoted(fc.oneof(date, moment)),
      fc.tuple(binaryDays, fc.constantFrom('', '00', '01', '0')).map(parts => `0x${parts.join('')}`),
    ),
  },
  {
    column: columns.time(7),
    types: ['Time', 'time(7)', 'Time (7)'],
    others: ['Time(3)'],
    literal: fc.oneof(
      quoted(time),
      binaryTime.map(t => `0x${t}`),
      hexOf([0, 3, 4, 6]),
    ),
  },
  {
    column: columns.datetime2(3),
    types: ['DateTime2', 'DateTime2(3)', 'datetime2(7)'],
    others: ['DateTime2(2)', 'DateTime'],
    literal: fc.oneof(
      quoted(moment),
      fc.tuple(binaryTime, binaryDays).map(parts => `0x${parts.join('')}`),
    ),
  },
  {
    column: columns.datetimeoffset(7),
    types: ['DateTimeOffset', 'datetimeoffset(7)'],
    others: ['datetimeoffset(6)'],
    literal: fc.oneof(
      quoted(fc.tuple(moment, offset).map(parts => parts.join(''))),
      fc.tuple(binaryTime, binaryDays, binaryOffset).map(parts => `0x${parts.join('')}`),
    ),
  },
  {
    column: columns.guid,
    types: ['uniqueidentifier', 'UniqueIdentifier'],
    others: ['binary(16)'],
    literal: quoted(fc.oneof(fc.uuid(), fc.constant('no'))),
  },
  { column: nvarchar(8), types: ['nvarchar(8)', 'NVarChar (8)'], others: ['nvarchar(9)', 'nvarchar'], literal: text },
  { column: varchar(8), types: ['varchar(8)', '[varchar](8)'], others: ['nvarchar(8)'], literal: text },
  { column: nchar(4), types: ['nchar(4)'], others: ['nchar(5)'], literal: text },
  { column: binary(8), types: ['binary(8)'], others: ['varbinary(8)'], literal: hexOf([0, 1, 8, 9]) },
  {
    column: columns.varbinaryMax,
    types: ['varbinary(max)', 'VarBinary(MAX)'],
    others: ['image'],
    literal: hexOf([0, 3]),
  },
];

/** Most cells are what a tool writes, each column with a spelling of its own. */
function cells({ types, others, literal }: Kind, spelling: number): fc.Arbitrary<string> {
  const usual = types[spelling % types.length]!;
  const cast = (type: fc.Arbitrary<string>, blanks: fc.Arbitrary<readonly string[]>) =>
    fc.tuple(literal, type, blanks).map(([l, t, b]) => `CAST(${b[0]}${l}${b[1]}AS${b[2]}${t}${b[3]})`);
  const plain = fc.constant(['', ' ', ' ', ''] as const);
  const blank = fc.constantFrom('', ' ', '  ', '\t', '\r\n');
  return fc.oneof(
    { weight: 16, arbitrary: cast(fc.constant(usual), plain) },
    { weight: 2, arbitrary: fc.constantFrom('NULL', 'CAST(NULL AS int)') },
    { weight: 1, arbitrary: literal },
    { weight: 1, arbitrary: cast(fc.constantFrom(...types, ...others), plain) },
    { weight: 1, arbitrary: cast(fc.constant(usual), fc.tuple(blank, blank, blank, blank)) },
    {
      weight: 1,
      arbitrary: cast(fc.constant(usual), plain).map(c => c.replace('CAST(', 'cast (').replace(' AS ', ' as ')),
    },
  );
}

const table = fc.array(fc.tuple(fc.constantFrom(...kinds), fc.nat(5)), { minLength: 1, maxLength: 3 }).chain(list =>
  fc.record({
    list: fc.constant(list.map(([kind]) => kind.column)),
    statements: fc.array(
      fc.array(fc.tuple(...list.map(([kind, spelling]) => cells(kind, spelling))), { minLength: 1, maxLength: 4 }),
      { minLength: 1, maxLength: 6 },
    ),
  }),
);

type Taker = (rows: LiteralRows, script: DataView, start: number, end: number) => number;

/** What each statement becomes, and behind which row it stops. */
function loads(list: readonly WireColumn[], statements: readonly string[], take: Taker): string[] {
  const rows = literalRows(list);
  return statements.map(statement => {
    rows.startStatement();
    const script = scriptBytes(statement);
    const end = script.byteLength - endMargin;
    let at = 0;
    while (at < end) {
      const behind = take(rows, script, at, end);
      if (behind < 0) break;
      at = behind + 1;
    }
    return `${at} ${Buffer.concat(rows.take()).toString('hex')}`;
  });
}

const byKernel: Taker = (rows, script, start, end) => rows.addRows(script, start, end, 1000);
const alone: Taker = (rows, script, start, end) => rows.addBytes(script, start, end);
const statementOf = (rows: readonly (readonly string[])[]) => rows.map(row => `(${row.join(', ')})`).join(',');

describe('casts to the type of the column', () => {
  it('become the same in the kernel as row by row', () => {
    fc.assert(
      fc.property(table, ({ list, statements }) => {
        const texts = statements.map(statementOf);
        expect(loads(list, texts, byKernel)).toEqual(loads(list, texts, alone));
      }),
      { numRuns: 600 },
    );
  });

  it('are the kernel’s from the second row on', () => {
    const list = [columns.datetime, columns.date, columns.decimal(18, 4), columns.datetime, columns.time(7)];
    const row =
      "(CAST(N'1996-07-04T00:00:00.000' AS DateTime), CAST(N'2024-02-29' AS Date), CAST(32.3800 AS Decimal(18, 4)), " +
      'CAST(0x0000A1B200E6B680 AS DateTime), CAST(0x0700E80A7E8D AS Time))';
    const rows = literalRows(list);
    const script = scriptBytes(Array(5).fill(row).join(','));
    const end = script.byteLength - endMargin;
    expect(rows.addRows(script, 0, end, 1000)).toBe(row.length);
    expect(rows.addRows(script, row.length + 1, end, 1000)).toBe(end);
    expect(literalKernel().rows).toBe(4);
    rows.startStatement();
    expect(rows.addRows(script, 0, end, 1000)).toBe(end);
  });

  it('are not taken for those of another table', () => {
    const row = "(CAST(N'2024-02-29T00:00:00.000' AS DateTime))";
    const both = scriptBytes(`${row},${row}`);
    const end = both.byteLength - endMargin;
    const first = literalRows([columns.datetime]);
    const second = literalRows([columns.datetime2(7)]);
    expect(first.addRows(both, 0, end, 10)).toBe(row.length);
    expect(first.addRows(both, row.length + 1, end, 10)).toBe(end);
    expect(second.addRows(both, 0, end, 10)).toBe(-1);
    first.startStatement();
    expect(first.addRows(both, 0, end, 10)).toBe(end);
  });
});
