/** FILE_ID, FILE_NAME, FILEPROPERTY, FILEGROUP_ID, FILEGROUP_NAME, FILEGROUPPROPERTY and full-text properties. */
import { spaceNamed } from '../ddl/data-spaces.ts';
import { num, type Row, text, textOrNull } from '../store.ts';
import { bit, type FunctionCall, type MetadataFunctions } from './function-call.ts';

function fileNamed(call: FunctionCall): Row | undefined {
  const name = call.text(0)?.toLowerCase();
  return call.scope.store
    .all('SELECT * FROM "b.sys.master_files" WHERE database_id = ?', call.scope.db)
    .find(f => text(f['name']).toLowerCase() === name);
}

function filegroupNamed(call: FunctionCall): Row | undefined {
  const name = call.text(0);
  const row = name === null ? undefined : spaceNamed(call.scope, name);
  return row && text(row['type']) !== 'PS' ? row : undefined;
}

function fileId(call: FunctionCall): number | null {
  const row = fileNamed(call);
  return row ? num(row['file_id']) : null;
}

export const fileFunctions: MetadataFunctions = {
  FILE_ID: fileId,
  FILE_IDEX: fileId,
  FILE_NAME(call) {
    const id = call.int(0);
    return textOrNull(
      call.scope.store.get(
        'SELECT name FROM "b.sys.master_files" WHERE database_id = ? AND file_id = ?',
        call.scope.db,
        id,
      )?.['name'],
    );
  },
  FILEPROPERTY(call) {
    const row = fileNamed(call);
    if (!row) return null;
    switch (call.text(1)?.trim().toUpperCase()) {
      case 'ISREADONLY':
        return bit(num(row['is_read_only']) === 1);
      case 'ISPRIMARYFILE':
        return bit(num(row['file_id']) === 1);
      case 'ISLOGFILE':
        return bit(num(row['type']) === 1);
      case 'SPACEUSED':
        return num(row['size']);
      default:
        return null;
    }
  },
  FILEGROUP_ID(call) {
    const row = filegroupNamed(call);
    return row ? num(row['data_space_id']) : null;
  },
  FILEGROUP_NAME(call) {
    const id = call.int(0);
    return textOrNull(
      call.scope.store.get(
        'SELECT name FROM "b.sys.data_spaces" WHERE db = ? AND data_space_id = ? AND type <> \'PS\'',
        call.scope.db,
        id,
      )?.['name'],
    );
  },
  FILEGROUPPROPERTY(call) {
    const row = filegroupNamed(call);
    if (!row) return null;
    switch (call.text(1)?.trim().toUpperCase()) {
      case 'ISREADONLY':
        return bit(
          call.scope.store.get(
            'SELECT 1 AS x FROM "b.sys.filegroups" WHERE db = ? AND data_space_id = ? AND is_read_only = 1',
            call.scope.db,
            num(row['data_space_id']),
          ) !== undefined,
        );
      case 'ISUSERDEFINEDFG':
        return bit(num(row['data_space_id']) !== 1);
      case 'ISDEFAULT':
        return bit(num(row['is_default']) === 1);
      default:
        return null;
    }
  },
  /** Full-text search is not installed, as SERVERPROPERTY('IsFullTextInstalled') says. */
  FULLTEXTSERVICEPROPERTY: call => (call.text(0)?.trim().toUpperCase() === 'ISFULLTEXTINSTALLED' ? 0 : null),
  FULLTEXTCATALOGPROPERTY: () => null,
};
