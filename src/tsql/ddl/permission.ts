import type { Securable } from '../../model/permission.ts';
import type { TokenCursor } from '../token-cursor.ts';
import type { AlterAuthorization, PermissionStatement } from './statement.ts';

/** GRANT, DENY or REVOKE, the cursor behind the verb. */
export function parsePermission(
  cursor: TokenCursor,
  position: PermissionStatement['position'],
  verb: PermissionStatement['verb'],
): PermissionStatement {
  const optionOnly = verb === 'REVOKE' && cursor.takeWord('GRANT', 'OPTION', 'FOR');
  const permissions: { name: string; columns: string[] }[] = [];
  do {
    const words: string[] = [];
    while (cursor.token.kind === 'word' && !cursor.isOneOf('ON', 'TO', 'FROM')) words.push(cursor.next().value);
    if (words.length === 0) cursor.fail('a permission');
    if (words.at(-1) === 'PRIVILEGES') words.pop();
    permissions.push({ name: words.join(' '), columns: cursor.is('(') ? cursor.nameList() : [] });
  } while (cursor.take(','));
  let securable: Omit<Securable, 'columns'> = { class: 'DATABASE', schema: null, name: null };
  let columns: string[] = [];
  if (cursor.takeWord('ON')) {
    securable = parseSecurable(cursor);
    if (cursor.is('(')) columns = cursor.nameList();
  }
  if (cursor.takeOneOf('TO', 'FROM') === null) cursor.fail('TO or FROM');
  const grantees: string[] = [];
  do grantees.push(cursor.name());
  while (cursor.take(','));
  const withGrantOption = cursor.takeWord('WITH', 'GRANT', 'OPTION');
  const cascade = cursor.takeWord('CASCADE');
  const grantor = cursor.takeWord('AS') ? cursor.name() : null;
  return {
    kind: 'permission',
    position,
    verb,
    permissions,
    securable,
    columns,
    grantees,
    withGrantOption: withGrantOption || optionOnly,
    cascade,
    grantor,
  };
}

/** `[class ::] name`; without a class an object. */
function parseSecurable(cursor: TokenCursor): Omit<Securable, 'columns'> {
  const { class: kind, name } = parseClassAndName(cursor);
  switch (kind) {
    case 'OBJECT':
    case 'TYPE':
    case 'XML SCHEMA COLLECTION':
      return { class: kind, schema: name.schema, name: name.name };
    case 'SCHEMA':
    case 'USER':
    case 'ROLE':
    case 'APPLICATION ROLE':
      return { class: kind, schema: null, name: name.name };
    case 'DATABASE':
      return { class: 'DATABASE', schema: null, name: null };
    default:
      return cursor.fail(`a securable instead of ${kind}`);
  }
}

/** Words of the longest class: SEARCH PROPERTY LIST, REMOTE SERVICE BINDING, XML SCHEMA COLLECTION. */
const longestClass = 3;

function parseClassAndName(cursor: TokenCursor): { class: string; name: ReturnType<TokenCursor['objectName']> } {
  const start = cursor.index;
  const words: string[] = [];
  // A statement without a separator may follow, and have a `::` of its own.
  while (cursor.token.kind === 'word' && words.length < longestClass && !cursor.isOneOf('TO', 'FROM'))
    words.push(cursor.next().value);
  if (words.length > 0 && cursor.take('::')) return { class: words.join(' '), name: cursor.objectName() };
  cursor.index = start;
  return { class: 'OBJECT', name: cursor.objectName() };
}

/** ALTER AUTHORIZATION, the cursor behind these words. */
export function parseAuthorization(cursor: TokenCursor, position: AlterAuthorization['position']): AlterAuthorization {
  cursor.expectWord('ON');
  const { class: kind, name } = parseClassAndName(cursor);
  cursor.expectWord('TO');
  const owner = cursor.takeWord('SCHEMA', 'OWNER') ? null : cursor.name();
  return { kind: 'alterAuthorization', position, class: kind, name, owner };
}
