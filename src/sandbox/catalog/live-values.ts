/**
 * Values that a server gives out and a rollback does not take back: identities, sequence values, rowversions.
 * They live beside SQLite and are written down (`writeDown`) before they are read there, committed or closed.
 */
import type { SandboxSequence } from '../engine/catalog-access.ts';
import { variantType } from './ddl/columns.ts';
import { nextValue } from './ddl/sequence.ts';
import { num, type Row, type Store, text } from './store.ts';
import { variant, variantInteger } from './table-loader.ts';

export interface LiveValues {
  readonly identity: {
    get(db: number, objectId: number): bigint | null;
    set(db: number, objectId: number, value: bigint | null): void;
    forget(db: number, objectId: number): void;
  };
  nextSequenceValue(sequence: SandboxSequence): bigint;
  /** A sequence was altered or dropped: its last value is the stored one again. */
  forgetSequence(db: number, objectId: number): void;
  nextRowVersion(db: number): bigint;
  lastRowVersion(db: number): bigint;
  forgetDatabase(db: number): void;
  /** Brings SQLite up to date. */
  writeDown(): void;
  /** SQLite was rolled back: everything given out is to be written again. */
  afterRollback(): void;
}

interface Given {
  readonly db: number;
  readonly objectId: number;
}

export function createLiveValues(store: Store): LiveValues {
  const keyOf = (db: number, objectId: number): string => `${db}:${objectId}`;
  const identities = new Map<string, Given & { readonly value: bigint | null }>();
  const sequences = new Map<string, SandboxSequence & { readonly value: bigint }>();
  const rowVersions = new Map<number, bigint>();
  let unwritten = new Set<string | number>();

  const storedIdentity = (db: number, objectId: number): bigint | null => {
    const row = store.get(
      'SELECT last_value FROM "b.sys.identity_columns" WHERE db = ? AND object_id = ?',
      db,
      objectId,
    );
    const value = row?.['last_value'] ?? null;
    return value === null ? null : variantInteger(value);
  };

  function writeIdentity({ db, objectId, value }: Given & { readonly value: bigint | null }): void {
    const column = store.get(
      `SELECT c.system_type_id, c.precision FROM "b.sys.identity_columns" i
       JOIN "b.sys.columns" c ON c.db = i.db AND c.object_id = i.object_id AND c.column_id = i.column_id
       WHERE i.db = ? AND i.object_id = ?`,
      db,
      objectId,
    );
    if (!column) return;
    const type = variantType({ systemTypeId: num(column['system_type_id']), precision: num(column['precision']) });
    store.update(
      'sys.identity_columns',
      { db, object_id: objectId },
      { last_value: value === null ? null : variant(type, String(value)) },
    );
  }

  function writeSequence(given: SandboxSequence & { readonly value: bigint }): void {
    const where = { db: given.databaseId, object_id: given.objectId };
    const row: Row | undefined = store.get(
      'SELECT system_type_id, precision FROM "b.sys.sequences" WHERE db = ? AND object_id = ?',
      given.databaseId,
      given.objectId,
    );
    if (!row) return;
    const type = variantType({ systemTypeId: num(row['system_type_id']), precision: num(row['precision']) });
    const value = variant(type, String(given.value));
    store.update('sys.sequences', where, { current_value: value, last_used_value: value });
  }

  const storedRowVersion = (db: number): bigint =>
    BigInt(
      text(store.get('SELECT row_version FROM "b.sys.databases" WHERE database_id = ?', db)?.['row_version']) || '2000',
    );

  const lastRowVersion = (db: number): bigint => {
    let value = rowVersions.get(db);
    if (value === undefined) {
      value = storedRowVersion(db);
      rowVersions.set(db, value);
    }
    return value;
  };

  return {
    identity: {
      get(db, objectId) {
        const key = keyOf(db, objectId);
        let known = identities.get(key);
        if (!known) {
          known = { db, objectId, value: storedIdentity(db, objectId) };
          identities.set(key, known);
        }
        return known.value;
      },
      set(db, objectId, value) {
        const key = keyOf(db, objectId);
        identities.set(key, { db, objectId, value });
        unwritten.add(key);
      },
      forget(db, objectId) {
        const key = keyOf(db, objectId);
        identities.delete(key);
        unwritten.delete(key);
      },
    },
    nextSequenceValue(sequence) {
      const value = nextValue(store, sequence);
      sequences.set(keyOf(sequence.databaseId, sequence.objectId), { ...sequence, value });
      return value;
    },
    forgetSequence: (db, objectId) => void sequences.delete(keyOf(db, objectId)),
    nextRowVersion(db) {
      const next = lastRowVersion(db) + 1n;
      rowVersions.set(db, next);
      unwritten.add(db);
      return next;
    },
    lastRowVersion,
    forgetDatabase(db) {
      for (const map of [identities, sequences]) {
        for (const key of map.keys()) if (key.startsWith(`${db}:`)) map.delete(key);
      }
      rowVersions.delete(db);
      unwritten.delete(db);
    },
    writeDown() {
      if (unwritten.size === 0) return;
      const written = unwritten;
      unwritten = new Set();
      for (const key of written) {
        if (typeof key === 'number') {
          const value = rowVersions.get(key);
          if (value !== undefined) store.update('sys.databases', { database_id: key }, { row_version: String(value) });
        } else {
          const given = identities.get(key);
          if (given) writeIdentity(given);
        }
      }
    },
    afterRollback() {
      for (const [key, given] of identities) {
        if (given.value === storedIdentity(given.db, given.objectId)) continue;
        unwritten.add(key);
      }
      for (const [db] of rowVersions) unwritten.add(db);
      for (const given of sequences.values()) writeSequence(given);
    },
  };
}
