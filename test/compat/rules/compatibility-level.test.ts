import { expect, it } from 'vitest';
import type { TargetVersion } from '../../../src/compat/version.ts';
import { database } from '../../support/model.ts';
import { gateFor } from '../gate-for.ts';

const at = (level: number | null) => database({ properties: { ...database().properties, compatibilityLevel: level } });

it.each<[TargetVersion, number, number]>([
  ['2008', 160, 100],
  ['2008R2', 110, 100],
  ['2008', 80, 80],
  ['2012', 80, 90],
  ['2012', 160, 110],
  ['2014', 90, 100],
  ['2019', 160, 150],
  ['2025', 160, 160],
  ['azure', 100, 100],
])('for %s level %i becomes %i', (target, level, expected) => {
  const { database: fitted, findings } = gateFor(target, at(level));
  expect(fitted.properties.compatibilityLevel).toBe(expected);
  expect(findings.map(f => f.severity)).toEqual(level === expected ? [] : ['rewritten']);
});

it('leaves an unknown level unknown', () => {
  expect(gateFor('2012', at(null))).toEqual({ database: at(null), findings: [] });
});
