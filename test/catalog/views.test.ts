import { describe, expect, it } from 'vitest';
import { readIdentityValues } from '../../src/catalog/identity-values.ts';
import { readRowAccess } from '../../src/catalog/row-access.ts';
import { readSnapshotSupport } from '../../src/catalog/snapshot-support.ts';
import { readTableSizes } from '../../src/catalog/table-size.ts';
import { type UnsupportedView, unsupportedQuery, unsupportedViews } from '../../src/catalog/unsupported.ts';
import { type CatalogView, catalogQuery, catalogViews } from '../../src/catalog/views.ts';
import type { VersionNumber } from '../../src/compat/version.ts';
import type { Session } from '../../src/connection/session.ts';
import type { WireColumn } from '../../src/data/wire-column.ts';
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

/** A session that answers each query with one row of what it asks for, whether the view has it or not. */
async function askedBy(read: (session: Session) => Promise<unknown>): Promise<string[]> {
  const asked: string[] = [];
  const session: Pick<Session, 'query'> = {
    async query(sql) {
      asked.push(sql);
      const list = sql.slice(0, sql.indexOf(' FROM '));
      const names = [...list.matchAll(/\[(\w+)\](?=,|$)/g)].map(m => m[1] ?? '');
      const isText = (name: string) => /schema|table|name/.test(name) || sql.includes('sys.filegroups');
      const value = (name: string) => (isText(name) ? 'x' : name.startsWith('is_') ? true : 0);
      return { columns: names.map(name => ({ name }) as WireColumn), rows: [names.map(value)] };
    },
  };
  await read(session as Session);
  return asked;
}

describe.each(versions)('queries that an export asks besides, for version %i', version => {
  it.each<[string, (session: Session) => Promise<unknown>]>([
    ['rights, masks and policies', session => readRowAccess(session, version)],
    ['identity values', readIdentityValues],
    ['sizes of tables', readTableSizes],
    ['what a snapshot needs', readSnapshotSupport],
  ])('%s: name only columns that exist', async (_, read) => {
    const asked = await askedBy(read);
    expect(asked.length).toBeGreaterThan(0);
    for (const sql of asked) {
      const view = /FROM (sys\.\w+)/.exec(sql)?.[1] ?? '';
      const columns = existing(view, version);
      const named = [...sql.replace(/ AS \[\w+\]/g, '').matchAll(/\[(\w+)\]/g)].map(m => m[1] ?? '');
      expect(named.length).toBeGreaterThan(0);
      expect(named.filter(c => !columns.has(c))).toEqual([]);
    }
  });
});

it('asks for a later column only from its version on', () => {
  expect(catalogQuery(catalogViews.sequences, 105)).toBeNull();
  expect(catalogQuery(catalogViews.sequences, 110)).not.toContain('last_used_value');
  expect(catalogQuery(catalogViews.sequences, 140)).toContain('[last_used_value]');
});
