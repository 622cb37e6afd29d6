/** Sessions that are open, and how they end: by themselves, or cut from outside. */

export interface OpenSession {
  /** What cuts its connection. */
  cut: () => void;
  /** It has ended. */
  close(): void;
}

export interface OpenSessions {
  add(id: number): OpenSession;
  /** Cuts a session's connection; resolves when the session has ended. */
  end(id: number): Promise<void>;
  /** Resolves when no session is left. */
  idle(): Promise<void>;
}

export function createOpenSessions(): OpenSessions {
  const open = new Map<number, { readonly session: OpenSession; readonly closed: Promise<void> }>();
  return {
    add(id) {
      let ended: () => void = () => undefined;
      const closed = new Promise<void>(resolve => {
        ended = resolve;
      });
      const session: OpenSession = {
        cut: () => undefined,
        close() {
          open.delete(id);
          ended();
        },
      };
      open.set(id, { session, closed });
      return session;
    },
    async end(id) {
      const found = open.get(id);
      if (!found) return;
      found.session.cut();
      await found.closed;
    },
    async idle() {
      while (open.size > 0) await Promise.all([...open.values()].map(o => o.closed));
    },
  };
}
