import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Session } from '../../../src/connection/session.ts';
import { openSandbox, type Sandbox, sessionOn, withSandbox } from '../../support/sandbox.ts';
import { contentOf, inNewDatabase, type Replayed, replayRows } from './replay-rows.ts';

let sandbox: Sandbox;
let session: Session;
let databases = 0;

beforeAll(async () => {
  sandbox = await openSandbox({ version: 160 });
  session = await sessionOn(sandbox);
});
afterAll(async () => {
  await session.close();
  await sandbox.close();
});

/** Both ways; fails when they end differently. */
async function both(schema: string, script: string, ...tables: string[]): Promise<Replayed> {
  const ways: { replayed: Replayed; content: unknown }[] = [];
  for (const bulk of [true, false]) {
    await inNewDatabase(session, `d${++databases}`, schema);
    const replayed = await replayRows(session, script, bulk);
    ways.push({ replayed, content: await contentOf(session, ...tables) });
  }
  expect(ways[0]!.content).toEqual(ways[1]!.content);
  expect(ways[0]!.replayed.error === null).toBe(ways[1]!.replayed.error === null);
  return ways[0]!.replayed;
}

const plain =
  'CREATE TABLE dbo.t (a int NOT NULL, b nvarchar(20) NULL, c decimal(9, 2) NULL DEFAULT 5, d bit NOT NULL DEFAULT 1);';

describe('INSERTs become bulk loads with the same result', () => {
  it('of plain tables, with NULL where the script says NULL and defaults where it says nothing', async () => {
    const script = "INSERT dbo.t (a, b) VALUES (1, N'x'), (2, NULL);\nINSERT dbo.t (b, c, a) VALUES (N'y', NULL, 3);";
    expect(await both(plain, script, 'dbo.t')).toEqual({ how: ['bulk', 'bulk'], error: null });
  });

  it('without a list of columns', async () => {
    expect((await both(plain, "INSERT INTO t VALUES (1, N'x', 1.5, 0)", 'dbo.t')).how).toEqual(['bulk']);
    const computed = 'CREATE TABLE dbo.t (a int NOT NULL, b AS a * 2, c int NULL);';
    expect((await both(computed, 'INSERT t VALUES (1, 2)', 'dbo.t')).how).toEqual(['bulk']);
  });

  it('of all types that scripts have literals for', async () => {
    const schema = `CREATE TABLE dbo.t (i tinyint, s smallint, l bigint, m money, sm smallmoney, f float, r real, n numeric(38, 10),
      d date, t time(3), d2 datetime2(7), o datetimeoffset(0), dt datetime, sd smalldatetime, c char(5), v varchar(50), nc nchar(5),
      nm nvarchar(max), vm varchar(max), b binary(4), vb varbinary(20), bm varbinary(max), g uniqueidentifier, x xml, w sql_variant,
      tx text, nt ntext, im image);`;
    const script = `INSERT dbo.t VALUES (255, -32768, 9223372036854775807, -1.1300, 2.5000, 1.5E0, 1.25000000E0, 12345678901234567890.0123456789,
      N'2024-02-29', N'13:14:15.123', N'2024-02-29T13:14:15.1234567', N'2024-02-29T13:14:15+05:30', N'2024-02-29T13:14:15.123',
      N'2024-02-29T13:14:00', N'ab', N'é''é', N'Ωx', N'${'long '.repeat(2000)}', N'v', 0x0A, 0x0102, 0x, N'01234567-89AB-CDEF-0123-456789ABCDEF',
      CONVERT(xml, N'<a>x</a>', 1), CAST(CAST(N'x' COLLATE Latin1_General_CI_AS AS nvarchar(3)) AS sql_variant), N'tx', N'nt', 0x05);
      INSERT dbo.t (i) VALUES (NULL);`;
    expect((await both(schema, script, 'dbo.t')).how).toEqual(['bulk', 'bulk']);
  });

  it('of tables with names that need quotes', async () => {
    const schema = 'CREATE SCHEMA [a]]b];\nGO\nCREATE TABLE [a]]b].[t [1]]] ([c]]d] int, [select] int);';
    const script = 'INSERT [a]]b].[t [1]]] ([c]]d], [select]) VALUES (1, 2);';
    expect((await both(schema, script, '[a]]b].[t [1]]]')).how).toEqual(['bulk']);
  });

  it('with identity values where IDENTITY_INSERT is on for the table', async () => {
    const schema =
      'CREATE TABLE dbo.t (id int IDENTITY(10, 5) NOT NULL, a int NULL); CREATE TABLE dbo.u (id int IDENTITY NOT NULL);';
    const script = `SET IDENTITY_INSERT dbo.t ON;
      INSERT dbo.t (id, a) VALUES (100, 1), (20, 2);
      SET IDENTITY_INSERT dbo.t OFF;
      INSERT dbo.t (a) VALUES (3);`;
    const { how } = await both(schema, script, 'dbo.t');
    expect(how).toEqual(['bulk', 'the column [id] gets its identity value from the server']);
    const wrong = 'SET IDENTITY_INSERT u ON;\nINSERT t (id, a) VALUES (1, 1);';
    const refused = await both(schema, wrong, 'dbo.t', 'dbo.u');
    expect(refused.how).toEqual(['the column [id] is the identity column, and IDENTITY_INSERT is off']);
    expect(refused.error).toMatch(/IDENTITY_INSERT/);
  });

  it('with constraints checked and still trusted', async () => {
    const schema = `CREATE TABLE dbo.p (id int NOT NULL PRIMARY KEY);
      CREATE TABLE dbo.t (a int NOT NULL CONSTRAINT ck CHECK (a > 0), p int NULL CONSTRAINT fk REFERENCES dbo.p (id));
      INSERT dbo.p (id) VALUES (1);`;
    expect((await both(schema, 'INSERT dbo.t (a, p) VALUES (1, 1), (2, NULL);', 'dbo.t')).how).toEqual(['bulk']);
    expect((await both(schema, 'INSERT dbo.t (a, p) VALUES (1, 7);', 'dbo.t')).error).toMatch(/FOREIGN KEY/);
    expect((await both(schema, 'INSERT dbo.t (a, p) VALUES (0, 1);', 'dbo.t')).error).toMatch(/CHECK/);
  });

  it('or fail as a whole, leaving nothing behind', async () => {
    const schema = 'CREATE TABLE dbo.t (a int NOT NULL PRIMARY KEY);\nINSERT dbo.t (a) VALUES (3);';
    const { how, error } = await both(schema, 'INSERT dbo.t (a) VALUES (1), (2), (3);', 'dbo.t');
    expect(how).toEqual(['bulk']);
    expect(error).toMatch(/duplicate key|PRIMARY KEY/i);
  });

  it('with what is in rows judged row by row', async () => {
    const script = `INSERT dbo.t (a) VALUES (1 + 1);
      INSERT dbo.t (a, b) VALUES (3, N'a name of more than twenty characters');`;
    const { how, error } = await both(plain, script, 'dbo.t');
    expect(how).toEqual(['a row', 'a row']);
    expect(error).toMatch(/truncated/i);
  });

  it('under NOCOUNT, with the rows counted all the same', async () => {
    expect((await both(plain, 'SET NOCOUNT ON;\nINSERT t (a) VALUES (1);\nSET NOCOUNT OFF;', 'dbo.t')).how).toEqual([
      'bulk',
    ]);
  });
});

