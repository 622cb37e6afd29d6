import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errors, rows } from '../../support/answers.ts';
import { type RawServer, type RawSession, rawServer } from '../../support/raw-session.ts';

let server: RawServer;
let session: RawSession;
const query = (sql: string): Promise<string[]> => rows(session, sql);

beforeAll(async () => {
  server = rawServer(160);
  session = await server.open();
  await query('CREATE DATABASE parts COLLATE Latin1_General_CI_AS');
  await query('USE parts');
});
afterAll(async () => {
  await session.close();
  await server.close();
});

let functions = 0;
/** Partition of each value, by a function that is made for them. */
async function partitionsOf(declared: string, values: readonly string[]): Promise<number[]> {
  const name = `f${++functions}`;
  await query(`CREATE PARTITION FUNCTION ${name} ${declared}`);
  const list = values.map(value => `$PARTITION.${name}(${value})`).join(', ');
  return (await query(`SELECT ${list}`))[0]!.split('|').map(Number);
}

describe('$PARTITION', () => {
  // RangePF1 (LEFT) and the same with RIGHT, from "$PARTITION" and "CREATE PARTITION FUNCTION" of the reference.
  it('puts a boundary into the partition on its left or right', async () => {
    const values = ['-5', '1', '2', '100', '101', '1000', '1001'];
    expect(await partitionsOf('(int) AS RANGE LEFT FOR VALUES (1, 100, 1000)', values)).toEqual([1, 1, 2, 2, 3, 3, 4]);
    expect(await partitionsOf('(int) AS RANGE RIGHT FOR VALUES (1, 100, 1000)', values)).toEqual([1, 2, 2, 3, 3, 4, 4]);
    expect(await partitionsOf('(int) AS RANGE FOR VALUES (10, 100, 1000)', ['10', "'11'", '10.9'])).toEqual([1, 2, 1]);
    expect(await partitionsOf('(int) AS RANGE RIGHT FOR VALUES ()', ['10', 'NULL'])).toEqual([1, 1]);
  });

  it('sorts boundaries that were given in another order', async () => {
    expect(await partitionsOf('(bigint) AS RANGE RIGHT FOR VALUES (100, -1, 10)', ['-2', '-1', '10', '100'])).toEqual([
      1, 2, 3, 4,
    ]);
  });

  it('converts the value to the type of the function', async () => {
    const years = "AS RANGE RIGHT FOR VALUES ('2021-01-01T00:00:00', '2022-01-01T00:00:00')";
    const values = ["'2020-12-31T23:59:59.997'", "'2021-01-01T00:00:00'", "CAST('2021-12-31' AS date)", 'NULL'];
    expect(await partitionsOf(`(datetime) ${years}`, [...values, "'2020-12-31T23:59:59.999'"])).toEqual([
      1, 2, 2, 1, 2,
    ]);
    expect(await partitionsOf(`(datetime2(3)) ${years}`, [...values, "'2020-12-31T23:59:59.999'"])).toEqual([
      1, 2, 2, 1, 1,
    ]);
    expect(
      await partitionsOf("(datetimeoffset(0)) AS RANGE RIGHT FOR VALUES ('2021-01-01T00:00:00+02:00')", [
        "'2020-12-31T22:00:00+00:00'",
        "'2020-12-31T23:00:00+02:00'",
      ]),
    ).toEqual([2, 1]);
    expect(await partitionsOf('(decimal(9,2)) AS RANGE LEFT FOR VALUES (1.5, 2.25)', ['1.5', '1.51', '3'])).toEqual([
      1, 2, 3,
    ]);
    expect(await partitionsOf('(binary(2)) AS RANGE RIGHT FOR VALUES (0x0100)', ['0x00ff', '0x01', '0x0100'])).toEqual([
      1, 2, 2,
    ]);
  });

  it('compares texts by the collation of the function', async () => {
    const values = ["'a'", "'M'", "'m'", "'m  '", "'z'", "''"];
    expect(await partitionsOf("(varchar(10)) AS RANGE RIGHT FOR VALUES ('m')", values)).toEqual([1, 2, 2, 2, 2, 1]);
    expect(
      await partitionsOf("(varchar(10) COLLATE Latin1_General_BIN2) AS RANGE RIGHT FOR VALUES ('m')", values),
    ).toEqual([1, 1, 2, 2, 2, 1]);
    expect(await partitionsOf("(nchar(4)) AS RANGE LEFT FOR VALUES (N'd', N'Ö')", ["N'D'", "N'ö'", "N'p'"])).toEqual([
      1, 2, 3,
    ]);
  });

  it('puts NULL below every value, and beside a boundary that is NULL', async () => {
    expect(await partitionsOf('(int) AS RANGE LEFT FOR VALUES (-2147483648)', ['NULL', '-2147483647'])).toEqual([1, 2]);
    expect(await partitionsOf('(int) AS RANGE LEFT FOR VALUES (NULL, 5)', ['NULL', '1', '6'])).toEqual([1, 2, 3]);
    expect(await partitionsOf('(int) AS RANGE RIGHT FOR VALUES (NULL, 5)', ['NULL', '1', '6'])).toEqual([2, 2, 3]);
  });

  it('finds functions of any database, quoted or not, and names those that are not there', async () => {
    await query('CREATE PARTITION FUNCTION [by ]] size](int) AS RANGE LEFT FOR VALUES (10)');
    expect(await query('SELECT $PARTITION.[by ]] size](11), $partition.[BY ]] SIZE](10)')).toEqual(['2|1']);
    await query('USE master');
    expect(await query('SELECT [parts].$PARTITION.[by ]] size](11)')).toEqual(['2']);
    expect(await errors(session, 'SELECT $PARTITION.[by ]] size](11)')).toEqual([208]);
    expect(await errors(session, 'SELECT nowhere.$PARTITION.[by ]] size](11)')).toEqual([911]);
    await query('USE parts');
    expect(await errors(session, 'SELECT $PARTITION.[by ]] size](11, 12)')).toEqual([174]);
    expect(await errors(session, "SELECT $PARTITION.[by ]] size]('eleven')")).toEqual([245]);
  });
});

