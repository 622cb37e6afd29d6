/** How catalog views are put together from stored tables (`"b.sys.…"`). */

/** One SELECT of a view. */
export interface ViewPart {
  readonly from: string;
  readonly where?: string;
  /** Alias → base table; a column without expression is taken from the first that has it. */
  readonly sources?: Readonly<Record<string, string>>;
  /** Expression of the database's id; null for views of the server. */
  readonly db: string | null;
  readonly columns?: Readonly<Record<string, string>>;
}

const everyDatabase = '"b.sys.databases" d';

/** From the objects of a database. */
export const objectPart = (extra: Partial<ViewPart> = {}): ViewPart => ({
  from: '"b.sys.objects" o',
  sources: { o: 'sys.objects' },
  db: 'o.db',
  ...extra,
});
/** From what every database has of the server's own. */
export const systemPart = (base: string, extra: Partial<ViewPart> = {}): ViewPart => ({
  from: `"b.${base}" s CROSS JOIN ${everyDatabase}`,
  sources: { s: base },
  db: 'd.database_id',
  ...extra,
});

/** As many pages as a table of so many rows is said to have. */
export const pages = (rows: string): string => `CASE ${rows} WHEN 0 THEN 0 ELSE 1 + ${rows} / 100 END`;

/** Views by name; those with several parts are a union of them. */
export type ViewDefinitions = Readonly<Record<string, ViewPart | readonly ViewPart[]>>;
