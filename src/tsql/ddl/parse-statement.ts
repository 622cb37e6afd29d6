import type { TokenCursor } from '../token-cursor.ts';
import { parseCreateType } from './alias-type.ts';
import { parseAlterDatabase, parseCreateDatabase } from './database.ts';
import { parseDrop } from './drop.ts';
import { parseModule } from './module.ts';
import { parsePartitionFunction } from './partition-function.ts';
import { parsePartitionScheme } from './partition-scheme.ts';
import { parseAuthorization, parsePermission } from './permission.ts';
import { parseAlterRole, parseCreateRole } from './role.ts';
import { parseCreateSchema } from './schema.ts';
import { parseSequence } from './sequence.ts';
import { parseSetOptions } from './set-option.ts';
import type { DdlStatement, TriggerState } from './statement.ts';
import { parseSynonym } from './synonym.ts';
import { parseSystemProcedure, type VariableTexts } from './system-procedure.ts';
import { parseAlterTable, parseCreateTable } from './table.ts';
import { parseAlterIndex, parseCreateIndex } from './table-index.ts';
import { parseUnsupported } from './unsupported.ts';
import { parseLogin, parseUser } from './user.ts';
import { parseXmlSchemaCollection } from './xml-schema-collection.ts';

/**
 * Parses the statement at the cursor if it defines or changes objects (or is SET of an option, or USE), and moves behind it.
 * One statement may give several (SET of several options). Undefined, with the cursor where it was, for everything else.
 * A module takes the rest of the batch.
 * @param variables what variables were set to, for arguments of system procedures
 * @throws XpdbError 102 with the position where the text is not what the grammar allows
 */
export function parseDdl(cursor: TokenCursor, variables?: VariableTexts): DdlStatement[] | undefined {
  const start = cursor.index;
  const position = cursor.position();
  const word = cursor.token.kind === 'word' ? cursor.token.value : '';
  switch (word) {
    case 'CREATE':
    case 'ALTER': {
      const module = parseModule(cursor);
      if (module) return [module];
      cursor.next();
      const statement = word === 'CREATE' ? parseCreate(cursor, position) : parseAlter(cursor, position);
      if (statement) return [statement];
      cursor.index = start;
      const unsupported = parseUnsupported(cursor);
      return unsupported ? [unsupported] : undefined;
    }
    case 'DROP': {
      cursor.next();
      if (cursor.takeWord('DATABASE')) {
        if (cursor.isOneOf('AUDIT', 'ENCRYPTION', 'SCOPED')) break;
        const ifExists = cursor.takeWord('IF', 'EXISTS');
        const names: string[] = [];
        do names.push(cursor.name());
        while (cursor.take(','));
        return [{ kind: 'dropDatabase', position, names, ifExists }];
      }
      const statement = parseDrop(cursor, position);
      if (statement) return [statement];
      break;
    }
    case 'USE':
      cursor.next();
      return [{ kind: 'use', position, database: cursor.name() }];
    case 'SET': {
      const options = parseSetOptions(cursor);
      if (options) return options;
      break;
    }
    case 'GRANT':
    case 'DENY':
    case 'REVOKE':
      cursor.next();
      return [parsePermission(cursor, position, word)];
    case 'ENABLE':
    case 'DISABLE':
      if (cursor.peek().value === 'TRIGGER') {
        cursor.index += 2;
        return [parseTriggerState(cursor, position, word === 'ENABLE')];
      }
      break;
    case 'EXEC':
    case 'EXECUTE': {
      const call = parseSystemProcedure(cursor, variables);
      if (call) return [call];
      break;
    }
    default: {
      // The first statement of a batch may call a procedure without EXEC.
      if (start === 0 && /^SP_/.test(word)) {
        const call = parseSystemProcedure(cursor, variables);
        if (call) return [call];
      }
    }
  }
  cursor.index = start;
  const unsupported = word === 'DROP' || word === 'ADD' ? parseUnsupported(cursor) : undefined;
  return unsupported ? [unsupported] : undefined;
}

