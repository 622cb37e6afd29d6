/** What a script has set for its session, so that it can be set again after a lost connection, a replay or on resume. */

import { XpdbError } from '../model/error.ts';
import type { ObjectName, SetIdentityInsert, SetOption, Use } from '../tsql/ddl/statement.ts';
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

/** Options that change nothing of what a script makes: what a guarded SET of them did need not be known. */
const harmless = new Set([
  'NOCOUNT',
  'XACT_ABORT',
  'LOCK_TIMEOUT',
  'DEADLOCK_PRIORITY',
  'TEXTSIZE',
  'TRANSACTION ISOLATION LEVEL',
  'QUERY_GOVERNOR_COST_LIMIT',
]);
/** Under these nothing runs, so that whoever sees anything run knows that they are off. */
const stopping = new Set(['NOEXEC', 'PARSEONLY', 'FMTONLY']);

/** State at one moment; never changed, so that steps can keep it. */
export interface SessionSnapshot extends ScriptSettings {
  /** Temporary tables that the script made and has not dropped. */
  readonly temporaryTables: ReadonlySet<string>;
  /** Options, IDENTITY_INSERT and USE among them, of which only the server knows what the script made of them: guarded, or by a variable. */
  readonly unknown: ReadonlySet<string>;
}

/** What a session has after its log-in. */
export function loggedIn(database: string): SessionSnapshot {
  return { database, identityInsert: null, options: new Map(), temporaryTables: new Set(), unknown: new Set() };
}

export class SessionState {
  #now: SessionSnapshot;

  constructor(database: string) {
    this.#now = loggedIn(database);
  }

  get now(): SessionSnapshot {
    return this.#now;
  }

  use(database: string): void {
    this.#now = { ...this.#now, database, unknown: without(this.#now.unknown, ['USE']) };
  }

