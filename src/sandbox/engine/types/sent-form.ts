/** What a client gets of a type: vectors of single precision as they are if it asked for that at log-in, else as text. */
import { type SqlType, varcharType } from './sql-type.ts';
import type { Value } from './values.ts';
import { vectorText } from './vector-value.ts';
import { utf8Binary } from './wire-form.ts';

export interface SentForm {
  readonly type: SqlType;
  readonly convert: (value: Value) => Value;
}

const asItIs = (value: Value): Value => value;

export function isSentAsText(type: SqlType, nativeVectors: boolean): boolean {
  return type.name === 'vector' && (!nativeVectors || type.scale !== 0);
}

export function sentForm(type: SqlType, nativeVectors: boolean): SentForm {
  if (!isSentAsText(type, nativeVectors)) return { type, convert: asItIs };
  return {
    type: varcharType(-1, utf8Binary),
    convert: value => (value === null ? null : vectorText(value as Uint8Array)),
  };
}
