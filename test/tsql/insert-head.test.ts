import { describe, expect, it } from 'vitest';
import { splitScript } from '../../src/tsql/batch-splitter.ts';
import type { ScriptPiece } from '../../src/tsql/script-piece.ts';

async function first(text: string): Promise<ScriptPiece> {
  for await (const piece of splitScript([text])) return piece;
  throw new Error('no piece');
}

describe('INSERT … VALUES', () => {
  it.each<[string, { schema: string | null; name: string; database?: string | null }, string[] | null]>([
    ['INSERT t VALUES (1)', { schema: null, name: 't' }, null],
    ['insert into t values(1)', { schema: null, name: 't' }, null],
    [
      'INSERT INTO [dbo].[Order Details] ([a], [b]]c]) VALUES (1, 2)',
      { schema: 'dbo', name: 'Order Details' },
      ['a', 'b]c'],
    ],
    ['INSERT "dbo"."t" ("a""b") VALUES (1)', { schema: 'dbo', name: 't' }, ['a"b']],
    ['INSERT db..t (a) VALUES (1)', { database: 'db', schema: null, name: 't' }, ['a']],
    ['INSERT /* x */ t -- y\n (a /* z */, b) VALUES (1, 2)', { schema: null, name: 't' }, ['a', 'b']],
    ['INSERT Größe (Länge) VALUES (1)', { schema: null, name: 'Größe' }, ['Länge']],
    ['INSERT #t VALUES (1)', { schema: null, name: '#t' }, null],
  ])('%s', async (text, table, columns) => {
    const head = await first(text);
    expect(head).toMatchObject({ kind: 'insertHead', table, columns });
  });

  it.each([
    'INSERT t SELECT 1',
    'INSERT t DEFAULT VALUES',
    'INSERT t EXEC p',
    'INSERT TOP (1) t VALUES (1)',
    'INSERT t OUTPUT inserted.a VALUES (1)',
    'INSERT @t VALUES (1)',
    'INSERT OPENROWSET(1) VALUES (1)',
  ])('%s goes as a statement', async text => {
    expect(await first(text)).toMatchObject({ kind: 'text', text });
  });

  it('keeps what stands behind the last row with the statement', async () => {
    const all: ScriptPiece[] = [];
    for await (const piece of splitScript(['INSERT t VALUES (1), (2) OPTION (MAXDOP 1);\nSELECT 1'])) all.push(piece);
    expect(all.map(p => ('text' in p ? p.text : p.kind))).toEqual([
      'INSERT t VALUES',
      '(1)',
      '(2)',
      'OPTION (MAXDOP 1);',
      'SELECT 1',
      'batchEnd',
    ]);
  });
});
