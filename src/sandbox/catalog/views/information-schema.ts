import {
  characterSet,
  charLength,
  datetimePrecision,
  numericPrecision,
  numericRadix,
  numericScale,
  octetLength,
  systemTypeName,
} from './type-columns.ts';
import type { ViewDefinitions, ViewPart } from './view-part.ts';

const withSchema =
  'JOIN "b.sys.schemas" sc ON sc.db = o.db AND sc.schema_id = o.schema_id JOIN "b.sys.databases" d ON d.database_id = o.db';

const viewBody = (o: string): string =>
  `(SELECT m.definition FROM "b.sys.sql_modules" m WHERE m.db = ${o}.db AND m.object_id = ${o}.object_id)`;

const withParent =
  'JOIN "b.sys.objects" p ON p.db = o.db AND p.object_id = o.parent_object_id JOIN "b.sys.schemas" ps ON ps.db = p.db AND ps.schema_id = p.schema_id';

const ownTable = { TABLE_CATALOG: 'd.name', TABLE_SCHEMA: 'sc.name', TABLE_NAME: 'o.name' };
const parentTable = { TABLE_CATALOG: 'd.name', TABLE_SCHEMA: 'ps.name', TABLE_NAME: 'p.name' };
const constraintName = { CONSTRAINT_CATALOG: 'd.name', CONSTRAINT_SCHEMA: 'sc.name', CONSTRAINT_NAME: 'o.name' };

const sizesOf = (c: string) => ({
  CHARACTER_MAXIMUM_LENGTH: charLength(c),
  CHARACTER_OCTET_LENGTH: octetLength(c),
  NUMERIC_PRECISION: numericPrecision(c),
  NUMERIC_PRECISION_RADIX: numericRadix(c),
  NUMERIC_SCALE: numericScale(c),
  DATETIME_PRECISION: datetimePrecision(c),
});

const keyColumns = {
  from: `"b.sys.objects" o ${withSchema} JOIN "b.sys.key_constraints" k ON k.db = o.db AND k.object_id = o.object_id ${withParent}
        JOIN "b.sys.index_columns" ic ON ic.db = o.db AND ic.object_id = p.object_id AND ic.index_id = k.unique_index_id JOIN "b.sys.columns" c ON c.db = o.db AND c.object_id = p.object_id AND c.column_id = ic.column_id`,
  where: 'ic.key_ordinal > 0',
};
const foreignKeyColumns = {
  from: `"b.sys.objects" o ${withSchema} JOIN "b.sys.foreign_key_columns" k ON k.db = o.db AND k.constraint_object_id = o.object_id ${withParent}
        JOIN "b.sys.columns" c ON c.db = o.db AND c.object_id = p.object_id AND c.column_id = k.parent_column_id`,
};

function constraintColumns(
  part: { from: string; where?: string },
  more: Readonly<Record<string, string>> = {},
): ViewPart {
  return { ...part, db: 'o.db', columns: { ...constraintName, ...parentTable, COLUMN_NAME: 'c.name', ...more } };
}

