/** Rows as other tools write them: all of what is exact must be taken, or their scripts are slow. */

import { describe, expect, it } from 'vitest';
import { collationFromName } from '../../../src/data/collation.ts';
import { type WireColumn, WireType } from '../../../src/data/wire-column.ts';
import { columns, wireColumn } from '../wire-columns.ts';
import { literalRows } from './bulk-bytes.ts';

const latin = collationFromName('SQL_Latin1_General_CP1_CI_AS');
const nvarchar = (length: number) => wireColumn(WireType.nvarchar, { maxLength: 2 * length, collation: latin });
const varchar = (length: number) => wireColumn(WireType.bigVarChar, { maxLength: length, collation: latin });

/** Whether each row is taken, each as a statement of its own. */
function takes(list: readonly WireColumn[], ...rows: string[]): boolean[] {
  const loader = literalRows(list);
  return rows.map(row => {
    loader.startStatement();
    return loader.add(row);
  });
}

describe('rows of the wizard of Management Studio and of mssql-scripter', () => {
  it('are taken with all their types', () => {
    const list = [
      columns.int,
      nvarchar(5),
      columns.datetime,
      columns.decimal(18, 4),
      columns.money,
      columns.bit,
      columns.float,
      columns.date,
      columns.datetime2(7),
      columns.datetimeoffset(7),
      columns.smalldatetime,
      columns.time(7),
      columns.guid,
      columns.varbinaryMax,
      columns.xml,
    ];
    const row =
      "(10248, N'VINET', CAST(N'1996-07-04T00:00:00.000' AS DateTime), CAST(32.3800 AS Decimal(18, 4)), 14.0000, 1, 0.15, " +
      "CAST(N'2024-02-29' AS Date), CAST(N'2024-02-29T13:14:15.1234567' AS DateTime2), " +
      "CAST(N'2024-02-29T13:14:15.1234567+01:00' AS DateTimeOffset), CAST(N'2024-02-29T13:14:00' AS SmallDateTime), " +
      "CAST(N'13:14:15.1234567' AS Time), N'6f9619ff-8b86-d011-b42d-00c04fc964ff', 0x0102, N'<a><b>x</b></a>')";
    const nulls = `(1${', NULL'.repeat(list.length - 1)})`;
    expect(takes(list, row, nulls, row)).toEqual([true, true, true]);
  });

  it('are taken in the form of older versions', () => {
    const list = [columns.datetime, columns.smalldatetime, columns.date, columns.datetime2(7), columns.time(7)];
    const row =
      '(CAST(0x00008AC400000000 AS DateTime), CAST(0xA1B2010E AS SmallDateTime), CAST(0xDE360B00 AS Date), ' +
      'CAST(0x07873FC90F6F6E460B AS DateTime2), CAST(0x0700E80A7E8D AS Time))';
    expect(takes(list, row, row)).toEqual([true, true]);
  });
});

describe('rows of sample databases', () => {
  it('are taken without N, with blanks as they come', () => {
    const list = [columns.int, varchar(40), varchar(10), columns.money, columns.smallint];
    expect(
      takes(
        list,
        "(1,'Chai''s','x',18,39)",
        '( 2 , NULL, NULL , -1.5,0 )',
        "(3,\n\t'Queso Cabrales',\t'1 kg pkg.',21.00,22)",
      ),
    ).toEqual([true, true, true]);
  });

  it('are left to the server where their dates depend on settings', () => {
    expect(takes([columns.datetime], "('7/4/1996')", "('19960704')", "('1996-07-04')", "('Jul 4 1996')")).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });
});
