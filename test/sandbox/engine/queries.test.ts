import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errors, rows } from '../../support/answers.ts';
import { type RawServer, type RawSession, rawServer } from '../../support/raw-session.ts';

let server: RawServer;
let session: RawSession;
const query = (sql: string): Promise<string[]> => rows(session, sql);

beforeAll(async () => {
  server = rawServer(160);
  session = await server.open();
  await query('CREATE DATABASE shop');
  await query(`USE shop;
    CREATE TABLE dbo.customers (id int IDENTITY PRIMARY KEY, name nvarchar(30) NOT NULL, city varchar(20) NULL, born date NULL);
    CREATE TABLE dbo.orders (id int NOT NULL PRIMARY KEY, customer int NOT NULL REFERENCES dbo.customers(id), amount money NOT NULL, placed datetime NOT NULL)`);
  await query(`INSERT dbo.customers (name, city, born) VALUES (N'Ann', 'Oslo', '1990-05-01'), (N'Bob', NULL, '1985-01-31'), (N'Cid', 'Rome', NULL), (N'Dan', 'oslo', '2000-12-24');
    INSERT dbo.orders VALUES (1, 1, 10.5, '2024-01-01'), (2, 1, 20, '2024-02-01'), (3, 2, 5, '2024-02-15'), (4, 4, 100, '2024-03-01')`);
});
afterAll(async () => {
  await session.close();
  await server.close();
});

describe('joins', () => {
  it.each([
    [
      'inner',
      'SELECT c.name, o.id FROM customers c JOIN orders o ON o.customer = c.id ORDER BY o.id',
      ['Ann|1', 'Ann|2', 'Bob|3', 'Dan|4'],
    ],
    [
      'left',
      'SELECT c.name, COUNT(o.id) FROM customers c LEFT JOIN orders o ON o.customer = c.id GROUP BY c.name ORDER BY 1',
      ['Ann|2', 'Bob|1', 'Cid|0', 'Dan|1'],
    ],
    ['right', 'SELECT c.name FROM orders o RIGHT JOIN customers c ON o.customer = c.id WHERE o.id IS NULL', ['Cid']],
    [
      'full',
      'SELECT a.x, b.y FROM (VALUES (1), (2)) a(x) FULL JOIN (VALUES (2), (3)) b(y) ON a.x = b.y ORDER BY a.x, b.y',
      ['NULL|3', '1|NULL', '2|2'],
    ],
    [
      'cross',
      'SELECT a.x * b.y FROM (VALUES (1), (2)) a(x) CROSS JOIN (VALUES (3), (4)) b(y) ORDER BY 1',
      ['3', '4', '6', '8'],
    ],
    [
      'of three by commas',
      'SELECT c.name FROM customers c, orders o, (VALUES (4)) v(id) WHERE c.id = o.customer AND o.id = v.id',
      ['Dan'],
    ],
    [
      'by APPLY',
      'SELECT c.name, q.amount FROM customers c OUTER APPLY (SELECT TOP 1 amount FROM orders o WHERE o.customer = c.id ORDER BY amount DESC) q ORDER BY c.id',
      ['Ann|20.00', 'Bob|5.00', 'Cid|NULL', 'Dan|100.00'],
    ],
    [
      'of a table with itself',
      'SELECT a.name, b.name FROM customers a JOIN customers b ON a.city = b.city AND a.id < b.id',
      ['Ann|Dan'],
    ],
  ])('%s', async (_, sql, expected) => expect(await query(sql)).toEqual(expected));
});

