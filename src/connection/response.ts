/** What is known of the answer to the request under way: filled by raw-rows.ts, read by the session. */

import type { WireColumn } from '../data/wire-column.ts';
import { RowAssembler } from './row-assembler.ts';
import type { RowSink } from './session.ts';
import type { ServerMessage } from './sql-error.ts';

/** A row over this many bytes is handed on in parts (where the sink takes parts). */
export const defaultLargeRowBytes = 4 * 1024 * 1024;

/** For requests whose rows nobody wants. */
export const ignoringSink: RowSink = {
  columns() {},
  rows() {},
  largeRowStart() {},
  largeRowPart() {},
  largeRowEnd() {},
};

export interface ResponseOptions {
  readonly sink?: RowSink;
  readonly largeRowBytes?: number;
  readonly onMessage?: (message: ServerMessage) => void;
}

export class Response {
  readonly errors: ServerMessage[] = [];
  readonly messages: ServerMessage[] = [];
  readonly rowCounts: number[] = [];
  resultSets = 0;
  rows = 0;
  /** The first error of our own side: the sink's, the scanner's or a time-out. The request was cancelled for it. */
  failure: { readonly error: unknown } | undefined;
  cancelled = false;
  /** Whether the last DONE said that nothing follows. */
  done = false;
  readonly sink: RowSink;
  readonly assembler: RowAssembler;
  readonly #onMessage: ((message: ServerMessage) => void) | undefined;
  #cancelRequest: (() => void) | undefined;
  #wake: (() => void) | undefined;

  constructor(options: ResponseOptions = {}) {
    this.sink = options.sink ?? ignoringSink;
    this.assembler = new RowAssembler(this.sink, options.largeRowBytes ?? defaultLargeRowBytes);
    this.#onMessage = options.onMessage;
  }

  /** @param cancelRequest asks the server to stop */
  cancelBy(cancelRequest: () => void): void {
    this.#cancelRequest = cancelRequest;
  }

  /** The request is over: a sink that fails now has nothing to stop. tedious would take the request for one under way. */
  end(): void {
    this.#cancelRequest = undefined;
  }

  columns(columns: readonly WireColumn[]): void | Promise<void> {
    this.resultSets++;
    return this.sink.columns(columns);
  }

  info(message: ServerMessage): void {
    this.messages.push(message);
    if (this.cancelled) return;
    try {
      this.#onMessage?.(message);
    } catch (error) {
      this.fail(error);
    }
  }

  /** Keeps the first failure and cancels the request. */
  fail(error: unknown): void {
    this.failure ??= { error };
    this.cancel();
  }

  cancel(): void {
    if (this.cancelled) return;
    this.cancelled = true;
    this.#cancelRequest?.();
    this.#wake?.();
  }

  /** Settles with `work`, or as soon as the request is cancelled. */
  async until(work: Promise<void>): Promise<void> {
    if (this.cancelled) {
      work.catch(() => {});
      return;
    }
    try {
      await new Promise<void>((resolve, reject) => {
        this.#wake = resolve;
        work.then(resolve, reject);
      });
    } finally {
      this.#wake = undefined;
    }
  }
}
