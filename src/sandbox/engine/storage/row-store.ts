/** What DDL does to the rows of user tables. */
import { rowKey } from '../bind/comparison.ts';
import type { RowStore, SandboxCheck, SandboxForeignKey, SandboxTable } from '../catalog-access.ts';
import type { Run, SessionView } from '../query/runtime.ts';
import { ServerError } from '../server-error.ts';
import { emptyFrame, newRun } from '../session/run.ts';
import { converter, displayText } from '../types/convert.ts';
import { decimalType } from '../types/sql-type.ts';
import type { Value } from '../types/values.ts';
import { assignment } from './assign.ts';
import { type LayoutIndex, layoutOf, rowDecoder } from './layout.ts';
import { rowsByPartition } from './partition-rows.ts';
import { rowRebuilder, sameRows } from './rebuild.ts';
import type { RowStorage } from './row-storage.ts';
import { bindTableCondition, envOf, isUnsupported } from './table-expression.ts';

/** `sessionIn`: who evaluates expressions of a database's tables. */
export function createRowStore(
  storage: RowStorage,
  sessionIn: (database: string) => SessionView,
  beforeChange: (table: SandboxTable) => void,
): RowStore {
  const runIn = (table: SandboxTable): Run => newRun(sessionIn(table.database), emptyFrame(), null);
  const allColumns = (table: SandboxTable): ((bytes: Buffer) => Value[]) => {
    const layout = layoutOf(table);
    return rowDecoder(
      layout,
      layout.columns.map((_, i) => i),
    );
  };

  function duplicateKey(table: SandboxTable, u: LayoutIndex, values: readonly Value[], run: Run): ServerError {
    const shown = u.parts.map(p => displayText(values[p.column]!, p.type, run.settings)).join(', ');
    return new ServerError(
      1505,
      `The CREATE UNIQUE INDEX statement terminated because a duplicate key was found for the object name '${table.schema}.${table.name}' and the index name '${u.index.name}'. The duplicate key value is (${shown}).`,
    );
  }

  /** Fills the key table of a unique index. */
  function fillKeys(table: SandboxTable, u: LayoutIndex, run: Run): void {
    const layout = layoutOf(table);
    const decode = allColumns(table);
    const filter = u.index.filter === null ? null : bindTableCondition(u.index.filter, table, run.session);
    for (const { rid, bytes } of storage.scan(table)) {
      const values = decode(bytes);
      if (filter && filter(envOf(values, run)) !== true) continue;
      if (!storage.insertKey(layout, u, values, rid)) throw duplicateKey(table, u, values, run);
    }
  }

  function rebuild(before: SandboxTable, after: SandboxTable, withValues: readonly string[]): void {
    const to = layoutOf(after);
    if (sameRows(layoutOf(before), to)) return;
    beforeChange(before);
    const run = runIn(after);
    const row = rowRebuilder(before, after, withValues, run);
    storage.forgetStatements();
    storage.replace(
      before,
      after,
      function* (rows) {
        for (const { rid, bytes } of rows) yield { rid, ...row(bytes) };
      },
      values => duplicateKey(after, to.clustered!, values, run),
    );
    for (const u of to.unique) {
      storage.createKeys(to, u);
      fillKeys(after, u, run);
    }
  }

  return {
    createTable: table => storage.create(table),
    dropTable: (databaseId, objectId) => storage.drop(databaseId, objectId),
    dropDatabase: databaseId => storage.dropDatabase(databaseId),
    copyDatabase: (from, to) => storage.copyDatabase(from, to),
    truncate(table) {
      beforeChange(table);
      storage.truncate(table);
    },
    rowCount: (databaseId, objectId) => storage.count(databaseId, objectId),
    rowsByPartition: (table, column, of) => rowsByPartition(storage, table, column, of, runIn(table)),
    rebuild,

    buildIndex(table, index) {
      const layout = layoutOf(table);
      if (index.clustered) {
        const run = runIn(table);
        const decode = allColumns(table);
        storage.replace(
          table,
          table,
          function* (rows) {
            for (const { rid, bytes } of rows) yield { rid, bytes, values: decode(bytes) };
          },
          values => duplicateKey(table, layout.clustered!, values, run),
        );
        for (const u of layout.unique) {
          storage.createKeys(layout, u);
          fillKeys(table, u, run);
        }
        return;
      }
      const u = layout.unique.find(x => x.index.indexId === index.indexId);
      if (!u) return;
      storage.dropKeys(table, index);
      storage.createKeys(layout, u);
      fillKeys(table, u, runIn(table));
    },
    dropIndex(table, index) {
      if (!index.clustered) storage.dropKeys(table, index);
    },

    verifyForeignKey(table, key) {
      verifyForeignKey(storage, sessionIn(table.database), table, key, runIn(table));
    },
    verifyCheck(table, check) {
      return verifyCheck(storage, table, check, runIn(table));
    },
    identityExtreme(table) {
      const layout = layoutOf(table);
      if (layout.identity < 0) return null;
      const column = layout.columns[layout.identity]!;
      const decode = rowDecoder(layout, [layout.identity]);
      const convert = converter(column.type, decimalType(38, 0));
      const run = runIn(table);
      const down = column.definition.identity!.increment < 0n;
      let found: bigint | null = null;
      for (const { bytes } of storage.scan(table)) {
        const n = convert(decode(bytes)[0]!, run.settings) as bigint;
        if (found === null || (down ? n < found : n > found)) found = n;
      }
      return found;
    },
  };
}