describe('subqueries', () => {
  it.each([
    [
      'scalar, correlated',
      'SELECT name, (SELECT MAX(amount) FROM orders o WHERE o.customer = c.id) m FROM customers c ORDER BY m',
      ['Cid|NULL', 'Bob|5.00', 'Ann|20.00', 'Dan|100.00'],
    ],
    [
      'EXISTS',
      'SELECT name FROM customers c WHERE EXISTS (SELECT 1 FROM orders o WHERE o.customer = c.id AND amount > 15) ORDER BY 1',
      ['Ann', 'Dan'],
    ],
    [
      'NOT EXISTS',
      'SELECT name FROM customers c WHERE NOT EXISTS (SELECT * FROM orders o WHERE o.customer = c.id)',
      ['Cid'],
    ],
    [
      'IN',
      'SELECT name FROM customers WHERE id IN (SELECT customer FROM orders WHERE amount < 15) ORDER BY name',
      ['Ann', 'Bob'],
    ],
    [
      'NOT IN with a NULL finds nothing',
      'SELECT name FROM customers WHERE city NOT IN (SELECT city FROM customers WHERE id < 3)',
      [],
    ],
    ['ALL', 'SELECT id FROM orders WHERE amount >= ALL (SELECT amount FROM orders)', ['4']],
    ['derived table', 'SELECT x.n FROM (SELECT COUNT(*) AS n FROM orders) x', ['4']],
  ])('%s', async (_, sql, expected) => expect(await query(sql)).toEqual(expected));
  it('that yields several rows where one is needed is error 512', async () => {
    expect(await errors(session, 'SELECT (SELECT id FROM orders)')).toEqual([512]);
  });
});

describe('common table expressions', () => {
  it.each([
    [
      'several, one on the other',
      'WITH a AS (SELECT id FROM orders WHERE amount > 6), b(n) AS (SELECT COUNT(*) FROM a) SELECT n FROM b',
      ['3'],
    ],
    ['recursive', 'WITH n AS (SELECT 1 i UNION ALL SELECT i + 1 FROM n WHERE i < 5) SELECT SUM(i) FROM n', ['15']],
    [
      'latest of each group',
      'WITH x AS (SELECT *, ROW_NUMBER() OVER (PARTITION BY customer ORDER BY placed DESC) rn FROM orders) SELECT c.name, x.amount FROM x JOIN customers c ON c.id = x.customer WHERE rn = 1 ORDER BY c.name',
      ['Ann|20.00', 'Bob|5.00', 'Dan|100.00'],
    ],
  ])('%s', async (_, sql, expected) => expect(await query(sql)).toEqual(expected));
  it('that recurse for ever are error 530', async () => {
    expect(await errors(session, 'WITH n AS (SELECT 1 i UNION ALL SELECT i + 1 FROM n) SELECT MAX(i) FROM n')).toEqual([
      530,
    ]);
  });
});

describe('groups and windows', () => {
  it.each([
    [
      'aggregates',
      'SELECT COUNT(*), COUNT(city), COUNT(DISTINCT city), MIN(born), MAX(name) FROM customers',
      ['4|3|2|1985-01-31|Dan'],
    ],
    ['of no rows', 'SELECT COUNT(*), SUM(amount) FROM orders WHERE id > 99', ['0|NULL']],
    ['HAVING', 'SELECT customer FROM orders GROUP BY customer HAVING SUM(amount) > 20 ORDER BY customer', ['1', '4']],
    [
      'groups are case-insensitive like the collation',
      'SELECT COUNT(*) FROM customers WHERE city IS NOT NULL GROUP BY city ORDER BY 1',
      ['1', '2'],
    ],
    [
      'STRING_AGG',
      "SELECT STRING_AGG(name, ',') WITHIN GROUP (ORDER BY name DESC) FROM customers",
      ['Dan,Cid,Bob,Ann'],
    ],
    [
      'running sum',
      'SELECT SUM(amount) OVER (ORDER BY id ROWS UNBOUNDED PRECEDING) FROM orders',
      ['10.50', '30.50', '35.50', '135.50'],
    ],
    [
      'LAG, RANK, NTILE',
      'SELECT LAG(id) OVER (ORDER BY id), RANK() OVER (ORDER BY customer), NTILE(2) OVER (ORDER BY id) FROM orders ORDER BY id',
      ['NULL|1|1', '1|1|1', '2|3|2', '3|4|2'],
    ],
    ['DISTINCT', 'SELECT DISTINCT customer FROM orders ORDER BY customer', ['1', '2', '4']],
  ])('%s', async (_, sql, expected) => expect(await query(sql)).toEqual(expected));
  it('a column that is not grouped is error 8120', async () => {
    expect(await errors(session, 'SELECT name, COUNT(*) FROM customers GROUP BY city')).toEqual([8120]);
  });
});

