import type { TokenCursor } from '../token-cursor.ts';
import type { SetIdentityInsert, SetOption } from './statement.ts';

/** SET statements of a session whose value is a word, number or name. Variables (`SET @x = …`) are not meant. */
const valued = new Set([
  'DATEFIRST',
  'DATEFORMAT',
  'DEADLOCK_PRIORITY',
  'LOCK_TIMEOUT',
  'LANGUAGE',
  'ROWCOUNT',
  'TEXTSIZE',
  'QUERY_GOVERNOR_COST_LIMIT',
  'CONTEXT_INFO',
]);

/** The cursor at SET; undefined (nothing taken) when it sets a variable. */
export function parseSetOptions(cursor: TokenCursor): (SetOption | SetIdentityInsert)[] | undefined {
  const start = cursor.index;
  const position = cursor.position();
  cursor.next();
  if (cursor.token.kind === 'variable') {
    cursor.index = start;
    return undefined;
  }
  if (cursor.takeWord('IDENTITY_INSERT')) {
    const table = cursor.objectName();
    return [{ kind: 'setIdentityInsert', position, table, on: onOff(cursor) }];
  }
  if (cursor.takeWord('TRANSACTION', 'ISOLATION', 'LEVEL')) {
    const from = cursor.index;
    while (cursor.takeOneOf('READ', 'UNCOMMITTED', 'COMMITTED', 'REPEATABLE', 'SNAPSHOT', 'SERIALIZABLE') !== null);
    return [
      {
        kind: 'setOption',
        position,
        option: 'TRANSACTION ISOLATION LEVEL',
        value: cursor.slice(from, cursor.index).toUpperCase(),
      },
    ];
  }
  if (cursor.takeWord('STATISTICS')) {
    const option = `STATISTICS ${cursor.name().toUpperCase()}`;
    return [{ kind: 'setOption', position, option, value: onOff(cursor) ? 'ON' : 'OFF' }];
  }
  if (cursor.isOneOf(...valued)) {
    const option = cursor.next().value;
    const sign = cursor.take('-') ? '-' : '';
    const token = cursor.next();
    return [{ kind: 'setOption', position, option, value: sign + (token.kind === 'word' ? token.text : token.value) }];
  }
  const options = [cursor.name().toUpperCase()];
  while (cursor.take(',')) options.push(cursor.name().toUpperCase());
  const value = onOff(cursor) ? 'ON' : 'OFF';
  return options.map(option => ({ kind: 'setOption', position, option, value }));
}

function onOff(cursor: TokenCursor): boolean {
  if (cursor.takeWord('ON')) return true;
  cursor.expectWord('OFF');
  return false;
}
