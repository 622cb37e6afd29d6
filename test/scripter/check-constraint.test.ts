import { describe, expect, it } from 'vitest';
import type { CheckConstraint } from '../../src/model/check-constraint.ts';
import { parenthesised, scriptCheck } from '../../src/scripter/check-constraint.ts';
import { testScripts } from './script-cases.ts';

const check: CheckConstraint = {
  name: 'CK]1',
  systemNamed: false,
  expression: '([a]>(0))',
  notForReplication: false,
  disabled: false,
  trusted: true,
};

testScripts('scriptCheck', [
  {
    name: 'trusted',
    batches: scriptCheck('dbo', 'T', check),
    expected: ['ALTER TABLE [dbo].[T] WITH CHECK ADD CONSTRAINT [CK]]1] CHECK ([a]>(0))'],
  },
  {
    name: 'untrusted',
    batches: scriptCheck('dbo', 'T', { ...check, trusted: false }),
    expected: ['ALTER TABLE [dbo].[T] WITH NOCHECK ADD CONSTRAINT [CK]]1] CHECK ([a]>(0))'],
  },
  {
    name: 'disabled',
    batches: scriptCheck('dbo', 'T', { ...check, disabled: true, trusted: false }),
    expected: [
      'ALTER TABLE [dbo].[T] WITH NOCHECK ADD CONSTRAINT [CK]]1] CHECK ([a]>(0))',
      'ALTER TABLE [dbo].[T] NOCHECK CONSTRAINT [CK]]1]',
    ],
  },
  {
    name: 'system-named, not for replication, without outer parentheses',
    batches: scriptCheck('dbo', 'T', {
      ...check,
      systemNamed: true,
      notForReplication: true,
      expression: '(a > 0) OR (b > 0)',
    }),
    expected: ['ALTER TABLE [dbo].[T] WITH CHECK ADD CHECK NOT FOR REPLICATION ((a > 0) OR (b > 0))'],
  },
]);

describe('parenthesised', () => {
  it.each([
    ['(a)', '(a)'],
    ['(a)+(b)', '((a)+(b))'],
    ["([a)]=')' OR \"(\"='')", "([a)]=')' OR \"(\"='')"],
    ["('it''s)')", "('it''s)')"],
    ["('(')+(')')", "(('(')+(')'))"],
    ['a', '(a)'],
  ])('%s', (text, expected) => {
    expect(parenthesised(text)).toBe(expected);
  });
});
