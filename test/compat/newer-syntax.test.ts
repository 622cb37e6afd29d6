import { describe, expect, it } from 'vitest';
import { findNewerSyntax } from '../../src/compat/newer-syntax.ts';
import { oracleAvailable, parseWith } from '../support/oracle.ts';

const found = (text: string, version: number) => findNewerSyntax(text, version).map(f => `${f.what} ${f.since}`);

/** Syntax that Microsoft's parsers refuse one version earlier; the version is the first that takes it. */
const syntax: readonly [version: number, statement: string][] = [
  [110, 'SELECT NEXT VALUE FOR dbo.s'],
  [110, 'EXEC dbo.p WITH RESULT SETS NONE'],
  [110, 'SELECT SUM(a) OVER (ORDER BY b ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM t'],
  [110, 'SELECT SUM(a) OVER (ORDER BY b ROWS 2 PRECEDING) FROM t'],
  [110, 'SELECT SUM(a) OVER (ORDER BY b RANGE UNBOUNDED PRECEDING) FROM t'],
  [110, 'SELECT a FROM t ORDER BY a OFFSET 5 ROWS FETCH NEXT 5 ROWS ONLY'],
  [110, 'SELECT a FROM t ORDER BY a OFFSET (@n - 1) * 10 ROWS'],
  [110, 'SELECT PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY a) OVER (PARTITION BY b) FROM t'],
  [120, 'DECLARE @t TABLE (a int, INDEX ix (a))'],
  [
    120,
    'ALTER INDEX i ON t REBUILD PARTITION = 1 WITH (ONLINE = ON (WAIT_AT_LOW_PRIORITY (MAX_DURATION = 1 MINUTES, ABORT_AFTER_WAIT = SELF)))',
  ],
  [130, 'SELECT a FROM t FOR JSON AUTO'],
  [130, "SELECT a AT TIME ZONE 'UTC' FROM t"],
  [130, 'SELECT a FROM t FOR SYSTEM_TIME ALL'],
  [130, 'DROP TABLE IF EXISTS t'],
  [130, "SELECT a FROM t OPTION (USE HINT ('FORCE_LEGACY_CARDINALITY_ESTIMATION'))"],
  [140, "SELECT TRIM('.' FROM a) FROM t"],
  [160, 'SELECT 1 FROM t WHERE a IS NOT DISTINCT FROM b'],
  [160, 'SELECT LAST_VALUE(a) IGNORE NULLS OVER (ORDER BY b) FROM t'],
  [160, 'SELECT a << 2 FROM t'],
  [160, "SELECT TRIM(LEADING '.' FROM a) FROM t"],
];
const before: Record<number, number> = { 110: 100, 120: 110, 130: 120, 140: 130, 150: 140, 160: 150, 170: 160 };

describe('findNewerSyntax', () => {
  it.each(syntax)('finds what came with %i in %s, and nothing at that version', (version, statement) => {
    expect(found(statement, before[version]!)).not.toEqual([]);
    expect(found(statement, version)).toEqual([]);
  });

  it.skipIf(!oracleAvailable)("agrees with Microsoft's parser on each of them", async () => {
    for (const [version, statement] of syntax) {
      expect(await parseWith(before[version]!, statement), statement).not.toEqual([]);
      expect(await parseWith(version, statement), statement).toEqual([]);
    }
  });

  it('finds functions by name, where the grammar tells nothing', () => {
    expect(found("SELECT CONCAT(a, 'b'), Format(c, 'd') FROM t", 105)).toEqual(['CONCAT() 110', 'FORMAT() 110']);
    expect(found("SELECT value FROM STRING_SPLIT(@list, N',')", 120)).toEqual(['STRING_SPLIT() 130']);
    expect(found('SELECT GREATEST(a, b), UNISTR(c), CURRENT_DATE', 160)).toEqual([
      'UNISTR() 170',
      'CURRENT_DATE() 170',
    ]);
    expect(found('SELECT GREATEST(a, b) FROM t', 160)).toEqual([]);
  });

  it('finds forms of a call that came later than the function', () => {
    expect(found('SELECT LOG(a, 2), LOG(a)', 100)).toEqual(['LOG() with 2 arguments 110']);
    expect(found("SELECT LTRIM(a, '.'), LTRIM(SUBSTRING(b, 1, 2))", 150)).toEqual(['LTRIM() with 2 arguments 160']);
    expect(found('SELECT SUBSTRING(a, 2)', 160)).toEqual(['SUBSTRING() without a length 170']);
    expect(found("SELECT FORMATMESSAGE('%d', 1)", 120)).toEqual(['FORMATMESSAGE() with a text 130']);
    expect(found("SELECT JSON_VALUE(a, '$.b' RETURNING int)", 160)).toEqual(['JSON_VALUE() RETURNING 170']);
    expect(found('SELECT MIN(a) OVER (PARTITION BY b)', 100)).toEqual([]);
    expect(found('SELECT MIN(a) OVER (PARTITION BY b ORDER BY c)', 100)).toEqual(['MIN() OVER (ORDER BY) 110']);
  });

  it('finds types and collations that a text names', () => {
    expect(found('DECLARE @v vector(3), @j json', 160)).toEqual(['type vector 170', 'type json 170']);
    expect(found('SELECT CAST(a AS json), CONVERT(json, b)', 160)).toEqual(['type json 170']);
    expect(found('SELECT a COLLATE Latin1_General_100_CI_AS_SC_UTF8', 140)).toEqual([
      'collation Latin1_General_100_CI_AS_SC_UTF8 0',
    ]);
  });

  it('takes THROW for a statement only where a statement can stand', () => {
    expect(found("IF @a = 1 BEGIN; THROW 50000, N'x', 1 END", 105)).toEqual(['THROW 110']);
    expect(found('BEGIN TRY SELECT 1 END TRY BEGIN CATCH THROW END CATCH', 105)).toEqual(['THROW 110']);
    expect(found('SELECT throw FROM judo', 105)).toEqual([]);
  });

  it.each([
    '-- CONCAT(a)\n/* IIF(1) */ SELECT \'TRIM(x)\', [FORMAT](a), "LAG"(b)',
    'SELECT dbo.CONCAT(a), t.FORMAT(b)',
    'INSERT INTO Product (Name) VALUES (1)',
    'INSERT Product (Name) SELECT 1',
    'CREATE TABLE Format (a int, CONSTRAINT Parse CHECK (a > 0))',
    'SELECT * FROM Product (NOLOCK), Lead WITH (NOLOCK)',
    'WITH Lag (a) AS (SELECT 1), Lead (b) AS (SELECT 2) SELECT a FROM Lag',
    'SELECT * FROM (VALUES (1)) AS Product (n)',
    'CREATE FUNCTION TRIM(@s varchar(10)) RETURNS int AS BEGIN RETURN 1 END',
    'CREATE INDEX ix ON Product (Name)',
    'ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES Product (Id)',
    'SELECT [json], json FROM t',
    'SELECT a FROM t FOR XML PATH',
    'CREATE OR ALTER VIEW v AS SELECT 1 AS a',
  ])('sees no newer function in %s', text => {
    expect(found(text, 100)).toEqual([]);
  });

  it('tells the line', () => {
    expect(findNewerSyntax('SELECT 1\n\nFROM t\nWHERE IIF(a = 1, 1, 0) = 1', 100)).toEqual([
      { what: 'IIF()', since: 110, line: 4 },
    ]);
  });
});
