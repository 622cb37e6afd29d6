/** What SET changes in a session. */
import { ServerError } from '../server-error.ts';
import type { DateFormat } from '../types/date-text.ts';

export type IsolationLevel = 'READ UNCOMMITTED' | 'READ COMMITTED' | 'REPEATABLE READ' | 'SERIALIZABLE' | 'SNAPSHOT';

export interface SetOptions {
  ansiNulls: boolean;
  quotedIdentifier: boolean;
  ansiPadding: boolean;
  ansiWarnings: boolean;
  ansiNullDefaultOn: boolean;
  arithAbort: boolean;
  concatNullYieldsNull: boolean;
  numericRoundAbort: boolean;
  xactAbort: boolean;
  noCount: boolean;
  implicitTransactions: boolean;
  formatOnly: boolean;
  noExec: boolean;
  parseOnly: boolean;
  dateFormat: DateFormat;
  dateFirst: number;
  textSize: number;
  /** Milliseconds; -1 = for ever. */
  lockTimeout: number;
  /** SET ROWCOUNT; 0 = all rows. */
  rowCountLimit: number;
  isolation: IsolationLevel;
}

/** As ODBC, OLE DB and tedious log in; `tsql` and the like get the same here. */
export const initialOptions = (): SetOptions => ({
  ansiNulls: true,
  quotedIdentifier: true,
  ansiPadding: true,
  ansiWarnings: true,
  ansiNullDefaultOn: true,
  arithAbort: false,
  concatNullYieldsNull: true,
  numericRoundAbort: false,
  xactAbort: false,
  noCount: false,
  implicitTransactions: false,
  formatOnly: false,
  noExec: false,
  parseOnly: false,
  dateFormat: 'mdy',
  dateFirst: 7,
  textSize: 2147483647,
  lockTimeout: -1,
  rowCountLimit: 0,
  isolation: 'READ COMMITTED',
});

type Flag = {
  [K in keyof SetOptions]: SetOptions[K] extends boolean ? K : never;
}[keyof SetOptions];

const flags: Readonly<Record<string, Flag | null>> = {
  ANSI_NULLS: 'ansiNulls',
  QUOTED_IDENTIFIER: 'quotedIdentifier',
  ANSI_PADDING: 'ansiPadding',
  ANSI_WARNINGS: 'ansiWarnings',
  ANSI_NULL_DFLT_ON: 'ansiNullDefaultOn',
  ARITHABORT: 'arithAbort',
  CONCAT_NULL_YIELDS_NULL: 'concatNullYieldsNull',
  NUMERIC_ROUNDABORT: 'numericRoundAbort',
  XACT_ABORT: 'xactAbort',
  NOCOUNT: 'noCount',
  IMPLICIT_TRANSACTIONS: 'implicitTransactions',
  FMTONLY: 'formatOnly',
  NOEXEC: 'noExec',
  PARSEONLY: 'parseOnly',
  // Nothing that the sandbox does depends on these.
  ARITHIGNORE: null,
  CURSOR_CLOSE_ON_COMMIT: null,
  FORCEPLAN: null,
  REMOTE_PROC_TRANSACTIONS: null,
  NO_BROWSETABLE: null,
};

const ansiDefaults: readonly Flag[] = [
  'ansiNulls',
  'ansiNullDefaultOn',
  'ansiPadding',
  'ansiWarnings',
  'quotedIdentifier',
];

/** An option that takes ON or OFF. False: not one of these. */
export function setFlag(options: SetOptions, name: string, on: boolean): boolean {
  if (name === 'ANSI_DEFAULTS') {
    for (const flag of ansiDefaults) options[flag] = on;
    return true;
  }
  if (name === 'ANSI_NULL_DFLT_OFF') {
    if (on) options.ansiNullDefaultOn = false;
    return true;
  }
  const flag = flags[name];
  if (flag === undefined) return false;
  if (flag) options[flag] = on;
  return true;
}

const formats = new Set<string>(['mdy', 'dmy', 'ymd', 'ydm', 'myd', 'dym']);

export function setDateFormat(options: SetOptions, value: string): void {
  const format = value.toLowerCase();
  if (!formats.has(format)) throw new ServerError(2741, `SET DATEFORMAT date order '${value}' is invalid.`);
  options.dateFormat = format as DateFormat;
}

/** 1 = Monday … 7 = Sunday. */
export function setDateFirst(options: SetOptions, value: number): void {
  if (!Number.isInteger(value) || value < 1 || value > 7)
    throw new ServerError(2744, `SET DATEFIRST ${value} is out of range.`);
  options.dateFirst = value;
}

const levels = new Set<string>(['READ UNCOMMITTED', 'READ COMMITTED', 'REPEATABLE READ', 'SERIALIZABLE', 'SNAPSHOT']);

export function setIsolation(options: SetOptions, value: string): void {
  if (!levels.has(value)) throw new ServerError(102, `Incorrect syntax near '${value}'.`, { class: 15 });
  options.isolation = value as IsolationLevel;
}

/** @@OPTIONS. */
export function optionBits(o: SetOptions): number {
  return (
    (o.implicitTransactions ? 2 : 0) |
    (o.ansiWarnings ? 8 : 0) |
    (o.ansiPadding ? 16 : 0) |
    (o.ansiNulls ? 32 : 0) |
    (o.arithAbort ? 64 : 0) |
    (o.quotedIdentifier ? 256 : 0) |
    (o.noCount ? 512 : 0) |
    (o.ansiNullDefaultOn ? 1024 : 2048) |
    (o.concatNullYieldsNull ? 4096 : 0) |
    (o.numericRoundAbort ? 8192 : 0) |
    (o.xactAbort ? 16384 : 0)
  );
}