describe('a partitioned table', () => {
  it('has the rows of each partition in the catalog, for conditions and groups to agree with', async () => {
    await query("CREATE PARTITION FUNCTION byYear(date) AS RANGE RIGHT FOR VALUES (N'2021-01-01', N'2022-01-01')");
    await query('CREATE PARTITION FUNCTION byId(int) AS RANGE LEFT FOR VALUES (2)');
    await query('CREATE PARTITION SCHEME years AS PARTITION byYear ALL TO ([PRIMARY])');
    await query('CREATE PARTITION SCHEME ids AS PARTITION byId ALL TO ([PRIMARY])');
    await query('CREATE TABLE dbo.calls (id int NOT NULL, made date NULL) ON years(made)');
    await query('CREATE INDEX own ON dbo.calls(made) ON ids(id)');
    await query('CREATE INDEX plain ON dbo.calls(id) ON [PRIMARY]');
    const counts = () =>
      query(
        "SELECT index_id, partition_number, rows FROM sys.partitions WHERE object_id = OBJECT_ID(N'dbo.calls') ORDER BY 1, 2",
      );
    expect(await counts()).toEqual(['0|1|0', '0|2|0', '0|3|0', '2|1|0', '2|2|0', '3|1|0']);
    await query(
      "INSERT dbo.calls VALUES (1, NULL), (2, '2020-05-05'), (3, '2021-01-01'), (4, '2021-12-31'), (5, '2021-06-01'), (6, '2024-01-01')",
    );
    expect(await counts()).toEqual(['0|1|2', '0|2|3', '0|3|1', '2|1|2', '2|2|4', '3|1|6']);
    await query("UPDATE dbo.calls SET made = '2022-01-01' WHERE id = 3");
    expect(await counts()).toEqual(['0|1|2', '0|2|2', '0|3|2', '2|1|2', '2|2|4', '3|1|6']);
    expect(
      await query(
        'SELECT $PARTITION.byYear(made), COUNT(*) FROM dbo.calls GROUP BY $PARTITION.byYear(made) ORDER BY $PARTITION.byYear(made)',
      ),
    ).toEqual(['1|2', '2|2', '3|2']);
    expect(
      await query('SELECT id FROM dbo.calls WHERE $PARTITION.[byYear]([made]) BETWEEN 2 AND 3 ORDER BY id'),
    ).toEqual(['3', '4', '5', '6']);
    expect(await query('SELECT id FROM dbo.calls WHERE $PARTITION.[byYear]([made]) = 1 ORDER BY id')).toEqual([
      '1',
      '2',
    ]);
    await query('BEGIN TRANSACTION; DELETE dbo.calls WHERE id < 3');
    expect((await counts()).slice(0, 3)).toEqual(['0|1|0', '0|2|2', '0|3|2']);
    await query('ROLLBACK');
    expect((await counts()).slice(0, 3)).toEqual(['0|1|2', '0|2|2', '0|3|2']);
    await query('TRUNCATE TABLE dbo.calls');
    expect(await counts()).toEqual(['0|1|0', '0|2|0', '0|3|0', '2|1|0', '2|2|0', '3|1|0']);
  });
});
