import { expect, it } from 'vitest';
import { database, index, key, table, view } from '../../support/model.ts';
import { brief, gateFor } from '../gate-for.ts';

const archive = { name: 'Archive', partitionColumn: null };
const source = database({
  properties: {
    ...database().properties,
    options: { RECOVERY: 'FULL', ANSI_NULLS: 'ON' },
    filegroups: [
      { name: 'PRIMARY', kind: 'rows', isDefault: true, readOnly: false, files: [] },
      { name: 'Archive', kind: 'rows', isDefault: false, readOnly: false, files: [] },
    ],
  },
  users: [
    { name: 'CORP\\ann', kind: 'windows', login: 'CORP\\ann', defaultSchema: null, sid: null },
    { name: 'bob', kind: 'sql', login: 'bob', defaultSchema: null, sid: null },
  ],
  schemas: [{ name: 'sales', owner: 'CORP\\ann' }],
  tables: [
    table('T', undefined, {
      dataSpace: archive,
      lobDataSpace: 'Archive',
      keys: [key('PK', ['Id'], { dataSpace: archive })],
      indexes: [index('IX', ['Id'], { dataSpace: archive })],
    }),
  ],
  views: [view('V', 'CREATE VIEW dbo.V AS SELECT 1 AS a', { indexes: [index('CX', ['a'], { dataSpace: archive })] })],
});

it('puts everything on PRIMARY, and names options and Windows users that are left out', () => {
  const { database: fitted, findings } = gateFor('azure', source);
  expect(brief(findings)).toEqual([
    'rewritten [Archive] azure-database',
    'dropped DATABASE azure-database',
    'blocker [CORP\\ann] azure-database',
    'rewritten [sales] azure-database',
  ]);
  expect(fitted.properties).toMatchObject({ filegroups: [], logFiles: [], options: { ANSI_NULLS: 'ON' } });
  expect(fitted.users.map(u => u.name)).toEqual(['bob']);
  expect(fitted.schemas).toEqual([{ name: 'sales', owner: 'dbo' }]);
  expect(fitted.tables).toEqual([table('T', undefined, { keys: [key('PK', ['Id'])], indexes: [index('IX', ['Id'])] })]);
  expect(fitted.views[0]!.indexes).toEqual([index('CX', ['a'])]);
});

it('lets a boxed server keep them', () => {
  expect(gateFor('2022', source)).toEqual({ database: source, findings: [] });
});
