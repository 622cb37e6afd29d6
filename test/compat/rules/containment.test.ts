import { expect, it } from 'vitest';
import { database } from '../../support/model.ts';
import { brief, gateFor } from '../gate-for.ts';

const source = database({ properties: { ...database().properties, containment: 'PARTIAL' } });

it('makes a contained database a plain one before 2012', () => {
  const { database: fitted, findings } = gateFor('2008R2', source);
  expect(fitted.properties.containment).toBe('NONE');
  expect(brief(findings)).toEqual(['rewritten DATABASE containment']);
  expect(gateFor('2012', source)).toEqual({ database: source, findings: [] });
});
