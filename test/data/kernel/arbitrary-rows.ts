/** Random columns and random values of them, as they stand in ROW and NBCROW tokens, for comparing the kernel with the writers' own code. */

import fc from 'fast-check';
import { isPlp, type WireColumn, WireType } from '../../../src/data/wire-column.ts';
import { u32, u64 } from '../../connection/tds-bytes.ts';
import * as wire from '../wire-columns.ts';

const { columns } = wire;

/** A column, its values without their length, and how a value is framed. */
interface Cells {
  readonly column: WireColumn;
  readonly value: fc.Arbitrary<Buffer>;
}

const edges64 = [0n, 1n, -1n, 2n ** 63n - 1n, -(2n ** 63n), 2n ** 53n, 2n ** 53n + 1n, 99999999n, 100000000n].concat(
  Array.from({ length: 19 }, (_, i) => 10n ** BigInt(i)),
  Array.from({ length: 19 }, (_, i) => 10n ** BigInt(i) - 1n),
);
const big = (bits: number) =>
  fc.oneof(
    fc.bigInt({ min: -(2n ** BigInt(bits - 1)), max: 2n ** BigInt(bits - 1) - 1n }),
    fc.constantFrom(...edges64).map(n => BigInt.asIntN(bits, n)),
  );
const integer = (column: WireColumn, bytes: number): Cells => ({
  column,
  value: big(8 * bytes).map(n => wire.little(BigInt.asUintN(8 * bytes, n), bytes)),
});

const decimals = fc.tuple(fc.constantFrom(1, 9, 15, 16, 18, 19, 28, 38), fc.nat(38)).map(([precision, s]): Cells => {
  const scale = s % (precision + 1);
  const most = 10n ** BigInt(precision) - 1n;
  const size = fc.oneof(
    fc.bigInt({ min: 0n, max: most }),
    fc.nat(precision - 1).map(i => 10n ** BigInt(i)),
    fc.nat(precision).map(i => 10n ** BigInt(i) - 1n),
    fc.nat({ max: 9 }).map(BigInt),
  );
  return {
    column: columns.decimal(precision, scale),
    value: fc.tuple(size, fc.boolean()).map(([n, minus]) => {
      const bytes = wire.decimal(n > most ? most : n, precision);
      bytes[0] = minus ? 0 : 1;
      return bytes;
    }),
  };
});

/** Any double but NaN and infinity. */
export const doubles: fc.Arbitrary<number> = fc.oneof(
  fc
    .bigInt({ min: 0n, max: 2n ** 64n - 1n })
    .map(bits => wire.little(bits, 8).readDoubleLE())
    .map(v => (Number.isFinite(v) ? v : 0)),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc
    .tuple(fc.integer({ min: -99999, max: 99999 }), fc.integer({ min: -30, max: 30 }))
    .map(([n, e]) => Number(`${n}e${e}`)),
  fc.integer({ min: -323, max: 308 }).map(e => Number(`1e${e}`)),
  fc.tuple(fc.integer({ min: -1074, max: 1023 }), fc.constantFrom(-1, 0, 1)).map(([e, step]) => beside(2 ** e, step)),
  fc.constantFrom(
    0,
    -0,
    5e-324,
    2.2250738585072014e-308,
    1.7976931348623157e308,
    2 ** 53,
    2 ** 53 + 2,
    1e21,
    1e-6,
    1e-7,
  ),
);

/** The double `step` doubles further. */
function beside(value: number, step: number): number {
  const bytes = wire.f64(value);
  bytes.writeBigInt64LE(bytes.readBigInt64LE() + BigInt(step));
  const next = bytes.readDoubleLE();
  return Number.isFinite(next) ? next : value;
}

export const reals: fc.Arbitrary<number> = fc.oneof(
  fc.integer({ min: 0, max: 0xffffffff }).map(bits => {
    const value = u32(bits).readFloatLE();
    return Number.isFinite(value) ? value : 0;
  }),
  fc.integer({ min: -45, max: 38 }).map(e => Math.fround(Number(`1e${e}`))),
  fc.integer({ min: -126, max: 127 }).map(e => 2 ** e),
  fc.integer({ min: -(2 ** 24), max: 2 ** 24 }),
  fc.constantFrom(0, -0, 1.17549435e-38, 3.40282347e38, 16777217),
);

