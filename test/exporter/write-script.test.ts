import { describe, expect, it } from 'vitest';
import { type Marker, parseMarker } from '../../src/archive/marker.ts';
import { SqlServerError } from '../../src/connection/sql-error.ts';
import { writeScript } from '../../src/exporter/write-script.ts';
import { int, plp, row, text, typeInfo, ucs2 } from '../connection/tds-bytes.ts';
import { oracleAvailable, parseWith } from '../support/oracle.ts';
import { type FakeOptions, type FakeRows, fakeSession } from './fake-session.ts';
import { memoryOutput } from './memory-output.ts';
import { exportOptions, shop, sourceOf } from './shop.ts';

const customerRows: FakeRows = {
  columns: [
    ['id', typeInfo.int],
    ['name', typeInfo.nvarcharMax],
  ],
  rows: Buffer.concat([row(int(2), plp(ucs2('Ann'))), row(int(5), plp(ucs2("O'Neill\nGO\n")))]),
};
const orderRows: FakeRows = {
  columns: [
    ['customer', typeInfo.int],
    ['note', typeInfo.nvarchar(100)],
  ],
  rows: Buffer.concat([row(int(2), text('first')), row(int(2), text('first'))]),
};
const tables = { '[dbo].[Customers]': customerRows, '[dbo].[Orders]': orderRows };
const identity: FakeOptions['query'] = sql =>
  sql.includes('sys.identity_columns') ? [{ schema: 'dbo', table: 'Customers', last_value: 9 }] : undefined;

async function write(options: Partial<typeof exportOptions> = {}, fake: FakeOptions = {}, rowsDatabase = 'Shop') {
  const output = memoryOutput();
  const session = fakeSession({ tables, query: identity, ...fake });
  const result = await writeScript({
    session,
    output,
    source: sourceOf(shop),
    rowsDatabase,
    options: { ...exportOptions, ...options },
    findings: [],
  });
  const script = output.text();
  const markers = script
    .split('\n')
    .map(line => parseMarker(line.replace('\r', '')))
    .filter((m): m is Marker => m !== null);
  return { script, markers, result, session, bytes: output.bytes() };
}

