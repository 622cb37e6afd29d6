import { describe, expect, it } from 'vitest';
import { readLoaded } from '../support/loaded.ts';
import { index } from '../support/model.ts';

const table = 'CREATE TABLE T (a int NOT NULL, b int NULL, c varchar(9) NULL)';

describe('indexes', () => {
  it('are unique, clustered, descending, with included columns', async () => {
    const { tables } = await readLoaded(`${table}
      CREATE UNIQUE CLUSTERED INDEX I1 ON T (a DESC)
      CREATE INDEX I2 ON dbo.T (b, a DESC) INCLUDE (c)
      CREATE UNIQUE NONCLUSTERED INDEX I3 ON T (c)`);
    expect(tables[0]?.indexes).toEqual([
      index('I1', [], { unique: true, clustered: true, columns: [{ name: 'a', descending: true }] }),
      index('I2', [], {
        columns: [
          { name: 'b', descending: false },
          { name: 'a', descending: true },
        ],
        included: ['c'],
      }),
      index('I3', ['c'], { unique: true }),
    ]);
  });

  it('have filters as the server writes them', async () => {
    const { tables } = await readLoaded(`${table}
      CREATE INDEX I1 ON T (a) WHERE b IS NOT NULL AND a > 5
      CREATE UNIQUE INDEX I2 ON T (b) WHERE c = 'x'`);
    expect(tables[0]?.indexes).toEqual([
      index('I1', ['a'], { filter: '([b] IS NOT NULL AND [a]>(5))' }),
      index('I2', ['b'], { unique: true, filter: "([c]='x')" }),
    ]);
  });

  it('have every option', async () => {
    const { tables } = await readLoaded(`${table}
      CREATE UNIQUE INDEX I ON T (a) WITH (PAD_INDEX = ON, FILLFACTOR = 90, IGNORE_DUP_KEY = ON, STATISTICS_NORECOMPUTE = ON,
        ALLOW_ROW_LOCKS = OFF, ALLOW_PAGE_LOCKS = OFF, DATA_COMPRESSION = ROW)`);
    expect(tables[0]?.indexes[0]?.options).toEqual({
      padIndex: true,
      fillFactor: 90,
      ignoreDuplicateKey: true,
      statisticsNoRecompute: true,
      allowRowLocks: false,
      allowPageLocks: false,
      compression: [{ kind: 'ROW', partitions: [] }],
    });
  });

  it('may be disabled, and enabled again', async () => {
    const { tables } = await readLoaded(`${table}
      CREATE INDEX I1 ON T (a)
      CREATE INDEX I2 ON T (b)
      ALTER INDEX I1 ON T DISABLE
      ALTER INDEX I2 ON T DISABLE
      ALTER INDEX I2 ON T REBUILD`);
    expect(tables[0]?.indexes).toEqual([index('I1', ['a'], { disabled: true }), index('I2', ['b'])]);
  });

  it('lie on filegroups and partition schemes', async () => {
    const { tables } = await readLoaded(
      `CREATE DATABASE P ON PRIMARY (NAME = 'P', FILENAME = 'C:\\P.mdf'), FILEGROUP Old (NAME = 'Old', FILENAME = 'C:\\Old.ndf') LOG ON (NAME = 'L', FILENAME = 'C:\\L.ldf')
      GO
      USE P
      GO
      CREATE PARTITION FUNCTION F (int) AS RANGE RIGHT FOR VALUES (10, 20)
      CREATE PARTITION SCHEME S AS PARTITION F TO (Old, [PRIMARY], [PRIMARY])
      GO
      CREATE TABLE A (a int NOT NULL, b int NULL, CONSTRAINT PK_A PRIMARY KEY (a) ON S (a))
      CREATE INDEX I1 ON A (b) ON Old
      CREATE INDEX I2 ON A (b) ON S (a)
      CREATE TABLE B (a int NULL, d text NULL) ON Old TEXTIMAGE_ON [PRIMARY]
      CREATE TABLE C (a int NULL) ON S (a) WITH (DATA_COMPRESSION = PAGE ON PARTITIONS (1 TO 2))
      ALTER TABLE B SET (LOCK_ESCALATION = DISABLE)`,
      { database: 'P' },
    );
    const [a, b, c] = tables;
    const onScheme = { name: 'S', partitionColumn: 'a' };
    expect(a?.dataSpace).toEqual(onScheme);
    expect(a?.keys[0]?.dataSpace).toEqual(onScheme);
    expect(a?.indexes.map(i => i.dataSpace)).toEqual([{ name: 'Old', partitionColumn: null }, onScheme]);
    expect([b?.dataSpace, b?.lobDataSpace, b?.lockEscalation]).toEqual([
      { name: 'Old', partitionColumn: null },
      null,
      'DISABLE',
    ]);
    expect(c?.dataSpace).toEqual(onScheme);
    expect(c?.compression).toEqual([{ kind: 'PAGE', partitions: [1, 2] }]);
  });

  it('of views are theirs', async () => {
    const { views } = await readLoaded(`${table}
      GO
      CREATE VIEW dbo.V WITH SCHEMABINDING AS SELECT a, b FROM dbo.T
      GO
      CREATE UNIQUE CLUSTERED INDEX IV ON dbo.V (a)`);
    expect(views[0]?.indexes).toEqual([index('IV', ['a'], { unique: true, clustered: true })]);
  });
});
