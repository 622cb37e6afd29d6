import { describe, expect, it } from 'vitest';
import { openFormat } from '../../src/exporter/row-format.ts';
import type { TableRows } from '../../src/exporter/table-rows.ts';
import type { DataType } from '../../src/model/data-type.ts';
import { hex } from '../connection/tds-bytes.ts';
import { columns, sized } from '../data/wire-columns.ts';

function insertsOf(type: DataType, value: Buffer) {
  const table = { schema: 'dbo', name: 'T', columns: [{ name: 'c', type }] };
  const rows = { table, source: table, name: '[dbo].[T]', columns: ['c'] } as unknown as TableRows;
  const form = { rowsPerInsert: null, batchBytes: null, newline: '\n', encoding: 'utf8', bom: false } as const;
  const writer = openFormat('sql', rows, form).open([columns.varchar('Latin1_General_100_CI_AS_SC_UTF8')]);
  const bytes = Buffer.concat([Buffer.of(0xd1), sized(value)]);
  writer.write(bytes, 0, bytes.length);
  writer.end();
  return { script: Buffer.from(writer.take()).toString('utf8'), replaced: writer.replaced() };
}

describe('rows as INSERT statements', () => {
  const varchar: DataType = { schema: null, name: 'varchar', length: 10 };
  const nvarchar: DataType = { schema: null, name: 'nvarchar', length: 10 };

  it('have bytes of UTF-8 that are no characters as they are, for a target with UTF-8', () => {
    expect(insertsOf(varchar, hex('41c328'))).toEqual({
      script: 'INSERT [dbo].[T] ([c]) VALUES\n(0x41C328);\nGO\n',
      replaced: [],
    });
  });

  it('have characters for them where the target has nvarchar, and tell so', () => {
    expect(insertsOf(nvarchar, hex('41c328'))).toEqual({
      script: "INSERT [dbo].[T] ([c]) VALUES\n(N'A\ufffd(');\nGO\n",
      replaced: [{ column: 'c', values: 1 }],
    });
  });
});
