/** What a worker thread that runs chunks and the thread that started it tell each other. */

import type { PlainError } from '../connection/plain-error.ts';

export type ToThread<Task> = { readonly kind: 'run'; readonly task: Task } | { readonly kind: 'cancel' | 'close' };

export type FromThread<Result> =
  | { readonly kind: 'ready' }
  | { readonly kind: 'rows'; readonly rows: number }
  | { readonly kind: 'note'; readonly text: string }
  | { readonly kind: 'done'; readonly result: Result }
  | { readonly kind: 'failed'; readonly failure: PlainError };

/** What a thread is started with. */
export interface ThreadData {
  /** Module that calls serveChunks. */
  readonly entry: string;
  /** Folder where the process keeps modules compiled; null for none. */
  readonly compiled: string | null;
  /** For the entry. */
  readonly data: unknown;
}
