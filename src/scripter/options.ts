import type { VersionNumber } from '../compat/version.ts';

export interface ScriptOptions {
  /** The version that the text must run on. */
  readonly target: VersionNumber;
  /** Whether objects get their owners (ALTER AUTHORIZATION); false for `--no-owner`. */
  readonly owners: boolean;
  /** Whether users, roles, memberships and permissions are written; false for `--no-privileges`. */
  readonly privileges: boolean;
}

/** Text between two GO lines, without them. */
export type Batch = string;

/** Settings stored with a module or table; a script's header sets both ON. */
export interface StoredSettings {
  readonly ansiNulls: boolean;
  readonly quotedIdentifier: boolean;
}

/** Runs `batch` under the stored settings and sets both ON again after it. */
export function withSettings(settings: StoredSettings, batch: Batch): Batch[] {
  const off: Batch[] = [];
  const on: Batch[] = [];
  if (!settings.ansiNulls) {
    off.push('SET ANSI_NULLS OFF');
    on.push('SET ANSI_NULLS ON');
  }
  if (!settings.quotedIdentifier) {
    off.push('SET QUOTED_IDENTIFIER OFF');
    on.push('SET QUOTED_IDENTIFIER ON');
  }
  return [...off, batch, ...on];
}
