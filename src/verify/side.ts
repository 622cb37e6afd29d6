/** One of the two things that are compared: a database on a server, a script or an archive. */

import type { Finding } from '../compat/finding.ts';
import type { Target } from '../compat/rule.ts';
import type { ConnectionOptions } from '../connection/connection-options.ts';
import type { Database } from '../model/database.ts';
import type { QualifiedName } from '../model/name.ts';
import type { ReadRow } from './key-rows.ts';

export type SideSource =
  | { readonly kind: 'server'; readonly connection: ConnectionOptions }
  | { readonly kind: 'script'; readonly path: string; readonly encoding?: string }
  | { readonly kind: 'archive'; readonly path: string };

/** Rows of one table as a side knows them. */
export interface TableSum {
  readonly rows: number;
  /** 32 hex digits; null where only the number of rows is known. */
  readonly rowsum: string | null;
  /** Columns that the rowsum covers, in order. */
  readonly columns: readonly string[];
}

/** What a rowsum covers: the rows' literals, or their bytes as native chunks have them. They compare with their own kind only. */
export type SumForm = 'text' | 'wire';

export interface SumRequest {
  readonly table: QualifiedName;
  /** Columns to sum, in order; none where no column takes a value. */
  readonly columns: readonly string[];
  readonly form: SumForm;
  /** Further condition, of a sample; only servers know how to keep it. */
  readonly where: string | null;
}

/** How a server's rows are summed. Plain data: it goes to another thread. */
export interface SumQuery {
  readonly sql: string;
  readonly columns: readonly string[];
  readonly form: SumForm;
}

export interface Side {
  readonly kind: SideSource['kind'];
  /** For messages: `host,1433/Telephony`, `calls.sql`. */
  readonly label: string;
  /** What the side's server can hold; null for a script that does not say for which version it is. */
  readonly target: Target | null;
  readonly database: Database;
  /** What an export noted of it. */
  readonly findings: readonly Finding[];
  /** The form of its rowsums; null = any that is asked for. */
  readonly sumForm: SumForm | null;
  /**
   * The columns of which the side has the rowsum ready, in order; null = any that are asked for.
   * Undefined: the side has no rows of that table.
   */
  sumColumns(table: QualifiedName): readonly string[] | null | undefined;
  /** Whether vectors of single precision in the table are the text of a server, which has another rowsum than their numbers. */
  textVectors(table: QualifiedName): boolean;
  /** From now on the server sends vectors as text, so that it can be compared with one that does not know better; null for a side that can't. */
  readonly sendTextVectors: (() => Promise<void>) | null;
  /** The sum that the side has ready, or the query that gives it. */
  sum(request: SumRequest): TableSum | SumQuery;
  /** For those queries; null for a side that needs none. */
  readonly connection: ConnectionOptions | null;
  /** Rows with their keys, for a server; null where a side can't give them. */
  readonly readRows:
    | ((sql: string, keys: number, take: (row: ReadRow) => void | Promise<void>) => Promise<void>)
    | null;
  close(): Promise<void>;
}

/** By which tables of two sides find each other where only names are known. Case counts: there may be dbo.T and dbo.t. */
export function tableKey(table: QualifiedName): string {
  return `${table.schema}\u0000${table.name}`;
}
