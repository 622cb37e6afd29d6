/** Database role; fixed roles are not listed, but may appear in memberships. */
export interface Role {
  readonly name: string;
  readonly owner: string;
  readonly application: boolean;
}

export interface RoleMembership {
  readonly role: string;
  readonly member: string;
}
