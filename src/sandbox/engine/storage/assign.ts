/** Assigning a value to a column: conversion, length, overflow. */
import type { SandboxTable } from '../catalog-access.ts';
import { ServerError } from '../server-error.ts';
import { converter, cutText } from '../types/convert.ts';
import type { SessionSettings } from '../types/session-settings.ts';
import { isBinary, isBytes, isCharacter, isDateTime, isInteger, isUnicode, type SqlType } from '../types/sql-type.ts';
import { textBytes } from '../types/text-codec.ts';
import type { Value } from '../types/values.ts';

export interface AssignTarget {
  readonly name: string;
  readonly type: SqlType;
}

export type Assign = (value: Value, settings: SessionSettings) => Value;

/** 2628 names table, column and value from 2019 on; 8152 before. */
function truncated(version: number, table: SandboxTable | null, target: AssignTarget, value: string): ServerError {
  const more = [{ number: 3621, state: 0, class: 0, message: 'The statement has been terminated.', line: null }];
  if (version < 150 || !table)
    return new ServerError(8152, 'String or binary data would be truncated.', {
      state: isUnicode(target.type) ? 13 : isBinary(target.type) ? 17 : 14,
      more,
    });
  return new ServerError(
    2628,
    `String or binary data would be truncated in table '${table.database}.${table.schema}.${table.name}', column '${target.name}'. Truncated value: '${value}'.`,
    { more },
  );
}

/** Implicit conversions that the server refuses (257, 260, 206). */
function refused(from: SqlType, to: SqlType): ServerError | null {
  if (from.name === to.name) return null;
  const clash = (): ServerError =>
    new ServerError(206, `Operand type clash: ${from.name} is incompatible with ${to.name}`, { state: 2 });
  const notImplicit = (): ServerError =>
    new ServerError(
      257,
      `Implicit conversion from data type ${from.name} to ${to.name} is not allowed. Use the CONVERT function to run this query.`,
      { state: 3 },
    );
  if (isCharacter(from) && isBinary(to)) return notImplicit();
  if (isBinary(from) && from.name !== 'timestamp' && to.name === 'float') return clash();
  if (isDateTime(from) && isInteger(to))
    return from.name === 'datetime' || from.name === 'smalldatetime' ? notImplicit() : clash();
  if (isInteger(from) && isDateTime(to) && to.name !== 'datetime' && to.name !== 'smalldatetime') return clash();
  if (
    (to.name === 'geometry' || to.name === 'geography' || to.name === 'hierarchyid') &&
    !isBytes(from) &&
    !isCharacter(from)
  )
    return clash();
  if (from.name === 'sql_variant')
    return new ServerError(
      257,
      `Implicit conversion from data type sql_variant to ${to.name} is not allowed. Use the CONVERT function to run this query.`,
      { state: 3 },
    );
  return null;
}

export function assignment(from: SqlType, target: AssignTarget, table: SandboxTable | null, version: number): Assign {
  const to = target.type;
  const no = refused(from, to);
  if (no) throw no;
  if ((isCharacter(from) || from.name === 'xml' || from.name === 'json') && isCharacter(to) && to.length > 0) {
    const convert = converter(from, { ...to, name: isUnicode(to) ? 'nvarchar' : 'varchar', length: -1 });
    const unicode = isUnicode(to);
    const padded = to.name === 'char' || to.name === 'nchar';
    return (value, settings) => {
      let text = convert(value, settings) as string | null;
      if (text === null) return null;
      let width = unicode ? text.length : textBytes(text, to.collation!);
      if (width > to.length) {
        const cut = cutText(text, to);
        // Only blanks may fall away.
        if (/[^ ]/.test(text.slice(cut.length))) throw truncated(version, table, target, cut);
        text = cut;
        width = to.length;
      }
      return padded && width < to.length ? text + ' '.repeat(to.length - width) : text;
    };
  }
  if (isBytes(from) && isBinary(to) && to.length > 0) {
    return value => {
      if (value === null) return null;
      const b = value as Uint8Array;
      if (b.length > to.length) {
        if (b.subarray(to.length).some(x => x !== 0) || to.name !== 'binary')
          throw truncated(version, table, target, '');
        return b.subarray(0, to.length);
      }
      if (to.name === 'binary' && b.length < to.length) {
        const out = Buffer.alloc(to.length);
        out.set(b);
        return out;
      }
      return b;
    };
  }
  return converter(from, to);
}