describe('sets and order', () => {
  it.each([
    [
      'UNION',
      "SELECT name FROM customers WHERE id = 1 UNION SELECT N'ann' UNION SELECT N'Zed' ORDER BY 1",
      ['Ann', 'Zed'],
    ],
    ['UNION ALL', 'SELECT 1 UNION ALL SELECT 1', ['1', '1']],
    ['EXCEPT and INTERSECT', '(SELECT 1 UNION SELECT 2 UNION SELECT 3) EXCEPT SELECT 2 INTERSECT SELECT 2', ['1', '3']],
    ['TOP', 'SELECT TOP (2) id FROM orders ORDER BY id DESC', ['4', '3']],
    [
      'TOP WITH TIES',
      "SELECT TOP 1 WITH TIES city FROM customers WHERE city LIKE 'o%' ORDER BY city",
      ['Oslo', 'oslo'],
    ],
    ['TOP PERCENT', 'SELECT TOP 50 PERCENT id FROM orders ORDER BY id', ['1', '2']],
    ['OFFSET and FETCH', 'SELECT id FROM orders ORDER BY id OFFSET 1 ROWS FETCH NEXT 2 ROWS ONLY', ['2', '3']],
    ['NULLs first', 'SELECT city FROM customers ORDER BY city, id', ['NULL', 'Oslo', 'oslo', 'Rome']],
    [
      'by an expression that is not selected',
      'SELECT name FROM customers ORDER BY LEN(name) DESC, id DESC',
      ['Dan', 'Cid', 'Bob', 'Ann'],
    ],
  ])('%s', async (_, sql, expected) => expect(await query(sql)).toEqual(expected));
});