const day = fc.oneof(fc.integer({ min: 0, max: 3652058 }), fc.constantFrom(0, 3652058, 59, 693594, 730178));
const pieces = [
  '',
  ' ',
  "'",
  "''",
  '"',
  ',',
  ';',
  '\\',
  '\t',
  '\n',
  '\r\n',
  '\r',
  '\0',
  '\x01',
  '\x1f',
  '%&',
  '$',
  '$(',
  '\\\r\n',
  '\n GO',
  '\nGO\n',
  '\n:r',
  '\r!!',
  '\nexit x',
  '\n\texitus',
  'reset',
  'NULL',
  'ä',
  '“',
  '한국어',
  'Größe',
  '\u07ff\u0800\uffff',
  '\ud83d\ude00',
  '\ud83d',
  '\ude00',
  '\u2028',
];
const run = fc.nat(40).map(n => 'The customer placed an order on Monday; ab'.slice(0, n));
const text = fc
  .array(fc.oneof(fc.constantFrom(...pieces), run, fc.string({ maxLength: 20, unit: 'binary' })), { maxLength: 8 })
  .map(parts => parts.join(''));
const utf16 = text.map(t => Buffer.from(t, 'utf16le'));
const single = fc.oneof(
  text.map(t => Buffer.from(t, 'latin1')),
  fc.uint8Array({ maxLength: 60 }).map(b => Buffer.from(b)),
);
const utf8 = fc.oneof(
  { weight: 4, arbitrary: text.map(t => Buffer.from(t, 'utf8')) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 40 }).map(b => Buffer.from(b)) },
);
const bytes = fc.uint8Array({ maxLength: 70 }).map(b => Buffer.from(b));
const xml = fc
  .tuple(
    fc.constantFrom('', '', '\uFEFF', ' ', 'text ', '<!-- c -->', '<?pi?>', '<!DOCTYPE a [<!ELEMENT a ANY>]>'),
    fc.constantFrom('<a>', '<b c="d"/>', ''),
    text,
  )
  .map(parts => Buffer.from(parts.join(''), 'utf16le'));
const scale = fc.nat(7);
const time = (s: number) => fc.bigInt({ min: 0n, max: 86400n * 10n ** BigInt(s) - 1n }).map(n => wire.timeBytes(n, s));
const collations = [
  'SQL_Latin1_General_CP1_CI_AS',
  'Cyrillic_General_CI_AS',
  'Greek_CI_AS',
  'Thai_CI_AS',
  'Arabic_CI_AS',
  'SQL_Latin1_General_CP850_CI_AS',
];

const cells: fc.Arbitrary<Cells> = fc.oneof(
  fc.constantFrom(
    integer(columns.tinyint, 1),
    integer(columns.smallint, 2),
    integer(columns.int, 4),
    integer(columns.bigint, 8),
    integer(wire.wireColumn(WireType.int4), 4),
    integer(wire.wireColumn(WireType.int8), 8),
    integer(wire.wireColumn(WireType.bit), 1),
    { column: columns.bit, value: fc.constantFrom(Buffer.of(0), Buffer.of(1)) },
    { column: columns.money, value: big(64).map(wire.money) },
    { column: columns.smallmoney, value: big(32).map(n => wire.i32(Number(BigInt.asUintN(32, n)))) },
    { column: columns.float, value: doubles.map(wire.f64) },
    { column: columns.real, value: reals.map(wire.f32) },
    { column: columns.date, value: day.map(wire.dateBytes) },
    {
      column: columns.datetime,
      value: fc
        .tuple(fc.integer({ min: -53690, max: 2958463 }), fc.nat(25919999))
        .map(([d, t]) => Buffer.concat([wire.i32(d), u32(t)])),
    },
    {
      column: columns.smalldatetime,
      value: fc.tuple(fc.nat(65535), fc.nat(1439)).map(([d, m]) => Buffer.concat([wire.i16(d), wire.i16(m)])),
    },
    { column: columns.guid, value: fc.uint8Array({ minLength: 16, maxLength: 16 }).map(b => Buffer.from(b)) },
    { column: columns.varbinary, value: bytes },
    { column: columns.varbinaryMax, value: bytes },
    { column: columns.image, value: bytes },
    { column: columns.nchar, value: utf16 },
    { column: columns.nvarchar, value: utf16 },
    { column: columns.nvarcharMax, value: utf16 },
    { column: columns.ntext, value: utf16 },
    { column: columns.text, value: single },
    { column: columns.xml, value: xml },
    { column: columns.udt('sys', 'geography'), value: bytes },
    { column: columns.udt("o'b]", 'T'), value: bytes },
    { column: columns.json, value: utf8 },
  ),
  decimals,
  scale.map(s => ({ column: columns.time(s), value: time(s) })),
  scale.map(s => ({
    column: columns.datetime2(s),
    value: fc.tuple(time(s), day).map(([t, d]) => Buffer.concat([t, wire.dateBytes(d)])),
  })),
  scale.map(s => ({
    column: columns.datetimeoffset(s),
    value: fc
      .tuple(time(s), fc.integer({ min: 1, max: 3652057 }), fc.integer({ min: -840, max: 840 }))
      .map(([t, d, offset]) => Buffer.concat([t, wire.dateBytes(d), wire.i16(offset)])),
  })),
  fc.constantFrom(...collations).map(c => ({ column: columns.varchar(c), value: single })),
  fc.constantFrom(...collations).map(c => ({ column: columns.varcharMax(c), value: single })),
  fc.constantFrom(
    { column: columns.varchar('Latin1_General_100_CI_AS_SC_UTF8'), value: utf8 },
    { column: columns.varcharMax('Latin1_General_100_CI_AS_SC_UTF8'), value: utf8 },
    { column: columns.char('Latin1_General_100_CI_AS_SC_UTF8'), value: utf8 },
  ),
);

