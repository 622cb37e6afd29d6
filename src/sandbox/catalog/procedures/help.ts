/** Procedures that show objects to people: sp_helptext, sp_help, sp_helpdb, sp_helpindex, sp_helpfile, sp_spaceused, sp_who. */
import type { ProcedureResult } from '../../engine/catalog-access.ts';
import { splitName } from '../resolver.ts';
import { columnsOf, databaseRow, findObject, schemaName, typeOf } from '../state.ts';
import { num, type Row, text, textOrNull } from '../store.ts';
import { type ProcedureCall, type ProcedureOutcome, type Procedures, procedureError } from './procedure.ts';
import { column, table, textColumn, varcharColumn } from './result.ts';

function objectOf(call: ProcedureCall, written: string): Row {
  const name = splitName(written);
  const row = findObject(call.scope, name.schema, name.name);
  if (!row) {
    throw procedureError(
      15009,
      `The object '${written}' does not exist in database '${call.context.database}' or is invalid for this operation.`,
      { line: 54 },
    );
  }
  return row;
}

/** The text in lines of at most 255 characters, line ends kept. */
function textLines(definition: string): readonly string[] {
  const lines: string[] = [];
  for (const line of definition.match(/[^\n]*\n|[^\n]+$/g) ?? []) {
    for (let at = 0; at < line.length; at += 255) lines.push(line.slice(at, at + 255));
  }
  return lines;
}

function helpText(call: ProcedureCall): ProcedureOutcome {
  const written = call.text('objname') ?? '';
  const row = objectOf(call, written);
  const { scope } = call;
  const id = num(row['object_id']);
  const columnName = call.text('columnname');
  let definition: string | null = null;
  if (columnName !== null) {
    const computed = scope.store.get(
      `SELECT p.definition FROM "b.sys.computed_columns" p JOIN "b.sys.columns" c ON c.db = p.db AND c.object_id = p.object_id AND c.column_id = p.column_id
       WHERE p.db = ? AND p.object_id = ? AND c.name_key = ?`,
      scope.db,
      id,
      scope.state.key(scope.db, columnName),
    );
    if (!computed) throw procedureError(15646, `Column '${columnName}' is not a computed column.`);
    definition = text(computed['definition']);
  } else {
    for (const view of ['sys.sql_modules', 'sys.check_constraints', 'sys.default_constraints']) {
      const found = scope.store.get(`SELECT definition FROM "b.${view}" WHERE db = ? AND object_id = ?`, scope.db, id);
      if (!found) continue;
      definition = textOrNull(found['definition']);
      if (definition === null)
        return {
          messages: [
            { number: 15471, state: 1, class: 0, message: `The text for object '${written}' is encrypted.`, line: 144 },
          ],
        };
      break;
    }
    if (definition === null) throw procedureError(15197, `There is no text for object '${written}'.`, { line: 107 });
  }
  return {
    results: [
      table(
        [textColumn('Text', 255)],
        textLines(definition).map(l => [l]),
      ),
    ],
  };
}

function objectList(call: ProcedureCall): ProcedureResult {
  const rows = call.scope.store.all(
    `SELECT o.name, coalesce(p.name, 'dbo') AS owner, v.type_desc FROM "b.sys.objects" o
     JOIN temp."sys.objects" v ON v.db = o.db AND v.object_id = o.object_id
     JOIN "b.sys.schemas" s ON s.db = o.db AND s.schema_id = o.schema_id
     LEFT JOIN "b.sys.database_principals" p ON p.db = o.db AND p.principal_id = coalesce(o.principal_id, s.principal_id)
     WHERE o.db = ? AND o.type <> 'TT' ORDER BY p.name, v.type_desc DESC, o.name`,
    call.scope.db,
  );
  return table(
    [textColumn('Name'), textColumn('Owner'), textColumn('Object_type', 31)],
    rows.map(r => [text(r['name']), text(r['owner']), text(r['type_desc']).toLowerCase().replaceAll('_', ' ')]),
  );
}

function typeDescription(call: ProcedureCall, id: number): string {
  return text(
    call.scope.store.get(
      'SELECT type_desc FROM temp."sys.objects" WHERE db = ? AND object_id = ?',
      call.scope.db,
      id,
    )?.['type_desc'],
  )
    .toLowerCase()
    .replaceAll('_', ' ');
}

