import { expect, it } from 'vitest';
import { database, procedure, view } from '../../support/model.ts';
import { brief, gateFor } from '../gate-for.ts';

it('leaves out modules without a text, what needs them, and the permissions on them', () => {
  const kept = procedure('Q', 'CREATE PROCEDURE dbo.Q AS SELECT 1');
  const source = database({
    views: [view('V', null), view('W', 'CREATE VIEW dbo.W AS SELECT * FROM dbo.V')],
    procedures: [procedure('P', null), kept],
    permissions: [
      {
        state: 'GRANT',
        permission: 'EXECUTE',
        securable: { class: 'OBJECT', schema: 'dbo', name: 'P', columns: [] },
        grantee: 'public',
        grantor: 'dbo',
      },
    ],
    // The reader of a live catalog has named it already.
    unsupported: [{ kind: 'encrypted procedure', object: '[dbo].[P]' }],
  });
  const { database: fitted, findings } = gateFor('2022', source);
  expect(fitted).toEqual({ ...database(), procedures: [kept], unsupported: source.unsupported });
  expect(brief(findings)).toEqual(['blocker [dbo].[V] encrypted-module', 'blocker [dbo].[W] encrypted-module']);
});