describe('a script', () => {
  it('has its sections in order, a marker for every object, and a trailer', async () => {
    const { markers } = await write();
    expect(
      markers.map(m => (m.kind === 'section' ? m.name : m.kind === 'object' ? `${m.type} ${m.name}` : m.kind)),
    ).toEqual([
      'header',
      'database',
      'database DATABASE',
      'settings',
      'pre-data',
      'table [dbo].[Customers]',
      'table [dbo].[Orders]',
      'data',
      'rows [dbo].[Customers]',
      'table',
      'rows [dbo].[Orders]',
      'table',
      'identity [dbo].[Customers]',
      'post-data',
      'foreign key [dbo].[Orders]',
      'trigger [dbo].[OrderAdded]',
      'state',
      'database DATABASE',
      'trailer',
    ]);
    expect(markers[0]).toMatchObject({
      format: 1,
      source: { version: '16.0.1000.6', database: 'Shop', collation: 'Latin1_General_CI_AS' },
      target: '2012',
      options: {},
    });
    expect(markers.at(-1)).toEqual({ kind: 'trailer', tables: 2, rows: 4, findings: 0 });
  });

  it('writes rows in clustered order between IDENTITY_INSERT, without computed columns, and keeps duplicates', async () => {
    const { script, session, markers } = await write();
    expect(session.ran).toContain('SELECT [id], [name] FROM [dbo].[Customers] ORDER BY [id]');
    expect(script).toContain(
      "SET IDENTITY_INSERT [dbo].[Customers] ON\nGO\nINSERT [dbo].[Customers] ([id], [name]) VALUES\n(2,N'Ann'),\n" +
        "(5,N'O''Neill' + NCHAR(10) + N'GO\n');\nGO\nSET IDENTITY_INSERT [dbo].[Customers] OFF\nGO\n",
    );
    expect(script).toContain("INSERT [dbo].[Orders] ([customer], [note]) VALUES\n(2,N'first'),\n(2,N'first');\nGO\n");
    const [customers, orders] = markers.filter(m => m.kind === 'table');
    expect(customers).toMatchObject({ schema: 'dbo', name: 'Customers', columns: ['id', 'name'], rows: 2 });
    expect(orders).toMatchObject({ rows: 2 });
    expect((customers as { rowsum: string }).rowsum).toMatch(/^[0-9a-f]{32}$/);
  });

  it('sets identity counters to what the source gives after the rows were read', async () => {
    const { script } = await write();
    expect(script).toContain("DBCC CHECKIDENT (N'[dbo].[Customers]', RESEED, 9) WITH NO_INFOMSGS\nGO\n");
  });

  it('is the same whatever pieces the rows come in', async () => {
    const whole = await write();
    for (const chunkBytes of [1, 7, 40]) expect((await write({}, { chunkBytes })).script).toBe(whole.script);
  });

  it('leaves out what other sections hold, but not the way into the database', async () => {
    const dataOnly = await write({ sections: new Set(['data']) });
    expect(dataOnly.script).toContain('USE [Shop]\nGO\n');
    expect(dataOnly.script).not.toContain('CREATE');
    const schemaOnly = await write({ sections: new Set(['pre-data', 'post-data']) });
    expect(schemaOnly.script).not.toContain('INSERT [');
    expect(schemaOnly.session.ran).toEqual([]);
  });

  it('switches triggers and foreign keys off around rows for tables that exist', async () => {
    const { script } = await write({ sections: new Set(['data']), dataOnly: true });
    const order = [
      'DISABLE TRIGGER [OrderAdded] ON [dbo].[Orders]',
      'ALTER TABLE [dbo].[Orders] NOCHECK CONSTRAINT [FK_Orders_Customers]',
      'INSERT [dbo].[Orders]',
      'ENABLE TRIGGER [OrderAdded] ON [dbo].[Orders]',
      'ALTER TABLE [dbo].[Orders] WITH CHECK CHECK CONSTRAINT [FK_Orders_Customers]',
    ].map(t => script.indexOf(t));
    expect(order).not.toContain(-1);
    expect(order).toEqual([...order].sort((a, b) => a - b));
  });

  it('is UTF-16 with a mark when asked for, and the same text', async () => {
    const utf8 = await write({ newline: '\r\n' });
    const utf16 = await write({ newline: '\r\n', encoding: 'utf16le', bom: true });
    expect(utf16.bytes.subarray(0, 2)).toEqual(Buffer.from([0xff, 0xfe]));
    expect(utf16.bytes.toString('utf16le', 2)).toBe(utf8.script);
  });

  it('reads rows from a database snapshot and identity values from the source', async () => {
    const { session } = await write({}, {}, 'Shop_snapshot');
    const at = (text: string) => session.ran.findIndex(sql => sql.includes(text));
    expect(at('USE Shop_snapshot')).toBeLessThan(at('FROM [dbo].[Customers]'));
    expect(at('USE Shop')).toBeGreaterThan(-1);
    expect(session.ran.lastIndexOf('USE Shop')).toBeLessThan(at('sys.identity_columns'));
  });

  it.skipIf(!oracleAvailable).each([100, 110, 160])('parses as version %i (judged by ScriptDom)', async version => {
    for (const options of [{}, { dataOnly: true, sections: new Set(['data']) }, { newline: '\r\n' as const }]) {
      const { script } = await write(options);
      expect(await parseWith(version, script)).toEqual([]);
    }
  });
});

describe('trouble while rows are read', () => {
  it('names the table whose rows the server refuses', async () => {
    const refusal = new SqlServerError([
      {
        number: 229,
        state: 5,
        class: 14,
        line: 1,
        procedure: '',
        server: '',
        message: 'The SELECT permission was denied',
      },
    ]);
    await expect(write({}, { tables: { ...tables, '[dbo].[Orders]': refusal } })).rejects.toMatchObject({
      details: { number: 229, object: '[dbo].[Orders]' },
    });
  });

  it('refuses columns that are not those that were asked for', async () => {
    const wrong = { ...orderRows, columns: [...orderRows.columns].reverse() };
    await expect(write({}, { tables: { ...tables, '[dbo].[Orders]': wrong } })).rejects.toThrow(
      /sent the columns note, customer for \[dbo\]\.\[Orders\]/,
    );
  });

  it('ends with the error of the output', async () => {
    const session = fakeSession({ tables, query: identity });
    const output = memoryOutput();
    const full = { ...output, bytesWritten: 0, write: async () => Promise.reject(new Error('the disk is full')) };
    await expect(
      writeScript({
        session,
        output: full,
        source: sourceOf(shop),
        rowsDatabase: 'Shop',
        options: exportOptions,
        findings: [],
      }),
    ).rejects.toThrow('the disk is full');
  });
});
