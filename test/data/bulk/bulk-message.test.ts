import { describe, expect, it } from 'vitest';
import { bulkColumn } from '../../../src/data/bulk/bulk-column.ts';
import { bulkMetadata, insertBulkStatement } from '../../../src/data/bulk/bulk-message.ts';
import { collationFromName } from '../../../src/data/collation.ts';
import { readColumnMetadata } from '../../../src/data/column-metadata.ts';
import { type WireColumn, WireType } from '../../../src/data/wire-column.ts';
import { columns, wireColumn } from '../wire-columns.ts';

const latin = collationFromName('SQL_Latin1_General_CP1_CI_AS');
const named = (name: string, column: WireColumn): WireColumn => ({ ...column, name });

describe('INSERT BULK', () => {
  const list = [
    named('id', wireColumn(WireType.int4, { flags: 8 })),
    named('a]b', wireColumn(WireType.nvarchar, { maxLength: 120, collation: latin })),
    named('d', columns.decimal(18, 4)),
    named('big', columns.varcharMax('Greek_CI_AS')),
    named(
      'h',
      wireColumn(WireType.udt, { maxLength: 892, udt: { schema: 'sys', name: 'hierarchyid', assembly: 'a' } }),
    ),
    named('g', columns.udt('sys', 'geography')),
    named('x', columns.xml),
    named('v', columns.variant),
    named('o', columns.datetimeoffset(3)),
  ].map(c => bulkColumn(c));

  it('declares types, lengths and collations, and quotes names', () => {
    expect(insertBulkStatement(list, { table: '[dbo].[T]', checkConstraints: true, tableLock: false })).toBe(
      'INSERT BULK [dbo].[T] ([id] int, [a]]b] nvarchar(60) COLLATE SQL_Latin1_General_CP1_CI_AS, [d] decimal(18, 4), ' +
        '[big] varchar(max) COLLATE Greek_CI_AS, [h] varbinary(892), [g] varbinary(max), [x] xml, [v] sql_variant, ' +
        '[o] datetimeoffset(3)) WITH (KEEP_NULLS, CHECK_CONSTRAINTS)',
    );
  });

  it('takes the collation as the catalog has it', () => {
    const [column] = [
      bulkColumn(named('c', columns.char('Latin1_General_CI_AS')), { collation: 'Latin1_General_CI_AS_X' }),
    ];
    expect(column!.declaration).toBe('char(8000) COLLATE Latin1_General_CI_AS_X');
  });

  it('says order, lock and batch size where they are given', () => {
    const order = [
      { column: 'id', descending: false },
      { column: 'a]b', descending: true },
    ];
    expect(
      insertBulkStatement(list.slice(0, 1), {
        table: '[T]',
        checkConstraints: false,
        tableLock: true,
        rowsPerBatch: 1000,
        order,
      }),
    ).toBe(
      'INSERT BULK [T] ([id] int) WITH (KEEP_NULLS, TABLOCK, ROWS_PER_BATCH = 1000, ORDER ([id] ASC, [a]]b] DESC))',
    );
  });
});

describe('the metadata of a load', () => {
  it('is what a client that the server was captured with sends', () => {
    // captured: bulk.null-row
    const captured =
      '81030000000000040026040269006400000000000500e720000904d00034056c006100620065006c00000000000500a51000077000610079006c006f0061006400';
    const list = [
      named('id', wireColumn(WireType.int4, { flags: 8 })),
      named('label', wireColumn(WireType.nvarchar, { maxLength: 32, collation: latin })),
      named('payload', wireColumn(WireType.bigVarBinary, { maxLength: 16 })),
    ];
    expect(
      Buffer.from(
        bulkMetadata(
          list.map(c => bulkColumn(c)),
          'T',
        ),
      ).toString('hex'),
    ).toBe(captured);
  });

  it('reads back as it was meant, for every type', () => {
    const all = [
      columns.tinyint,
      columns.smallint,
      columns.bigint,
      columns.bit,
      columns.numeric(38, 10),
      columns.money,
      columns.smallmoney,
      columns.float,
      columns.real,
      columns.datetime,
      columns.smalldatetime,
      columns.date,
      columns.time(3),
      columns.datetime2(0),
      columns.datetimeoffset(7),
      columns.guid,
      columns.binary,
      columns.varbinaryMax,
      columns.image,
      columns.nchar,
      columns.ntext,
      columns.char('Japanese_CI_AS'),
      columns.text,
      columns.xml,
      columns.variant,
      columns.udt('dbo', 'Point'),
    ].map((c, i) => named(`c${i}`, c));
    const list = all.map(c => bulkColumn(c));
    const bytes = bulkMetadata(list, 'Übergröße');
    const read = readColumnMetadata(bytes, 1, bytes.length, 'bulk');
    expect(read.end).toBe(bytes.length);
    expect(read.columns).toEqual(list.map(c => c.wire));
  });
});
