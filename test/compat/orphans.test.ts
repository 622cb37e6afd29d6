import { describe, expect, it } from 'vitest';
import { dropOrphans } from '../../src/compat/orphans.ts';
import type { Permission } from '../../src/model/permission.ts';
import { column, database, procedure, table } from '../support/model.ts';

const grant = (name: string, grantee = 'ann', columns: string[] = []): Permission => ({
  state: 'GRANT',
  permission: 'SELECT',
  securable: { class: 'OBJECT', schema: 'dbo', name, columns },
  grantee,
  grantor: 'dbo',
});
const property = (...levels: [type: string, name: string][]) => ({
  name: 'note',
  value: "N'x'",
  levels: levels.map(([type, name]) => ({ type, name })),
});

describe('dropOrphans', () => {
  const user = { name: 'ann', kind: 'withoutLogin', login: null, defaultSchema: null, sid: null } as const;
  const whole = database({
    users: [user, { ...user, name: 'bob' }],
    memberships: [
      { role: 'db_owner', member: 'bob' },
      { role: 'db_owner', member: 'ann' },
    ],
    tables: [table('T', [column('a'), column('b')])],
    procedures: [procedure('P', 'CREATE PROCEDURE dbo.P AS SELECT 1')],
    permissions: [grant('T'), grant('T', 'bob'), grant('P'), grant('T', 'ann', ['b']), grant('elsewhere')],
    extendedProperties: [
      property(['SCHEMA', 'dbo'], ['PROCEDURE', 'P']),
      property(['SCHEMA', 'dbo'], ['TABLE', 'T'], ['COLUMN', 'a']),
      property(['SCHEMA', 'dbo'], ['TABLE', 'T'], ['COLUMN', 'b']),
      property(['USER', 'bob']),
      property(),
    ],
  });

  it('takes out what belongs to objects, columns and principals that are gone', () => {
    const fitted = dropOrphans(whole, {
      ...whole,
      users: [user],
      procedures: [],
      tables: [table('T', [column('a')])],
    });
    expect(fitted.permissions).toEqual([grant('T'), grant('elsewhere')]);
    expect(fitted.memberships).toEqual([{ role: 'db_owner', member: 'ann' }]);
    expect(fitted.extendedProperties).toEqual([whole.extendedProperties[1], whole.extendedProperties[4]]);
  });

  it('changes nothing where nothing is gone', () => {
    expect(dropOrphans(whole, whole)).toEqual(whole);
  });
});