/** The views of the standard. */
export const informationSchema: ViewDefinitions = {
  'INFORMATION_SCHEMA.SCHEMATA': {
    from: '"b.sys.schemas" s JOIN "b.sys.databases" d ON d.database_id = s.db LEFT JOIN "b.sys.database_principals" p ON p.db = s.db AND p.principal_id = s.principal_id',
    db: 's.db',
    columns: {
      CATALOG_NAME: 'd.name',
      SCHEMA_NAME: 's.name',
      SCHEMA_OWNER: 'p.name',
      DEFAULT_CHARACTER_SET_NAME: "'iso_1'",
    },
  },
  'INFORMATION_SCHEMA.TABLES': {
    from: `"b.sys.objects" o ${withSchema}`,
    where: "o.type IN ('U ', 'V ')",
    db: 'o.db',
    columns: {
      ...ownTable,
      TABLE_TYPE: "CASE o.type WHEN 'U ' THEN 'BASE TABLE' ELSE 'VIEW' END",
    },
  },
  'INFORMATION_SCHEMA.VIEWS': {
    from: `"b.sys.objects" o ${withSchema}`,
    where: "o.type = 'V '",
    db: 'o.db',
    columns: {
      ...ownTable,
      IS_UPDATABLE: "'NO'",
      VIEW_DEFINITION: `CASE WHEN length(${viewBody('o')}) <= 4000 THEN ${viewBody('o')} END`,
      CHECK_OPTION:
        "(SELECT CASE WHEN v.with_check_option THEN 'CASCADE' ELSE 'NONE' END FROM \"b.sys.views\" v WHERE v.db = o.db AND v.object_id = o.object_id)",
    },
  },
  'INFORMATION_SCHEMA.COLUMNS': {
    from: `"b.sys.columns" c JOIN "b.sys.objects" o ON o.db = c.db AND o.object_id = c.object_id ${withSchema} LEFT JOIN "b.sys.types" t ON t.db = c.db AND t.user_type_id = c.user_type_id`,
    where: "o.type IN ('U ', 'V ')",
    db: 'c.db',
    columns: {
      ...ownTable,
      COLUMN_NAME: 'c.name',
      ORDINAL_POSITION: 'c.column_id',
      COLUMN_DEFAULT:
        '(SELECT dc.definition FROM "b.sys.default_constraints" dc WHERE dc.db = c.db AND dc.object_id = c.default_object_id)',
      IS_NULLABLE: "CASE WHEN c.is_nullable THEN 'YES' ELSE 'NO' END",
      DATA_TYPE: systemTypeName('c'),
      ...sizesOf('c'),
      CHARACTER_SET_NAME: characterSet('c'),
      COLLATION_NAME: 'c.collation_name',
      DOMAIN_CATALOG: 'CASE WHEN t.is_user_defined THEN d.name END',
      DOMAIN_SCHEMA:
        'CASE WHEN t.is_user_defined THEN (SELECT x.name FROM "b.sys.schemas" x WHERE x.db = t.db AND x.schema_id = t.schema_id) END',
      DOMAIN_NAME: 'CASE WHEN t.is_user_defined THEN t.name END',
    },
  },
  'INFORMATION_SCHEMA.TABLE_CONSTRAINTS': {
    from: `"b.sys.objects" o ${withSchema} ${withParent}`,
    where: "o.type IN ('PK', 'UQ', 'F ', 'C ')",
    db: 'o.db',
    columns: {
      ...constraintName,
      ...parentTable,
      CONSTRAINT_TYPE:
        "CASE o.type WHEN 'PK' THEN 'PRIMARY KEY' WHEN 'UQ' THEN 'UNIQUE' WHEN 'F ' THEN 'FOREIGN KEY' ELSE 'CHECK' END",
      IS_DEFERRABLE: "'NO'",
      INITIALLY_DEFERRED: "'NO'",
    },
  },
  'INFORMATION_SCHEMA.CHECK_CONSTRAINTS': {
    from: `"b.sys.objects" o ${withSchema} JOIN "b.sys.check_constraints" c ON c.db = o.db AND c.object_id = o.object_id`,
    db: 'o.db',
    columns: {
      ...constraintName,
      CHECK_CLAUSE: 'substr(c.definition, 1, 4000)',
    },
  },
  'INFORMATION_SCHEMA.REFERENTIAL_CONSTRAINTS': {
    from: `"b.sys.objects" o ${withSchema} JOIN "b.sys.foreign_keys" f ON f.db = o.db AND f.object_id = o.object_id LEFT JOIN "b.sys.indexes" i ON i.db = f.db AND i.object_id = f.referenced_object_id AND i.index_id = f.key_index_id LEFT JOIN "b.sys.objects" r ON r.db = f.db AND r.object_id = f.referenced_object_id LEFT JOIN "b.sys.schemas" rs ON rs.db = r.db AND rs.schema_id = r.schema_id`,
    db: 'o.db',
    columns: {
      ...constraintName,
      UNIQUE_CONSTRAINT_CATALOG: 'd.name',
      UNIQUE_CONSTRAINT_SCHEMA: 'rs.name',
      UNIQUE_CONSTRAINT_NAME: 'i.name',
      MATCH_OPTION: "'SIMPLE'",
      UPDATE_RULE:
        "CASE f.update_referential_action WHEN 0 THEN 'NO ACTION' WHEN 1 THEN 'CASCADE' WHEN 2 THEN 'SET NULL' ELSE 'SET DEFAULT' END",
      DELETE_RULE:
        "CASE f.delete_referential_action WHEN 0 THEN 'NO ACTION' WHEN 1 THEN 'CASCADE' WHEN 2 THEN 'SET NULL' ELSE 'SET DEFAULT' END",
    },
  },
  'INFORMATION_SCHEMA.KEY_COLUMN_USAGE': [
    constraintColumns(keyColumns, { ORDINAL_POSITION: 'ic.key_ordinal' }),
    constraintColumns(foreignKeyColumns, { ORDINAL_POSITION: 'k.constraint_column_id' }),
  ],
  'INFORMATION_SCHEMA.CONSTRAINT_COLUMN_USAGE': [constraintColumns(keyColumns), constraintColumns(foreignKeyColumns)],
  'INFORMATION_SCHEMA.ROUTINES': {
    from: `"b.sys.objects" o ${withSchema} LEFT JOIN "b.sys.parameters" p ON p.db = o.db AND p.object_id = o.object_id AND p.parameter_id = 0`,
    where: "o.type IN ('P ', 'FN', 'IF', 'TF', 'PC', 'FS', 'FT')",
    db: 'o.db',
    columns: {
      SPECIFIC_CATALOG: 'd.name',
      SPECIFIC_SCHEMA: 'sc.name',
      SPECIFIC_NAME: 'o.name',
      ROUTINE_CATALOG: 'd.name',
      ROUTINE_SCHEMA: 'sc.name',
      ROUTINE_NAME: 'o.name',
      ROUTINE_TYPE: "CASE WHEN o.type IN ('P ', 'PC') THEN 'PROCEDURE' ELSE 'FUNCTION' END",
      DATA_TYPE: `CASE WHEN o.type IN ('IF', 'TF', 'FT') THEN 'TABLE' ELSE ${systemTypeName('p')} END`,
      ...sizesOf('p'),
      ROUTINE_BODY: "'SQL'",
      ROUTINE_DEFINITION: `substr(${viewBody('o')}, 1, 4000)`,
      IS_DETERMINISTIC: "'NO'",
      SQL_DATA_ACCESS: "CASE o.type WHEN 'P ' THEN 'MODIFIES' ELSE 'READS' END",
      IS_NULL_CALL: "CASE o.type WHEN 'P ' THEN NULL ELSE 'YES' END",
      SCHEMA_LEVEL_ROUTINE: "'YES'",
      MAX_DYNAMIC_RESULT_SETS: "CASE o.type WHEN 'P ' THEN -1 ELSE 0 END",
      IS_USER_DEFINED_CAST: "'NO'",
      IS_IMPLICITLY_INVOCABLE: "'NO'",
      CREATED: 'o.create_date',
      LAST_ALTERED: 'o.modify_date',
    },
  },
  'INFORMATION_SCHEMA.PARAMETERS': {
    from: `"b.sys.parameters" p JOIN "b.sys.objects" o ON o.db = p.db AND o.object_id = p.object_id ${withSchema}`,
    db: 'o.db',
    columns: {
      SPECIFIC_CATALOG: 'd.name',
      SPECIFIC_SCHEMA: 'sc.name',
      SPECIFIC_NAME: 'o.name',
      ORDINAL_POSITION: 'p.parameter_id',
      PARAMETER_MODE: "CASE WHEN p.parameter_id = 0 THEN 'OUT' WHEN p.is_output THEN 'INOUT' ELSE 'IN' END",
      IS_RESULT: "CASE p.parameter_id WHEN 0 THEN 'YES' ELSE 'NO' END",
      AS_LOCATOR: "'NO'",
      PARAMETER_NAME: 'p.name',
      DATA_TYPE: systemTypeName('p'),
      ...sizesOf('p'),
      CHARACTER_SET_NAME: characterSet('p'),
    },
  },
};
