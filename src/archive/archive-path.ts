import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { XpdbError } from '../model/error.ts';

/** Names that Windows keeps for devices, whatever follows a dot. */
const deviceName = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(\.|$)/i;
const part = /^[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?$/;

/**
 * Whether a path that an archive names stays inside of it, on every system: parts of letters, digits, `_`, `-` and inner dots, joined by
 * slashes. No `..`, no drive, no backslash, no device, no hidden file.
 */
export function isArchivePath(path: string): boolean {
  const parts = path.split('/');
  return path.length <= 400 && parts.every(p => p.length <= 200 && part.test(p) && !deviceName.test(p));
}

/**
 * The place of an archive's file.
 * @throws XpdbError when the name would lead elsewhere, or when a symbolic link stands on the way
 */
export async function resolveArchivePath(folder: string, path: string): Promise<string> {
  if (!isArchivePath(path)) {
    throw new XpdbError(`archive ${folder} names the file ${JSON.stringify(path)}, which may lie outside of it`, {
      hint: 'the archive is damaged or was tampered with',
    });
  }
  let place = folder;
  for (const name of path.split('/')) {
    place = join(place, name);
    const stats = await lstat(place).catch(() => null);
    if (stats?.isSymbolicLink()) {
      throw new XpdbError(`${place} is a symbolic link`, { hint: 'an archive holds its files itself' });
    }
    if (!stats) break;
  }
  return join(folder, ...path.split('/'));
}

/** A name for a table's folder: its number, which makes it unique, and what is harmless of its name. */
export function tableFolder(number: number, schema: string, name: string): string {
  const harmless = `${schema}.${name}`
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9_.-]+/g, '_')
    .replace(/\.{2,}/g, '.')
    .slice(0, 80)
    .replace(/[.]+$/, '');
  return `${String(number).padStart(5, '0')}-${harmless || 'table'}`;
}
