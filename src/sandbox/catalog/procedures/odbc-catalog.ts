/** Catalog procedures of ODBC and its relatives: sp_tables, sp_columns, sp_pkeys … Shapes of sp_pkeys and sp_fkeys as captured. */
import type { ProcedureResult } from '../../engine/catalog-access.ts';
import { findObject } from '../state.ts';
import { num, type Row, text, textOrNull } from '../store.ts';
import { type ProcedureCall, type ProcedureOutcome, type Procedures, procedureError } from './procedure.ts';
import { column, stored, table, textColumn, uncounted, varcharColumn } from './result.ts';

/** LIKE with `%`, `_` and `[…]`, case as the database has it. */
function matcher(call: ProcedureCall, pattern: string | null): (name: string) => boolean {
  if (pattern === null || pattern === '%') return () => true;
  const key = (name: string): string => call.state.key(call.scope.db, name);
  const source = key(pattern).replace(/\[([^\]])\]|[%_]|[.*+?^${}()|[\]\\]/g, (all: string, one: string | undefined) =>
    one !== undefined ? one.replace(/[.*+?^${}()|[\]\\]/, '\\$&') : all === '%' ? '.*' : all === '_' ? '.' : `\\${all}`,
  );
  const expression = new RegExp(`^${source}$`, 's');
  return name => expression.test(key(name));
}

const qualifier = [textColumn('TABLE_QUALIFIER'), textColumn('TABLE_OWNER'), textColumn('TABLE_NAME')];

function listTables(call: ProcedureCall): ProcedureOutcome {
  const name = matcher(call, call.text('table_name'));
  const owner = matcher(call, call.text('table_owner'));
  const types = call.text('table_type')?.toUpperCase() ?? null;
  const { scope } = call;
  const rows = scope.store.all(
    `SELECT s.name AS owner, o.name, o.type FROM "b.sys.objects" o JOIN "b.sys.schemas" s ON s.db = o.db AND s.schema_id = o.schema_id
     WHERE o.db = ? AND o.type IN ('U ', 'V ') UNION ALL
     SELECT CASE schema_id WHEN 4 THEN 'sys' ELSE 'INFORMATION_SCHEMA' END, name, 'S ' FROM "b.sys.system_objects" WHERE type = 'V '`,
    scope.db,
  );
  const kinds: Readonly<Record<string, string>> = { U: 'TABLE', V: 'VIEW', S: 'SYSTEM TABLE' };
  const found = rows
    .map(r => [call.context.database, text(r['owner']), text(r['name']), kinds[text(r['type']).trim()] ?? '', null])
    .filter(r => owner(String(r[1])) && name(String(r[2])) && (types === null || types.includes(`'${r[3]}'`)))
    .sort((a, b) => compare([a[3], a[1], a[2]], [b[3], b[1], b[2]]));
  return { results: [table([...qualifier, varcharColumn('TABLE_TYPE', 32), varcharColumn('REMARKS', 254)], found)] };
}

function compare(a: readonly unknown[], b: readonly unknown[]): number {
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [String(a[i]), String(b[i])];
    if (x !== y) return x < y ? -1 : 1;
  }
  return 0;
}

/** ODBC's number of a type, its size and radix as sp_columns and sp_datatype_info tell them. */
interface OdbcType {
  readonly code: number;
  readonly code2: number;
  readonly subcode: number | null;
}
const odbcTypes: Readonly<Record<string, readonly [code: number, code2: number, subcode: number | null]>> = {
  bit: [-7, -7, null],
  tinyint: [-6, -6, null],
  smallint: [5, 5, null],
  int: [4, 4, null],
  bigint: [-5, -5, null],
  decimal: [3, 3, null],
  numeric: [2, 2, null],
  money: [3, 3, null],
  smallmoney: [3, 3, null],
  float: [6, 6, null],
  real: [7, 7, null],
  date: [-9, -9, null],
  time: [-9, -9, null],
  datetime2: [-9, -9, null],
  datetimeoffset: [-9, -9, null],
  datetime: [11, 9, 3],
  smalldatetime: [11, 9, 3],
  char: [1, 1, null],
  varchar: [12, 12, null],
  text: [-1, -1, null],
  nchar: [-8, -8, null],
  nvarchar: [-9, -9, null],
  sysname: [-9, -9, null],
  ntext: [-10, -10, null],
  binary: [-2, -2, null],
  varbinary: [-3, -3, null],
  image: [-4, -4, null],
  timestamp: [-2, -2, null],
  uniqueidentifier: [-11, -11, null],
  xml: [-152, -152, null],
  sql_variant: [-150, -150, null],
};
function odbcType(name: string): OdbcType {
  const [code, code2, subcode] = odbcTypes[name] ?? [-9, -9, null];
  return { code, code2, subcode };
}

