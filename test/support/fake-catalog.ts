/** A session that answers catalog queries from rows given in a test; what a row leaves out has the quiet value of its type. */
import { readFileSync } from 'node:fs';
import type { VersionNumber } from '../../src/compat/version.ts';
import type { CellValue } from '../../src/connection/cell-value.ts';
import type { ResultTable, Session } from '../../src/connection/session.ts';
import type { WireColumn } from '../../src/data/wire-column.ts';

export interface ColumnFacts {
  readonly name: string;
  readonly type: string;
  readonly nullable?: boolean;
  readonly since?: number;
  readonly values?: Readonly<Record<string, string>>;
}
export interface ViewFacts {
  readonly since: number;
  readonly columns: readonly ColumnFacts[];
}

/** Columns of the catalog views by version. */
export const viewFacts = JSON.parse(
  readFileSync(new URL('../../src/sandbox/catalog/catalog-views.json', import.meta.url), 'utf8'),
) as Readonly<Record<string, ViewFacts>>;

/** The view's columns in a version; empty where it lacks the view. */
export function columnsIn(view: string, version: number): readonly ColumnFacts[] {
  const facts = viewFacts[view];
  if (!facts || facts.since > version) return [];
  return facts.columns.filter(c => (c.since ?? facts.since) <= version);
}

export type FakeRow = Readonly<Record<string, CellValue>>;
/** Rows by view: `{'sys.tables': [{object_id: 1, name: 'T'}]}`. */
export type FakeRows = Readonly<Record<string, readonly FakeRow[]>>;

function quietValue(column: ColumnFacts | undefined): CellValue {
  if (column?.nullable !== false) return column?.type === 'bit' ? false : null;
  if (column.type === 'bit') return false;
  if (/^(tiny|small|big)?int/.test(column.type)) return column.type === 'bigint' ? 0n : 0;
  if (/binary/.test(column.type)) return new Uint8Array();
  return '';
}

export const databaseRow: FakeRow = {
  name: 'D',
  compatibility_level: 100,
  collation_name: 'Latin1_General_CI_AS',
  user_access: 0,
  snapshot_isolation_state: 0,
  recovery_model_desc: 'FULL',
  page_verify_option_desc: 'CHECKSUM',
  owner_name: 'sa',
};

/** What every database has: its row of sys.databases, the schema dbo and the principals public and dbo. */
const always: FakeRows = {
  'sys.databases': [databaseRow],
  'sys.schemas': [{ schema_id: 1, name: 'dbo', principal_id: 1 }],
  'sys.database_principals': [
    { principal_id: 0, name: 'public', type: 'R' },
    { principal_id: 1, name: 'dbo', type: 'S' },
  ],
};

/** `[a], x AS b` → the names of the result's columns. */
function selected(list: string): string[] {
  const items: string[] = [];
  let depth = 0;
  let item = '';
  for (const c of list) {
    if (c === '(') depth++;
    if (c === ')') depth--;
    if (c === ',' && depth === 0) {
      items.push(item);
      item = '';
    } else item += c;
  }
  return [...items, item].map(i => /(\w+)\]?\s*$/.exec(i)?.[1] ?? i);
}

export interface FakeSession {
  readonly session: Session;
  /** Texts of the queries, in order. */
  readonly queries: readonly string[];
}

/** A database of the version with the given rows beside what every database has. WHERE clauses are not looked at, but for `where`. */
export function fakeSession(
  version: VersionNumber,
  rows: FakeRows,
  where: (sql: string, view: string) => boolean = () => true,
): FakeSession {
  const queries: string[] = [];
  const query = (sql: string): Promise<ResultTable> => {
    queries.push(sql);
    if (sql.includes('HAS_PERMS_BY_NAME')) return Promise.resolve(table(['allowed'], [[1]]));
    const match = /^SELECT (.*?) FROM (sys\.\w+)/s.exec(sql);
    if (!match) throw new Error(`the fake catalog does not know: ${sql}`);
    const [, list = '', view = ''] = match;
    const facts = columnsIn(view, version);
    if (facts.length === 0) throw new Error(`version ${version} has no ${view}`);
    const names = selected(list);
    const found = (rows[view] ?? always[view] ?? []).filter(() => where(sql, view));
    return Promise.resolve(
      table(
        names,
        found.map(row =>
          names.map(name => (name in row ? (row[name] ?? null) : quietValue(facts.find(c => c.name === name)))),
        ),
      ),
    );
  };
  return { session: { server: 'fake', database: 'D', query } as unknown as Session, queries };
}

function table(names: readonly string[], rows: readonly (readonly CellValue[])[]): ResultTable {
  return { columns: names.map(name => ({ name }) as WireColumn), rows };
}
