import type { AliasType } from '../../src/model/alias-type.ts';
import { scriptAliasType } from '../../src/scripter/alias-type.ts';
import { text } from '../support/model.ts';
import { options, testScripts } from './script-cases.ts';

const phone: AliasType = {
  schema: 'dbo',
  name: 'Phone]Number',
  owner: null,
  baseType: text(32),
  nullable: false,
  boundDefault: null,
  boundRule: null,
};

testScripts('scriptAliasType', [
  {
    name: 'not null',
    batches: scriptAliasType(phone, options),
    expected: ['CREATE TYPE [dbo].[Phone]]Number] FROM [varchar](32) NOT NULL'],
  },
  {
    name: 'nullable',
    batches: scriptAliasType({ ...phone, nullable: true }, options),
    expected: ['CREATE TYPE [dbo].[Phone]]Number] FROM [varchar](32) NULL'],
  },
  {
    name: 'with bound default, bound rule and owner',
    batches: scriptAliasType(
      { ...phone, boundDefault: { schema: 'dbo', name: "D'1" }, boundRule: { schema: 'x y', name: 'R' }, owner: 'ann' },
      options,
    ),
    expected: [
      'CREATE TYPE [dbo].[Phone]]Number] FROM [varchar](32) NOT NULL',
      "EXEC sys.sp_bindefault @defname = N'[dbo].[D''1]', @objname = N'[dbo].[Phone]]Number]'",
      "EXEC sys.sp_bindrule @rulename = N'[x y].[R]', @objname = N'[dbo].[Phone]]Number]'",
      'ALTER AUTHORIZATION ON TYPE::[dbo].[Phone]]Number] TO [ann]',
    ],
  },
  {
    name: 'without owners',
    batches: scriptAliasType({ ...phone, owner: 'ann' }, { ...options, owners: false }),
    expected: ['CREATE TYPE [dbo].[Phone]]Number] FROM [varchar](32) NOT NULL'],
  },
]);