const columnColumns = [
  ...qualifier,
  textColumn('COLUMN_NAME'),
  column('DATA_TYPE', 'smallint'),
  textColumn('TYPE_NAME'),
  column('PRECISION', 'int'),
  column('LENGTH', 'int'),
  column('SCALE', 'smallint'),
  column('RADIX', 'smallint'),
  column('NULLABLE', 'smallint'),
  varcharColumn('REMARKS', 254),
  textColumn('COLUMN_DEF', 4000),
  column('SQL_DATA_TYPE', 'smallint'),
  column('SQL_DATETIME_SUB', 'smallint'),
  column('CHAR_OCTET_LENGTH', 'int'),
  column('ORDINAL_POSITION', 'int'),
  varcharColumn('IS_NULLABLE', 254),
  column('SS_DATA_TYPE', 'tinyint'),
];

function columnRow(call: ProcedureCall, row: Row): ProcedureResult['rows'][number] {
  const type = text(row['type_name']);
  const { code, code2, subcode } = odbcType(type);
  const bytes = num(row['max_length']);
  const unicode = ['nchar', 'nvarchar', 'sysname'].includes(type);
  const character = unicode || ['char', 'varchar'].includes(type);
  const precision =
    character || type.endsWith('binary') ? (bytes < 0 ? 0 : unicode ? bytes / 2 : bytes) : num(row['precision']);
  const exact = ['bit', 'tinyint', 'smallint', 'int', 'bigint', 'decimal', 'numeric', 'money', 'smallmoney'].includes(
    type,
  );
  const length = type === 'decimal' || type === 'numeric' ? precision + 2 : bytes < 0 ? 2147483647 : bytes;
  return [
    call.context.database,
    text(row['owner']),
    text(row['table_name']),
    text(row['name']),
    code,
    num(row['is_identity']) === 1 ? `${type} identity` : type,
    precision,
    length,
    exact && type !== 'bit' ? num(row['scale']) : null,
    exact && type !== 'bit' ? 10 : null,
    num(row['is_nullable']),
    null,
    textOrNull(row['default_definition']),
    code2,
    subcode,
    character || type.endsWith('binary') ? length : null,
    num(row['column_id']),
    num(row['is_nullable']) === 1 ? 'YES' : 'NO',
    num(row['system_type_id']),
  ];
}

function listColumns(call: ProcedureCall): ProcedureOutcome {
  const name = matcher(call, call.text('table_name'));
  const owner = matcher(call, call.text('table_owner'));
  const wanted = matcher(call, call.text('column_name'));
  const rows = call.scope.store
    .all(
      `SELECT c.*, o.name AS table_name, s.name AS owner, t.name AS type_name, d.definition AS default_definition
       FROM "b.sys.columns" c JOIN "b.sys.objects" o ON o.db = c.db AND o.object_id = c.object_id AND o.type IN ('U ', 'V ')
       JOIN "b.sys.schemas" s ON s.db = o.db AND s.schema_id = o.schema_id
       JOIN "b.sys.types" t ON t.db = c.db AND t.user_type_id = CASE WHEN c.system_type_id = 240 THEN c.user_type_id ELSE c.system_type_id END
       LEFT JOIN "b.sys.default_constraints" d ON d.db = c.db AND d.object_id = c.default_object_id
       WHERE c.db = ? ORDER BY s.name, o.name, c.column_id`,
      call.scope.db,
    )
    .filter(r => name(text(r['table_name'])) && owner(text(r['owner'])) && wanted(text(r['name'])));
  return {
    results: [
      table(
        columnColumns,
        rows.map(r => columnRow(call, r)),
      ),
    ],
  };
}

