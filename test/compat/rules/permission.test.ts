import { expect, it } from 'vitest';
import type { TargetVersion } from '../../../src/compat/version.ts';
import type { Permission } from '../../../src/model/permission.ts';
import { database } from '../../support/model.ts';
import { brief, gateFor } from '../gate-for.ts';

const grant = (permission: string, name: string | null = null): Permission => ({
  state: 'GRANT',
  permission,
  securable:
    name === null
      ? { class: 'DATABASE', schema: null, name, columns: [] }
      : { class: 'OBJECT', schema: 'dbo', name, columns: [] },
  grantee: 'public',
  grantor: 'dbo',
});

it.each<[Permission, TargetVersion, TargetVersion | null]>([
  [grant('VIEW DEFINITION'), '2008', null],
  [grant('SELECT', 'T'), '2008', null],
  [grant('CREATE SEQUENCE'), '2012', '2008R2'],
  [grant('UNMASK'), '2016', '2014'],
  [grant('UNMASK', 'T'), '2022', '2019'],
  [grant('ADMINISTER DATABASE BULK OPERATIONS'), '2017', '2016'],
  [grant('VIEW ANY SENSITIVITY CLASSIFICATION'), '2019', '2017'],
  [grant('VIEW DATABASE PERFORMANCE STATE'), '2022', '2019'],
  [grant('ENABLE LEDGER'), '2022', '2019'],
  [grant('SOMETHING OF TOMORROW'), '2025', '2022'],
])('%j is known from %s on', (permission, first, last) => {
  const source = database({ permissions: [permission] });
  expect(gateFor(first, source)).toEqual({ database: source, findings: [] });
  if (last === null) return;
  const { database: fitted, findings } = gateFor(last, source);
  expect(fitted.permissions).toEqual([]);
  expect(brief(findings)).toEqual([
    `dropped ${permission.securable.name === null ? 'DATABASE' : '[dbo].[T]'} permission`,
  ]);
});