function verifyForeignKey(
  storage: RowStorage,
  session: SessionView,
  table: SandboxTable,
  key: SandboxForeignKey,
  run: Run,
): void {
  const parent = session.catalog.tableById(table.databaseId, key.referencedTableId);
  if (!parent) return;
  const own = layoutOf(table);
  const to = layoutOf(parent);
  const columns = key.columns.map(n => own.columns.findIndex(c => c.name === n));
  const targets = key.referencedColumns.map(n => to.columns.findIndex(c => c.name === n));
  const hash = rowKey(targets.map(t => to.columns[t]!.type));
  const present = new Set<string>();
  const decodeParent = rowDecoder(to, targets);
  for (const { bytes } of storage.scan(parent)) present.add(hash(decodeParent(bytes)));
  const convert = columns.map((c, i) =>
    assignment(own.columns[c]!.type, { name: '', type: to.columns[targets[i]!]!.type }, null, session.version),
  );
  const decode = rowDecoder(own, columns);
  for (const { bytes } of storage.scan(table)) {
    const values = decode(bytes);
    if (values.includes(null)) continue;
    if (!present.has(hash(values.map((v, i) => convert[i]!(v, run.settings)))))
      throw conflict(
        'FOREIGN KEY',
        key.name,
        parent,
        key.referencedColumns.length === 1 ? key.referencedColumns[0]! : null,
      );
  }
}

function verifyCheck(
  storage: RowStorage,
  table: SandboxTable,
  check: SandboxCheck,
  run: Run,
): 'verified' | 'unsupported' {
  let test: ReturnType<typeof bindTableCondition>;
  try {
    test = bindTableCondition(check.expression, table, run.session);
  } catch (error) {
    if (isUnsupported(error)) return 'unsupported';
    throw error;
  }
  const layout = layoutOf(table);
  const decode = rowDecoder(
    layout,
    layout.columns.map((_, i) => i),
  );
  for (const { bytes } of storage.scan(table))
    if (test(envOf(decode(bytes), run)) === false) throw conflict('CHECK', check.name, table, null);
  return 'verified';
}

const conflict = (kind: string, name: string, table: SandboxTable, column: string | null): ServerError =>
  new ServerError(
    547,
    `The ALTER TABLE statement conflicted with the ${kind} constraint "${name}". The conflict occurred in database "${table.database}", table "${table.schema}.${table.name}"${column === null ? '' : `, column '${column}'`}.`,
    { state: 0 },
  );
