import { expect, it } from 'vitest';
import type { Edition, TargetVersion } from '../../../src/compat/version.ts';
import { database } from '../../support/model.ts';
import { brief, gateFor } from '../gate-for.ts';

const source = database({
  properties: {
    ...database().properties,
    filegroups: [
      { name: 'PRIMARY', kind: 'rows', isDefault: true, readOnly: false, files: [] },
      { name: 'Mem', kind: 'memoryOptimized', isDefault: true, readOnly: false, files: [] },
    ],
  },
});

it.each<[TargetVersion, Edition | null, boolean]>([
  ['2012', null, false],
  ['2014', 'standard', false],
  ['2014', 'enterprise', true],
  ['2014', null, true],
  ['2016', 'express', true],
])('%s %s keeps the filegroup: %s', (version, edition, kept) => {
  const { database: fitted, findings } = gateFor(version, source, { edition });
  expect(fitted.properties.filegroups.some(g => g.name === 'Mem')).toBe(kept);
  expect(brief(findings)).toEqual(kept ? [] : ['dropped [Mem] memory-optimized-filegroup']);
});
