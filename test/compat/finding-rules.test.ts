import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { findingRules } from '../../src/compat/finding-rules.ts';

const root = fileURLToPath(new URL('../../src', import.meta.url));

describe('the rules of findings', () => {
  it('are those that the sources name, each once', () => {
    const named = new Set<string>();
    for (const folder of ['compat', 'scripter', 'exporter', 'importer', 'move', 'verify']) {
      for (const file of readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })) {
        if (!file.endsWith('.ts')) continue;
        const text = readFileSync(join(root, folder, file), 'utf8');
        // As a field, as the constant that fills it, and as first argument of the functions that make findings.
        const ids = /\brule(?:: string)?(?::| =) '([a-z-]+)'|(?:\bleftOut|\bfinding|#note)\(\s*'([a-z-]+)'/g;
        for (const match of text.matchAll(ids)) named.add(match[1] ?? match[2]!);
        if (folder === 'compat') for (const [, id] of text.matchAll(/^ {2}id: '([a-z-]+)'/gm)) named.add(id!);
      }
    }
    expect([...named].sort()).toEqual(findingRules);
  });
});
