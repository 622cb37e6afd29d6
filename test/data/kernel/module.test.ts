import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { kernelModule, literalsModule, literalsModuleFile, moduleFile } from '../../../scripts/build-kernel.ts';

it('is what its sources compile to (npm run build:kernel)', async () => {
  expect(await kernelModule()).toBe(readFileSync(moduleFile, 'utf8'));
  expect(await literalsModule()).toBe(readFileSync(literalsModuleFile, 'utf8'));
});
