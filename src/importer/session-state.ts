/** What a script has set for its session, so that it can be set again after a lost connection, a replay or on resume. */

import type { ObjectName, SetIdentityInsert, SetOption } from '../tsql/ddl/statement.ts';
import { quoteName } from '../tsql/quote.ts';
import type { ScriptSettings } from './row-loader.ts';

/** As they are after log-in, for what a script may change (SET statements, Transact-SQL reference; the log-in's own text). */
const defaults: Readonly<Record<string, string>> = {
  ANSI_DEFAULTS: 'ON',
  ANSI_NULLS: 'ON',
  ANSI_NULL_DFLT_ON: 'ON',
  ANSI_PADDING: 'ON',
  ANSI_WARNINGS: 'ON',
  ARITHABORT: 'ON',
  CONCAT_NULL_YIELDS_NULL: 'ON',
  QUOTED_IDENTIFIER: 'ON',
  NUMERIC_ROUNDABORT: 'OFF',
  CURSOR_CLOSE_ON_COMMIT: 'OFF',
  IMPLICIT_TRANSACTIONS: 'OFF',
  NOCOUNT: 'OFF',
  XACT_ABORT: 'OFF',
  NOEXEC: 'OFF',
  PARSEONLY: 'OFF',
  FMTONLY: 'OFF',
  ARITHIGNORE: 'OFF',
  DATEFIRST: '7',
  DATEFORMAT: 'mdy',
  LANGUAGE: 'us_english',
  LOCK_TIMEOUT: '-1',
  ROWCOUNT: '0',
  TEXTSIZE: '2147483647',
  DEADLOCK_PRIORITY: 'NORMAL',
  'TRANSACTION ISOLATION LEVEL': 'READ COMMITTED',
};

/** State at one moment; never changed, so that steps can keep it. */
export interface SessionSnapshot extends ScriptSettings {
  /** Temporary tables that the script made and has not dropped. */
  readonly temporaryTables: ReadonlySet<string>;
}

export class SessionState {
  #now: SessionSnapshot;

  constructor(database: string) {
    this.#now = { database, identityInsert: null, options: new Map(), temporaryTables: new Set() };
  }

  get now(): SessionSnapshot {
    return this.#now;
  }

  use(database: string): void {
    this.#now = { ...this.#now, database };
  }

  set(statement: SetOption | SetIdentityInsert): void {
    if (statement.kind === 'setIdentityInsert') {
      this.#now = { ...this.#now, identityInsert: statement.on ? statement.table : null };
      return;
    }
    this.#now = { ...this.#now, options: new Map(this.#now.options).set(statement.option, statement.value) };
  }

  createTemporary(name: string): void {
    this.#now = { ...this.#now, temporaryTables: new Set(this.#now.temporaryTables).add(name.toLowerCase()) };
  }

  dropTemporary(name: string): void {
    const left = new Set(this.#now.temporaryTables);
    if (left.delete(name.toLowerCase())) this.#now = { ...this.#now, temporaryTables: left };
  }
}

/** Name as in T-SQL text, each part quoted. */
export function quoteObjectName(name: ObjectName): string {
  const parts = [name.server, name.database, name.schema, name.name];
  const first = parts.findIndex(p => p !== null);
  return parts
    .slice(first)
    .map(part => (part === null ? '' : quoteName(part)))
    .join('.');
}

/**
 * SET statements and USE that bring a session from one state to another.
 * Values of SET are words and numbers that the DDL parser read as such.
 */
export function settingsBetween(from: SessionSnapshot, to: SessionSnapshot): string[] {
  const statements: string[] = [];
  const off = from.identityInsert;
  if (off && !sameName(off, to.identityInsert)) statements.push(identityInsert(off, false));
  if (from.database.toLowerCase() !== to.database.toLowerCase()) statements.push(`USE ${quoteName(to.database)}`);
  for (const name of new Set([...from.options.keys(), ...to.options.keys()])) {
    const before = from.options.get(name) ?? defaults[name];
    const value = to.options.get(name) ?? defaults[name];
    if (value !== undefined && value.toUpperCase() !== before?.toUpperCase())
      statements.push(setStatement(name, value));
  }
  const on = to.identityInsert;
  if (on && !(off && sameName(off, on))) statements.push(identityInsert(on, true));
  return statements;
}

/** The same for a session that may be in any of some states: whatever they differ in is said. */
export function settingsAnew(candidates: readonly SessionSnapshot[], to: SessionSnapshot): string[] {
  const statements: string[] = [];
  for (const { identityInsert: off } of candidates) {
    if (off && !sameName(off, to.identityInsert)) statements.push(identityInsert(off, false));
  }
  statements.push(`USE ${quoteName(to.database)}`);
  const names = new Set([...candidates, to].flatMap(c => [...c.options.keys()]));
  for (const name of names) {
    const value = to.options.get(name) ?? defaults[name];
    if (value !== undefined) statements.push(setStatement(name, value));
  }
  if (to.identityInsert) statements.push(identityInsert(to.identityInsert, true));
  return [...new Set(statements)];
}

function identityInsert(table: ObjectName, on: boolean): string {
  return `SET IDENTITY_INSERT ${quoteObjectName(table)} ${on ? 'ON' : 'OFF'}`;
}

function setStatement(option: string, value: string): string {
  return `SET ${option} ${/^-?[\w ]+$/.test(value) ? value : quoteName(value)}`;
}

function sameName(a: ObjectName | null, b: ObjectName | null): boolean {
  return a === b || (a !== null && b !== null && quoteObjectName(a) === quoteObjectName(b));
}
