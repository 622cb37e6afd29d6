import { describe, expect, it } from 'vitest';
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
