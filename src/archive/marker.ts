/**
 * Machine-readable comment lines of a script: `-- xpdb: {json}`. They tell import and verify what a script holds, and a
 * script without its trailer is incomplete.
 */

export interface HeaderMarker {
  readonly kind: 'header';
  /** Version of this form of script. */
  readonly format: 1;
  readonly source: { readonly version: string; readonly database: string; readonly collation: string | null };
  /** Target version. */
  readonly target: string;
  /** Options that shaped the script, by their long names. */
  readonly options: Readonly<Record<string, string | boolean>>;
}

/** Start of a section. Batches of `database` create and set up the database; an import into an existing one skips them. */
export interface SectionMarker {
  readonly kind: 'section';
  readonly name: 'database' | 'settings' | 'pre-data' | 'data' | 'post-data' | 'state';
}

/** Start of one object's batches. */
export interface ObjectMarker {
  readonly kind: 'object';
  readonly type: string;
  readonly name: string;
}

/** After the rows of a table. */
export interface TableMarker {
  readonly kind: 'table';
  readonly schema: string;
  readonly name: string;
  /** Columns whose literals the rowsum covers, in order. */
  readonly columns: readonly string[];
  readonly rows: number;
  /** 32 hex digits. */
  readonly rowsum: string;
  /** Vectors among them are text as their server wrote it, which has another rowsum than their numbers. */
  readonly vectors?: 'text';
}

export interface TrailerMarker {
  readonly kind: 'trailer';
  readonly tables: number;
  readonly rows: number;
  readonly findings: number;
}

export type Marker = HeaderMarker | SectionMarker | ObjectMarker | TableMarker | TrailerMarker;

const prefix = '-- xpdb: ';

export function formatMarker(marker: Marker): string {
  // A line break inside a name would end the comment; JSON escapes it. U+2028 and NEL are not line breaks to T-SQL.
  return prefix + JSON.stringify(marker);
}

/** The marker of a comment line, or null when the line is an ordinary comment. @throws SyntaxError when its JSON is broken */
export function parseMarker(line: string): Marker | null {
  return line.startsWith(prefix) ? (JSON.parse(line.slice(prefix.length)) as Marker) : null;
}
