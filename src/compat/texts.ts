import type { Database } from '../model/database.ts';
import type { Module } from '../model/module.ts';

/** Everything of a database whose text may use what the target lacks. */
export function modulesOf(database: Database): readonly Module[] {
  return [
    ...database.views,
    ...database.functions,
    ...database.procedures,
    ...database.triggers,
    ...database.rules,
    ...database.defaults,
  ];
}
