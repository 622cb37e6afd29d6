import type { DatabaseFile } from '../../model/database.ts';
import type { TokenCursor } from '../token-cursor.ts';
import type { AlterDatabase, CreateDatabase, FilegroupDefinition } from './statement.ts';

/** CREATE DATABASE, the cursor behind these words. */
export function parseCreateDatabase(cursor: TokenCursor, position: CreateDatabase['position']): CreateDatabase {
  const name = cursor.name();
  let containment: CreateDatabase['containment'] = null;
  let filegroups: FilegroupDefinition[] = [];
  let logFiles: DatabaseFile[] = [];
  let collation: string | null = null;
  let forAttach = false;
  const options: Record<string, string> = {};
  for (;;) {
    if (cursor.takeWord('CONTAINMENT')) {
      cursor.expect('=');
      containment = cursor.name().toUpperCase() === 'PARTIAL' ? 'PARTIAL' : 'NONE';
    } else if (cursor.takeWord('LOG', 'ON')) logFiles = parseFiles(cursor, 'log');
    else if (cursor.takeWord('ON')) filegroups = parseFilegroups(cursor);
    else if (cursor.takeWord('COLLATE')) collation = cursor.name();
    else if (cursor.takeWord('FOR')) {
      forAttach = true;
      cursor.name();
    } else if (cursor.takeWord('AS', 'SNAPSHOT', 'OF')) options['AS SNAPSHOT OF'] = cursor.name();
    else if (cursor.takeWord('WITH')) {
      do {
        const option = cursor.name().toUpperCase();
        options[option] = cursor.take('=')
          ? cursor.next().text.toUpperCase()
          : cursor.is('(')
            ? cursor.parenthesised()
            : cursor.next().text.toUpperCase();
        if (cursor.is('(')) options[option] += ` ${cursor.parenthesised()}`;
      } while (cursor.take(','));
    } else break;
  }
  return { kind: 'createDatabase', position, name, containment, filegroups, logFiles, collation, options, forAttach };
}

/** Behind ON: `PRIMARY (…), (…), FILEGROUP fg (…)`; LOG ON may follow a comma-less list. */
function parseFilegroups(cursor: TokenCursor): FilegroupDefinition[] {
  const groups: { name: string; kind: FilegroupDefinition['kind']; isDefault: boolean; files: DatabaseFile[] }[] = [];
  let current = {
    name: 'PRIMARY',
    kind: 'rows' as FilegroupDefinition['kind'],
    isDefault: false,
    files: [] as DatabaseFile[],
  };
  do {
    if (cursor.takeWord('PRIMARY')) current = { name: 'PRIMARY', kind: 'rows', isDefault: false, files: [] };
    else if (cursor.takeWord('FILEGROUP')) {
      const name = cursor.name();
      const kind = parseContains(cursor);
      current = { name, kind, isDefault: cursor.takeWord('DEFAULT'), files: [] };
    }
    if (!groups.includes(current)) groups.push(current);
    current.files.push(parseFile(cursor, current.kind === 'rows' ? 'rows' : 'filestream'));
  } while (cursor.take(','));
  return groups;
}

function parseContains(cursor: TokenCursor): FilegroupDefinition['kind'] {
  if (!cursor.takeWord('CONTAINS')) return 'rows';
  if (cursor.takeWord('FILESTREAM')) return 'filestream';
  cursor.expectWord('MEMORY_OPTIMIZED_DATA');
  return 'memoryOptimized';
}

function parseFiles(cursor: TokenCursor, kind: DatabaseFile['kind']): DatabaseFile[] {
  const files: DatabaseFile[] = [];
  do files.push(parseFile(cursor, kind));
  while (cursor.take(','));
  return files;
}

/** `(NAME = a, FILENAME = N'…', SIZE = 8MB, MAXSIZE = UNLIMITED, FILEGROWTH = 10%)`. Without a unit a number is megabytes. */
function parseFile(cursor: TokenCursor, kind: DatabaseFile['kind']): DatabaseFile {
  const file = parseFileProperties(cursor);
  return {
    logicalName: file.logicalName,
    physicalName: file.physicalName ?? '',
    kind,
    sizeKb: file.sizeKb ?? null,
    maxSizeKb: file.maxSizeKb ?? null,
    growth: file.growth ?? null,
  };
}

type FileProperties = { -readonly [K in keyof DatabaseFile]?: DatabaseFile[K] } & {
  logicalName: string;
  newName?: string;
  offline?: boolean;
};

function parseFileProperties(cursor: TokenCursor): FileProperties {
  const file: FileProperties = { logicalName: '' };
  const text = () => (cursor.atName ? cursor.name() : cursor.string());
  cursor.list(() => {
    const property = cursor.name().toUpperCase();
    if (property === 'OFFLINE') {
      file.offline = true;
      return;
    }
    cursor.expect('=');
    switch (property) {
      case 'NAME':
        file.logicalName = text();
        break;
      case 'NEWNAME':
        file.newName = text();
        break;
      case 'FILENAME':
        file.physicalName = cursor.string();
        break;
      case 'SIZE':
        file.sizeKb = parseSize(cursor).value;
        break;
      case 'MAXSIZE':
        file.maxSizeKb = cursor.takeWord('UNLIMITED') ? -1 : parseSize(cursor).value;
        break;
      case 'FILEGROWTH':
        file.growth = parseSize(cursor);
        break;
      default:
        cursor.index -= 2;
        cursor.fail('a file property');
    }
  });
  return file;
}

