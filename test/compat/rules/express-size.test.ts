import { expect, it } from 'vitest';
import type { Edition, TargetVersion } from '../../../src/compat/version.ts';
import { database } from '../../support/model.ts';
import { gateFor } from '../gate-for.ts';

const gb = 1024 * 1024;
const file = (sizeKb: number) =>
  ({ logicalName: 'f', physicalName: 'f.mdf', kind: 'rows', sizeKb, maxSizeKb: null, growth: null }) as const;
const of = (...sizes: number[]) =>
  database({
    properties: {
      ...database().properties,
      filegroups: [{ name: 'PRIMARY', kind: 'rows', isDefault: true, readOnly: false, files: sizes.map(file) }],
    },
  });

it.each<[TargetVersion, Edition | null, number[], boolean]>([
  ['2008', 'express', [3 * gb, 2 * gb], true],
  ['2008R2', 'express', [3 * gb, 2 * gb], false],
  ['2022', 'express', [11 * gb], true],
  ['2025', 'express', [11 * gb], false],
  ['2025', 'express', [51 * gb], true],
  ['2022', 'standard', [11 * gb], false],
  ['2022', null, [11 * gb], false],
])('%s %s with files of %j KB: default sizes %s', (version, edition, sizes, small) => {
  const { database: fitted, findings } = gateFor(version, of(...sizes), { edition });
  expect(fitted.properties.filegroups[0]!.files.map(f => f.sizeKb)).toEqual(small ? sizes.map(() => null) : sizes);
  expect(findings.map(f => f.severity)).toEqual(small ? ['rewritten'] : []);
});
