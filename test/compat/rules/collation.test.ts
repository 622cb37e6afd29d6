import { describe, expect, it } from 'vitest';
import { olderCollation } from '../../../src/compat/older-collation.ts';
import { column, database, table, text } from '../../support/model.ts';
import { brief, gateFor } from '../gate-for.ts';

describe('olderCollation', () => {
  it.each([
    ['SQL_Latin1_General_CP1_CI_AS', 100, null],
    ['Latin1_General_100_CI_AS', 100, null],
    ['Latin1_General_100_CI_AS_SC', 110, null],
    ['Latin1_General_100_CI_AS_SC', 105, 'Latin1_General_100_CI_AS'],
    ['Latin1_General_100_CI_AS_SC_UTF8', 150, null],
    ['Latin1_General_100_CI_AS_SC_UTF8', 140, 'Latin1_General_100_CI_AS_SC'],
    ['Latin1_General_100_BIN2_UTF8', 110, 'Latin1_General_100_BIN2'],
    ['Japanese_XJIS_140_CI_AS_VSS', 140, null],
    ['Japanese_XJIS_140_CI_AS_VSS', 130, 'Japanese_XJIS_100_CI_AS_SC'],
    ['Japanese_XJIS_140_BIN2', 130, 'Japanese_XJIS_100_BIN2'],
    ['Chinese_Simplified_Pinyin_160_CI_AS', 160, 'Chinese_Simplified_Pinyin_100_CI_AS'],
  ])('%s at %i is %s', (name, version, expected) => {
    expect(olderCollation(name, version)).toBe(expected);
  });
});

describe('rule collation', () => {
  const utf8 = 'Latin1_General_100_CI_AS_SC_UTF8';
  const plain = 'Latin1_General_100_CI_AS_SC';

  it('makes UTF-8 columns nvarchar of as many characters, alias types too', () => {
    const source = database({
      aliasTypes: [
        {
          schema: 'dbo',
          name: 'Code',
          owner: null,
          baseType: text(12),
          nullable: true,
          boundDefault: null,
          boundRule: null,
        },
      ],
      tables: [
        table('T', [
          column('a', text(10), { collation: utf8 }),
          column('b', text(5000), { collation: utf8 }),
          column('c', text(5, 'char'), { collation: utf8 }),
          column('d', { schema: 'dbo', name: 'Code' }, { collation: utf8 }),
          column('e', text(9, 'nvarchar'), { collation: utf8 }),
          column('f', text(9), { collation: 'Latin1_General_CI_AS' }),
        ]),
      ],
    });
    const { database: fitted, findings } = gateFor('2012', source);
    expect(fitted.tables[0]!.columns.map(c => [c.type, c.collation])).toEqual([
      [text(10, 'nvarchar'), plain],
      [text('max', 'nvarchar'), plain],
      [text(5, 'nchar'), plain],
      [text(12, 'nvarchar'), plain],
      [text(9, 'nvarchar'), plain],
      [text(9), 'Latin1_General_CI_AS'],
    ]);
    expect(brief(findings)).toEqual('abcde'.split('').map(c => `rewritten [dbo].[T].[${c}] collation`));
    expect(gateFor('2019', source).findings).toEqual([]);
  });

  it('rewrites the database and partition functions, and blocks where varchar itself was UTF-8', () => {
    const source = database({
      properties: { ...database().properties, collation: utf8 },
      partitionFunctions: [{ name: 'pf', type: text(5), collation: utf8, boundaryOnRight: true, boundaries: ["N'k'"] }],
    });
    const { database: fitted, findings } = gateFor('2017', source);
    expect(fitted.properties.collation).toBe(plain);
    expect(fitted.partitionFunctions[0]!.collation).toBe(plain);
    expect(brief(findings)).toEqual([
      'rewritten DATABASE collation',
      'blocker DATABASE collation',
      'rewritten [pf] collation',
    ]);
  });
});
