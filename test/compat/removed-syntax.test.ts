import { describe, expect, it } from 'vitest';
import { findRemovedSyntax } from '../../src/compat/removed-syntax.ts';
import { oracleAvailable, parseWith } from '../support/oracle.ts';

const found = (text: string, version = 110) => findRemovedSyntax(text, version).map(f => f.what);

describe('findRemovedSyntax', () => {
  const removed: readonly [what: string, statement: string][] = [
    ['RAISERROR number text', "RAISERROR 50001 'wrong'"],
    ['COMPUTE', 'SELECT a, b FROM t ORDER BY a COMPUTE SUM(b) BY a'],
    ['WITH APPEND', 'CREATE TRIGGER x ON t FOR INSERT WITH APPEND AS PRINT 1'],
    ['FASTFIRSTROW', 'SELECT a FROM t WITH (FASTFIRSTROW)'],
  ];
  it.each(removed)('finds %s', (what, statement) => {
    expect(found(statement)).toEqual([what]);
    expect(found(statement, 105)).toEqual([]);
  });

  it.skipIf(!oracleAvailable)("agrees with Microsoft's parser on each of them", async () => {
    for (const [, statement] of removed) {
      expect(await parseWith(100, statement), statement).toEqual([]);
      expect(await parseWith(110, statement), statement).not.toEqual([]);
    }
  });

  it('finds outer joins of old, and no assignment', () => {
    expect(found('SELECT 1 FROM a, b WHERE a.x *= b.y AND a.z =* b.z')).toEqual(['outer join *=', 'outer join =*']);
    expect(
      found('DECLARE @x int = 2; SET @x *= 2; UPDATE t SET a *= 2, b = b * 2 WHERE c = 1; SELECT @x *= 3'),
    ).toEqual([]);
  });

  it('finds sp_dboption', () =>
    expect(found("EXEC sp_dboption 'pubs', 'trunc. log on chkpt.'")).toEqual(['sp_dboption']));

  it('leaves what looks alike', () => {
    expect(found("RAISERROR ('x', 16, 1); SELECT compute FROM t -- RAISERROR 1 'x'")).toEqual([]);
  });
});
