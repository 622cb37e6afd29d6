import type { TableType } from '../../src/model/table-type.ts';
import { scriptTableType } from '../../src/scripter/table-type.ts';
import { column, int, key } from '../support/model.ts';
import { options, testScripts } from './script-cases.ts';

const type: TableType = {
  schema: 'dbo',
  name: 'List',
  owner: 'ann',
  columns: [
    column('a', int, { nullable: false }),
    column('b', int, { default: { name: 'DF__1', systemNamed: false, expression: '((5))' } }),
  ],
  keys: [key('PK__1', ['a'])],
  checks: [
    {
      name: 'CK__1',
      systemNamed: true,
      expression: '([b]<(9))',
      notForReplication: false,
      disabled: false,
      trusted: true,
    },
  ],
};

testScripts('scriptTableType', [
  {
    name: 'takes no names of constraints',
    batches: scriptTableType(type, options),
    expected: [
      'CREATE TYPE [dbo].[List] AS TABLE (\n  [a] [int] NOT NULL,\n  [b] [int] NULL DEFAULT ((5)),\n  PRIMARY KEY CLUSTERED ([a]),\n  CHECK ([b]<(9))\n)',
      'ALTER AUTHORIZATION ON TYPE::[dbo].[List] TO [ann]',
    ],
  },
]);
