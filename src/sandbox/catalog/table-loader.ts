/** A user table as the engine takes it, read from the catalog's rows. */
import type { DataType } from '../../model/data-type.ts';
import type {
  SandboxCheck,
  SandboxColumn,
  SandboxForeignKey,
  SandboxIndex,
  SandboxTable,
} from '../engine/catalog-access.ts';
import type { Scope } from './state.ts';
import { num, type Row, type Store, text, textOrNull } from './store.ts';
import { declaredType } from './system-types.ts';

/** The declared form of a row of sys.columns, sys.types or sys.parameters; alias types resolved to their base. */
export function typeOfRow(row: Row): DataType {
  return declaredType(
    {
      systemTypeId: num(row['system_type_id']),
      userTypeId: num(row['user_type_id']),
      maxLength: num(row['max_length']),
      precision: num(row['precision']),
      scale: num(row['scale']),
    },
    { dimensions: num(row['vector_dimensions']), baseType: num(row['vector_base_type']) },
  );
}

/** Value of a stored sql_variant that is an integer. */
export function variantInteger(value: unknown): bigint {
  if (value === null || value === undefined) return 0n;
  if (typeof value === 'string' && value.startsWith('{')) return BigInt((JSON.parse(value) as { value: string }).value);
  return BigInt(String(value));
}

/** The stored form of a sql_variant. */
export function variant(type: string, value: string): string {
  return JSON.stringify({ $type: type, value });
}

const actions = ['NO ACTION', 'CASCADE', 'SET NULL', 'SET DEFAULT'] as const;

function foreignKeyOf(store: Store, db: number, row: Row): SandboxForeignKey {
  const id = num(row['object_id']);
  const columns = store.all(
    `SELECT p.name AS own, r.name AS referenced FROM "b.sys.foreign_key_columns" f
     JOIN "b.sys.columns" p ON p.db = f.db AND p.object_id = f.parent_object_id AND p.column_id = f.parent_column_id
     JOIN "b.sys.columns" r ON r.db = f.db AND r.object_id = f.referenced_object_id AND r.column_id = f.referenced_column_id
     WHERE f.db = ? AND f.constraint_object_id = ? ORDER BY f.constraint_column_id`,
    db,
    id,
  );
  return {
    name: text(row['name']),
    tableId: num(row['parent_object_id']),
    columns: columns.map(c => text(c['own'])),
    referencedTableId: num(row['referenced_object_id']),
    referencedColumns: columns.map(c => text(c['referenced'])),
    onDelete: actions[num(row['delete_referential_action'])] ?? 'NO ACTION',
    onUpdate: actions[num(row['update_referential_action'])] ?? 'NO ACTION',
    disabled: num(row['is_disabled']) === 1,
  };
}

function columnOf(row: Row): SandboxColumn {
  const computed = textOrNull(row['computed_definition']);
  return {
    name: text(row['name']),
    columnId: num(row['column_id']),
    type: typeOfRow(row),
    userTypeId: num(row['user_type_id']),
    nullable: num(row['is_nullable']) === 1,
    collation: textOrNull(row['collation_name']),
    identity:
      num(row['is_identity']) === 1
        ? { seed: variantInteger(row['seed_value']), increment: variantInteger(row['increment_value']) }
        : null,
    computed: computed === null ? null : { expression: computed, persisted: num(row['is_persisted']) === 1 },
    defaultExpression: textOrNull(row['default_definition']),
    rowGuid: num(row['is_rowguidcol']) === 1,
  };
}

/** CREATE DEFAULT d AS 'x' → `'x'`: the constant of a bound default object. */
function defaultObjectExpression(definition: string): string {
  return definition
    .replace(/^[\s\S]*?\bdefault\b[\s\S]*?\bas\b\s*/i, '')
    .replace(/;\s*$/, '')
    .trim();
}

function indexesOf(store: Store, db: number, id: number): SandboxIndex[] {
  const columns = store.all(
    `SELECT ic.index_id, ic.is_descending_key, c.name FROM "b.sys.index_columns" ic
     JOIN "b.sys.columns" c ON c.db = ic.db AND c.object_id = ic.object_id AND c.column_id = ic.column_id
     WHERE ic.db = ? AND ic.object_id = ? AND ic.key_ordinal > 0 ORDER BY ic.index_id, ic.key_ordinal`,
    db,
    id,
  );
  return store
    .all(
      'SELECT * FROM "b.sys.indexes" WHERE db = ? AND object_id = ? AND type IN (1, 2) AND is_hypothetical = 0 ORDER BY index_id',
      db,
      id,
    )
    .map(row => {
      const indexId = num(row['index_id']);
      return {
        name: text(row['name']),
        indexId,
        kind: num(row['is_primary_key'])
          ? 'primaryKey'
          : num(row['is_unique_constraint'])
            ? 'unique'
            : num(row['is_unique'])
              ? 'uniqueIndex'
              : 'index',
        clustered: num(row['type']) === 1,
        columns: columns
          .filter(c => num(c['index_id']) === indexId)
          .map(c => ({ name: text(c['name']), descending: num(c['is_descending_key']) === 1 })),
        filter: textOrNull(row['filter_definition']),
        ignoreDuplicateKey: num(row['ignore_dup_key']) === 1,
        disabled: num(row['is_disabled']) === 1,
      };
    });
}

