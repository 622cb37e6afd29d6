import type { Column, DefaultConstraint } from '../../model/column.ts';
import type { DataType } from '../../model/data-type.ts';
import type { ColumnDefinition } from '../ddl/statement.ts';
import { normalizeExpression } from '../normalize-expression.ts';
import type { Draft } from './draft.ts';

const padded = /^(var)?(char|binary)$/;

/**
 * A column as the server would keep it: expressions in the catalog's form, NULL or NOT NULL where the script leaves it out.
 * @param inPrimaryKey its primary key stands in the same statement, which makes it NOT NULL
 */
export function toColumn(draft: Draft, c: ColumnDefinition, inPrimaryKey: boolean): Column {
  const type = resolveType(draft, c.type);
  const alias = type.schema === null ? undefined : draft.aliasTypes.get({ schema: type.schema, name: type.name });
  return {
    name: c.name,
    type,
    nullable: c.nullable ?? defaultNullability(draft, c, type, inPrimaryKey),
    collation: c.collation,
    identity: c.identity,
    computed: c.computed ? { ...c.computed, expression: normalizeExpression(c.computed.expression) } : null,
    default: c.default ? toDefault(c.default) : null,
    rowGuid: c.rowGuid,
    sparse: c.sparse,
    columnSet: c.columnSet,
    filestream: c.filestream,
    ansiPadded: c.computed || !padded.test(type.name) || type.length === 'max' ? true : draft.settings.ansiPadding,
    boundDefault: c.default ? null : (alias?.boundDefault ?? null),
    boundRule: alias?.boundRule ?? null,
  };
}

export function toDefault(constraint: DefaultConstraint): DefaultConstraint {
  const { name, systemNamed, expression } = constraint;
  return { name, systemNamed, expression: normalizeExpression(expression) };
}

/** "Nullability Rules Within a Table Definition" of CREATE TABLE (Transact-SQL reference). */
function defaultNullability(draft: Draft, c: ColumnDefinition, type: DataType, inPrimaryKey: boolean): boolean {
  if (inPrimaryKey || c.identity) return false;
  if (c.computed || c.sparse || c.columnSet) return true;
  if (type.schema === null) {
    if (type.name === 'timestamp' || type.name === 'sysname') return false;
  } else {
    const alias = draft.aliasTypes.get({ schema: type.schema, name: type.name });
    if (alias) return alias.nullable;
  }
  return draft.settings.nullByDefault;
}

/** The type with the schema that a name without one is found in, and the names as they were given when they were made. */
export function resolveType(draft: Draft, type: DataType): DataType {
  if (type.xmlSchemaCollection) {
    const { schema, name } = type.xmlSchemaCollection;
    const wanted = { schema: schema === '' ? 'dbo' : schema, name };
    const found = draft.xmlSchemaCollections.get(wanted) ?? wanted;
    return { ...type, xmlSchemaCollection: { schema: found.schema, name: found.name } };
  }
  if (type.schema === null) return type;
  const wanted = { schema: type.schema === '' ? 'dbo' : type.schema, name: type.name };
  const found = draft.aliasTypes.get(wanted) ?? wanted;
  return { schema: found.schema, name: found.name };
}
