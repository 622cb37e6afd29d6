import { describe, expect, it } from 'vitest';
import type { OnExisting } from '../../src/importer/import-options.ts';
import { runScript, type Sandbox, sessionOn, withSandbox } from '../support/sandbox.ts';
import { importOn } from './import-on.ts';

const patience = 240_000;

const script = (value: string) => `CREATE TABLE dbo.t (a int)
GO
EXEC sys.sp_addextendedproperty N'about', N'${value}';
GO
EXEC sys.sp_addextendedproperty @name = N'about', @value = N'${value}', @level0type = N'SCHEMA', @level0name = N'sales'
GO
EXEC sys.sp_addextendedproperty N'about', N'${value}', N'USER', N'anna'
EXEC sys.sp_addextendedproperty N'about', N'${value}', N'SCHEMA', N'dbo', N'TYPE', N'code'
GO
EXEC sys.sp_addextendedproperty N'about', N'${value}', N'SCHEMA', N'dbo', N'TABLE', N't'
EXEC sys.sp_addextendedproperty N'about', N'${value}', N'SCHEMA', N'dbo', N'TABLE', N't', N'COLUMN', N'a'
EXEC sys.sp_addextendedproperty N'${value}', N'new'
GO
`;

async function properties(sandbox: Sandbox): Promise<unknown[]> {
  const session = await sessionOn(sandbox, 'target');
  try {
    const { rows } = await session.query(
      'SELECT class, minor_id, name, CONVERT(nvarchar(20), value) FROM sys.extended_properties ORDER BY class, minor_id, name',
    );
    return rows.map(row => row.join(' '));
  } finally {
    await session.close();
  }
}

describe('extended properties that the target has', () => {
  it.each<[OnExisting, string, string]>([
    ['skip', 'old', 'left out extended property [about], which the target has'],
    ['drop', 'newer', 'replaces extended property [about]'],
  ])(
    'under --on-existing %s',
    async (onExisting, value, note) => {
      await withSandbox({ version: 160 }, async sandbox => {
        const session = await sessionOn(sandbox);
        await session.execute('CREATE DATABASE [target]');
        await session.useDatabase('target');
        await runScript(
          session,
          `CREATE SCHEMA sales\nGO\nCREATE USER anna WITHOUT LOGIN\nCREATE TYPE dbo.code FROM int\nGO\n${script('old')}`,
        );
        await session.close();
        const open = (database: string | null) => sessionOn(sandbox, database ?? undefined);
        const { notes } = await importOn(open, script('newer'), { onExisting });
        expect(notes.filter(n => n === note)).toHaveLength(4);
        const after = await properties(sandbox);
        // Of the database the one that the script adds, too; those of the table go with it.
        expect(after).toEqual([
          `0 0 about ${value}`,
          '0 0 newer new',
          '0 0 old new',
          ...['1 0', '1 1', '3 0', '4 0', '6 0'].map(place => `${place} about ${value}`),
        ]);
      });
    },
    patience,
  );
});
