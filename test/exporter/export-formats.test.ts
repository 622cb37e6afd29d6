import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openArchive } from '../../src/archive/archive-reader.ts';
import { checkArchive } from '../../src/archive/check-archive.ts';
import type { DataFormat } from '../../src/archive/manifest.ts';
import { openOutputFile } from '../../src/archive/output-file.ts';
import { sumRows } from '../../src/connection/sum-rows.ts';
import type { CsvOptions } from '../../src/data/csv-format.ts';
import { readNativeHeader } from '../../src/data/native-format.ts';
import { exportDirectory } from '../../src/exporter/export-directory.ts';
import { exportQuery, type QueryFormat } from '../../src/exporter/export-query.ts';
import { connectionTo, loadScript, openSandbox, type Sandbox, sessionOn } from '../support/sandbox.ts';
import { memoryOutput } from './memory-output.ts';
import { directoryOptions } from './phones.ts';

let sandbox: Sandbox;
let folder = '';
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'xpdb-formats-'));
  sandbox = await openSandbox({ version: 150 });
  await loadScript(sandbox, 'CREATE DATABASE Mixed');
  await loadScript(
    sandbox,
    `CREATE TABLE dbo.Things (id int NOT NULL PRIMARY KEY, name nvarchar(max) NULL, price money NULL, made datetime2(3) NULL, data varbinary(max) NULL)
CREATE TABLE dbo.Bare (at rowversion NOT NULL)
CREATE TABLE dbo.Notes (note nvarchar(20) NULL)
GO
INSERT dbo.Things VALUES (1, N'a "quoted", line' + NCHAR(13) + NCHAR(10) + N'ж', 1.5, '2024-02-29T23:59:59.123', 0x00FF), (2, N'', NULL, NULL, 0x), (3, NULL, -0.0001, NULL, NULL)
INSERT dbo.Things VALUES (4, REPLICATE(CONVERT(nvarchar(max), N'many, "Ä" '), 250000), NULL, NULL, CONVERT(varbinary(max), REPLICATE(CONVERT(varchar(max), 'x'), 2500000)))
INSERT dbo.Things VALUES (5, N'last', 2, NULL, 0x05)
INSERT dbo.Bare DEFAULT VALUES
INSERT dbo.Bare DEFAULT VALUES
INSERT dbo.Notes VALUES (N'a'), (NULL), (N''), (NULL)
GO
`,
    'Mixed',
  );
}, 240_000);
afterAll(async () => {
  await sandbox.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('an archive', () => {
  it.each<[DataFormat, 'zstd' | 'gzip']>([
    ['sql', 'zstd'],
    ['csv', 'gzip'],
    ['jsonl', 'zstd'],
    ['native', 'gzip'],
  ])(
    'of rows as %s, compressed by %s, holds all of them, values of megabytes too',
    { timeout: 240_000 },
    async (dataFormat, kind) => {
      const path = join(folder, dataFormat);
      const session = await sessionOn(sandbox, 'Mixed');
      const signal = new AbortController().signal;
      const compression = { kind, level: null };
      const options = { ...directoryOptions, chunkRows: 1000, dataFormat, compression };
      const result = await exportDirectory(session, connectionTo(sandbox, 'Mixed'), path, options, signal);
      expect(result.findings.filter(f => f.severity === 'blocker')).toEqual([]);
      const archive = await openArchive(path);
      expect((await checkArchive(archive)).problems).toEqual([]);
      const [bare, notes, things] = archive.manifest.tables;
      expect(notes!.rows).toBe(4);
      expect(result.findings.filter(f => f.rule === 'csv-empty-lines').map(f => f.object)).toEqual(
        dataFormat === 'csv' ? ['[dbo].[Notes].[note]'] : [],
      );
      expect([bare!.rows, bare!.columns, things!.rows]).toEqual([2, [], 5]);
      const suffix = kind === 'zstd' ? 'zst' : 'gz';
      expect(things!.chunks[0]!.path).toBe(`data/00003-dbo.Things/000001.${dataFormat}.${suffix}`);
      const { rowsum } = await sumRows(session, 'SELECT * FROM dbo.Things');
      await session.close();
      if (dataFormat === 'native') {
        const parts: Buffer[] = [];
        for await (const part of archive.readChunk(things!.chunks[0]!)) parts.push(part);
        const header = readNativeHeader(Buffer.concat(parts), 'chunk');
        expect(header!.columns.map(c => c.name)).toEqual(['id', 'name', 'price', 'made', 'data']);
      } else expect(things!.rowsum).toBe(rowsum);
    },
  );
});

describe('the rows of a query', () => {
  const sql = 'SELECT id, name, price FROM dbo.Things WHERE id < 4 ORDER BY id';
  async function query(text: string, format: QueryFormat) {
    const session = await sessionOn(sandbox, 'Mixed');
    const output = memoryOutput();
    try {
      const result = await exportQuery(session, output, text, format);
      return { ...result, bytes: output.bytes(), text: output.text() };
    } finally {
      await session.close();
    }
  }

  it('are csv by RFC 4180, NULL distinct from the empty text', async () => {
    const { text, rows, findings } = await query(sql, { format: 'csv', csv: {} });
    expect(text).toBe('id,name,price\r\n1,"a ""quoted"", line\r\nж",1.5000\r\n2,"",\r\n3,,-0.0001\r\n');
    expect([rows, findings]).toEqual([3, []]);
  });

  it('are csv of one column with an empty line for NULL, which a finding tells of', async () => {
    const names = 'SELECT name FROM dbo.Things WHERE id BETWEEN 2 AND 3 ORDER BY id';
    const empty = await query(names, { format: 'csv', csv: {} });
    expect(empty.text).toBe('name\r\n""\r\n\r\n');
    expect(empty.findings).toMatchObject(
      [{ rule: 'csv-empty-lines', severity: 'info', object: 'QUERY.[name]', message: '--null-text' }].map(f => ({
        ...f,
        message: expect.stringContaining(f.message),
      })),
    );
    const marked = await query(names, { format: 'csv', csv: { nullText: 'NULL' } });
    expect([marked.text, marked.findings]).toEqual(['name\r\n""\r\nNULL\r\n', []]);
    expect((await query('SELECT id FROM dbo.Things WHERE id < 4', { format: 'csv', csv: {} })).findings).toEqual([]);
    expect((await query(names, { format: 'jsonl' })).findings).toEqual([]);
  });

  it('are csv with another delimiter, mark, NULL, header and code page', async () => {
    const csv: CsvOptions = { delimiter: ';', nullText: 'NULL', header: false, bom: true, newline: '\n' };
    expect((await query(sql, { format: 'csv', csv })).text).toBe(
      '\ufeff1;"a ""quoted"", line\r\nж";1.5000\n2;;NULL\n3;NULL;-0.0001\n',
    );
    const western = await query(sql, { format: 'csv', csv: { encoding: 1252 } });
    expect(western.text).toContain('line\r\n?"');
    expect(western.findings).toMatchObject([
      { rule: 'characters-replaced', severity: 'blocker', object: 'QUERY.[name]' },
    ]);
    expect((await query(sql, { format: 'csv', csv: { encoding: 1251 } })).bytes.includes(0xe6)).toBe(true);
  });

  it('are lines of JSON', async () => {
    const { text } = await query(sql, { format: 'jsonl' });
    expect(
      text
        .trim()
        .split('\n')
        .map(line => JSON.parse(line)),
    ).toMatchObject([
      { id: 1, name: 'a "quoted", line\r\nж' },
      { id: 2, name: '', price: null },
      { id: 3, name: null },
    ]);
  });

  it('are of one SELECT', async () => {
    await expect(query('SELECT 1 AS a; SELECT 2 AS b', { format: 'jsonl' })).rejects.toThrow(/more than one result/);
    await expect(query('DECLARE @a int', { format: 'jsonl' })).rejects.toThrow(/no columns/);
    await expect(query('SELECT nothing', { format: 'jsonl' })).rejects.toMatchObject({ details: { number: 207 } });
  });

  it.each([
    "INSERT dbo.Bare DEFAULT VALUES; UPDATE dbo.Things SET name = N'x'; SELECT COUNT(*) AS n FROM dbo.Bare",
    'DELETE dbo.Things; DELETE dbo.Bare; DROP TABLE dbo.Bare; SELECT 3 AS n',
    'BEGIN TRANSACTION; DELETE dbo.Things; COMMIT; SELECT 3 AS n',
  ])('are all that comes of it: %s', async changing => {
    const state = 'SELECT (SELECT COUNT(*) FROM dbo.Bare) AS bare, id, price FROM dbo.Things ORDER BY id';
    const before = await query(state, { format: 'csv', csv: {} });
    expect((await query(changing, { format: 'csv', csv: {} })).text).toBe('n\r\n3\r\n');
    expect((await query(state, { format: 'csv', csv: {} })).text).toBe(before.text);
  });

  it('are refused where the query changes something and gives none', async () => {
    await expect(query('DELETE dbo.Things', { format: 'jsonl' })).rejects.toThrow(/no columns/);
    expect((await query('SELECT id FROM dbo.Things', { format: 'jsonl' })).rows).toBe(5);
  });

  it('are an error where the query ends the transaction around it', async () => {
    await expect(query('COMMIT; SELECT 1 AS n', { format: 'jsonl' })).rejects.toThrow(
      'the query ended its transaction, so what it changed may have stayed',
    );
  });

  it('go to a file as large as they are', async () => {
    const session = await sessionOn(sandbox, 'Mixed');
    const path = join(folder, 'names.csv');
    const output = await openOutputFile(path, { overwrite: false });
    await exportQuery(session, output, 'SELECT name FROM dbo.Things WHERE id >= 4 ORDER BY id', {
      format: 'csv',
      csv: {},
    });
    await output.finish();
    await session.close();
    expect(readFileSync(path, 'utf8')).toBe(`name\r\n"${'many, ""Ä"" '.repeat(250_000)}"\r\nlast\r\n`);
  });
});
