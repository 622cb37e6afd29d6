/** Faults that a test can ask a server for; changed at any time, they hold for bytes and log-ins from then on. */
export interface Faults {
  /** Cut every connection after it has sent this many bytes more; null = never. */
  cutAfterSent: number | null;
  /** Cut every connection after it has received this many bytes more. */
  cutAfterReceived: number | null;
  /** Cut the connection of one request; null = none. */
  cutRequest: RequestCut | null;
  /** Milliseconds before each chunk that is sent. */
  sendDelayMs: number;
  /** Refuse log-ins with this message. */
  refuseLogin: string | null;
  /** Statements that fail on purpose; each entry counts down its `times`. */
  readonly statements: StatementFault[];
}

export interface RequestCut {
  /** How many requests (batches, procedure calls, bulk loads, transaction requests) pass before, of all connections. */
  skip: number;
  /** Whether it runs before its connection is cut: its answer never comes. */
  readonly runs: boolean;
}

export interface StatementFault {
  /** `deadlock`: 1205, the transaction is gone. `fullLog`: 9002. `hang`: no answer until the client cancels (time-out). */
  readonly kind: 'deadlock' | 'fullLog' | 'hang';
  /** Statements of batches that match; null = those that change data or definitions, bulk loads included. */
  readonly matching: RegExp | null;
  /** How many matching statements pass before. */
  skip: number;
  /** How often it happens. */
  times: number;
}

export function noFaults(): Faults {
  return {
    cutAfterSent: null,
    cutAfterReceived: null,
    cutRequest: null,
    sendDelayMs: 0,
    refuseLogin: null,
    statements: [],
  };
}