const fixed: ReadonlySet<number> = new Set([WireType.int4, WireType.int8, WireType.bit]);
const short: ReadonlySet<number> = new Set([
  WireType.bigVarBinary,
  WireType.bigVarChar,
  WireType.bigChar,
  WireType.nvarchar,
  WireType.nchar,
]);
const pointed: ReadonlySet<number> = new Set([WireType.text, WireType.ntext, WireType.image]);

/** The value as it stands in a row; null for NULL. @param cut where a value of a max type is cut into chunks, 0 for one chunk */
function framed(column: WireColumn, value: Buffer | null, cut: number): Buffer {
  if (isPlp(column)) {
    if (value === null) return Buffer.alloc(8, 0xff);
    const at = cut % (value.length + 1);
    const chunks = [value.subarray(0, at), value.subarray(at)].filter(c => c.length > 0);
    return Buffer.concat([u64(BigInt(value.length)), ...chunks.flatMap(c => [u32(c.length), c]), u32(0)]);
  }
  if (pointed.has(column.type)) return value === null ? Buffer.of(0) : wire.pointed(value);
  if (short.has(column.type)) return value === null ? Buffer.of(0xff, 0xff) : wire.sized(value);
  return value === null ? Buffer.of(0) : wire.short(value);
}

export interface Rows {
  readonly columns: readonly WireColumn[];
  readonly rows: readonly Buffer[];
}

/** @param most rows */
export const arbitraryRows = (most: number): fc.Arbitrary<Rows> =>
  fc.array(cells, { minLength: 1, maxLength: 10 }).chain(list => {
    const row = fc.tuple(
      fc.boolean(),
      ...list.map(({ column, value }) =>
        fc.tuple(
          fixed.has(column.type) ? value : fc.option(value, { freq: 5 }),
          fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(30) }),
        ),
      ),
    );
    return fc.array(row, { minLength: 1, maxLength: most }).map(rows => ({
      columns: list.map(({ column }, i) => ({ ...column, name: `c${i}` })),
      rows: rows.map(([bitmap, ...values]) => {
        const nulls = Buffer.alloc((list.length + 7) >> 3);
        const parts = (values as [Buffer | null, number][]).map(([value, cut], i) => {
          const { column } = list[i]!;
          if (fixed.has(column.type)) return value!;
          if (value !== null || !bitmap) return framed(column, value, cut);
          nulls[i >> 3]! |= 1 << (i & 7);
          return Buffer.alloc(0);
        });
        return Buffer.concat(bitmap ? [Buffer.of(0xd2), nulls, ...parts] : [Buffer.of(0xd1), ...parts]);
      }),
    }));
  });