function columnList(call: ProcedureCall, id: number): ProcedureResult {
  const { scope } = call;
  const yes = (value: boolean): string => (value ? 'yes' : 'no');
  const rows = columnsOf(scope, id).map(c => [
    text(c['name']),
    text(
      scope.store.get(
        'SELECT name FROM "b.sys.types" WHERE db = ? AND user_type_id = ?',
        scope.db,
        num(c['user_type_id']),
      )?.['name'],
    ),
    yes(num(c['is_computed']) === 1),
    num(c['max_length']),
    [48, 52, 56, 60, 62, 59, 106, 108, 122, 127].includes(num(c['system_type_id']))
      ? String(num(c['precision']))
      : '     ',
    [48, 52, 56, 60, 106, 108, 122, 127].includes(num(c['system_type_id'])) ? String(num(c['scale'])) : '     ',
    yes(num(c['is_nullable']) === 1),
    [167, 175, 165, 173].includes(num(c['system_type_id'])) ? yes(num(c['is_ansi_padded']) !== 1) : '(n/a)',
    [167, 175, 165, 173].includes(num(c['system_type_id'])) ? yes(num(c['is_nullable']) === 1) : '(n/a)',
    textOrNull(c['collation_name']),
  ]);
  return table(
    [
      textColumn('Column_name'),
      textColumn('Type'),
      varcharColumn('Computed', 35),
      column('Length', 'int'),
      varcharColumn('Prec', 5),
      varcharColumn('Scale', 5),
      varcharColumn('Nullable', 35),
      varcharColumn('TrimTrailingBlanks', 35),
      varcharColumn('FixedLenNullInSource', 35),
      textColumn('Collation'),
    ],
    rows,
  );
}

function indexList(call: ProcedureCall, id: number): ProcedureResult {
  const { scope } = call;
  const rows = scope.store
    .all('SELECT * FROM "b.sys.indexes" WHERE db = ? AND object_id = ? AND index_id > 0 ORDER BY name', scope.db, id)
    .map(i => {
      const keys = scope.store.all(
        `SELECT c.name, ic.is_descending_key FROM "b.sys.index_columns" ic JOIN "b.sys.columns" c ON c.db = ic.db AND c.object_id = ic.object_id AND c.column_id = ic.column_id
         WHERE ic.db = ? AND ic.object_id = ? AND ic.index_id = ? AND ic.key_ordinal > 0 ORDER BY ic.key_ordinal`,
        scope.db,
        id,
        num(i['index_id']),
      );
      const space = text(
        scope.store.get(
          'SELECT name FROM "b.sys.data_spaces" WHERE db = ? AND data_space_id = ?',
          scope.db,
          num(i['data_space_id']),
        )?.['name'],
      );
      const words = [
        num(i['type']) === 1 ? 'clustered' : 'nonclustered',
        ...(num(i['ignore_dup_key']) === 1 ? ['ignore duplicate keys'] : []),
        ...(num(i['is_unique']) === 1 ? ['unique'] : []),
        ...(num(i['is_primary_key']) === 1 ? ['primary key'] : []),
        ...(num(i['is_unique_constraint']) === 1 ? ['unique key'] : []),
      ];
      return [
        text(i['name']),
        `${words.join(', ')} located on ${space}`,
        keys.map(k => `${text(k['name'])}${num(k['is_descending_key']) === 1 ? '(-)' : ''}`).join(', '),
      ];
    });
  return table(
    [textColumn('index_name'), varcharColumn('index_description', 210), textColumn('index_keys', 2078)],
    rows,
  );
}

function help(call: ProcedureCall): ProcedureOutcome {
  const written = call.text('objname');
  if (written === null) return { results: [objectList(call)] };
  const row = objectOf(call, written);
  const id = num(row['object_id']);
  const owner = schemaName(call.scope, num(row['schema_id']));
  const head = table(
    [textColumn('Name'), textColumn('Owner'), textColumn('Type', 31), column('Created_datetime', 'datetime', false)],
    [[text(row['name']), owner, typeDescription(call, id), text(row['create_date'])]],
  );
  const results = [head];
  if (['U', 'V', 'IF', 'TF'].includes(typeOf(row))) results.push(columnList(call, id));
  if (typeOf(row) === 'U' || typeOf(row) === 'V') results.push(indexList(call, id));
  return { results };
}

const megabytes = (pages: number): string => `${((pages * 8) / 1024).toFixed(2)} MB`;

function filesResult(call: ProcedureCall, db: number): ProcedureResult {
  const rows = call.scope.store
    .all('SELECT * FROM "b.sys.master_files" WHERE database_id = ? ORDER BY file_id', db)
    .map(f => {
      const space = call.scope.store.get(
        'SELECT name FROM "b.sys.data_spaces" WHERE db = ? AND data_space_id = ?',
        db,
        num(f['data_space_id']),
      );
      const max = num(f['max_size']);
      return [
        text(f['name']),
        num(f['file_id']),
        text(f['physical_name']),
        textOrNull(space?.['name']),
        `${num(f['size']) * 8} KB`,
        max === -1 ? 'Unlimited' : `${max * 8} KB`,
        num(f['is_percent_growth']) === 1 ? `${num(f['growth'])}%` : `${num(f['growth']) * 8} KB`,
        num(f['type']) === 1 ? 'log only' : 'data only',
      ];
    });
  return table(
    [
      textColumn('name'),
      column('fileid', 'int'),
      textColumn('filename', 260),
      textColumn('filegroup'),
      textColumn('size', 18),
      textColumn('maxsize', 18),
      textColumn('growth', 18),
      varcharColumn('usage', 9),
    ],
    rows,
  );
}