  set(statement: SetOption | SetIdentityInsert): void {
    const { options, unknown } = this.#now;
    if (statement.kind === 'setIdentityInsert') {
      const identityInsert = statement.on ? statement.table : null;
      this.#now = { ...this.#now, identityInsert, unknown: without(unknown, ['IDENTITY_INSERT']) };
      return;
    }
    if (statement.value.startsWith('@')) return this.maySet(statement);
    this.#now = {
      ...this.#now,
      options: withOption(options, statement),
      unknown: without(unknown, changedBy(statement)),
    };
  }

  /** A statement that may have run or not. */
  maySet(statement: SetOption | SetIdentityInsert | Use): void {
    const now = this.#now;
    if (statement.kind === 'use') {
      if (statement.database.toLowerCase() !== now.database.toLowerCase()) this.#forget(['USE']);
    } else if (statement.kind === 'setIdentityInsert') {
      if (!statement.on && now.identityInsert === null) return;
      if (statement.on && sameName(statement.table, now.identityInsert)) return;
      this.#now = { ...now, identityInsert: now.identityInsert ?? statement.table };
      this.#forget(['IDENTITY_INSERT']);
    } else {
      const changed = { ...now, options: withOption(now.options, statement) };
      const isVariable = statement.value.startsWith('@');
      const names = changedBy(statement).filter(n => isVariable || !sameValue(now, changed, n));
      this.#forget(names.filter(n => !harmless.has(n) && !n.startsWith('STATISTICS')));
    }
  }

  #forget(names: readonly string[]): void {
    const options = new Map(this.#now.options);
    for (const name of names) options.delete(name);
    this.#now = { ...this.#now, options, unknown: new Set([...this.#now.unknown, ...names]) };
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

/** What a session has that no other one can be given, for messages; null when there is nothing. */
export function unrestorable({ temporaryTables, unknown }: SessionSnapshot): string | null {
  const settings = [...unknown].filter(name => !stopping.has(name));
  const things = [
    ...(temporaryTables.size > 0 ? [`temporary tables ${[...temporaryTables].join(', ')}`] : []),
    ...(settings.length > 0 ? [`settings that only the session knew (${settings.join(', ')})`] : []),
  ];
  return things.length === 0 ? null : things.join(' and ');
}

/** Whether INSERTs mean what the known settings say: `ask`, where a look at whether anything runs at all will tell. */
export function isCertain({ unknown }: SessionSnapshot): boolean | 'ask' {
  if (unknown.size === 0) return true;
  // Under FMTONLY there are results, only without rows.
  return [...unknown].every(name => stopping.has(name) && name !== 'FMTONLY') ? 'ask' : false;
}

/**
 * SET statements and USE that bring a session from one state to another.
 * Values of SET are words and numbers that the DDL parser read as such.
 * @throws XpdbError naming what must be set and is not known
 */
export function settingsBetween(from: SessionSnapshot, to: SessionSnapshot): string[] {
  const statements: string[] = [];
  const off = from.identityInsert;
  if (off && !sameName(off, to.identityInsert)) statements.push(identityInsert(off, false));
  const sameDatabase = from.database.toLowerCase() === to.database.toLowerCase() && sameValue(from, to, 'USE');
  if (!sameDatabase) statements.push(`USE ${quoteName(to.database)}`);
  const names = [from, to].flatMap(namesIn).filter(name => !sameValue(from, to, name));
  statements.push(...optionsOf(to, names));
  const on = to.identityInsert;
  if (on && !(off && sameName(off, on) && sameValue(from, to, 'IDENTITY_INSERT'))) {
    statements.push(identityInsert(on, true));
  }
  return statements;
}

/** The same for a session that may be in any of some states: whatever they differ in is said. */
export function settingsAnew(candidates: readonly SessionSnapshot[], to: SessionSnapshot): string[] {
  const statements: string[] = [];
  for (const { identityInsert: off } of candidates) {
    if (off && !sameName(off, to.identityInsert)) statements.push(identityInsert(off, false));
  }
  // What none of them knows is as it was.
  const stays = (name: string) => [...candidates, to].every(c => c.unknown.has(name));
  if (!stays('USE')) statements.push(`USE ${quoteName(to.database)}`);
  const names = [...candidates, to].flatMap(namesIn).filter(name => !stays(name));
  statements.push(...optionsOf(to, names));
  if (to.identityInsert && !stays('IDENTITY_INSERT')) statements.push(identityInsert(to.identityInsert, true));
  return [...new Set(statements)];
}

function namesIn({ options, unknown }: SessionSnapshot): string[] {
  return [...options.keys(), ...unknown];
}

/** SET of the named options: the language first, and behind it what it would change. */
function optionsOf(state: SessionSnapshot, names: readonly string[]): string[] {
  const said = new Set(names);
  // A format that is not the state's goes by saying the language again.
  if (ofLanguage.some(n => said.has(n) && !state.options.has(n))) said.add('LANGUAGE');
  const language = said.delete('LANGUAGE') ? ['LANGUAGE', ...ofLanguage] : [];
  return [...new Set([...language, ...said])].flatMap(name => {
    if (state.unknown.has(name) && !stopping.has(name)) throw notKnown(name);
    const value = valueIn(state, name);
    return value === undefined ? [] : [setStatement(name, value)];
  });
}

function notKnown(name: string): XpdbError {
  return new XpdbError(`the session must be set up anew, and it is not known what the script made of ${name}`, {
    hint: 'write that SET or USE into the script without IF, block or variable',
  });
}

function sameValue(a: SessionSnapshot, b: SessionSnapshot, name: string): boolean {
  if (a.unknown.has(name) || b.unknown.has(name)) return a.unknown.has(name) && b.unknown.has(name);
  return valueIn(a, name)?.toUpperCase() === valueIn(b, name)?.toUpperCase();
}

function without(names: ReadonlySet<string>, gone: readonly string[]): ReadonlySet<string> {
  return names.size === 0 ? names : new Set([...names].filter(name => !gone.includes(name)));
}

/** Options that a SET changes, or may change. */
function changedBy({ option, value }: SetOption): readonly string[] {
  if (option === 'LANGUAGE') return [option, ...ofLanguage];
  const on = value.toUpperCase() === 'ON';
  if (option === 'ANSI_DEFAULTS') return on ? [...ansiDefaults, 'ANSI_NULL_DFLT_OFF'] : ansiDefaults;
  return on && option.startsWith('ANSI_NULL_DFLT_') ? ['ANSI_NULL_DFLT_ON', 'ANSI_NULL_DFLT_OFF'] : [option];
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
