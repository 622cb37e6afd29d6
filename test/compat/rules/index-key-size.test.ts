import { expect, it } from 'vitest';
import { column, database, index, table, text } from '../../support/model.ts';
import { gateFor } from '../gate-for.ts';

const columns = [column('a', text(450, 'nvarchar')), column('b', text(900)), column('c')];
const source = database({
  tables: [
    table('T', columns, {
      indexes: [
        index('a', ['a']),
        index('ab', ['a', 'b']),
        index('bc', ['b', 'c']),
        index('cl', ['a', 'b'], { clustered: true }),
      ],
    }),
  ],
});

it('tells of nonclustered keys that can be longer than 900 bytes before 2016', () => {
  const { database: fitted, findings } = gateFor('2014', source);
  expect(findings.map(f => [f.severity, f.object, /(\d+) bytes/.exec(f.message)![1]])).toEqual([
    ['info', '[dbo].[T].[ab]', '1800'],
    ['info', '[dbo].[T].[bc]', '904'],
  ]);
  expect(fitted).toEqual(source);
  expect(gateFor('2016', source).findings).toEqual([]);
});