describe('expressions', () => {
  it.each([
    [
      'CASE',
      "SELECT CASE WHEN city IS NULL THEN '?' WHEN city LIKE '[P-S]%' THEN 'south' ELSE UPPER(city) END FROM customers ORDER BY id",
      ['OSLO', '?', 'south', 'OSLO'],
    ],
    ['integer division', 'SELECT 7 / 2, 7 % 2, 7 / 2.0, -7 / 2', ['3|1|3.500000|-3']],
    [
      'strings',
      "SELECT LEFT('abcdef', 2) + RIGHT('abcdef', 2), SUBSTRING('abcdef', 3, 2), CHARINDEX('d', 'abcdef'), REPLACE('aXbX', 'x', '-'), STUFF('abcdef', 2, 3, 'ZZ'), LTRIM(RTRIM('  a ')), REVERSE('abc'), REPLICATE('ab', 2), LEN('ab  '), DATALENGTH(N'ab')",
      ['abef|cd|4|a-b-|aZZef|a|cba|abab|2|4'],
    ],
    [
      'dates',
      "SELECT DATEADD(month, 1, CAST('2024-01-31' AS date)), DATEDIFF(day, '2024-01-01', '2024-03-01'), YEAR('2024-05-06'), DATENAME(weekday, '2024-05-06'), EOMONTH('2024-02-10')",
      ['2024-02-29|60|2024|Monday|2024-02-29'],
    ],
    ['NULLs', "SELECT ISNULL(NULL, 'x'), COALESCE(NULL, NULL, 3), NULLIF(1, 1), NULL + 'a'", ['x|3|NULL|NULL']],
    [
      'conversions',
      "SELECT CAST('12' AS int) + 1, CONVERT(varchar(10), CAST('2024-05-06' AS date), 104), CAST(1.5 AS int), CONVERT(varbinary(4), 258), TRY_CAST('x' AS int)",
      ['13|06.05.2024|1|0x00000102|NULL'],
    ],
    [
      'LIKE with a class and an escape',
      "SELECT CASE WHEN 'a_b' LIKE 'a!_b' ESCAPE '!' THEN 1 END, CASE WHEN 'abc' LIKE '[^x]%' THEN 1 END",
      ['1|1'],
    ],
    ['IIF and CHOOSE', "SELECT IIF(1 = 1, 'y', 'n'), CHOOSE(2, 'a', 'b')", ['y|b']],
    ['bits', 'SELECT 6 & 3, 6 | 3, 6 ^ 3, ~6', ['2|7|5|-7']],
    [
      'collation',
      "SELECT CASE WHEN 'a' = 'A' THEN 1 ELSE 0 END, CASE WHEN 'a' = 'A' COLLATE Latin1_General_CS_AS THEN 1 ELSE 0 END, CASE WHEN 'a ' = 'a' THEN 1 ELSE 0 END",
      ['1|0|1'],
    ],
  ])('%s', async (_, sql, expected) => expect(await query(sql)).toEqual(expected));
  it.each([
    ['division by zero', 'SELECT 1 / 0', 8134],
    ['text that is no number', "SELECT CAST('x' AS int)", 245],
    ['a day that does not exist', "SELECT CAST('2024-02-30' AS date)", 241],
    ['overflow', 'SELECT CAST(300 AS tinyint)', 220],
    ['an unknown function', 'SELECT NOSUCH(1)', 195],
    ['an unknown column', 'SELECT nosuch FROM orders', 207],
    ['an unknown alias', 'SELECT x.id FROM orders', 4104],
    ['an unknown table', 'SELECT * FROM nosuch', 208],
    ['a column list that is too short', 'SELECT * FROM (SELECT 1 AS a, 2 AS b) x(c)', 8158],
    ['a column list that is too long', 'SELECT * FROM (SELECT 1 AS a) x(c, d)', 8159],
    ['an ambiguous column', 'SELECT id FROM orders, customers', 209],
    [
      'two collations',
      'SELECT 1 FROM customers WHERE name COLLATE Latin1_General_CI_AS = city COLLATE Latin1_General_BIN',
      468,
    ],
  ])('%s is an error', async (_, sql, number) => expect(await errors(session, sql)).toEqual([number]));
});

describe('TABLESAMPLE', () => {
  it('takes the same pages of a table for the same seed', async () => {
    await query('CREATE TABLE dbo.many (id int NOT NULL PRIMARY KEY)');
    for (let i = 0; i < 10; i++)
      await query(`INSERT many VALUES ${Array.from({ length: 1000 }, (_, k) => `(${i * 1000 + k})`).join(',')}`);
    const sample = (percent: number, seed: number): Promise<string[]> =>
      query(`SELECT id FROM many TABLESAMPLE SYSTEM (${percent} PERCENT) REPEATABLE (${seed}) ORDER BY id`);
    const first = await sample(20, 5);
    expect(first.length).toBeGreaterThan(500);
    expect(first.length).toBeLessThan(4000);
    expect(await sample(20, 5)).toEqual(first);
    expect(await sample(20, 6)).not.toEqual(first);
    expect(await sample(100, 1)).toHaveLength(10_000);
    expect(await sample(0, 1)).toEqual([]);
    expect(await errors(session, 'SELECT * FROM sys.objects TABLESAMPLE (5 PERCENT)')).toEqual([494]);
    await query('DROP TABLE many');
  });
});