const foreignKeyColumns = `SELECT o.name, o.object_id, o.parent_object_id, f.referenced_object_id, f.delete_referential_action,
  f.update_referential_action, f.is_disabled FROM "b.sys.foreign_keys" f JOIN "b.sys.objects" o ON o.db = f.db AND o.object_id = f.object_id`;

/** Reads a table (or the hidden table of a table type); null when there is none of that id. */
export function loadTable(store: Store, db: number, id: number): SandboxTable | null {
  const head = store.get(
    `SELECT o.name, o.type, s.name AS schema_name, d.name AS database_name FROM "b.sys.objects" o
     JOIN "b.sys.schemas" s ON s.db = o.db AND s.schema_id = o.schema_id JOIN "b.sys.databases" d ON d.database_id = o.db
     WHERE o.db = ? AND o.object_id = ?`,
    db,
    id,
  );
  const type = text(head?.['type']).trimEnd();
  if (!head || (type !== 'U' && type !== 'TT')) return null;
  const columns = store.all(
    `SELECT c.*, i.seed_value, i.increment_value, p.definition AS computed_definition, p.is_persisted,
       coalesce(dc.definition, m.definition) AS default_definition, dc.definition IS NULL AND m.definition IS NOT NULL AS bound
     FROM "b.sys.columns" c
     LEFT JOIN "b.sys.identity_columns" i ON i.db = c.db AND i.object_id = c.object_id AND i.column_id = c.column_id
     LEFT JOIN "b.sys.computed_columns" p ON p.db = c.db AND p.object_id = c.object_id AND p.column_id = c.column_id
     LEFT JOIN "b.sys.default_constraints" dc ON dc.db = c.db AND dc.object_id = c.default_object_id
     LEFT JOIN "b.sys.sql_modules" m ON m.db = c.db AND m.object_id = c.default_object_id AND c.default_object_id <> 0
     WHERE c.db = ? AND c.object_id = ? ORDER BY c.column_id`,
    db,
    id,
  );
  const checks: SandboxCheck[] = store
    .all(
      `SELECT o.name, k.definition, k.is_disabled FROM "b.sys.check_constraints" k JOIN "b.sys.objects" o ON o.db = k.db AND o.object_id = k.object_id
       WHERE o.db = ? AND o.parent_object_id = ? ORDER BY o.object_id`,
      db,
      id,
    )
    .map(r => ({ name: text(r['name']), expression: text(r['definition']), disabled: num(r['is_disabled']) === 1 }));
  return {
    kind: 'table',
    databaseId: db,
    database: text(head['database_name']),
    objectId: id,
    schema: text(head['schema_name']),
    name: text(head['name']),
    columns: columns.map(row => {
      const column = columnOf(row);
      return num(row['bound']) === 1 && column.defaultExpression !== null
        ? { ...column, defaultExpression: `(${defaultObjectExpression(column.defaultExpression)})` }
        : column;
    }),
    indexes: indexesOf(store, db, id),
    foreignKeys: store
      .all(`${foreignKeyColumns} WHERE o.db = ? AND o.parent_object_id = ? ORDER BY o.object_id`, db, id)
      .map(r => foreignKeyOf(store, db, r)),
    referencedBy: store
      .all(`${foreignKeyColumns} WHERE f.db = ? AND f.referenced_object_id = ? ORDER BY f.object_id`, db, id)
      .map(r => foreignKeyOf(store, db, r)),
    checks,
    triggers: store
      .all(
        'SELECT name FROM "b.sys.triggers" WHERE db = ? AND parent_class = 1 AND parent_id = ? AND is_disabled = 0 ORDER BY object_id',
        db,
        id,
      )
      .map(r => text(r['name'])),
  };
}

/** As loadTable, of a table that must be there. */
export function existingTable({ store, db }: Scope, id: number): SandboxTable {
  const table = loadTable(store, db, id);
  if (!table) throw new Error(`table ${id} vanished`);
  return table;
}
