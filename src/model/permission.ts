/** A row of sys.database_permissions. */
export interface Permission {
  readonly state: 'GRANT' | 'DENY' | 'REVOKE' | 'GRANT_WITH_GRANT_OPTION';
  /** `SELECT`, `VIEW DEFINITION`, … */
  readonly permission: string;
  readonly securable: Securable;
  readonly grantee: string;
  readonly grantor: string;
}

export interface Securable {
  readonly class:
    | 'DATABASE'
    | 'SCHEMA'
    | 'OBJECT'
    | 'TYPE'
    | 'XML SCHEMA COLLECTION'
    | 'USER'
    | 'ROLE'
    | 'APPLICATION ROLE';
  /** Of OBJECT, TYPE and XML SCHEMA COLLECTION. */
  readonly schema: string | null;
  /** null for DATABASE. */
  readonly name: string | null;
  /** Columns of an OBJECT permission; empty = the whole object. One permission a column as in the catalog. */
  readonly columns: readonly string[];
}
