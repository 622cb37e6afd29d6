import { describe, expect, it } from 'vitest';
import { changedTables } from '../../src/importer/changed-tables.ts';
import { factsOf } from '../../src/importer/statement-facts.ts';
import type { TextPiece } from '../../src/tsql/script-piece.ts';

function tables(text: string): string[] {
  const piece: TextPiece = { kind: 'text', text, position: { line: 1, column: 1 } };
  return changedTables(piece, factsOf(piece)).map(t => (t.schema === null ? t.name : `${t.schema}.${t.name}`));
}

describe('the tables that a statement changes', () => {
  it.each([
    ['INSERT dbo.t (a) SELECT 1', ['dbo.t']],
    ['INSERT TOP (5) INTO [dbo].[t] DEFAULT VALUES', ['dbo.t']],
    ['INSERT dbo.t EXEC dbo.p', ['dbo.t']],
    ["BULK INSERT dbo.t FROM N'C:\\x.csv'", ['dbo.t']],
    ['UPDATE t SET a = 1', ['t']],
    ['UPDATE TOP (10) PERCENT dbo.t SET a = (SELECT MAX(b) FROM dbo.u)', ['dbo.t']],
    ['UPDATE x SET a = 1 FROM dbo.u AS u JOIN dbo.t AS x ON x.id = u.id', ['dbo.t']],
    ['UPDATE x SET a = 1 FROM dbo.u, dbo.t x WHERE x.id = u.id', ['dbo.t']],
    ['DELETE FROM dbo.t WHERE a = 1', ['dbo.t']],
    ['DELETE x FROM dbo.t x', ['dbo.t']],
    ['WITH c (n) AS (SELECT ROW_NUMBER() OVER (ORDER BY a) FROM dbo.t) DELETE c WHERE n > 1', ['dbo.t']],
    ['TRUNCATE TABLE dbo.t', ['dbo.t']],
    [
      'MERGE INTO dbo.t AS t USING dbo.u AS u ON t.a = u.a WHEN MATCHED THEN UPDATE SET b = 1 WHEN NOT MATCHED THEN INSERT (a) VALUES (1);',
      ['dbo.t'],
    ],
    ['SELECT * INTO dbo.t FROM dbo.u', ['dbo.t']],
    ['IF EXISTS (SELECT 1 FROM dbo.u) BEGIN DELETE dbo.t; UPDATE dbo.v SET a = 1 END', ['dbo.t', 'dbo.v']],
    ['UPDATE STATISTICS dbo.t', ['dbo.t']],
    ["INSERT [#x] ([value]) SELECT N'text'", ['#x']],
  ])('of %s', (text, expected) => {
    expect(tables(text)).toEqual(expected);
  });

  it.each([
    'SELECT * FROM dbo.t AS a INNER MERGE JOIN dbo.u AS b ON a.i = b.i',
    'GRANT INSERT, UPDATE, DELETE ON dbo.t TO public',
    'ALTER TABLE dbo.t ADD FOREIGN KEY (a) REFERENCES dbo.u (a) ON DELETE CASCADE ON UPDATE SET NULL',
    'CREATE TRIGGER dbo.r ON dbo.t AFTER INSERT, UPDATE AS DELETE dbo.u',
    'ALTER PARTITION FUNCTION f() MERGE RANGE (5)',
    'FETCH NEXT FROM c INTO @a',
    "PRINT N'DELETE dbo.t'",
  ])('are none of %s', text => {
    expect(tables(text)).toEqual([]);
  });
});
