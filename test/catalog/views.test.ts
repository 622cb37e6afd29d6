import { describe, expect, it } from 'vitest';
import { type UnsupportedView, unsupportedQuery, unsupportedViews } from '../../src/catalog/unsupported.ts';
import { type CatalogView, catalogQuery, catalogViews } from '../../src/catalog/views.ts';
import type { VersionNumber } from '../../src/compat/version.ts';
import { columnsIn } from '../support/fake-catalog.ts';

const versions: VersionNumber[] = [100, 105, 110, 120, 130, 140, 150, 160, 170];

const existing = (view: string, version: number): Set<string> => new Set(columnsIn(view, version).map(c => c.name));

/** Types named in a CONVERT. */
const types = new Set(['bit', 'int', 'nvarchar']);

/** Column names of an expression or condition: its words in small letters. Keywords and functions are written in capitals. */
function columnsNamed(text: string): string[] {
  const words = text.replace(/N?'[^']*'/g, '').match(/[A-Za-z_]+/g) ?? [];
  return words.filter(word => word !== word.toUpperCase() && !types.has(word));
}

const calledBy = ({ called }: UnsupportedView): string =>
  typeof called === 'string' ? called : [called.object, called.column ?? ''].join(' ');

const isAskedOf = (view: UnsupportedView, version: number): boolean =>
  view.since <= version && version <= (view.until ?? version);

describe.each(versions)('catalog queries for version %i', version => {
  it.each(Object.entries(catalogViews) as [string, CatalogView][])('%s names only columns that exist', (_, view) => {
    const sql = catalogQuery(view, version);
    const columns = existing(view.view, version);
    if (sql === null) {
      expect(columns.size).toBe(0);
      return;
    }
    expect(columns.size).toBeGreaterThan(0);
    const named = [...sql.matchAll(/\[([a-z_]+)\]/g)].map(m => m[1] ?? '');
    const others = [...Object.values(view.expressions ?? {}), view.where ?? ''].flatMap(columnsNamed);
    expect(named.length).toBeGreaterThan(0);
    expect([...named, ...others].filter(c => !columns.has(c))).toEqual([]);
  });

  it.each(unsupportedViews.filter(v => isAskedOf(v, version)).map(v => [v.kind, v] as const))(
    'the query for %s names only columns that exist',
    (_, view) => {
      const columns = existing(view.view, version);
      expect(columns.size).toBeGreaterThan(0);
      expect(columnsNamed(`${calledBy(view)} ${view.where ?? ''}`).filter(c => !columns.has(c))).toEqual([]);
      expect(unsupportedQuery(view)).toContain(`FROM ${view.view}`);
    },
  );

  it('asks for what the model cannot hold in every view that the version has', () => {
    const asked = new Set(unsupportedViews.filter(v => isAskedOf(v, version)).map(v => v.view));
    const known = unsupportedViews.filter(v => existing(v.view, version).size > 0).map(v => v.view);
    expect(known.filter(v => !asked.has(v))).toEqual([]);
  });
});

it('asks for a later column only from its version on', () => {
  expect(catalogQuery(catalogViews.sequences, 105)).toBeNull();
  expect(catalogQuery(catalogViews.sequences, 110)).not.toContain('last_used_value');
  expect(catalogQuery(catalogViews.sequences, 140)).toContain('[last_used_value]');
});
