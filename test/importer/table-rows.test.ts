import { describe, expect, it } from 'vitest';
import { parseList } from '../../src/importer/entry-list.ts';
import type { ImportOptions } from '../../src/importer/import-options.ts';
import { ExitCode, XpdbError } from '../../src/model/error.ts';
import { FakeServer } from './fake-server.ts';
import { importOn } from './import-on.ts';

const script = (...batches: string[]) => batches.map(b => `${b}\nGO\n`).join('');
const entry = (type: string, name: string) => `-- xpdb: ${JSON.stringify({ kind: 'object', type, name })}\n`;
const section = (name: string) => `-- xpdb: ${JSON.stringify({ kind: 'section', name })}\n`;

/** A row with a large value, as a script of xpdb has it. */
const largeRow = (table: string) =>
  script(
    'BEGIN TRANSACTION;',
    'CREATE TABLE [#xpdb_value_2] ([value] nvarchar(max) NOT NULL);',
    "INSERT [#xpdb_value_2] ([value]) SELECT N'la';",
    "UPDATE [#xpdb_value_2] SET [value].WRITE(N'rge', NULL, 0);",
    `INSERT ${table} ([i], [d])\nSELECT 2, [v2].[value] FROM [#xpdb_value_2] AS [v2];`,
    'DROP TABLE [#xpdb_value_2];',
    'COMMIT TRANSACTION;',
  );

describe('under --on-existing skip', () => {
  const skip = async (text: string) => {
    const server = new FakeServer('target');
    server.objects = [['dbo', 't']];
    const { notes } = await importOn(server.open, text, { onExisting: 'skip' });
    return { batches: server.database('target').batches, notes };
  };

  it('the rows of a table that is there stay as they are, whatever statement would change them', async () => {
    const { batches, notes } = await skip(
      script(
        'CREATE TABLE [dbo].[t] ([i] int)',
        'CREATE TABLE [dbo].[u] ([i] int)',
        'INSERT [dbo].[t] ([i]) VALUES (1)',
        'INSERT [dbo].[t] ([i]) SELECT 2',
        'INSERT [dbo].[t] DEFAULT VALUES',
        'UPDATE x SET [i] = 3 FROM [dbo].[t] AS x',
        'DELETE FROM t WHERE [i] = 1',
        'TRUNCATE TABLE dbo.t',
        'UPDATE [dbo].[u] SET [i] = (SELECT MAX([i]) FROM [dbo].[t])',
      ),
    );
    expect(batches).toEqual([
      'CREATE TABLE [dbo].[u] ([i] int)',
      'UPDATE [dbo].[u] SET [i] = (SELECT MAX([i]) FROM [dbo].[t])',
    ]);
    expect(notes.filter(n => n.includes('rows'))).toEqual([
      'line 5: left out what changes rows of [dbo].[t], which the target has',
    ]);
  });

  it('a large row is left out with the temporary tables that it is made in', async () => {
    const { batches } = await skip(
      section('pre-data') +
        script('CREATE TABLE [dbo].[t] ([i] int, [d] nvarchar(max))') +
        section('data') +
        entry('rows', '[dbo].[t]') +
        largeRow('[dbo].[t]'),
    );
    expect(batches).toEqual([]);
  });
});

describe('of tables that were chosen', () => {
  const choose = async (text: string, given: Partial<ImportOptions>) => {
    const server = new FakeServer('target');
    const { notes } = await importOn(server.open, text, given);
    return { batches: server.database('target').batches, notes };
  };
  const tables = ['dbo.t'];

  it('the large rows come with the temporary tables that they are made in, and those of others do not', async () => {
    const text = section('data') + entry('rows', '[dbo].[u]') + largeRow('[dbo].[u]') + entry('rows', '[dbo].[t]');
    const { batches, notes } = await choose(text + largeRow('[dbo].[t]'), { tables });
    const withoutTransaction = largeRow('[dbo].[t]').split('\nGO\n').slice(1, -2);
    expect(batches).toEqual(withoutTransaction);
    expect(notes).toEqual([]);
  });

  it('the rows come from scripts without markers, too; what nobody knows the table of is left out with a note', async () => {
    const { batches, notes } = await choose(
      script(
        'CREATE TABLE dbo.t (i int)',
        'CREATE TABLE dbo.u (i int)',
        'INSERT dbo.t SELECT 1',
        'INSERT dbo.u SELECT 1',
        'UPDATE t SET i = 2',
        'EXEC dbo.fill 1',
      ),
      { tables },
    );
    expect(batches).toEqual(['CREATE TABLE dbo.t (i int)', 'INSERT dbo.t SELECT 1', 'UPDATE t SET i = 2']);
    expect(notes).toEqual(['line 11: left out a statement of which no chosen table is known']);
  });

  it('none there is a usage error, and so is a list of which nothing is there', async () => {
    const text = section('pre-data') + entry('table', '[dbo].[t]') + script('CREATE TABLE dbo.t (i int)');
    const entries = parseList('pre-data\ttable\t[dbo].[x]\n', 'list.txt');
    for (const given of [{ tables: ['dbo.x'] }, { tables: ['t', 'x'] }, { entries }]) {
      const error = await choose(text, given).catch(e => e);
      expect(error).toBeInstanceOf(XpdbError);
      expect(error.exitCode).toBe(ExitCode.usage);
      expect(error.message).toMatch(
        /^no table of the script matches (?:dbo\.)?x$|^the script has nothing of what the list/,
      );
    }
    expect((await choose(text, { tables: ['t'] })).batches).toHaveLength(1);
  });
});
