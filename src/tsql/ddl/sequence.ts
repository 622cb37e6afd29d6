import type { TokenCursor } from '../token-cursor.ts';
import { parseDataType } from './data-type.ts';
import type { CreateSequence } from './statement.ts';

/** CREATE or ALTER SEQUENCE, the cursor behind these words. */
export function parseSequence(
  cursor: TokenCursor,
  position: CreateSequence['position'],
  verb: CreateSequence['verb'],
): CreateSequence {
  const s: { -readonly [K in keyof CreateSequence]: CreateSequence[K] } = {
    kind: 'createSequence',
    position,
    verb,
    name: cursor.objectName(),
    type: cursor.takeWord('AS') ? parseDataType(cursor) : null,
    start: null,
    restart: null,
    increment: null,
    minimum: null,
    maximum: null,
    cycle: null,
    cache: null,
  };
  for (;;) {
    if (cursor.takeWord('START', 'WITH')) s.start = cursor.signedNumber();
    else if (cursor.takeWord('RESTART', 'WITH')) s.restart = cursor.signedNumber();
    else if (cursor.takeWord('RESTART')) s.restart = '';
    else if (cursor.takeWord('INCREMENT', 'BY')) s.increment = cursor.signedNumber();
    else if (cursor.takeWord('NO', 'MINVALUE')) s.minimum = 'NO';
    else if (cursor.takeWord('NO', 'MAXVALUE')) s.maximum = 'NO';
    else if (cursor.takeWord('MINVALUE')) s.minimum = cursor.signedNumber();
    else if (cursor.takeWord('MAXVALUE')) s.maximum = cursor.signedNumber();
    else if (cursor.takeWord('NO', 'CYCLE')) s.cycle = false;
    else if (cursor.takeWord('CYCLE')) s.cycle = true;
    else if (cursor.takeWord('NO', 'CACHE')) s.cache = 'NO';
    else if (cursor.takeWord('CACHE'))
      s.cache = cursor.token.kind === 'number' ? Number(cursor.signedNumber()) : 'DEFAULT';
    else break;
  }
  return s;
}