function listPrimaryKey(call: ProcedureCall): ProcedureOutcome {
  const object = findObject(call.scope, call.text('table_owner'), call.text('table_name') ?? '');
  const rows = call.scope.store.all(
    `SELECT s.name AS owner, o.name AS table_name, c.name AS column_name, ic.key_ordinal, i.name AS key_name
     FROM "b.sys.indexes" i JOIN "b.sys.objects" o ON o.db = i.db AND o.object_id = i.object_id
     JOIN "b.sys.schemas" s ON s.db = o.db AND s.schema_id = o.schema_id
     JOIN "b.sys.index_columns" ic ON ic.db = i.db AND ic.object_id = i.object_id AND ic.index_id = i.index_id AND ic.key_ordinal > 0
     JOIN "b.sys.columns" c ON c.db = ic.db AND c.object_id = ic.object_id AND c.column_id = ic.column_id
     WHERE i.db = ? AND i.object_id = ? AND i.is_primary_key = 1 ORDER BY ic.key_ordinal`,
    call.scope.db,
    object ? num(object['object_id']) : 0,
  );
  const columns = [...qualifier, textColumn('COLUMN_NAME'), column('KEY_SEQ', 'smallint'), textColumn('PK_NAME')];
  return {
    // As captured: what the procedure does before its SELECT.
    steps: [null, null, null, 1, 1],
    results: [
      table(
        columns,
        rows.map(r => [
          call.context.database,
          text(r['owner']),
          text(r['table_name']),
          text(r['column_name']),
          num(r['key_ordinal']),
          text(r['key_name']),
        ]),
      ),
    ],
  };
}

/** ODBC's code of a rule: 0 cascade, 1 no action, 2 set null, 3 set default. */
const rule = (action: number): number => [1, 0, 2, 3][action] ?? 1;

function listForeignKeys(call: ProcedureCall): ProcedureOutcome {
  const [primary, foreign] = [call.text('pktable_name'), call.text('fktable_name')];
  if (primary === null && foreign === null) {
    throw procedureError(15252, 'The primary or foreign key table name must be given.', { line: 20, status: -6 });
  }
  const idOf = (owner: string, name: string | null): number | null => {
    if (name === null) return null;
    const row = findObject(call.scope, call.text(owner), name);
    return row ? num(row['object_id']) : 0;
  };
  const primaryId = idOf('pktable_owner', primary);
  const foreignId = idOf('fktable_owner', foreign);
  const rows = call.scope.store
    .all(
      `SELECT f.*, k.name AS fk_name, p.name AS pk_table, ps.name AS pk_owner, c.name AS fk_table, cs.name AS fk_owner, i.name AS pk_name,
         pc.name AS pk_column, cc.name AS fk_column, x.constraint_column_id, k.parent_object_id AS child_id
       FROM "b.sys.foreign_keys" f JOIN "b.sys.objects" k ON k.db = f.db AND k.object_id = f.object_id
       JOIN "b.sys.objects" p ON p.db = f.db AND p.object_id = f.referenced_object_id JOIN "b.sys.schemas" ps ON ps.db = p.db AND ps.schema_id = p.schema_id
       JOIN "b.sys.objects" c ON c.db = f.db AND c.object_id = k.parent_object_id JOIN "b.sys.schemas" cs ON cs.db = c.db AND cs.schema_id = c.schema_id
       JOIN "b.sys.foreign_key_columns" x ON x.db = f.db AND x.constraint_object_id = f.object_id
       JOIN "b.sys.columns" pc ON pc.db = f.db AND pc.object_id = x.referenced_object_id AND pc.column_id = x.referenced_column_id
       JOIN "b.sys.columns" cc ON cc.db = f.db AND cc.object_id = x.parent_object_id AND cc.column_id = x.parent_column_id
       LEFT JOIN "b.sys.indexes" i ON i.db = f.db AND i.object_id = f.referenced_object_id AND i.index_id = f.key_index_id
       WHERE f.db = ? ORDER BY pk_owner, pk_table, fk_owner, fk_table, fk_name, x.constraint_column_id`,
      call.scope.db,
    )
    .filter(
      r =>
        (primaryId === null || num(r['referenced_object_id']) === primaryId) &&
        (foreignId === null || num(r['child_id']) === foreignId),
    );
  const columns = [
    textColumn('PKTABLE_QUALIFIER'),
    textColumn('PKTABLE_OWNER'),
    textColumn('PKTABLE_NAME'),
    stored(textColumn('PKCOLUMN_NAME')),
    textColumn('FKTABLE_QUALIFIER'),
    textColumn('FKTABLE_OWNER'),
    textColumn('FKTABLE_NAME'),
    stored(textColumn('FKCOLUMN_NAME')),
    column('KEY_SEQ', 'smallint', false),
    column('UPDATE_RULE', 'smallint'),
    column('DELETE_RULE', 'smallint'),
    textColumn('FK_NAME'),
    stored(textColumn('PK_NAME')),
    column('DEFERRABILITY', 'smallint'),
  ];
  const { database } = call.context;
  return {
    results: [
      uncounted(
        columns,
        rows.map(r => [
          database,
          text(r['pk_owner']),
          text(r['pk_table']),
          text(r['pk_column']),
          database,
          text(r['fk_owner']),
          text(r['fk_table']),
          text(r['fk_column']),
          num(r['constraint_column_id']),
          rule(num(r['update_referential_action'])),
          rule(num(r['delete_referential_action'])),
          text(r['fk_name']),
          textOrNull(r['pk_name']),
          7,
        ]),
      ),
    ],
  };
}