describe('the catalog', () => {
  it('answers what tools ask', async () => {
    expect(
      await query(`SELECT s.name AS [Schema], t.name AS [Name], t.create_date AS [CreateDate] FROM sys.tables AS t INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
        WHERE (CAST(case when t.is_ms_shipped = 1 then 1 else 0 end AS bit) = N'0') ORDER BY [Schema], [Name]`).then(
        r => r.map(l => l.split('|').slice(0, 2).join('.')),
      ),
    ).toEqual(['dbo.customers', 'dbo.orders']);
    expect(
      await query(
        `SELECT c.name, TYPE_NAME(c.user_type_id), COLUMNPROPERTY(c.object_id, c.name, 'IsIdentity'), c.is_nullable FROM sys.columns c WHERE c.object_id = OBJECT_ID(N'dbo.customers') ORDER BY c.column_id`,
      ),
    ).toEqual(['id|int|1|0', 'name|nvarchar|0|0', 'city|varchar|0|1', 'born|date|0|1']);
    expect(
      await query(
        "SELECT TABLE_NAME, COLUMN_NAME, DATA_TYPE, CHARACTER_MAXIMUM_LENGTH FROM INFORMATION_SCHEMA.COLUMNS WHERE TABLE_NAME = 'customers' AND DATA_TYPE LIKE '%char' ORDER BY ORDINAL_POSITION",
      ),
    ).toEqual(['customers|name|nvarchar|30', 'customers|city|varchar|20']);
    expect(
      await query(
        `SELECT fk.name IS_NAMED, OBJECT_NAME(fk.parent_object_id), OBJECT_NAME(fk.referenced_object_id) FROM sys.foreign_keys fk`.replace(
          'fk.name IS_NAMED',
          'CASE WHEN fk.name IS NULL THEN 0 ELSE 1 END',
        ),
      ),
    ).toEqual(['1|orders|customers']);
    expect(
      await query(
        "SELECT CASE WHEN SERVERPROPERTY('EngineEdition') = 3 THEN 1 ELSE 0 END, DB_NAME(), @@TRANCOUNT, IS_SRVROLEMEMBER('sysadmin')",
      ),
    ).toEqual(['1|shop|0|1']);
    expect(
      await query(
        "SELECT p.rows FROM sys.partitions p WHERE p.object_id = OBJECT_ID(N'dbo.orders') AND p.index_id IN (0, 1)",
      ),
    ).toEqual(['4']);
  });
});

describe('what the sandbox cannot do', () => {
  it.each([
    ['MERGE', 'MERGE customers USING (SELECT 1 id) s ON customers.id = s.id WHEN MATCHED THEN DELETE;'],
    ['FOR XML', "SELECT 1 AS x FOR XML PATH('')"],
    ['PIVOT', 'SELECT * FROM orders PIVOT (COUNT(id) FOR customer IN ([1], [2])) p'],
    [
      'PIVOT of a derived table',
      'SELECT * FROM (SELECT id, customer FROM orders) o PIVOT (COUNT(id) FOR customer IN ([1], [2])) p',
    ],
    ['ROLLUP', 'SELECT customer, COUNT(*) FROM orders GROUP BY ROLLUP (customer)'],
    ['cursors', 'DECLARE c CURSOR FOR SELECT 1'],
    ['BACKUP', "BACKUP DATABASE shop TO DISK = 'x'"],
    ['a procedure of the user', "EXEC('CREATE PROCEDURE dbo.p AS SELECT 1'); EXEC dbo.p"],
    ['GOTO', 'GOTO x; x: SELECT 1'],
    ['a function that it lacks', "SELECT STRING_ESCAPE('a', 'json')"],
    ['CREATE CERTIFICATE', "CREATE CERTIFICATE c WITH SUBJECT = 'x'"],
  ])('%s is refused by name', async (_, sql) => {
    const answer = await session.batch(sql);
    const error = answer.tokens.find(t => t.name === 'ERROR');
    expect(error).toMatchObject({ number: 40000 });
    expect(error!.message).toMatch(/^not supported by the sandbox: /);
  });
});
