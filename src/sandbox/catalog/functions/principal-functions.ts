/** USER_NAME, SUSER_SNAME, DATABASE_PRINCIPAL_ID and their like. */
import { principalNamed } from '../state.ts';
import { num, type Row, text, textOrNull } from '../store.ts';
import type { FunctionCall, MetadataFunctions } from './function-call.ts';

function loginOf(call: FunctionCall, name: string): Row | undefined {
  return call.state.store.get('SELECT * FROM "b.sys.server_principals" WHERE name_key = ?', call.state.key(null, name));
}
function principalId(call: FunctionCall): number | null {
  const name = call.count === 0 ? call.context.user : call.text(0);
  const row = name === null ? undefined : principalNamed(call.scope, name);
  return row ? num(row['principal_id']) : null;
}
function loginById(call: FunctionCall): string | null {
  if (call.count === 0) return call.context.login;
  return textOrNull(
    call.state.store.get('SELECT name FROM "b.sys.server_principals" WHERE principal_id = ?', call.int(0))?.['name'],
  );
}
const currentUser = (call: FunctionCall): string => call.context.user;
const currentLogin = (call: FunctionCall): string => call.context.login;

export const principalFunctions: MetadataFunctions = {
  USER: currentUser,
  CURRENT_USER: currentUser,
  SESSION_USER: currentUser,
  SYSTEM_USER: currentLogin,
  ORIGINAL_LOGIN: currentLogin,
  USER_NAME(call) {
    if (call.count === 0) return call.context.user;
    return textOrNull(
      call.scope.store.get(
        'SELECT name FROM "b.sys.database_principals" WHERE db = ? AND principal_id = ?',
        call.scope.db,
        call.int(0),
      )?.['name'],
    );
  },
  USER_ID: principalId,
  DATABASE_PRINCIPAL_ID: principalId,
  SUSER_NAME: loginById,
  SUSER_SNAME(call) {
    if (call.count === 0) return call.context.login;
    const sid = call.bytes(0);
    return sid === null
      ? null
      : textOrNull(call.state.store.get('SELECT name FROM "b.sys.server_principals" WHERE sid = ?', sid)?.['name']);
  },
  SUSER_ID(call) {
    const name = call.count === 0 ? call.context.login : call.text(0);
    const row = name === null ? undefined : loginOf(call, name);
    return row ? num(row['principal_id']) : null;
  },
  SUSER_SID(call) {
    const name = call.count === 0 ? call.context.login : call.text(0);
    const row = name === null ? undefined : loginOf(call, name);
    return row ? (row['sid'] as Uint8Array) : null;
  },
  SCHEMA_OWNER(call) {
    const name = call.text(0);
    if (name === null) return null;
    return textOrNull(
      call.scope.store.get(
        `SELECT p.name FROM "b.sys.schemas" s JOIN "b.sys.database_principals" p ON p.db = s.db AND p.principal_id = s.principal_id
         WHERE s.db = ? AND s.name_key = ?`,
        call.scope.db,
        call.state.key(call.scope.db, name),
      )?.['name'],
    );
  },
  CONNECTIONPROPERTY(call) {
    switch (call.text(0)?.trim().toLowerCase()) {
      case 'net_transport':
      case 'physical_net_transport':
        return 'TCP';
      case 'protocol_type':
        return 'TSQL';
      case 'auth_scheme':
        return 'SQL';
      case 'local_net_address':
      case 'client_net_address':
        return '127.0.0.1';
      default:
        return null;
    }
  },
  SESSION_CONTEXT(call) {
    const key = call.text(0);
    return key === null ? null : call.state.sessionContext.get(call.context.sessionId, key);
  },
  ASSEMBLYPROPERTY: () => null,
  PARSENAME(call) {
    const [written, part] = [call.text(0), call.int(1)];
    if (written === null || part === null || part < 1 || part > 4) return null;
    return partOf(written, part);
  },
};

/** Part 1 is the object, 2 the schema, 3 the database, 4 the server; NULL for a text that is no name of at most four parts. */
function partOf(written: string, part: number): string | null {
  const parts: string[] = [];
  const pattern = /\[((?:[^\]]|\]\])*)\]|"((?:[^"]|"")*)"|([^.[\]"]*)/y;
  let at = 0;
  for (;;) {
    pattern.lastIndex = at;
    const match = pattern.exec(written);
    if (!match) return null;
    const name = match[1]?.replaceAll(']]', ']') ?? match[2]?.replaceAll('""', '"') ?? match[3] ?? '';
    if (name.length > 128) return null;
    parts.push(name);
    at = pattern.lastIndex;
    if (at >= written.length) break;
    if (written[at] !== '.') return null;
    at++;
  }
  if (parts.length > 4 || parts.at(-1) === '') return null;
  return text(parts[parts.length - part]) || null;
}
