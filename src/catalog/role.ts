import { compareText } from '../model/look-up.ts';
import type { Role, RoleMembership } from '../model/role.ts';
import { type Catalog, flag, int, text } from './catalog.ts';
import type { Names } from './names.ts';

/** Roles but public and the fixed ones. */
export function readRoles(catalog: Catalog, names: Names): Role[] {
  return catalog
    .rows('principals')
    .filter(
      r => ['R', 'A'].includes(text(r, 'type').trim()) && int(r, 'principal_id') !== 0 && !flag(r, 'is_fixed_role'),
    )
    .map(r => ({
      name: text(r, 'name'),
      owner: r.owning_principal_id === null ? 'dbo' : names.principal(int(r, 'owning_principal_id')),
      application: text(r, 'type').trim() === 'A',
    }))
    .sort((a, b) => compareText(a.name, b.name));
}

/** Memberships, without dbo's own of db_owner. */
export function readMemberships(catalog: Catalog, names: Names): RoleMembership[] {
  return catalog
    .rows('memberships')
    .filter(r => int(r, 'member_principal_id') !== 1)
    .map(r => ({
      role: names.principal(int(r, 'role_principal_id')),
      member: names.principal(int(r, 'member_principal_id')),
    }))
    .sort((a, b) => compareText(a.role, b.role) || compareText(a.member, b.member));
}
