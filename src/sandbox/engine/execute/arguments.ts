/** Arguments of procedure calls, however they came. */
import { converter } from '../types/convert.ts';
import { nvarcharType, type SqlType, types } from '../types/sql-type.ts';
import type { Value } from '../types/values.ts';
import type { Execution } from './execution.ts';
import type { Given } from './procedure-call.ts';

/** An evaluated argument. */
export interface Argument extends Given {
  readonly output: boolean;
  /** Takes the output value. */
  readonly receive: ((type: SqlType, value: Value) => void) | null;
}

/** What a procedure hands back. */
export interface CallResult {
  readonly status: number;
}

/** A value as nvarchar(max); NULL is empty. */
export const asText = (x: Execution, found: { type: SqlType; value: Value }): string =>
  found.value === null
    ? ''
    : (converter(found.type, nvarcharType(-1, x.session.settings.databaseCollation))(
        found.value,
        x.session.settings,
      ) as string);

/** An argument's type and value; an untyped NULL is an int. */
export const typed = (a: Argument): { type: SqlType; value: Value } => ({ type: a.type ?? types.int, value: a.value });