describe('on each version', () => {
  it.each([100, 105, 110, 120, 130, 140, 150, 160, 170, 'azure'] as const)('of %s, rows are loaded', async version => {
    const options = version === 'azure' ? ({ version: 170, azure: true } as const) : ({ version } as const);
    await withSandbox(options, async server => {
      const own = await sessionOn(server);
      try {
        await inNewDatabase(
          own,
          'd',
          'CREATE TABLE dbo.t (id int IDENTITY NOT NULL, d date NULL, n nvarchar(max) NULL);',
        );
        const script =
          "SET IDENTITY_INSERT dbo.t ON;\nINSERT dbo.t (id, d, n) VALUES (3, N'2024-02-29', N'x'), (4, NULL, NULL);";
        expect(await replayRows(own, script, true)).toEqual({ how: ['bulk'], error: null });
        expect((await own.query('SELECT id, d, n FROM dbo.t ORDER BY id')).rows).toEqual([
          [3, '2024-02-29', 'x'],
          [4, null, null],
        ]);
      } finally {
        await own.close();
      }
    });
  });

  it.each([
    ['its binary form', true],
    ['the text that it is to older clients', false],
  ])('vector of 2025 is loaded in %s, and json as text', async (_, nativeVectors) => {
    await withSandbox({ version: 170, nativeVectors }, async server => {
      const own = await sessionOn(server);
      try {
        await inNewDatabase(own, 'd', 'CREATE TABLE dbo.t (j json NULL, v vector(3) NULL);');
        const script = `INSERT dbo.t (j, v) VALUES (CAST(N'{"a":1}' AS json), CAST(N'[1,2.5,-3]' AS vector(3))), (NULL, NULL);`;
        const { how, error } = await replayRows(own, script, true);
        expect(error).toBeNull();
        expect(how).toEqual(['bulk']);
        expect((await own.query('SELECT CAST(j AS nvarchar(max)), CAST(v AS nvarchar(max)) FROM dbo.t')).rows).toEqual([
          ['{"a":1}', '[1.0000000e+000,2.5000000e+000,-3.0000000e+000]'],
          [null, null],
        ]);
      } finally {
        await own.close();
      }
    });
  });
});

