import { expect, it } from 'vitest';
import { database, procedure } from '../../support/model.ts';
import { brief, gateFor } from '../gate-for.ts';

it('leaves out modules that only an older server takes', () => {
  const good = procedure('Q', "CREATE PROCEDURE dbo.Q AS RAISERROR ('x', 16, 1)");
  const source = database({ procedures: [procedure('P', "CREATE PROCEDURE dbo.P AS\nRAISERROR 50001 'x'"), good] });
  const { database: fitted, findings } = gateFor('2012', source);
  expect(fitted.procedures).toEqual([good]);
  expect(brief(findings)).toEqual(['blocker [dbo].[P] removed-syntax']);
  expect(findings[0]!.line).toBe(2);
  expect(gateFor('2008', source)).toEqual({ database: source, findings: [] });
});