function parseCreate(cursor: TokenCursor, position: DdlStatement['position']): DdlStatement | undefined {
  if (cursor.isWord('DATABASE') && !['AUDIT', 'ENCRYPTION', 'SCOPED'].includes(cursor.peek().value)) {
    cursor.next();
    return parseCreateDatabase(cursor, position);
  }
  if (cursor.takeWord('TABLE')) return parseCreateTable(cursor, position);
  if (isRowstoreIndex(cursor)) return parseCreateIndex(cursor, position);
  if (cursor.takeWord('SCHEMA')) return parseCreateSchema(cursor, position, c => parseDdl(c));
  if (cursor.takeWord('TYPE')) return parseCreateType(cursor, position);
  if (cursor.takeWord('XML', 'SCHEMA', 'COLLECTION')) return parseXmlSchemaCollection(cursor, position);
  if (cursor.takeWord('PARTITION', 'FUNCTION')) return parsePartitionFunction(cursor, position);
  if (cursor.takeWord('PARTITION', 'SCHEME')) return parsePartitionScheme(cursor, position);
  if (cursor.takeWord('SYNONYM')) return parseSynonym(cursor, position);
  if (cursor.takeWord('SEQUENCE')) return parseSequence(cursor, position, 'CREATE');
  if (cursor.takeWord('USER')) return parseUser(cursor, position, 'CREATE');
  if (cursor.takeWord('LOGIN')) return parseLogin(cursor, position, 'CREATE');
  if (cursor.takeWord('ROLE')) return parseCreateRole(cursor, position, false);
  if (cursor.takeWord('APPLICATION', 'ROLE')) return parseCreateRole(cursor, position, true);
  if (cursor.takeWord('STATISTICS')) {
    const name = cursor.name();
    cursor.expectWord('ON');
    const on = cursor.objectName();
    const columns = cursor.nameList();
    const from = cursor.index;
    let filter: string | null = null;
    if (cursor.takeWord('WHERE')) {
      while (!cursor.atEnd && !cursor.is(';') && !cursor.isWord('WITH')) cursor.next();
      filter = cursor.slice(from + 1, cursor.index);
    }
    if (cursor.takeWord('WITH')) skipWith(cursor);
    return { kind: 'createStatistics', position, name, on, columns, filter };
  }
  return undefined;
}

/** `FULLSCAN, NORECOMPUTE`, `SAMPLE 50 PERCENT`. */
function skipWith(cursor: TokenCursor): void {
  do {
    cursor.name();
    if (cursor.take('=')) cursor.next();
    while (cursor.token.kind === 'number') cursor.next();
    cursor.takeOneOf('PERCENT', 'ROWS');
  } while (cursor.take(','));
}

function isRowstoreIndex(cursor: TokenCursor): boolean {
  for (let i = 0; i < 3; i++) {
    const { value } = cursor.peek(i);
    if (value === 'INDEX') return true;
    if (!['UNIQUE', 'CLUSTERED', 'NONCLUSTERED'].includes(value)) return false;
  }
  return false;
}

function parseAlter(cursor: TokenCursor, position: DdlStatement['position']): DdlStatement | undefined {
  if (cursor.isWord('DATABASE') && !['AUDIT', 'ENCRYPTION', 'SCOPED'].includes(cursor.peek().value)) {
    cursor.next();
    return parseAlterDatabase(cursor, position);
  }
  if (cursor.takeWord('TABLE')) return parseAlterTable(cursor, position);
  if (cursor.takeWord('INDEX')) return parseAlterIndex(cursor, position);
  if (cursor.takeWord('SEQUENCE')) return parseSequence(cursor, position, 'ALTER');
  if (cursor.takeWord('USER')) return parseUser(cursor, position, 'ALTER');
  if (cursor.takeWord('LOGIN')) return parseLogin(cursor, position, 'ALTER');
  if (cursor.takeWord('ROLE')) return parseAlterRole(cursor, position);
  if (cursor.takeWord('AUTHORIZATION')) return parseAuthorization(cursor, position);
  return undefined;
}

function parseTriggerState(cursor: TokenCursor, position: TriggerState['position'], enable: boolean): TriggerState {
  const triggers = cursor.takeWord('ALL') ? 'ALL' : [cursor.objectName()];
  while (triggers !== 'ALL' && cursor.take(',')) triggers.push(cursor.objectName());
  cursor.expectWord('ON');
  const on = cursor.takeWord('DATABASE')
    ? 'DATABASE'
    : cursor.takeWord('ALL', 'SERVER')
      ? 'ALL SERVER'
      : cursor.objectName();
  return { kind: 'triggerState', position, enable, triggers, on };
}