function helpDatabase(call: ProcedureCall): ProcedureOutcome {
  const name = call.text('dbname');
  const one = name === null ? undefined : databaseRow(call.state, name);
  if (name !== null && !one)
    throw procedureError(
      15010,
      `The database '${name}' does not exist. Supply a valid database name. To see available databases, use sys.databases.`,
    );
  const rows = one ? [one] : call.scope.store.all('SELECT * FROM "b.sys.databases" ORDER BY name');
  const result = table(
    [
      textColumn('name'),
      textColumn('db_size', 13),
      textColumn('owner'),
      column('dbid', 'smallint'),
      textColumn('created', 11),
      varcharColumn('status', 600),
      column('compatibility_level', 'tinyint'),
    ],
    rows.map(d => {
      const db = num(d['database_id']);
      const size = num(
        call.scope.store.get('SELECT sum(size) AS n FROM "b.sys.master_files" WHERE database_id = ?', db)?.['n'],
      );
      const owner = call.scope.store.get(
        'SELECT name FROM "b.sys.server_principals" WHERE sid = ?',
        d['owner_sid'] ?? null,
      );
      return [
        text(d['name']),
        megabytes(size).padStart(13),
        textOrNull(owner?.['name']),
        db,
        text(d['create_date']).slice(0, 10),
        `Status=ONLINE, Updateability=${num(d['is_read_only']) === 1 ? 'READ_ONLY' : 'READ_WRITE'}, Collation=${text(d['collation_name'])}`,
        num(d['compatibility_level']),
      ];
    }),
  );
  return { results: one ? [result, filesResult(call, num(one['database_id']))] : [result] };
}

function spaceUsed(call: ProcedureCall): ProcedureOutcome {
  const written = call.text('objname');
  const kb = (rows: number): string => `${rows === 0 ? 0 : 8 + Math.ceil(rows / 100) * 8} KB`;
  if (written !== null) {
    const row = objectOf(call, written);
    const count = call.state.rows().rowCount(call.scope.db, num(row['object_id']));
    return {
      results: [
        table(
          [
            textColumn('name'),
            { name: 'rows', type: { schema: null, name: 'char', length: 20 }, nullable: false },
            varcharColumn('reserved', 18),
            varcharColumn('data', 18),
            varcharColumn('index_size', 18),
            varcharColumn('unused', 18),
          ],
          [[text(row['name']), String(count).padEnd(20), kb(count), kb(count), '0 KB', '0 KB']],
        ),
      ],
    };
  }
  const size = num(
    call.scope.store.get('SELECT sum(size) AS n FROM "b.sys.master_files" WHERE database_id = ?', call.scope.db)?.['n'],
  );
  return {
    results: [
      table(
        [textColumn('database_name'), varcharColumn('database_size', 18), varcharColumn('unallocated space', 18)],
        [[call.context.database, megabytes(size), '0.00 MB']],
      ),
    ],
  };
}

function who(call: ProcedureCall): ProcedureOutcome {
  call.state.sessions.writeDown();
  const rows = call.scope.store.all(
    `SELECT s.*, d.name AS database_name FROM "b.sys.dm_exec_sessions" s LEFT JOIN "b.sys.databases" d ON d.database_id = s.database_id ORDER BY session_id`,
  );
  return {
    results: [
      table(
        [
          column('spid', 'smallint', false),
          column('ecid', 'smallint', false),
          textColumn('status', 30, false),
          textColumn('loginame'),
          textColumn('hostname', 128, false),
          varcharColumn('blk', 5),
          textColumn('dbname'),
          textColumn('cmd', 16, false),
          column('request_id', 'int', false),
        ],
        rows.map(s => [
          num(s['session_id']),
          0,
          'runnable'.padEnd(30),
          text(s['login_name']),
          text(s['host_name']),
          '0    ',
          text(s['database_name']),
          'SELECT'.padEnd(16),
          0,
        ]),
      ),
    ],
  };
}

export const helpProcedures: Procedures = {
  sp_helptext: { required: ['objname'], optional: ['columnname'], run: helpText },
  sp_help: { required: [], optional: ['objname'], run: help },
  sp_helpindex: {
    required: ['objname'],
    run: call => ({ results: [indexList(call, num(objectOf(call, call.text('objname') ?? '')['object_id']))] }),
  },
  sp_helpdb: { required: [], optional: ['dbname'], run: helpDatabase },
  sp_helpfile: { required: [], optional: ['filename'], run: call => ({ results: [filesResult(call, call.scope.db)] }) },
  sp_spaceused: { required: [], optional: ['objname', 'updateusage', 'mode', 'oneresultset'], run: spaceUsed },
  sp_who: { required: [], optional: ['loginame'], run: who },
};
