import { describe, expect, it } from 'vitest';
import { loadScript, type SandboxOptions, sessionOn, withSandbox } from '../support/sandbox.ts';

const script = `
CREATE DATABASE Shop ON (NAME = Shop, FILENAME = N'C:\\Data\\Shop.mdf'), FILEGROUP More (NAME = Extra, FILENAME = N'C:\\Data\\Extra.ndf')
GO
USE Shop
GO
CREATE TABLE dbo.Items (id int NOT NULL PRIMARY KEY, code nvarchar(10) NULL CONSTRAINT UQ_Items UNIQUE)
INSERT dbo.Items (id, code) VALUES (3, N'c'), (1, N'a'), (2, NULL)
GO
`;
const snapshot =
  "CREATE DATABASE Shop_night ON (NAME = Shop, FILENAME = N'C:\\Data\\a.ss'), (NAME = Extra, FILENAME = N'C:\\Data\\b.ss') AS SNAPSHOT OF Shop";

async function on(
  options: Partial<SandboxOptions>,
  use: (session: Awaited<ReturnType<typeof sessionOn>>) => Promise<void>,
) {
  await withSandbox({ version: 150, volumes: ['C:\\Data'], ...options }, async sandbox => {
    await loadScript(sandbox, script);
    const session = await sessionOn(sandbox, 'Shop');
    await use(session);
    await session.close();
  });
}

describe('a database snapshot on the sandbox', () => {
  it('shows the database as it was, read-only and with its own files', () =>
    on({}, async session => {
      await session.execute(snapshot);
      await session.execute(
        "DELETE dbo.Items WHERE id = 1; INSERT dbo.Items VALUES (4, N'd'); CREATE TABLE dbo.Later (a int)",
      );
      await session.useDatabase('Shop_night');
      expect((await session.query('SELECT id, code FROM dbo.Items ORDER BY id')).rows).toEqual([
        [1, 'a'],
        [2, null],
        [3, 'c'],
      ]);
      expect((await session.query('SELECT name FROM sys.tables')).rows).toEqual([['Items']]);
      const [row] = (
        await session.query(
          "SELECT is_read_only, DB_NAME(source_database_id) FROM sys.databases WHERE name = 'Shop_night'",
        )
      ).rows;
      expect(row).toEqual([true, 'Shop']);
      expect((await session.query('SELECT name, physical_name FROM sys.database_files ORDER BY file_id')).rows).toEqual(
        [
          ['Shop', 'C:\\Data\\a.ss'],
          ['Extra', 'C:\\Data\\b.ss'],
        ],
      );
      await expect(session.execute('DROP DATABASE Shop_night')).rejects.toMatchObject({ details: { number: 3702 } });
      await session.useDatabase('Shop');
      await session.execute('DROP DATABASE Shop_night');
      expect((await session.query('SELECT COUNT(*) FROM dbo.Items')).rows).toEqual([[3]]);
    }));

  it.each([
    ['an unknown source', snapshot.replace('OF Shop', 'OF Nothing'), 911],
    ['a file that the source lacks', snapshot.replace('NAME = Extra', 'NAME = Other'), 5014],
    ['a file too few', snapshot.replace(/, \(NAME = Extra.*?\)/, ''), 5127],
    ['a place that does not exist', snapshot.replace('C:\\Data\\b.ss', 'E:\\b.ss'), 5133],
    ['a name that is taken', snapshot.replace('Shop_night', 'Shop'), 1801],
  ])('is refused for %s', (_, sql, number) =>
    on({}, async session => {
      await expect(session.execute(sql)).rejects.toMatchObject({ details: { number } });
      expect((await session.query("SELECT COUNT(*) FROM sys.databases WHERE name LIKE 'Shop%'")).rows).toEqual([[1]]);
    }),
  );

  it('is refused by the smaller editions before 2016 SP1', async () => {
    await on({ version: 110, edition: 'standard' }, async session => {
      await expect(session.execute(snapshot)).rejects.toMatchObject({ details: { number: 1844 } });
    });
    await on({ version: 110, edition: 'enterprise' }, session => session.execute(snapshot).then(() => undefined));
    await on({ version: 130, edition: 'express' }, session => session.execute(snapshot).then(() => undefined));
  });
});
