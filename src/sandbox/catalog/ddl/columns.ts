/** Columns of a new or altered table. */
import type { DataType } from '../../../model/data-type.ts';
import type { ColumnDefinition } from '../../../tsql/ddl/statement.ts';
import { databaseCollation, type Scope } from '../state.ts';
import { storedType } from '../system-types.ts';
import { loadTable, variant } from '../table-loader.ts';
import { paddable, plainType, type ResolvedType, resolveCollation, resolveType } from './column-types.ts';
import type { TableRef } from './constraints.ts';
import { constraintError, fail } from './failure.ts';
import { storedExpression } from './stored-expression.ts';
import { refuseNewerSyntax } from './version-gates.ts';

/** Integer types an identity may have, and their names in sql_variant. */
const identityTypes: Readonly<Record<number, string>> = { 48: 'tinyint', 52: 'smallint', 56: 'int', 127: 'bigint' };

export const variantType = (type: Pick<ResolvedType, 'systemTypeId' | 'precision'>): string =>
  identityTypes[type.systemTypeId] ?? `${type.systemTypeId === 108 ? 'numeric' : 'decimal'}(${type.precision},0)`;

function addIdentity(scope: Scope, table: TableRef, column: ColumnDefinition, id: number, type: ResolvedType): void {
  if (!column.identity) return;
  const decimal = (type.systemTypeId === 106 || type.systemTypeId === 108) && type.scale === 0;
  if (!identityTypes[type.systemTypeId] && !decimal) {
    throw fail(
      2749,
      `Identity column '${column.name}' must be of data type int, bigint, smallint, tinyint, or decimal or numeric with a scale of 0, unencrypted, and constrained to be nonnullable.`,
      { state: 2 },
    );
  }
  const existing = scope.store.get(
    'SELECT 1 AS x FROM "b.sys.identity_columns" WHERE db = ? AND object_id = ?',
    scope.db,
    table.id,
  );
  if (existing) {
    throw fail(
      2744,
      `Multiple identity columns specified for table '${table.name}'. Only one identity column per table is allowed.`,
      { state: 2 },
    );
  }
  const name = variantType(type);
  scope.store.insert('sys.identity_columns', {
    db: scope.db,
    object_id: table.id,
    column_id: id,
    seed_value: variant(name, column.identity.seed),
    increment_value: variant(name, column.identity.increment),
    last_value: null,
    is_not_for_replication: column.identity.notForReplication,
  });
  scope.state.identity.forget(scope.db, table.id);
}

interface ComputedShape {
  readonly type: ResolvedType;
  readonly nullable: boolean;
  readonly collation: string | null;
  readonly expression: string;
}

function computedShape(scope: Scope, table: TableRef, column: ColumnDefinition): ComputedShape {
  const given = column.computed?.expression ?? '';
  refuseNewerSyntax(given, scope.version);
  const expression = storedExpression(given);
  const inferred = scope.state
    .evaluator()
    .expressionType(expression, loadTable(scope.store, scope.db, table.id), scope.context);
  const type: DataType = inferred?.type ?? { schema: null, name: 'sql_variant' };
  const stored = storedType(type);
  if (!stored) throw fail(2715, `Column, parameter, or variable #1: Cannot find data type ${type.name}.`, { state: 6 });
  return {
    expression,
    nullable: column.nullable === false ? false : (inferred?.nullable ?? true),
    collation: inferred?.collation ?? null,
    type: {
      ...stored,
      ...plainType,
    },
  };
}

export interface ColumnPlan {
  /** Part of a primary key of the same statement: NOT NULL unless said otherwise. */
  readonly inPrimaryKey: boolean;
  readonly ordinal: number;
}

/** NULL or NOT NULL where a column does not say (ANSI_NULL_DFLT_ON, as every client sets it). */
function nullability(table: TableRef, column: ColumnDefinition, type: ResolvedType, plan: ColumnPlan): boolean {
  if (plan.inPrimaryKey) {
    if (column.nullable === true)
      throw constraintError(8111, `Cannot define PRIMARY KEY constraint on nullable column in table '${table.name}'.`);
    return false;
  }
  if (column.nullable !== null) {
    if (column.nullable && column.identity)
      throw fail(
        8147,
        `Could not create IDENTITY attribute on nullable column '${column.name}', table '${table.name}'.`,
      );
    return column.nullable;
  }
  if (column.identity || type.systemTypeId === 189) return false;
  return type.nullable ?? true;
}

/** Adds a column to sys.columns with its identity or expression; its default and other constraints come later. */
export function addColumn(scope: Scope, table: TableRef, column: ColumnDefinition, id: number, plan: ColumnPlan): void {
  const { store, db } = scope;
  const key = scope.state.key(db, column.name);
  if (
    store.get('SELECT 1 AS x FROM "b.sys.columns" WHERE db = ? AND object_id = ? AND name_key = ?', db, table.id, key)
  ) {
    throw fail(
      2705,
      `Column names in each table must be unique. Column name '${column.name}' in table '${table.name}' is specified more than once.`,
      { state: plan.ordinal > 1 ? 3 : 4 },
    );
  }
  const computed = column.computed ? computedShape(scope, table, column) : null;
  const type = computed?.type ?? resolveType(scope, column.type, plan.ordinal);
  if (column.collation !== null && !type.character) {
    throw fail(447, `Expression type ${column.type.name} is invalid for COLLATE clause.`);
  }
  const collation = type.character
    ? column.collation === null
      ? (computed?.collation ?? databaseCollation(scope))
      : resolveCollation(scope, column.collation)
    : null;
  const nullable = computed ? computed.nullable && !plan.inPrimaryKey : nullability(table, column, type, plan);
  if (column.filestream) refuseFilestream(scope, column, type);
  store.insert('sys.columns', {
    db,
    object_id: table.id,
    name: column.name,
    column_id: id,
    system_type_id: type.systemTypeId,
    user_type_id: type.userTypeId,
    max_length: type.maxLength,
    precision: type.precision,
    scale: type.scale,
    collation_name: collation,
    is_nullable: nullable,
    is_ansi_padded: paddable(type.systemTypeId) && scope.context.ansiPadding,
    is_rowguidcol: column.rowGuid,
    is_identity: column.identity !== null,
    is_computed: computed !== null,
    is_filestream: column.filestream,
    is_sparse: column.sparse,
    is_column_set: column.columnSet,
    is_xml_document: type.xmlDocument,
    xml_collection_id: type.xmlCollectionId,
    default_object_id: type.defaultObjectId,
    rule_object_id: type.ruleObjectId,
    vector_dimensions: type.vectorDimensions,
    vector_base_type: type.vectorBaseType,
  });
  addIdentity(scope, table, column, id, type);
  if (computed && column.computed) {
    store.insert('sys.computed_columns', {
      db,
      object_id: table.id,
      column_id: id,
      definition: computed.expression,
      is_persisted: column.computed.persisted,
      uses_database_collation: true,
    });
  }
}

function refuseFilestream(scope: Scope, column: ColumnDefinition, type: ResolvedType): void {
  if (type.systemTypeId !== 165 || type.maxLength !== -1) {
    throw fail(1732, `Cannot use FILESTREAM attribute on column '${column.name}': it must be of type varbinary(max).`);
  }
  const space = scope.store.get('SELECT 1 AS x FROM "b.sys.data_spaces" WHERE db = ? AND type = ?', scope.db, 'FD');
  if (!space) {
    throw fail(1969, `Default FILESTREAM filegroup is not available in database '${scope.context.database}'.`);
  }
}
