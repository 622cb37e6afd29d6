import type { TokenCursor } from '../token-cursor.ts';
import { parseDataType } from './data-type.ts';
import type { CreateType } from './statement.ts';
import { parseElements } from './table.ts';

/** CREATE TYPE of each kind: alias (FROM), table (AS TABLE) and CLR (EXTERNAL NAME); the cursor behind the words. */
export function parseCreateType(cursor: TokenCursor, position: CreateType['position']): CreateType {
  const name = cursor.objectName();
  if (cursor.takeWord('FROM')) {
    const baseType = parseDataType(cursor);
    const nullable = cursor.takeWord('NOT', 'NULL') ? false : cursor.takeWord('NULL') ? true : null;
    return { kind: 'createType', position, name, definition: { kind: 'alias', baseType, nullable } };
  }
  if (cursor.takeWord('EXTERNAL', 'NAME')) {
    const assembly = cursor.name();
    const className = cursor.take('.') ? cursor.name() : '';
    return { kind: 'createType', position, name, definition: { kind: 'clr', assembly, className } };
  }
  cursor.expectWord('AS', 'TABLE');
  const { other, ...elements } = parseElements(cursor);
  if (other.length > 0) cursor.fail(`nothing of ${other[0]}`);
  if (cursor.isWord('WITH') && cursor.peek().text === '(')
    cursor.fail('no WITH clause: memory-optimized table types are not supported');
  return { kind: 'createType', position, name, definition: { kind: 'table', ...elements } };
}
