import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Session } from '../../../src/connection/session.ts';
import { NativeRowReader } from '../../../src/data/native-row-reader.ts';
import { createNativeRowWriter } from '../../../src/data/native-row-writer.ts';
import { createNativeLoad } from '../../../src/importer/bulk/native-load.ts';
import { openSandbox, type Sandbox, sessionOn } from '../../support/sandbox.ts';
import { contentOf, inNewDatabase } from './replay-rows.ts';

let sandbox: Sandbox;
let source: Session;
let target: Session;
let databases = 0;

beforeAll(async () => {
  sandbox = await openSandbox({ version: 160 });
  source = await sessionOn(sandbox);
  target = await sessionOn(sandbox);
});
afterAll(async () => {
  await source.close();
  await target.close();
  await sandbox.close();
});

const schema = `CREATE TABLE dbo.t (id int IDENTITY(1, 2) NOT NULL PRIMARY KEY, a bigint NULL, d decimal(9, 2) NOT NULL, n nvarchar(30) NULL,
  v varchar(30) NULL, m varbinary(max) NULL, x xml NULL, w sql_variant NULL, t text NULL, b bit NOT NULL, o datetimeoffset(3) NULL,
  g uniqueidentifier NULL, f float NULL);`;
const rows = `SET IDENTITY_INSERT dbo.t ON;
INSERT dbo.t (id, a, d, n, v, m, x, w, t, b, o, g, f) VALUES
(5, 9223372036854775807, -1.25, N'Ωé', N'é', 0x010203, N'<a>x</a>', CAST(CAST(N'v' AS nvarchar(4)) AS sql_variant), N'text', 1, N'2024-02-29T13:14:15.123+01:00', N'01234567-89AB-CDEF-0123-456789ABCDEF', 1.5E0),
(9, NULL, 0.00, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL, NULL, NULL);
SET IDENTITY_INSERT dbo.t OFF;`;

/** Two databases: one with rows, one with the empty table. */
async function prepare(): Promise<string> {
  await inNewDatabase(source, `s${++databases}`, `${schema}\n${rows}`);
  const name = `t${databases}`;
  await inNewDatabase(target, name, schema);
  return name;
}

describe('rows of a query', () => {
  it('come out as they went in, identity values included', async () => {
    await prepare();
    const load = createNativeLoad(target, { schema: 'dbo', name: 't' });
    await source.streamRows('SELECT * FROM dbo.t', load);
    expect(await load.finish()).toBe(2);
    expect(await contentOf(target, 'dbo.t')).toEqual(await contentOf(source, 'dbo.t'));
  });

  it('come with values of megabytes in parts', async () => {
    await prepare();
    const big = '\u00e9'.repeat(3_000_000);
    await source.execute(`INSERT dbo.t (d, b, m, t) VALUES (1, 1, CAST(N'${big}' AS varbinary(max)), N'${big}')`);
    const load = createNativeLoad(target, { schema: 'dbo', name: 't' });
    await source.streamRows('SELECT * FROM dbo.t', load, { largeRowBytes: 100_000 });
    expect(await load.finish()).toBe(3);
    const sizes = 'SELECT SUM(CAST(DATALENGTH(m) AS bigint)), SUM(CAST(DATALENGTH(t) AS bigint)) FROM dbo.t';
    expect((await target.query(sizes)).rows).toEqual((await source.query(sizes)).rows);
  });

  it('are many, in one load or none', async () => {
    await prepare();
    const many = Array.from({ length: 1000 }, (_, i) => `(${i}, ${i % 2}, N'${'x'.repeat(i % 30)}')`).join(', ');
    for (let i = 0; i < 5; i++) await source.execute(`INSERT dbo.t (d, b, n) VALUES ${many}`);
    const load = createNativeLoad(target, { schema: 'dbo', name: 't' });
    await source.streamRows('SELECT * FROM dbo.t', load);
    expect(await load.finish()).toBe(5002);
    expect(await contentOf(target, 'dbo.t')).toEqual(await contentOf(source, 'dbo.t'));
    const again = createNativeLoad(target, { schema: 'dbo', name: 't' });
    await source.streamRows('SELECT * FROM dbo.t', again).catch(() => {});
    await expect(again.finish()).rejects.toThrow(/PRIMARY KEY|duplicate key/i);
    expect((await target.query('SELECT COUNT(*) FROM dbo.t')).rows).toEqual([[5002]]);
  });
});

describe('a native file', () => {
  async function file(): Promise<Uint8Array[]> {
    const parts: Uint8Array[] = [];
    let writer: ReturnType<typeof createNativeRowWriter> | null = null;
    await source.streamRows('SELECT id, d, b, n FROM dbo.t', {
      columns: columns => void (writer = createNativeRowWriter(columns, { schema: 'dbo', table: 't' })),
      rows: (bytes, start, end) => writer!.write(bytes, start, end),
    });
    writer!.finish();
    writer!.end();
    parts.push(writer!.take());
    return parts;
  }

  it('goes into the table without a value being decoded', async () => {
    await prepare();
    const load = createNativeLoad(target, { schema: 'dbo', name: 't' });
    const reader = new NativeRowReader('t.rows', load);
    const parts = await file();
    for (const part of parts) await reader.write(part);
    reader.end(Buffer.from(parts.at(-1)!.subarray(-16)).toString('hex'));
    await load.finish();
    const rest = 'SELECT id, d, b, n FROM dbo.t ORDER BY id';
    expect((await target.query(rest)).rows).toEqual((await source.query(rest)).rows);
  });

  it('that is broken leaves nothing behind, and the session in order', async () => {
    await prepare();
    const [bytes] = await file();
    const load = createNativeLoad(target, { schema: 'dbo', name: 't' });
    const reader = new NativeRowReader('t.rows', load);
    const error = await reader
      .write(bytes!.subarray(0, bytes!.length - 8))
      .then(() => reader.end(''))
      .catch(e => e as Error);
    expect(error).toBeInstanceOf(Error);
    await load.fail(error);
    expect((await target.query('SELECT COUNT(*) FROM dbo.t')).rows).toEqual([[0]]);
    expect(target.inTransaction).toBe(false);
  });

  it('whose columns are not those of the table is refused by the column', async () => {
    await prepare();
    const read = async (sql: string) => {
      const load = createNativeLoad(target, { schema: 'dbo', name: 't' });
      await source.streamRows(sql, load);
      await load.finish();
    };
    await expect(read('SELECT id AS [no] FROM dbo.t')).rejects.toThrow(/\[dbo\].\[t\] has no column \[no\]/);
    await expect(read("SELECT CAST(N'x' AS nvarchar(5)) AS a FROM dbo.t")).rejects.toThrow(/the column a is bigint/);
    const missing = createNativeLoad(target, { schema: 'dbo', name: 'missing' });
    await expect(source.streamRows('SELECT id FROM dbo.t', missing)).rejects.toThrow(/no table \[dbo\].\[missing\]/);
  });
});