const units: Record<string, number> = { KB: 1, MB: 1024, GB: 1024 * 1024, TB: 1024 * 1024 * 1024 };

function parseSize(cursor: TokenCursor): { unit: 'KB' | '%'; value: number } {
  const value = Number(cursor.signedNumber());
  if (cursor.take('%')) return { unit: '%', value };
  const unit = cursor.takeOneOf(...Object.keys(units));
  return { unit: 'KB', value: value * (units[unit ?? 'MB'] ?? 1024) };
}

/** ALTER DATABASE, the cursor behind these words. */
export function parseAlterDatabase(cursor: TokenCursor, position: AlterDatabase['position']): AlterDatabase {
  const name = cursor.takeWord('CURRENT') ? null : cursor.name();
  return { kind: 'alterDatabase', position, name, action: parseAction(cursor) };
}

function parseAction(cursor: TokenCursor): AlterDatabase['action'] {
  if (cursor.takeWord('COLLATE')) return { kind: 'collate', collation: cursor.name() };
  if (cursor.takeWord('MODIFY', 'NAME')) {
    cursor.expect('=');
    return { kind: 'modifyName', newName: cursor.name() };
  }
  if (cursor.takeWord('ADD', 'LOG', 'FILE'))
    return { kind: 'addFile', files: parseFiles(cursor, 'log'), log: true, filegroup: null };
  if (cursor.takeWord('ADD', 'FILEGROUP')) {
    const name = cursor.name();
    return { kind: 'addFilegroup', filegroup: { name, kind: parseContains(cursor), isDefault: false } };
  }
  if (cursor.takeWord('ADD', 'FILE')) {
    const files = parseFiles(cursor, 'rows');
    const filegroup = cursor.takeWord('TO', 'FILEGROUP') ? cursor.name() : null;
    return { kind: 'addFile', files, log: false, filegroup };
  }
  if (cursor.takeWord('MODIFY', 'FILEGROUP')) {
    const name = cursor.name();
    if (cursor.takeWord('NAME')) {
      cursor.expect('=');
      return { kind: 'modifyFilegroup', name, change: { newName: cursor.name() } };
    }
    const change = cursor.name().toUpperCase();
    const known = { READONLY: 'READ_ONLY', READWRITE: 'READ_WRITE' } as Record<string, string>;
    return { kind: 'modifyFilegroup', name, change: (known[change] ?? change) as 'DEFAULT' };
  }
  if (cursor.takeWord('MODIFY', 'FILE')) {
    const { kind: _, ...file } = { kind: undefined, ...parseFileProperties(cursor) };
    return { kind: 'modifyFile', file };
  }
  if (cursor.takeWord('REMOVE', 'FILEGROUP')) return { kind: 'removeFilegroup', name: cursor.name() };
  if (cursor.takeWord('REMOVE', 'FILE')) return { kind: 'removeFile', logicalName: cursor.name() };
  cursor.expectWord('SET');
  return parseSet(cursor);
}

/** Options that stand alone, as words of their own. */
const alone = new Set([
  'ENABLE_BROKER',
  'DISABLE_BROKER',
  'NEW_BROKER',
  'ERROR_BROKER_CONVERSATIONS',
  'SINGLE_USER',
  'RESTRICTED_USER',
  'MULTI_USER',
  'READ_ONLY',
  'READ_WRITE',
  'OFFLINE',
  'ONLINE',
  'EMERGENCY',
]);

/** Behind SET: `OPTION value`, `OPTION = value`, `OPTION (…)`, `OPTION`, several by commas; then WITH ROLLBACK … or NO_WAIT. */
function parseSet(cursor: TokenCursor): AlterDatabase['action'] {
  const options: Record<string, string> = {};
  do {
    const option = cursor.name().toUpperCase();
    if (alone.has(option)) {
      options[option] = '';
      continue;
    }
    const equals = cursor.take('=');
    const from = cursor.index;
    if (!cursor.is('(')) {
      if (cursor.atEnd || cursor.is(';')) cursor.fail(`a value of ${option}`);
      cursor.next();
      if (option === 'TARGET_RECOVERY_TIME') cursor.takeOneOf('SECONDS', 'MINUTES');
    }
    if (cursor.is('(')) cursor.skipParentheses();
    const value = cursor.slice(from, cursor.index);
    options[option] = equals || /^[A-Z_]+$/i.test(value) ? value.toUpperCase() : value;
  } while (cursor.take(','));
  let termination: string | null = null;
  if (cursor.takeWord('WITH')) {
    const from = cursor.index;
    if (cursor.takeWord('ROLLBACK')) {
      if (!cursor.takeWord('IMMEDIATE')) {
        cursor.expectWord('AFTER');
        cursor.signedNumber();
        cursor.takeOneOf('SECONDS');
      }
    } else cursor.expectWord('NO_WAIT');
    termination = cursor.slice(from, cursor.index).toUpperCase();
  }
  return { kind: 'set', options, termination };
}
