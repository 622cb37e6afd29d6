/** The one CatalogState of a running server. */
import type { RowStore, ScalarEvaluator } from '../engine/catalog-access.ts';
import { createApplicationLocks } from './application-locks.ts';
import { createLiveValues, type LiveValues } from './live-values.ts';
import type { ServerOptions } from './server-options.ts';
import { createSessionContext } from './session-context.ts';
import { createSessions } from './sessions.ts';
import { type CatalogState, datetimeText, foldName } from './state.ts';
import { num, type Store, text } from './store.ts';

/** Distance between the ids of new objects, and the first, as servers since 2005 give them. */
const idStep = 16_000_057;
const firstId = 245_575_913;
const idLimit = 2 ** 31;

export interface RunningState extends CatalogState {
  readonly live: LiveValues;
  attach(rows: RowStore, evaluator: ScalarEvaluator): void;
  /** Collations of databases may have changed. */
  forgetCollations(): void;
}

/** `changed` hears of every definition that changed: object id 0 = everything of the database. */
export function createState(
  store: Store,
  options: ServerOptions,
  collationOf: CollationCache,
  changed: (db: number, objectId: number) => void,
): RunningState {
  let parts: { readonly rows: RowStore; readonly evaluator: ScalarEvaluator } | null = null;
  const attached = (): NonNullable<typeof parts> => {
    if (!parts) throw new Error('the catalog is used before its engine was attached');
    return parts;
  };
  const live = createLiveValues(store);

  function newObjectId(db: number): number {
    let id = num(
      store.get('SELECT last_object_id FROM "b.sys.databases" WHERE database_id = ?', db)?.['last_object_id'],
    );
    do {
      id = id === 0 ? firstId : id + idStep;
      if (id >= idLimit) id = (id % idLimit) + 1;
    } while (store.get('SELECT 1 AS x FROM "b.sys.objects" WHERE db = ? AND object_id = ?', db, id));
    store.update('sys.databases', { database_id: db }, { last_object_id: id });
    return id;
  }

  const base = {
    options,
    store,
    live,
    identity: live.identity,
    locks: createApplicationLocks(),
    sessionContext: createSessionContext(),
    rows: () => attached().rows,
    evaluator: () => attached().evaluator,
    attach(rows: RowStore, evaluator: ScalarEvaluator) {
      parts = { rows, evaluator };
    },
    now: () => datetimeText(options.now()),
    key: (db: number | null, name: string) => foldName(name, db === null ? options.collation : collationOf.of(db)),
    newObjectId,
    touch(db: number, objectId: number) {
      if (objectId === 0) {
        live.writeDown();
        live.forgetDatabase(db);
        collationOf.forget();
      } else live.forgetSequence(db, objectId);
      changed(db, objectId);
    },
    forgetCollations: () => collationOf.forget(),
  };
  return { ...base, sessions: createSessions(base) };
}

/** Collations of the databases, by id. */
export interface CollationCache {
  of(db: number): string;
  forget(): void;
}

export function createCollationCache(serverCollation: string, read: (db: number) => string): CollationCache {
  const known = new Map<number, string>();
  return {
    of(db) {
      let found = known.get(db);
      if (found === undefined) {
        found = read(db) || serverCollation;
        known.set(db, found);
      }
      return found;
    },
    forget: () => known.clear(),
  };
}

export function readCollation(store: Store, db: number): string {
  return text(store.get('SELECT collation_name FROM "b.sys.databases" WHERE database_id = ?', db)?.['collation_name']);
}
