import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { identityValueViews } from '../../src/catalog/identity-values.ts';
import { accessViews } from '../../src/catalog/row-access.ts';
import { snapshotViews } from '../../src/catalog/snapshot-support.ts';
import { unsupportedQuery, unsupportedViews } from '../../src/catalog/unsupported.ts';
import { type CatalogView, catalogQuery, catalogViews } from '../../src/catalog/views.ts';
import type { VersionNumber } from '../../src/compat/version.ts';

interface ViewFacts {
  since: number;
  columns: { name: string; since?: number }[];
}
const facts = JSON.parse(
  readFileSync(new URL('../../src/sandbox/catalog/catalog-views.json', import.meta.url), 'utf8'),
) as Record<string, ViewFacts>;
const versions: VersionNumber[] = [100, 105, 110, 120, 130, 140, 150, 160, 170];

/** Columns of a view that a version has. */
function columnsOf(view: string, version: number): Set<string> {
  const known = facts[view];
  if (!known || known.since > version) return new Set();
  return new Set(known.columns.filter(c => (c.since ?? known.since) <= version).map(c => c.name));
}

/** Words of an expression or condition that can be column names of the view. */
function wordsOf(text: string, view: string): string[] {
  const all = new Set((facts[view]?.columns ?? []).map(c => c.name));
  return (text.replace(/'[^']*'/g, '').match(/[a-z_]+/gi) ?? []).filter(word => all.has(word));
}

describe.each(versions)('catalog queries for version %i', version => {
  it.each(Object.entries(catalogViews) as [string, CatalogView][])('%s names only columns that exist', (_, view) => {
    const sql = catalogQuery(view, version);
    const existing = columnsOf(view.view, version);
    if (sql === null) {
      expect(existing.size).toBe(0);
      return;
    }
    expect(existing.size).toBeGreaterThan(0);
    const named = [...sql.matchAll(/\[([a-z_]+)\]/g)].map(m => m[1]!);
    const others = [...Object.values(view.expressions ?? {}), view.where ?? ''].flatMap(text =>
      wordsOf(text, view.view),
    );
    expect([...named, ...others].filter(c => !existing.has(c))).toEqual([]);
  });

  it.each([accessViews, snapshotViews, identityValueViews].flatMap(views => Object.values(views) as CatalogView[]))(
    'what exports ask of $view exists',
    view => {
      const existing = columnsOf(view.view, version);
      if (version < view.since) expect(view.since).toBeGreaterThan(100);
      else expect(view.columns.filter(c => !existing.has(typeof c === 'string' ? c : c.name))).toEqual([]);
    },
  );

  it.each(unsupportedViews.filter(v => v.since <= version))('$view of unsupported objects exists', view => {
    const existing = columnsOf(view.view, version);
    expect(existing.size).toBeGreaterThan(0);
    const named = wordsOf(`${view.name} ${view.where ?? ''}`, view.view);
    expect(named.filter(c => !existing.has(c))).toEqual([]);
    expect(unsupportedQuery(view)).toContain(`FROM ${view.view}`);
  });
});

it('asks for a later column only from its version on', () => {
  expect(catalogQuery(catalogViews.sequences, 105)).toBeNull();
  expect(catalogQuery(catalogViews.sequences, 110)).not.toContain('last_used_value');
  expect(catalogQuery(catalogViews.sequences, 140)).toContain('[last_used_value]');
});
