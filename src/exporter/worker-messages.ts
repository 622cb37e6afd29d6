import type { PlainError } from '../connection/plain-error.ts';
import type { ChunkResult, ChunkTask } from './chunk-writer.ts';

export type ToWorker = { readonly kind: 'run'; readonly task: ChunkTask } | { readonly kind: 'cancel' | 'close' };

export type FromWorker =
  | { readonly kind: 'rows'; readonly rows: number }
  | { readonly kind: 'done'; readonly result: ChunkResult }
  | { readonly kind: 'failed'; readonly failure: PlainError };
