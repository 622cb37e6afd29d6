/** The object that the levels of an extended property's procedures name: class, major and minor id of sys.extended_properties. */
import { findType, findXmlCollection } from '../ddl/column-types.ts';
import { spaceNamed } from '../ddl/data-spaces.ts';
import { indexNamed } from '../ddl/indexes.ts';
import { findColumn, findObject, findSchema, principalNamed, type Scope, typeOf } from '../state.ts';
import { num, type Row, text } from '../store.ts';

export interface PropertyTarget {
  readonly classId: number;
  readonly majorId: number;
  readonly minorId: number;
}
export interface Level {
  /** In upper case. */
  readonly type: string;
  readonly name: string;
}

const of = (classId: number, majorId: number, minorId = 0): PropertyTarget => ({ classId, majorId, minorId });

const objectTypes: Readonly<Record<string, readonly string[]>> = {
  TABLE: ['U'],
  VIEW: ['V'],
  PROCEDURE: ['P', 'PC', 'X'],
  FUNCTION: ['FN', 'IF', 'TF', 'FS', 'FT'],
  AGGREGATE: ['AF'],
  SYNONYM: ['SN'],
  SEQUENCE: ['SO'],
  RULE: ['R'],
  DEFAULT: ['D'],
  QUEUE: ['SQ'],
};

function levelZero(scope: Scope, level: Level): PropertyTarget | null {
  const byKey = (sql: string, column: string): number | null => {
    const row = scope.store.get(sql, scope.db, scope.state.key(scope.db, level.name));
    return row ? num(row[column]) : null;
  };
  switch (level.type) {
    case 'SCHEMA': {
      const schema = findSchema(scope, level.name);
      return schema ? of(3, schema.id) : null;
    }
    case 'USER': {
      const row = principalNamed(scope, level.name);
      return row ? of(4, num(row['principal_id'])) : null;
    }
    case 'FILEGROUP':
    case 'PARTITION SCHEME': {
      const row = spaceNamed(scope, level.name);
      return row && (text(row['type']) === 'PS') === (level.type === 'PARTITION SCHEME')
        ? of(20, num(row['data_space_id']))
        : null;
    }
    case 'PARTITION FUNCTION': {
      const id = byKey(
        'SELECT function_id FROM "b.sys.partition_functions" WHERE db = ? AND name_key = ?',
        'function_id',
      );
      return id === null ? null : of(21, id);
    }
    case 'TRIGGER': {
      const id = byKey(
        'SELECT object_id FROM "b.sys.triggers" WHERE db = ? AND name_key = ? AND parent_class = 0',
        'object_id',
      );
      return id === null ? null : of(1, id);
    }
    case 'TYPE': {
      const row = findType(scope, null, level.name);
      return row && num(row['user_type_id']) > 256 ? of(6, num(row['user_type_id'])) : null;
    }
    default:
      return null;
  }
}

/** Object id of the hidden table of a table type, or null. */
function typeTable(scope: Scope, type: Row): number | null {
  const row = scope.store.get(
    'SELECT type_table_object_id AS id FROM "b.sys.table_types" WHERE db = ? AND user_type_id = ?',
    scope.db,
    num(type['user_type_id']),
  );
  return row ? num(row['id']) : null;
}

function levelOne(scope: Scope, zero: Level, one: Level): PropertyTarget | null {
  if (zero.type === 'FILEGROUP') {
    if (one.type !== 'LOGICAL FILE NAME') return null;
    const file = scope.store
      .all('SELECT file_id, name FROM "b.sys.master_files" WHERE database_id = ?', scope.db)
      .find(f => text(f['name']).toLowerCase() === one.name.toLowerCase());
    return file ? of(22, num(file['file_id'])) : null;
  }
  // Scripts of SQL Server 2000 say USER where a schema is meant.
  if (zero.type !== 'SCHEMA' && zero.type !== 'USER') return null;
  if (one.type === 'TYPE' || one.type === 'TABLE_TYPE') {
    const row = findType(scope, zero.name, one.name);
    return row && num(row['user_type_id']) > 256 ? of(6, num(row['user_type_id'])) : null;
  }
  if (one.type === 'XML SCHEMA COLLECTION') {
    const row = findXmlCollection(scope, zero.name, one.name);
    return row ? of(10, num(row['xml_collection_id'])) : null;
  }
  const types = objectTypes[one.type];
  const row = types ? findObject(scope, zero.name, one.name) : undefined;
  return row && types?.includes(typeOf(row)) ? of(1, num(row['object_id'])) : null;
}

function levelTwo(scope: Scope, zero: Level, one: Level, two: Level): PropertyTarget | null {
  if (one.type === 'TYPE' || one.type === 'TABLE_TYPE') {
    const type = findType(scope, zero.name, one.name);
    const table = type ? typeTable(scope, type) : null;
    const column = table === null || two.type !== 'COLUMN' ? null : findColumn(scope, table, two.name);
    return table !== null && column ? of(8, table, column.id) : null;
  }
  const parent = levelOne(scope, zero, one);
  if (parent?.classId !== 1) return null;
  const id = parent.majorId;
  switch (two.type) {
    case 'COLUMN': {
      const column = findColumn(scope, id, two.name);
      return column ? of(1, id, column.id) : null;
    }
    case 'INDEX': {
      const index = indexNamed(scope, id, two.name);
      return index ? of(7, id, num(index['index_id'])) : null;
    }
    case 'PARAMETER': {
      const row = scope.store
        .all('SELECT parameter_id, name FROM "b.sys.parameters" WHERE db = ? AND object_id = ?', scope.db, id)
        .find(p => scope.state.key(scope.db, text(p['name'])) === scope.state.key(scope.db, two.name));
      return row ? of(2, id, num(row['parameter_id'])) : null;
    }
    case 'CONSTRAINT':
    case 'TRIGGER': {
      const row = scope.store
        .all('SELECT * FROM "b.sys.objects" WHERE db = ? AND parent_object_id = ?', scope.db, id)
        .find(o => text(o['name_key']) === scope.state.key(scope.db, two.name));
      const fits = row && (typeOf(row) === 'TR') === (two.type === 'TRIGGER');
      return row && fits ? of(1, num(row['object_id'])) : null;
    }
    default:
      return null;
  }
}

/** null when the levels name nothing that exists and takes properties. No levels: the database. */
export function propertyTarget(scope: Scope, levels: readonly Level[]): PropertyTarget | null {
  const [zero, one, two] = levels;
  if (!zero) return of(0, 0);
  if (!one) return levelZero(scope, zero);
  return two ? levelTwo(scope, zero, one, two) : levelOne(scope, zero, one);
}