describe('INSERTs stay statements', () => {
  const cases: readonly (readonly [what: string, schema: string, script: string, why: RegExp])[] = [
    [
      'where a trigger would fire',
      `${plain}\nGO\nCREATE TRIGGER tr ON dbo.t AFTER INSERT AS SELECT 1;`,
      'INSERT t (a) VALUES (1)',
      /trigger/,
    ],
    [
      'where a trigger would act instead',
      `${plain}\nGO\nCREATE TRIGGER tr ON dbo.t INSTEAD OF INSERT AS SELECT 1;`,
      'INSERT t (a) VALUES (1)',
      /trigger/,
    ],
    [
      'into views',
      `${plain}\nGO\nCREATE VIEW dbo.v AS SELECT a FROM dbo.t;`,
      'INSERT dbo.v (a) VALUES (1)',
      /no table/,
    ],
    ['into what does not exist', plain, 'INSERT dbo.missing (a) VALUES (1)', /no table/],
    ['into temporary tables', 'CREATE TABLE #t (a int);', 'INSERT #t (a) VALUES (1)', /temporary/],
    ['into other databases', plain, 'INSERT tempdb.dbo.t (a) VALUES (1)', /another database/],
    ['into linked servers', plain, 'INSERT srv.d.dbo.t (a) VALUES (1)', /linked server/],
    ['with columns that do not exist', plain, 'INSERT t (x) VALUES (1)', /no column \[x\]/],
    ['with a column twice', plain, 'INSERT t (a, A) VALUES (1, 2)', /twice/],
    ['with computed columns', 'CREATE TABLE t (a int, b AS a);', 'INSERT t (b) VALUES (1)', /\[b\] is computed/],
    ['with a rowversion', 'CREATE TABLE t (a int, b rowversion);', 'INSERT t (a, b) VALUES (1, 0x01)', /rowversion/],
    ['without a column that takes no NULL', plain, "INSERT t (b) VALUES (N'x')", /\[a\] takes no NULL/],
    [
      'where a sequence gives a value',
      'CREATE SEQUENCE dbo.s AS int;\nGO\nCREATE TABLE dbo.t (a int, b int DEFAULT NEXT VALUE FOR dbo.s);',
      'INSERT t (a) VALUES (1)',
      /\[b\] has a default/,
    ],
    [
      'where an index ignores duplicates',
      'CREATE TABLE dbo.t (a int NOT NULL); CREATE UNIQUE INDEX i ON dbo.t (a) WITH (IGNORE_DUP_KEY = ON);',
      'INSERT t (a) VALUES (1)',
      /ignores duplicates/,
    ],
    [
      'with a column set and no list',
      'CREATE TABLE t (a int SPARSE NULL, b int NOT NULL, c xml COLUMN_SET FOR ALL_SPARSE_COLUMNS);',
      "INSERT t VALUES (1, N'<a>1</a>')",
      /column set/,
    ],
    ['under ROWCOUNT', plain, 'SET ROWCOUNT 1;\nINSERT t (a) VALUES (1), (2)', /ROWCOUNT 1/],
    [
      'where SET options forbid them',
      'CREATE TABLE t (a int, b AS a * 2);',
      'SET ARITHABORT OFF;\nINSERT t (a) VALUES (1)',
      /ARITHABORT/,
    ],
  ];
  it.each(cases)('%s', async (_, schema, script, why) => {
    await inNewDatabase(session, `d${++databases}`, schema);
    const { how } = await replayRows(session, script, true);
    await session.execute('SET ROWCOUNT 0; SET ARITHABORT ON');
    expect(how[0]).toMatch(why);
  });

  it('after the table changed', async () => {
    await inNewDatabase(session, `d${++databases}`, plain);
    const script = `INSERT dbo.t (a) VALUES (1);
GO
CREATE TRIGGER tr ON dbo.t AFTER INSERT AS SELECT 1;
GO
INSERT dbo.t (a) VALUES (2);
GO
DISABLE TRIGGER tr ON dbo.t;
GO
INSERT dbo.t (a) VALUES (3);
`;
    const { how } = await replayRows(session, script, true);
    expect(how).toEqual(['bulk', '[dbo].[t] has a trigger that an INSERT fires', 'bulk']);
  });
});
