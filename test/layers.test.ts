import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../src', import.meta.url));
const files = readdirSync(root, { recursive: true, withFileTypes: true })
  .filter(e => e.isFile() && e.name.endsWith('.ts'))
  .map(e => relative(root, join(e.parentPath, e.name)).split(sep).join('/'));

/** A folder imports only from itself and those after it. */
const order = [
  'cli',
  'move',
  'exporter importer verify',
  'archive',
  'catalog',
  'connection',
  'scripter',
  'compat',
  'data',
  'tsql',
  'model',
];
const level = (folder: string) => order.findIndex(names => names.split(' ').includes(folder));
const pure = new Set(['scripter', 'compat', 'data', 'tsql', 'model']);
/** What the sandbox may use. */
const sandboxUses = new Set(['sandbox', 'tsql', 'data', 'model', 'compat']);

interface Import {
  readonly file: string;
  readonly folder: string;
  readonly to: string;
  readonly dynamic: boolean;
}

const imports: Import[] = files.flatMap(file => {
  const text = readFileSync(join(root, file), 'utf8');
  const folder = file.split('/')[0]!;
  const found = [...text.matchAll(/(?:^|\n)(?:import|export)[^'";]*?from\s*'([^']+)'|(?:^|\n)import\s*'([^']+)'/g)].map(
    m => ({ to: m[1] ?? m[2]!, dynamic: false }),
  );
  const dynamic = [...text.matchAll(/import\('([^']+)'\)/g)].map(m => ({ to: m[1]!, dynamic: true }));
  return [...found, ...dynamic].map(i => ({ ...i, file, folder }));
});

/** First folder of a relative import's target; null for packages. */
function targetFolder(i: Import): string | null {
  if (!i.to.startsWith('.')) return null;
  return relative(root, join(root, i.file, '..', i.to)).split(sep)[0]!;
}

describe('the order of the folders', () => {
  it('finds imports to judge', () => {
    expect(imports.length).toBeGreaterThan(300);
  });

  it('imports go one way', () => {
    const wrong = imports.filter(i => {
      const to = targetFolder(i);
      if (to === null || to === i.folder || !i.file.includes('/')) return false;
      if (i.folder === 'sandbox') return !sandboxUses.has(to);
      if (to === 'sandbox') return i.folder !== 'cli';
      return level(to) < level(i.folder) || (level(to) === level(i.folder) && to !== i.folder);
    });
    expect(wrong.map(i => `${i.file} → ${i.to}`)).toEqual([]);
  });

  it('only connection imports tedious or mssql', () => {
    const wrong = imports.filter(i => /^(tedious|mssql)(\/|$)/.test(i.to) && i.folder !== 'connection');
    expect(wrong.map(i => i.file)).toEqual([]);
  });

  it('pure folders import no node module that does I/O', () => {
    const wrong = imports.filter(i => pure.has(i.folder) && i.to.startsWith('node:') && !['node:util'].includes(i.to));
    expect(wrong.map(i => `${i.file} → ${i.to}`)).toEqual([]);
  });

  it('the command line loads tedious, SQLite and the workings only when a command runs', () => {
    const wrong = imports.filter(
      i =>
        i.folder === 'cli' &&
        !i.dynamic &&
        ['exporter', 'importer', 'verify', 'archive', 'catalog', 'connection', 'sandbox'].includes(
          targetFolder(i) ?? '',
        ),
    );
    const typesOnly = wrong.filter(
      i =>
        !new RegExp(`import type [^;]*from '${i.to.replaceAll('.', '\\.')}'`).test(
          readFileSync(join(root, i.file), 'utf8'),
        ),
    );
    expect(typesOnly.map(i => `${i.file} → ${i.to}`)).toEqual([]);
  });
});

describe('the files', () => {
  const texts = files.map(file => [file, readFileSync(join(root, file), 'utf8')] as const);
  it('have no default exports and no barrels but src/index.ts', () => {
    expect(texts.filter(([, text]) => /^export default/m.test(text)).map(([file]) => file)).toEqual([]);
    expect(files.filter(f => /(^|\/)index\.ts$/.test(f) && f !== 'index.ts')).toEqual([]);
  });
  it('name no machine path and no registry host', () => {
    const wrong = texts.filter(([, text]) => /\/(work|home|root|Users)\/[a-z]|registry\.npmjs|nuget\.org/.test(text));
    expect(wrong.map(([file]) => file)).toEqual([]);
  });
});
