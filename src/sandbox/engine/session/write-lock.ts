/**
 * Who may change data. All sessions share one SQLite connection, hence one transaction: a session that writes holds the lock
 * until its transaction ends, others that want to write wait, and so do readers of what the holder has changed.
 */
import { ServerError } from '../server-error.ts';

export const lockTimeout = (): ServerError =>
  new ServerError(1222, 'Lock request time out period exceeded.', { state: 45 });

/** The client sent attention or is gone. */
export class Cancelled extends Error {
  constructor() {
    super('cancelled');
    this.name = 'Cancelled';
  }
}

export interface Waiter {
  /** Milliseconds; -1 = for ever. */
  readonly timeout: number;
  readonly signal: AbortSignal;
}

export class WriteLock {
  private holder: object | null = null;
  private readonly queue: (() => void)[] = [];

  /** Who holds it. */
  get owner(): object | null {
    return this.holder;
  }
  /** Somebody else than `owner` holds it. */
  heldByOther(owner: object): object | null {
    return this.holder === owner ? null : this.holder;
  }

  /** @throws ServerError 1222; Cancelled */
  async acquire(owner: object, waiter: Waiter): Promise<void> {
    while (this.holder !== owner) {
      if (this.holder === null) {
        this.holder = owner;
        return;
      }
      await this.released(waiter);
    }
  }

  release(owner: object): void {
    if (this.holder !== owner) return;
    this.holder = null;
    const waiting = this.queue.splice(0);
    for (const wake of waiting) wake();
  }

  /** The next release, by whomever. */
  released({ timeout, signal }: Waiter): Promise<void> {
    if (timeout === 0) return Promise.reject(lockTimeout());
    return new Promise<void>((resolve, reject) => {
      const end = (): void => {
        if (timer) clearTimeout(timer);
        signal.removeEventListener('abort', abort);
        const at = this.queue.indexOf(wake);
        if (at >= 0) this.queue.splice(at, 1);
      };
      const wake = (): void => {
        end();
        resolve();
      };
      const abort = (): void => {
        end();
        reject(new Cancelled());
      };
      const timer =
        timeout > 0
          ? setTimeout(() => {
              end();
              reject(lockTimeout());
            }, timeout)
          : null;
      signal.addEventListener('abort', abort);
      this.queue.push(wake);
      if (signal.aborted) abort();
    });
  }
}
