import { expect, it } from 'vitest';
import { database } from '../../support/model.ts';
import { brief, gateFor } from '../gate-for.ts';

const group = {
  name: 'CORP\\staff',
  kind: 'windowsGroup',
  login: 'CORP\\staff',
  defaultSchema: 'sales',
  sid: null,
} as const;
const source = database({ users: [group, { ...group, name: 'CORP\\ann', kind: 'windows' }] });

it('leaves out the default schema of a Windows group before 2012, and no other', () => {
  const { database: fitted, findings } = gateFor('2008R2', source);
  expect(fitted.users).toEqual([{ ...group, defaultSchema: null }, source.users[1]]);
  expect(brief(findings)).toEqual(['dropped [CORP\\staff] group-default-schema']);
  expect(gateFor('2012', source).findings).toEqual([]);
});
