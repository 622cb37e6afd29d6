/** What views, procedures, functions and triggers share: sys.sql_modules. */
export interface Module {
  readonly schema: string;
  readonly name: string;
  readonly owner: string | null;
  /** The text as stored; null when it is encrypted. */
  readonly definition: string | null;
  /** Settings stored with the module. */
  readonly ansiNulls: boolean;
  readonly quotedIdentifier: boolean;
}
