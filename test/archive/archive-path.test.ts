import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isArchivePath, resolveArchivePath, tableFolder } from '../../src/archive/archive-path.ts';

describe('a path inside an archive', () => {
  it.each(['pre-data.sql', 'data/00001-dbo.Calls/000001.sql.zst', 'a_b/c'])('may be %s', path => {
    expect(isArchivePath(path)).toBe(true);
  });
  it.each([
    '',
    '.',
    '..',
    '../x',
    'a/../x',
    'a/..',
    '/etc/passwd',
    'C:/x',
    'C:x',
    'a\\b',
    '\\\\server\\share',
    'a//b',
    'a/',
    './a',
    'a/.hidden',
    'a.',
    'a ',
    ' a',
    'NUL',
    'nul.sql',
    'data/com1.txt',
    'COM¹',
    'a\0b',
    'a\nb',
    'a:b',
    'a*',
    'ä',
    '~/x',
    `${'a'.repeat(201)}`,
    'a/'.repeat(300),
  ])('may not be %j', path => {
    expect(isArchivePath(path)).toBe(false);
  });
  it('is made of any table name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 130 }), fc.string(), fc.nat(99999), (name, schema, number) => {
        expect(isArchivePath(`data/${tableFolder(number, schema, name)}/000001.sql.zst`)).toBe(true);
      }),
    );
    expect(tableFolder(3, 'dbo', 'Call details')).toBe('00003-dbo.Call_details');
    expect(tableFolder(3, '..', '../../x')).toBe('00003-._._x');
  });
});

describe('the place of an archive file', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'xpdb-archive-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('is inside of the folder, whether it exists or not', async () => {
    mkdirSync(join(folder, 'data'));
    writeFileSync(join(folder, 'data', 'a.sql'), '');
    expect(await resolveArchivePath(folder, 'data/a.sql')).toBe(join(folder, 'data', 'a.sql'));
    expect(await resolveArchivePath(folder, 'data/b/c.sql')).toBe(join(folder, 'data', 'b', 'c.sql'));
    await expect(resolveArchivePath(folder, '../a.sql')).rejects.toThrow(/may lie outside/);
  });
  it('is not behind a symbolic link', async () => {
    symlinkSync(tmpdir(), join(folder, 'data'));
    await expect(resolveArchivePath(folder, 'data/a.sql')).rejects.toThrow(/symbolic link/);
    symlinkSync(join(tmpdir(), 'x'), join(folder, 'a.sql'));
    await expect(resolveArchivePath(folder, 'a.sql')).rejects.toThrow(/symbolic link/);
  });
});
