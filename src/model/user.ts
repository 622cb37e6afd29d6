export interface User {
  readonly name: string;
  /** sql = for a login, withoutLogin, contained = WITH PASSWORD, windows / windowsGroup, certificate, asymmetricKey, external (Entra). */
  readonly kind:
    | 'sql'
    | 'withoutLogin'
    | 'contained'
    | 'windows'
    | 'windowsGroup'
    | 'certificate'
    | 'asymmetricKey'
    | 'external';
  /** Login of the same SID; null when there is none or it can't be seen. */
  readonly login: string | null;
  readonly defaultSchema: string | null;
  /** dbo, guest, sys and INFORMATION_SCHEMA exist everywhere and are never created. `sid` as 0x… */
  readonly sid: string | null;
}
