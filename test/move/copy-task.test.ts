import { expect, it } from 'vitest';
import type { TableRows } from '../../src/exporter/table-rows.ts';
import type { Column } from '../../src/model/column.ts';
import { copyTask } from '../../src/move/copy-task.ts';
import { column, int, key, table, text } from '../support/model.ts';

/** @param target the key column as it is there */
function orderOf(source: Column, target: Column, columns: readonly string[] = ['Key', 'X']) {
  const own = (c: Column) => table('T', [c, column('X')], { keys: [key('PK', ['Key'])] });
  const rows: TableRows = {
    table: own(target),
    source: own(source),
    name: '[dbo].[T]',
    columns,
    where: null,
    filestream: false,
  };
  const chunk = { id: 1, table: '[dbo].[T]', range: null };
  return copyTask(rows, chunk, { from: 'a', to: 'b', alone: true }).order;
}

const sorted = [{ column: 'Key', descending: false }];

it('says in which order rows come, where it is the target’s too', () => {
  const latin = { collation: 'Latin1_General_100_CI_AS' };
  expect(orderOf(column('Key', int), column('Key', int))).toEqual(sorted);
  expect(orderOf(column('Key', text(10), latin), column('Key', text(10), latin))).toEqual(sorted);
  const other = { collation: 'Latin1_General_CI_AS' };
  expect(orderOf(column('Key', text(10), latin), column('Key', text(10), other))).toEqual([]);
  expect(orderOf(column('Key', text(10), latin), column('Key', text(10, 'nvarchar'), latin))).toEqual([]);
  expect(orderOf(column('Key', int), column('Key', int), ['X'])).toEqual([]);
});
