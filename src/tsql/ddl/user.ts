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

/** CREATE or ALTER LOGIN; policies, credentials and certificates are passed over. */
export function parseLogin(
  cursor: TokenCursor,
  position: CreateLogin['position'],
  verb: CreateLogin['verb'],
): CreateLogin {
  const l: { -readonly [K in keyof CreateLogin]: CreateLogin[K] } = {
    kind: 'createLogin',
    position,
    verb,
    name: cursor.name(),
    windows: false,
    password: null,
    hashed: false,
    sid: null,
    defaultDatabase: null,
    defaultLanguage: null,
    enabled: null,
    newName: null,
  };
  l.windows = cursor.takeWord('FROM', 'WINDOWS');
  const switched = cursor.takeOneOf('ENABLE', 'DISABLE');
  if (switched !== null) {
    l.enabled = switched === 'ENABLE';
    return l;
  }
  if (cursor.takeWord('WITH')) {
    do {
      const option = cursor.name().toUpperCase();
      cursor.expect('=');
      const { kind, text, value } = cursor.next();
      const written = kind === 'word' || kind === 'binary' ? text : value;
      if (option === 'PASSWORD') l.password = written;
      else if (option === 'SID') l.sid = written;
      else if (option === 'DEFAULT_DATABASE') l.defaultDatabase = written;
      else if (option === 'DEFAULT_LANGUAGE') l.defaultLanguage = written;
      else if (option === 'NAME') l.newName = written;
      l.hashed ||= cursor.takeWord('HASHED');
      while (cursor.takeOneOf('MUST_CHANGE', 'UNLOCK') !== null);
      // OLD_PASSWORD = '…' follows PASSWORD without a comma.
    } while (cursor.take(',') || cursor.isWord('OLD_PASSWORD'));
  }
  return l;
}
