/** Values that sessions keep by sp_set_session_context. */
import type { ProcedureArgument } from '../engine/catalog-access.ts';

type Value = ProcedureArgument['value'];

export interface SessionContext {
  /** false: the key is read-only. */
  set(sessionId: number, key: string, value: Value, readOnly: boolean): boolean;
  get(sessionId: number, key: string): Value;
  forget(sessionId: number): void;
}

export function createSessionContext(): SessionContext {
  const sessions = new Map<number, Map<string, { readonly value: Value; readonly readOnly: boolean }>>();
  return {
    set(sessionId, key, value, readOnly) {
      const own = sessions.get(sessionId) ?? new Map();
      sessions.set(sessionId, own);
      if (own.get(key)?.readOnly) return false;
      own.set(key, { value, readOnly });
      return true;
    },
    get: (sessionId, key) => sessions.get(sessionId)?.get(key)?.value ?? null,
    forget: sessionId => void sessions.delete(sessionId),
  };
}
