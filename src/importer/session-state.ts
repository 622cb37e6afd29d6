/** What a script has set for its session, so that it can be set again after a lost connection, a replay or on resume. */

import type { ObjectName, SetIdentityInsert, SetOption } from '../tsql/ddl/statement.ts';
import { quoteName, quoteString } from '../tsql/quote.ts';
import type { ScriptSettings } from './row-loader.ts';

/** As they are after log-in, for what a script may change (SET statements, Transact-SQL reference; the log-in's own text). */
const defaults: Readonly<Record<string, string>> = {
  ANSI_NULLS: 'ON',
  ANSI_NULL_DFLT_ON: 'ON',
  ANSI_NULL_DFLT_OFF: 'OFF',
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
  LANGUAGE: 'us_english',
  LOCK_TIMEOUT: '-1',
  ROWCOUNT: '0',
  TEXTSIZE: '2147483647',
  DEADLOCK_PRIORITY: 'NORMAL',
  'TRANSACTION ISOLATION LEVEL': 'READ COMMITTED',
};

/** What a language brings with it (SET LANGUAGE, Transact-SQL reference); each may be set otherwise behind it. */
const ofLanguage = ['DATEFORMAT', 'DATEFIRST'];
/** What SET ANSI_DEFAULTS stands for (Transact-SQL reference). */
const ansiDefaults = [
  'ANSI_NULLS',
  'ANSI_NULL_DFLT_ON',
  'ANSI_PADDING',
  'ANSI_WARNINGS',
  'CURSOR_CLOSE_ON_COMMIT',
  'IMPLICIT_TRANSACTIONS',
  'QUOTED_IDENTIFIER',
];

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
    this.#now = { ...this.#now, options: withOption(this.#now.options, statement) };
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
  const names = [...from.options.keys(), ...to.options.keys()];
  const differs = (name: string) => valueIn(from, name)?.toUpperCase() !== valueIn(to, name)?.toUpperCase();
  statements.push(...optionsOf(to, names.filter(differs)));
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
  statements.push(
    ...optionsOf(
      to,
      [...candidates, to].flatMap(c => [...c.options.keys()]),
    ),
  );
  if (to.identityInsert) statements.push(identityInsert(to.identityInsert, true));
  return [...new Set(statements)];
}

/** SET of the named options: the language first, and behind it what it would change. */
function optionsOf(state: SessionSnapshot, names: readonly string[]): string[] {
  const said = new Set(names);
  // A format that is not the state's goes by saying the language again.
  if (ofLanguage.some(n => said.has(n) && !state.options.has(n))) said.add('LANGUAGE');
  const language = said.delete('LANGUAGE') ? ['LANGUAGE', ...ofLanguage] : [];
  return [...new Set([...language, ...said])].flatMap(name => {
    const value = valueIn(state, name);
    return value === undefined ? [] : [setStatement(name, value)];
  });
}

/** Undefined for what is the language's own, and for options that are not known here. */
function valueIn({ options }: SessionSnapshot, name: string): string | undefined {
  return options.get(name) ?? defaults[name];
}

function withOption(options: ReadonlyMap<string, string>, { option, value }: SetOption): ReadonlyMap<string, string> {
  const changed = new Map(options);
  for (const name of option === 'ANSI_DEFAULTS' ? ansiDefaults : [option]) changed.set(name, value);
  if (option === 'LANGUAGE') for (const name of ofLanguage) changed.delete(name);
  // One of the two is off where the other is on.
  const on = value.toUpperCase() === 'ON';
  if (on && option === 'ANSI_NULL_DFLT_OFF') changed.set('ANSI_NULL_DFLT_ON', 'OFF');
  if (on && (option === 'ANSI_NULL_DFLT_ON' || option === 'ANSI_DEFAULTS')) changed.set('ANSI_NULL_DFLT_OFF', 'OFF');
  return changed;
}

function identityInsert(table: ObjectName, on: boolean): string {
  return `SET IDENTITY_INSERT ${quoteObjectName(table)} ${on ? 'ON' : 'OFF'}`;
}

function setStatement(option: string, value: string): string {
  // `British English` and `Čeština` are no words.
  if (option === 'LANGUAGE') return `SET LANGUAGE ${quoteString(value)}`;
  return `SET ${option} ${/^-?[\w ]+$/.test(value) ? value : quoteName(value)}`;
}

function sameName(a: ObjectName | null, b: ObjectName | null): boolean {
  return a === b || (a !== null && b !== null && quoteObjectName(a) === quoteObjectName(b));
}
