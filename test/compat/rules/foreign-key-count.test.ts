import { expect, it } from 'vitest';
import { database, foreignKey, table } from '../../support/model.ts';
import { brief, gateFor } from '../gate-for.ts';

const source = database({
  tables: [
    table('Hub'),
    ...Array.from({ length: 255 }, (_, i) => table(`T${i}`, undefined, { foreignKeys: [foreignKey(`FK${i}`, 'Hub')] })),
  ],
});

it('takes 253 foreign keys to one table before 2016, and all of them later', () => {
  const { database: fitted, findings } = gateFor('2014', source);
  expect(brief(findings)).toEqual([
    'blocker [dbo].[T253].[FK253] foreign-key-count',
    'blocker [dbo].[T254].[FK254] foreign-key-count',
  ]);
  expect(fitted.tables.flatMap(t => t.foreignKeys)).toHaveLength(253);
  expect(gateFor('2016', source)).toEqual({ database: source, findings: [] });
});
