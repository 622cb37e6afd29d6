import { expect, it } from 'vitest';
import type { TargetVersion } from '../../../src/compat/version.ts';
import { database } from '../../support/model.ts';
import { gateFor } from '../gate-for.ts';

const options = {
  RECOVERY: 'SIMPLE',
  TARGET_RECOVERY_TIME: '60 SECONDS',
  DELAYED_DURABILITY: 'ALLOWED',
  MIXED_PAGE_ALLOCATION: 'ON',
  TEMPORAL_HISTORY_RETENTION: 'ON',
  ACCELERATED_DATABASE_RECOVERY: 'ON',
  OPTIMIZED_LOCKING: 'ON',
};
const source = database({ properties: { ...database().properties, options } });

it.each<[TargetVersion, number]>([
  ['2008', 1],
  ['2012', 2],
  ['2014', 3],
  ['2016', 4],
  ['2017', 5],
  ['2019', 6],
  ['2025', 7],
])('for %s the first %i options stay', (version, count) => {
  const { database: fitted, findings } = gateFor(version, source);
  expect(Object.keys(fitted.properties.options)).toEqual(Object.keys(options).slice(0, count));
  expect(findings.map(f => [f.severity, f.message])).toEqual(
    Object.entries(options)
      .slice(count)
      .map(([name, value]) => ['dropped', `option ${name} ${value}`]),
  );
});
