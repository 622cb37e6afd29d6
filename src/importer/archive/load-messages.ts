import type { PlainError } from '../../connection/plain-error.ts';
import type { ChunkTask } from './chunk-task.ts';

export type ToLoader = { readonly kind: 'load'; readonly task: ChunkTask } | { readonly kind: 'cancel' | 'close' };

export type FromLoader =
  | { readonly kind: 'rows'; readonly rows: number }
  | { readonly kind: 'retry'; readonly text: string }
  | { readonly kind: 'done'; readonly rows: number }
  | { readonly kind: 'failed'; readonly failure: PlainError };
