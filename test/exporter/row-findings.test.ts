import { describe, expect, it } from 'vitest';
import { rowFindings } from '../../src/exporter/row-findings.ts';
import type { TableRows } from '../../src/exporter/table-rows.ts';
import type { DataType } from '../../src/model/data-type.ts';

function rowsOf(types: Readonly<Record<string, DataType>>, columns = Object.keys(types)): TableRows {
  const table = { columns: Object.entries(types).map(([name, type]) => ({ name, type })) };
  return { table, source: table, name: '[dbo].[T]', columns, where: null, filestream: false } as unknown as TableRows;
}
const vector = (vectorBaseType?: 'float16'): DataType => ({
  schema: null,
  name: 'vector',
  ...(vectorBaseType ? { vectorBaseType } : {}),
});

describe('what rows lost on their way', () => {
  it('names columns of vector whose numbers come as text', () => {
    const rows = rowsOf({ id: { schema: null, name: 'int' }, v: vector(), half: vector('float16'), w: vector() }, [
      'id',
      'v',
      'half',
    ]);
    expect(rowFindings(rows, [], [], false, true)).toEqual([]);
    const found = rowFindings(rows, [], [], false, false);
    expect(found.map(({ rule, severity, object }) => [rule, severity, object])).toEqual([
      ['vector-text', 'blocker', '[dbo].[T].[v]'],
    ]);
  });

  it('names columns of vector for a target that has none, which takes them as text', () => {
    const { source } = rowsOf({ v: vector(), half: vector('float16') });
    const text: DataType = { schema: null, name: 'varchar', length: 'max' };
    const rows = { ...rowsOf({ v: text, half: text }), source };
    expect(rowFindings(rows, [], [], false, true).map(f => [f.rule, f.object])).toEqual([
      ['vector-text', '[dbo].[T].[v]'],
    ]);
  });

  it('counts denormal numbers and replaced characters by column', () => {
    const rows = rowsOf({ a: { schema: null, name: 'float' } });
    const found = rowFindings(rows, [{ column: 'a', values: 1 }], [{ column: 'b]', values: 3 }], true, false);
    expect(found.map(({ rule, object }) => [rule, object])).toEqual([
      ['denormal-float', '[dbo].[T].[a]'],
      [found[1]!.rule, '[dbo].[T].[b]]]'],
      ['filestream-outside-snapshot', '[dbo].[T]'],
    ]);
    expect(found[0]!.message).toMatch(/^one value /);
    expect(found[1]!.message).toMatch(/^3 values /);
  });
});
