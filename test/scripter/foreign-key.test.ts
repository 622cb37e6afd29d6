import type { ForeignKey } from '../../src/model/foreign-key.ts';
import { scriptForeignKey } from '../../src/scripter/foreign-key.ts';
import { testScripts } from './script-cases.ts';

const key: ForeignKey = {
  name: 'FK',
  systemNamed: false,
  columns: ['a', 'b c'],
  referencedTable: { schema: 'x', name: 'U' },
  referencedColumns: ['d', 'e'],
  onDelete: 'NO ACTION',
  onUpdate: 'NO ACTION',
  notForReplication: false,
  disabled: false,
  trusted: true,
};
const head =
  'ALTER TABLE [dbo].[T] WITH CHECK ADD CONSTRAINT [FK] FOREIGN KEY ([a], [b c]) REFERENCES [x].[U] ([d], [e])';

testScripts('scriptForeignKey', [
  { name: 'trusted', batches: scriptForeignKey('dbo', 'T', key), expected: [head] },
  {
    name: 'untrusted',
    batches: scriptForeignKey('dbo', 'T', { ...key, trusted: false }),
    expected: [head.replace('WITH CHECK', 'WITH NOCHECK')],
  },
  {
    name: 'disabled',
    batches: scriptForeignKey('dbo', 'T', { ...key, disabled: true, trusted: false }),
    expected: [head.replace('WITH CHECK', 'WITH NOCHECK'), 'ALTER TABLE [dbo].[T] NOCHECK CONSTRAINT [FK]'],
  },
  {
    name: 'with actions, not for replication, system-named',
    batches: scriptForeignKey('dbo', 'T', {
      ...key,
      systemNamed: true,
      onUpdate: 'CASCADE',
      onDelete: 'SET NULL',
      notForReplication: true,
    }),
    expected: [`${head.replace('CONSTRAINT [FK] ', '')} ON UPDATE CASCADE ON DELETE SET NULL NOT FOR REPLICATION`],
  },
]);
