import type { VersionNumber } from '../compat/version.ts';
import type { CellValue, VariantValue } from '../connection/cell-value.ts';
import type { Session } from '../connection/session.ts';
import { XpdbError } from '../model/error.ts';
import type { UnsupportedObject } from '../model/unsupported-object.ts';
import { type CatalogViewName, catalogQuery, catalogViews } from './views.ts';

/** A row of a catalog view; a column that the source's version lacks is undefined. */
export type CatalogRow = Readonly<Record<string, CellValue | undefined>>;

/** Everything that was read of a source's catalog, to be mapped to the model without further queries. */
export interface Catalog {
  readonly version: VersionNumber;
  rows(view: CatalogViewName): readonly CatalogRow[];
  /** A server of Azure. */
  readonly azure: boolean;
  /** Whether the source has the view `sys.…`, as far as its version alone does not tell. */
  has(view: string): boolean;
  /** Notes something that the model cannot hold. */
  unsupported(kind: string, object: string, severity?: UnsupportedObject['severity']): void;
  readonly unsupportedObjects: readonly UnsupportedObject[];
}

/** Runs one query a view, whatever the number of objects. @throws SqlServerError */
export async function readCatalog(session: Session, version: VersionNumber): Promise<Catalog> {
  const available = await viewsOf(session);
  const views = new Map<CatalogViewName, CatalogRow[]>();
  for (const name of Object.keys(catalogViews) as CatalogViewName[]) {
    const view = catalogViews[name];
    const sql = available === null || available.has(view.view) ? catalogQuery(view, version) : null;
    views.set(name, sql === null ? [] : await queryRecords(session, sql));
  }
  return createCatalog(version, views, available);
}

/**
 * The catalog views of a server of Azure, which lacks some that concern the server, now these, now those. Null for the editions
 * 1 to 4 of the boxed product: their views follow from the version.
 */
async function viewsOf(session: Session): Promise<ReadonlySet<string> | null> {
  const rows = await queryRecords(
    session,
    "SELECT name FROM sys.all_views WHERE schema_id = SCHEMA_ID('sys') AND CONVERT(int, SERVERPROPERTY('EngineEdition')) NOT BETWEEN 1 AND 4",
  );
  return rows.length === 0 ? null : new Set(rows.map(row => `sys.${text(row, 'name')}`));
}

export function createCatalog(
  version: VersionNumber,
  views: ReadonlyMap<CatalogViewName, readonly CatalogRow[]>,
  available: ReadonlySet<string> | null = null,
): Catalog {
  const unsupportedObjects: UnsupportedObject[] = [];
  const told = new Set<string>();
  return {
    version,
    rows: view => views.get(view) ?? [],
    azure: available !== null,
    has: view => available === null || available.has(view),
    unsupported: (kind, object, severity) => {
      // Several views may tell of one thing.
      const key = `${kind}\u0000${object}`;
      if (told.has(key)) return;
      told.add(key);
      unsupportedObjects.push(severity ? { kind, object, severity } : { kind, object });
    },
    unsupportedObjects,
  };
}

/** Rows as records by column name. */
export async function queryRecords(session: Session, sql: string): Promise<CatalogRow[]> {
  const { columns, rows } = await session.query(sql);
  const names = columns.map(c => c.name);
  return rows.map(row => Object.fromEntries(names.map((name, i) => [name, row[i]])));
}

function wrongType(row: CatalogRow, column: string, expected: string): never {
  const value = row[column];
  throw new XpdbError(
    `catalog column ${column} is ${value === null ? 'NULL' : typeof value} where ${expected} was expected`,
    {
      hint: 'the source answers its catalog in a way that xpdb does not know',
    },
  );
}

export function text(row: CatalogRow, column: string): string {
  const value = row[column];
  return typeof value === 'string' ? value : wrongType(row, column, 'text');
}

export function textOrNull(row: CatalogRow, column: string): string | null {
  const value = row[column];
  return value === null || value === undefined ? null : text(row, column);
}

export function int(row: CatalogRow, column: string): number {
  const value = row[column];
  if (typeof value === 'number') return value;
  return typeof value === 'bigint' ? Number(value) : wrongType(row, column, 'a number');
}

/** 0 for NULL and for a column that the version lacks: what such columns mean by their absence. */
export function intOrZero(row: CatalogRow, column: string): number {
  const value = row[column];
  return value === null || value === undefined ? 0 : int(row, column);
}

/** false for NULL and for a column that the version lacks. */
export function flag(row: CatalogRow, column: string): boolean {
  const value = row[column];
  if (value === null || value === undefined) return false;
  return typeof value === 'boolean' ? value : wrongType(row, column, 'a bit');
}

export function isVariant(value: CellValue | undefined): value is VariantValue {
  return typeof value === 'object' && value !== null && 'baseType' in value;
}

/** A number of any width, also inside a sql_variant, as digits; null for NULL. */
export function digits(row: CatalogRow, column: string): string | null {
  const value = row[column];
  if (value === null || value === undefined) return null;
  const inner = isVariant(value) ? value.value : value;
  if (typeof inner === 'number' || typeof inner === 'bigint') return String(inner);
  return typeof inner === 'string' && /^-?\d+(\.0*)?$/.test(inner)
    ? inner.replace(/\.0*$/, '')
    : wrongType(row, column, 'an integer');
}

export function groupBy(rows: readonly CatalogRow[], ...columns: readonly string[]): Map<string, CatalogRow[]> {
  const groups = new Map<string, CatalogRow[]>();
  for (const row of rows) {
    const key = columns.map(c => row[c]).join(':');
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return groups;
}
