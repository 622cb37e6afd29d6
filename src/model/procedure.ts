import type { Module } from './module.ts';

export interface Procedure extends Module {
  /** Numbered procedures `p;2` … with their texts, by number. */
  readonly numbered: readonly { readonly number: number; readonly definition: string | null }[];
  /** sp_procoption startup. */
  readonly startup: boolean;
}
