import { constantString } from '../constant-string.ts';
import type { TokenCursor } from '../token-cursor.ts';
import type { SystemProcedure } from './statement.ts';

/** System procedures that define or change objects. */
export const definingProcedures: ReadonlySet<string> = new Set(
  (
    'sp_addextendedproperty sp_updateextendedproperty sp_dropextendedproperty sp_addtype sp_droptype sp_bindrule sp_bindefault sp_unbindrule sp_unbindefault ' +
    'sp_rename sp_settriggerorder sp_addrolemember sp_droprolemember sp_addrole sp_droprole sp_adduser sp_dropuser sp_grantdbaccess sp_revokedbaccess ' +
    'sp_addgroup sp_dboption sp_dbcmptlevel sp_tableoption sp_procoption sp_fulltext_database sp_changedbowner sp_addlogin sp_grantlogin sp_changeobjectowner ' +
    'sp_change_users_login sp_indexoption sp_db_vardecimal_storage_format sp_autostats sp_addumpdevice sp_renamedb sp_configure'
  ).split(' '),
);

/** Expressions that variables were set to, by their names in lower case. */
export type VariableTexts = ReadonlyMap<string, string>;

/**
 * EXEC of one of them with literal arguments, the cursor at EXEC or at the name; null (nothing taken) for anything else,
 * as for arguments that are variables, unless `variables` tells what they were set to.
 */
export function parseSystemProcedure(cursor: TokenCursor, variables?: VariableTexts): SystemProcedure | null {
  return parseProcedureCall(cursor, name => definingProcedures.has(name), variables);
}

/** The same for other procedures. @param isKnown is given names in lower case */
export function parseProcedureCall(
  cursor: TokenCursor,
  isKnown: (name: string) => boolean,
  variables?: VariableTexts,
): SystemProcedure | null {
  const start = cursor.index;
  const position = cursor.position();
  if (!cursor.takeWord('EXEC')) cursor.takeWord('EXECUTE');
  if (!cursor.atName) {
    cursor.index = start;
    return null;
  }
  const name = cursor.objectName();
  const procedure = name.name.toLowerCase();
  if (!isKnown(procedure)) {
    cursor.index = start;
    return null;
  }
  const args: { name: string | null; value: string | null; text: string }[] = [];
  if (isArgument(cursor)) {
    do {
      let argument: string | null = null;
      if (cursor.token.kind === 'variable' && cursor.peek().text === '=') {
        argument = cursor.next().value.toLowerCase();
        cursor.next();
      }
      const from = cursor.index;
      const known = cursor.token.kind === 'variable' ? variables?.get(cursor.token.value.toLowerCase()) : undefined;
      if (known !== undefined) {
        cursor.next();
        args.push({ name: argument, value: constantString(known) ?? known, text: known });
        continue;
      }
      const value = parseArgument(cursor);
      if (value === undefined) {
        cursor.index = start;
        return null;
      }
      args.push({ name: argument, value, text: cursor.slice(from, cursor.index) });
    } while (cursor.take(','));
  }
  return { kind: 'systemProcedure', position, procedure, args };
}

function isArgument(cursor: TokenCursor): boolean {
  const { kind } = cursor.token;
  return (
    ['string', 'nstring', 'number', 'binary', 'variable', 'bracketed', 'quoted', 'money'].includes(kind) ||
    cursor.is('-') ||
    cursor.isOneOf('NULL', 'DEFAULT', 'ON', 'OFF', 'TRUE', 'FALSE') ||
    isBareWord(cursor)
  );
}

/** A bare word is a string to EXEC; a word that starts a statement is not meant. */
function isBareWord(cursor: TokenCursor): boolean {
  return (
    cursor.token.kind === 'word' &&
    !cursor.isOneOf(
      'GO',
      'EXEC',
      'EXECUTE',
      'CREATE',
      'ALTER',
      'DROP',
      'SELECT',
      'INSERT',
      'UPDATE',
      'DELETE',
      'IF',
      'ELSE',
      'END',
      'BEGIN',
      'PRINT',
      'SET',
      'DECLARE',
      'RETURN',
      'GRANT',
      'DENY',
      'REVOKE',
      'USE',
      'WHILE',
      'RAISERROR',
      'COMMIT',
      'ROLLBACK',
    )
  );
}

/** undefined for a variable: its value is not known here. */
function parseArgument(cursor: TokenCursor): string | null | undefined {
  if (cursor.token.kind === 'variable') return undefined;
  if (cursor.takeWord('NULL') || cursor.takeWord('DEFAULT')) return null;
  if (cursor.is('-')) return cursor.signedNumber();
  const token = cursor.next();
  return token.kind === 'word' ? token.text : token.value;
}
