import type { TokenCursor } from '../token-cursor.ts';
import type { AlterRole, CreateRole } from './statement.ts';

/** CREATE ROLE, the cursor behind these words. */
export function parseCreateRole(
  cursor: TokenCursor,
  position: CreateRole['position'],
  application: boolean,
): CreateRole {
  const name = cursor.name();
  if (application && cursor.takeWord('WITH')) {
    do {
      cursor.name();
      cursor.expect('=');
      cursor.next();
    } while (cursor.take(','));
  }
  const owner = cursor.takeWord('AUTHORIZATION') ? cursor.name() : null;
  return { kind: 'createRole', position, name, owner, application };
}

/** ALTER ROLE, the cursor behind these words. */
export function parseAlterRole(cursor: TokenCursor, position: AlterRole['position']): AlterRole {
  const name = cursor.name();
  if (cursor.takeWord('ADD', 'MEMBER'))
    return { kind: 'alterRole', position, name, action: { kind: 'addMember', member: cursor.name() } };
  if (cursor.takeWord('DROP', 'MEMBER'))
    return { kind: 'alterRole', position, name, action: { kind: 'dropMember', member: cursor.name() } };
  cursor.expectWord('WITH', 'NAME');
  cursor.expect('=');
  return { kind: 'alterRole', position, name, action: { kind: 'rename', newName: cursor.name() } };
}
