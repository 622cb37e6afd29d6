import type { Module } from './module.ts';
import type { QualifiedName } from './name.ts';

export type TriggerEvent = 'INSERT' | 'UPDATE' | 'DELETE';

/** DML trigger on a table or view. */
export interface Trigger extends Module {
  readonly parent: QualifiedName;
  readonly disabled: boolean;
  readonly insteadOf: boolean;
  readonly notForReplication: boolean;
  readonly events: readonly TriggerEvent[];
  /** sp_settriggerorder: events for which the trigger is first or last. */
  readonly first: readonly TriggerEvent[];
  readonly last: readonly TriggerEvent[];
}
