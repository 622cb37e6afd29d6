import { compareText } from '../model/look-up.ts';
import type { User } from '../model/user.ts';
import { quoteName } from '../tsql/quote.ts';
import { type Catalog, type CatalogRow, flag, int, text, textOrNull } from './catalog.ts';

/** Users but dbo, guest, INFORMATION_SCHEMA and sys (principals 1–4). */
export function readUsers(catalog: Catalog): User[] {
  const logins = new Map<string, string>();
  for (const row of catalog.rows('serverPrincipals')) {
    if (row.sid instanceof Uint8Array) logins.set(hex(row.sid), text(row, 'name'));
  }
  return catalog
    .rows('principals')
    .filter(r => int(r, 'principal_id') > 4 && !['R', 'A'].includes(text(r, 'type').trim()))
    .map((row): User => {
      const sid = row.sid instanceof Uint8Array ? hex(row.sid) : null;
      reportUnsupported(catalog, row);
      return {
        name: text(row, 'name'),
        kind: userKind(row),
        login: (sid === null ? undefined : logins.get(sid)) ?? null,
        defaultSchema: textOrNull(row, 'default_schema_name'),
        sid,
      };
    })
    .sort((a, b) => compareText(a.name, b.name));
}

function reportUnsupported(catalog: Catalog, row: CatalogRow): void {
  const name = quoteName(text(row, 'name'));
  if (textOrNull(row, 'default_language_name') !== null) catalog.unsupported('default language of a user', name);
  if (flag(row, 'allow_encrypted_value_modifications'))
    catalog.unsupported('ALLOW_ENCRYPTED_VALUE_MODIFICATIONS option', name);
}

function userKind(row: CatalogRow): User['kind'] {
  switch (text(row, 'type').trim()) {
    case 'S': {
      const authentication = row.authentication_type;
      if (authentication !== undefined)
        return authentication === 0 ? 'withoutLogin' : authentication === 2 ? 'contained' : 'sql';
      // Before 2012 a user without login is told by its SID of 28 bytes; a SQL login's has 16.
      return row.sid instanceof Uint8Array && row.sid.length > 16 ? 'withoutLogin' : 'sql';
    }
    case 'U':
      return 'windows';
    case 'G':
      return 'windowsGroup';
    case 'C':
      return 'certificate';
    case 'K':
      return 'asymmetricKey';
    default:
      return 'external';
  }
}

function hex(bytes: Uint8Array): string {
  return `0x${Buffer.from(bytes).toString('hex').toUpperCase()}`;
}