export const odbcCatalog: Procedures = {
  sp_tables: {
    required: [],
    optional: ['table_name', 'table_owner', 'table_qualifier', 'table_type', 'fusepattern'],
    run: listTables,
  },
  sp_columns: {
    required: ['table_name'],
    optional: ['table_owner', 'table_qualifier', 'column_name', 'odbcver'],
    run: listColumns,
  },
  sp_pkeys: { required: ['table_name'], optional: ['table_owner', 'table_qualifier'], run: listPrimaryKey },
  sp_fkeys: {
    required: [],
    optional: [
      'pktable_name',
      'pktable_owner',
      'pktable_qualifier',
      'fktable_name',
      'fktable_owner',
      'fktable_qualifier',
    ],
    run: listForeignKeys,
  },
  sp_databases: {
    required: [],
    run: call => ({
      results: [
        table(
          [textColumn('DATABASE_NAME'), column('DATABASE_SIZE', 'int'), varcharColumn('REMARKS', 254)],
          call.scope.store
            .all(
              `SELECT d.name, sum(f.size) * 8 AS size FROM "b.sys.databases" d LEFT JOIN "b.sys.master_files" f ON f.database_id = d.database_id
               GROUP BY d.database_id ORDER BY d.name`,
            )
            .map(r => [text(r['name']), num(r['size']), null]),
        ),
      ],
    }),
  },
  sp_stored_procedures: {
    required: [],
    optional: ['sp_name', 'sp_owner', 'sp_qualifier', 'fusepattern'],
    run(call) {
      const name = matcher(call, call.text('sp_name'));
      const owner = matcher(call, call.text('sp_owner'));
      const rows = call.scope.store
        .all(
          `SELECT s.name AS owner, o.name, o.type FROM "b.sys.objects" o JOIN "b.sys.schemas" s ON s.db = o.db AND s.schema_id = o.schema_id
           WHERE o.db = ? AND o.type IN ('P ', 'FN', 'IF', 'TF') ORDER BY s.name, o.name`,
          call.scope.db,
        )
        .filter(r => name(text(r['name'])) && owner(text(r['owner'])));
      return {
        results: [
          table(
            [
              textColumn('PROCEDURE_QUALIFIER'),
              textColumn('PROCEDURE_OWNER'),
              textColumn('PROCEDURE_NAME', 134),
              column('NUM_INPUT_PARAMS', 'int'),
              column('NUM_OUTPUT_PARAMS', 'int'),
              column('NUM_RESULT_SETS', 'int'),
              varcharColumn('REMARKS', 254),
              column('PROCEDURE_TYPE', 'smallint'),
            ],
            rows.map(r => [
              call.context.database,
              text(r['owner']),
              `${text(r['name'])};${text(r['type']) === 'P ' ? 1 : 0}`,
              -1,
              -1,
              -1,
              null,
              2,
            ]),
          ),
        ],
      };
    },
  },
};
