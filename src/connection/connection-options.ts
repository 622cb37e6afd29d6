/** What a connection needs to know, however it was said: connection string, flags or environment. */

/** How the session logs in. */
export type Authentication =
  | { readonly kind: 'sql'; readonly user: string; readonly password: string }
  | { readonly kind: 'ntlm'; readonly user: string; readonly password: string; readonly domain: string }
  | {
      readonly kind: 'entra-password';
      readonly user: string;
      readonly password: string;
      readonly clientId: string;
      readonly tenantId: string;
    }
  | { readonly kind: 'entra-access-token'; readonly token: string }
  | { readonly kind: 'entra-default'; readonly clientId?: string }
  | { readonly kind: 'entra-managed-identity'; readonly clientId?: string }
  | {
      readonly kind: 'entra-service-principal';
      readonly clientId: string;
      readonly clientSecret: string;
      readonly tenantId: string;
    }
  /** The Windows account of the process; kept only so that connecting can say what to use instead. */
  | { readonly kind: 'integrated' };

/** mandatory: TLS inside TDS (the default); optional: none, password and data in clear; strict: TLS first (TDS 8.0, 2022 and later). */
export type Encryption = 'mandatory' | 'optional' | 'strict';

export interface ConnectionOptions {
  /** Host name or address, without protocol, instance and port. */
  readonly server: string;
  /** TCP port; when absent 1433, or what the Browser says for `instance`. */
  readonly port?: number;
  readonly instance?: string;
  readonly database?: string;
  /** Absent while nobody has said how to log in. */
  readonly auth?: Authentication;
  readonly encrypt: Encryption;
  readonly trustServerCertificate: boolean;
  /** Name to expect in the server's certificate instead of `server`. */
  readonly hostNameInCertificate?: string;
  /** Path of a PEM or DER file with the certificate (or its issuer) to trust. */
  readonly serverCertificate?: string;
  /** Allows TLS 1.0 and 1.1 and the old ciphers of servers without the TLS 1.2 update. */
  readonly legacyTls: boolean;
  /** Seconds for log-in, Browser and TLS included; 0 means no limit. */
  readonly loginTimeoutSeconds: number;
  /** Milliseconds until a request without its own time-out is cancelled; 0 means never. */
  readonly requestTimeoutMs: number;
  /** Bytes of a TDS packet, 512 to 32767; the server may lower it. At most 16383 goes out under encryption. */
  readonly packetSize: number;
  readonly applicationName: string;
  readonly workstation?: string;
  /** ApplicationIntent=ReadOnly: a readable secondary may answer. */
  readonly readOnlyIntent: boolean;
  /** Tries all addresses of the name at once. */
  readonly multiSubnetFailover: boolean;
  /**
   * Vectors travel as the server's text although it may know their binary form: for two servers of which one does not, so that both
   * say the same. No key of a connection string.
   */
  readonly vectorsAsText?: boolean;
  /** Keys that were understood and have no effect, as sentences for the user. */
  readonly notes: readonly string[];
}

export const defaultConnectionOptions: ConnectionOptions = {
  server: 'localhost',
  encrypt: 'mandatory',
  trustServerCertificate: false,
  legacyTls: false,
  loginTimeoutSeconds: 15,
  requestTimeoutMs: 0,
  packetSize: 16384,
  applicationName: 'xpdb',
  readOnlyIntent: false,
  multiSubnetFailover: false,
  notes: [],
};
