/** Locks of sp_getapplock. */

export interface LockRequest {
  readonly db: number;
  readonly resource: string;
  /** Shared, Update, IntentShared, IntentExclusive or Exclusive. */
  readonly mode: string;
  readonly sessionId: number;
  readonly untilTransactionEnds: boolean;
}

export interface ApplicationLocks {
  /** false: another session holds it. */
  take(request: LockRequest): boolean;
  /** false: the session does not hold it. */
  release(db: number, resource: string, sessionId: number): boolean;
  transactionEnded(sessionId: number): void;
  sessionEnded(sessionId: number): void;
}

/** Pairs of modes that two sessions may hold at once. */
const compatible: Readonly<Record<string, readonly string[]>> = {
  IntentShared: ['IntentShared', 'Shared', 'Update', 'IntentExclusive'],
  Shared: ['IntentShared', 'Shared', 'Update'],
  Update: ['IntentShared', 'Shared'],
  IntentExclusive: ['IntentShared', 'IntentExclusive'],
  Exclusive: [],
};

export function createApplicationLocks(): ApplicationLocks {
  let held: readonly LockRequest[] = [];
  return {
    take(request) {
      const blocked = held.some(
        h =>
          h.db === request.db &&
          h.resource === request.resource &&
          h.sessionId !== request.sessionId &&
          !compatible[request.mode]?.includes(h.mode),
      );
      if (blocked) return false;
      held = [...held, request];
      return true;
    },
    release(db, resource, sessionId) {
      const at = held.findLastIndex(h => h.db === db && h.resource === resource && h.sessionId === sessionId);
      if (at < 0) return false;
      held = held.toSpliced(at, 1);
      return true;
    },
    transactionEnded(sessionId) {
      if (held.length > 0) held = held.filter(h => h.sessionId !== sessionId || !h.untilTransactionEnds);
    },
    sessionEnded(sessionId) {
      if (held.length > 0) held = held.filter(h => h.sessionId !== sessionId);
    },
  };
}
