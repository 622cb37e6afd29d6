import { describe, expect, it } from 'vitest';
import { factsOf } from '../../src/importer/statement-facts.ts';

const facts = (text: string) => factsOf({ kind: 'text', text, position: { line: 1, column: 1 } });

describe('settings that may run or not', () => {
  it.each([
    ['IF 1 = 1 SET DATEFORMAT dmy', ['DATEFORMAT']],
    ['BEGIN TRY SET NOEXEC ON; SELECT 1 END TRY BEGIN CATCH SET NOEXEC OFF END CATCH', ['NOEXEC', 'NOEXEC']],
    ['IF @a = 1 SET ANSI_NULLS, ANSI_PADDING OFF', ['ANSI_NULLS', 'ANSI_PADDING']],
    ['IF EXISTS (SELECT 1) SET IDENTITY_INSERT dbo.t ON', ['IDENTITY_INSERT']],
    ["IF DB_ID('x') IS NOT NULL USE x", ['USE']],
  ])('are found in %s', (text, expected) => {
    const { statements, maySet } = facts(text);
    expect(statements).toEqual([]);
    const names = maySet.map(s => (s.kind === 'setOption' ? s.option : s.kind === 'use' ? 'USE' : 'IDENTITY_INSERT'));
    expect(names).toEqual(expected);
  });

  it.each([
    'IF 1 = 1 UPDATE t SET language = 5',
    'IF 1 = 1 ALTER DATABASE x SET ANSI_NULLS ON',
    'IF 1 = 1 ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES u (a) ON DELETE SET NULL ON UPDATE CASCADE',
    'IF 1 = 1 SET @a = 5',
    "IF 1 = 1 EXEC (N'SET DATEFORMAT dmy')",
    "IF 1 = 1 SELECT 1 OPTION (USE HINT ('x'))",
    'CREATE PROCEDURE p AS SET DATEFORMAT dmy',
  ])('are not seen in %s', text => {
    expect(facts(text).maySet).toEqual([]);
  });
});

describe('temporary tables', () => {
  it.each([
    ['DROP TABLE #x', ['#x']],
    ['DROP TABLE #x, #y', ['#x', '#y']],
    ['DROP TABLE IF EXISTS #x, [#y], dbo.t', ['#x', '#y']],
    ['DROP TABLE tempdb..#x, tempdb.dbo.#y', ['#x', '#y']],
    ["IF OBJECT_ID('tempdb..#x') IS NOT NULL DROP TABLE #x", ['#x']],
    ['SELECT a FROM t, #x', []],
  ])('are dropped by %s', (text, expected) => {
    expect(facts(text)).toMatchObject({ temporaryDropped: expected, temporaryCreated: [] });
  });

  it.each([
    ['CREATE TABLE #x (a int)', ['#x']],
    ['CREATE TABLE tempdb..#x (a int)', ['#x']],
    ['SELECT a, b INTO #x FROM t', ['#x']],
    ['INSERT INTO #x SELECT 1', []],
  ])('are made by %s', (text, expected) => {
    expect(facts(text)).toMatchObject({ temporaryCreated: expected, temporaryDropped: [] });
  });
});
