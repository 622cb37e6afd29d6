/** How the engine asks for a metadata function, and what an implementation answers. */
import type { CatalogContext } from '../../engine/catalog-access.ts';
import type { CatalogState, Scope } from '../state.ts';

export type Argument = string | number | bigint | Uint8Array | null;
/** In the forms of CatalogView; a sql_variant that is neither int, bigint, float, nvarchar nor varbinary is its JSON. */
export type Answer = Argument;

export interface FunctionCall {
  readonly state: CatalogState;
  readonly context: CatalogContext;
  /** The session's database. */
  readonly scope: Scope;
  /** How many arguments were given. */
  readonly count: number;
  /** null for NULL and for an argument left out. */
  text(index: number): string | null;
  int(index: number): number | null;
  bytes(index: number): Uint8Array | null;
}

export type MetadataFunction = (call: FunctionCall) => Answer;
export type MetadataFunctions = Readonly<Record<string, MetadataFunction>>;

/** A bit as functions answer it. */
export const bit = (value: boolean): number => (value ? 1 : 0);

/** The scope of another database by id; null when there is none of that id. */
export function scopeById(call: FunctionCall, id: number): Scope | null {
  const row = call.state.store.get('SELECT 1 AS x FROM "b.sys.databases" WHERE database_id = ?', id);
  return row ? { ...call.scope, db: id } : null;
}
