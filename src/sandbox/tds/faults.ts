/** Faults that a test can ask a server for; changed at any time, they hold for bytes and log-ins from then on. */
export interface Faults {
  /** Cut every connection after it has sent this many bytes more; null = never. */
  cutAfterSent: number | null;
  /** Cut every connection after it has received this many bytes more. */
  cutAfterReceived: number | null;
  /** Milliseconds before each chunk that is sent. */
  sendDelayMs: number;
  /** Refuse log-ins with this message. */
  refuseLogin: string | null;
}

export function noFaults(): Faults {
  return { cutAfterSent: null, cutAfterReceived: null, sendDelayMs: 0, refuseLogin: null };
}
