import type { TokenCursor } from '../token-cursor.ts';
import type { CreateLogin, CreateUser } from './statement.ts';

/** CREATE or ALTER USER, the cursor behind these words. */
export function parseUser(cursor: TokenCursor, position: CreateUser['position'], verb: CreateUser['verb']): CreateUser {
  const u: { -readonly [K in keyof CreateUser]: CreateUser[K] } = {
    kind: 'createUser',
    position,
    verb,
    name: cursor.name(),
    login: null,
    withoutLogin: false,
    from: null,
    hasPassword: false,
    defaultSchema: null,
    newName: null,
  };
  if (cursor.takeWord('WITHOUT', 'LOGIN')) u.withoutLogin = true;
  else if (cursor.takeOneOf('FOR', 'FROM') !== null) {
    if (cursor.takeWord('LOGIN')) u.login = cursor.name();
    else if (cursor.takeWord('CERTIFICATE')) u.from = { kind: 'certificate', name: cursor.name() };
    else if (cursor.takeWord('ASYMMETRIC', 'KEY')) u.from = { kind: 'asymmetricKey', name: cursor.name() };
    else if (cursor.takeWord('EXTERNAL', 'PROVIDER')) u.from = { kind: 'external', name: null };
    else cursor.fail('LOGIN, CERTIFICATE, ASYMMETRIC KEY or EXTERNAL PROVIDER');
  }
  if (cursor.takeWord('WITH')) {
    do {
      const option = cursor.name().toUpperCase();
      cursor.expect('=');
      if (option === 'DEFAULT_SCHEMA') u.defaultSchema = cursor.takeWord('NULL') ? null : cursor.name();
      else if (option === 'LOGIN') u.login = cursor.name();
      else if (option === 'NAME') u.newName = cursor.name();
      else {
        // PASSWORD and SID: that there is one is all that is kept.
        if (option === 'PASSWORD') u.hasPassword = true;
        cursor.next();
        if (cursor.isWord('HASHED')) cursor.next();
      }
    } while (cursor.take(','));
  }
  return u;
}

/** CREATE or ALTER LOGIN: only its name is kept, never a secret. The rest of the statement is passed over. */
export function parseLogin(
  cursor: TokenCursor,
  position: CreateLogin['position'],
  verb: CreateLogin['verb'],
): CreateLogin {
  const name = cursor.name();
  const windows = cursor.isWord('FROM', 'WINDOWS');
  if (windows) cursor.index += 2;
  if (cursor.takeOneOf('ENABLE', 'DISABLE') !== null) return { kind: 'createLogin', position, verb, name, windows };
  if (cursor.takeWord('WITH')) {
    do {
      cursor.name();
      cursor.expect('=');
      cursor.next();
      while (cursor.takeOneOf('HASHED', 'MUST_CHANGE', 'UNLOCK') !== null);
    } while (cursor.take(','));
  }
  return { kind: 'createLogin', position, verb, name, windows };
}
