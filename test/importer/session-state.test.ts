import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  isCertain,
  SessionState,
  settingsAnew,
  settingsBetween,
  unrestorable,
} from '../../src/importer/session-state.ts';
import type { SetOption } from '../../src/tsql/ddl/statement.ts';

const position = { line: 1, column: 1 };
const setting = (option: string, value: string): SetOption => ({ kind: 'setOption', position, option, value });

/** DATEFORMAT and DATEFIRST of languages (sys.syslanguages). */
const languages: Readonly<Record<string, readonly [string, string]>> = {
  us_english: ['mdy', '7'],
  British: ['dmy', '1'],
  'British English': ['dmy', '1'],
  Japanese: ['ymd', '7'],
};
const ansiDefaults =
  'ANSI_NULLS ANSI_NULL_DFLT_ON ANSI_PADDING ANSI_WARNINGS CURSOR_CLOSE_ON_COMMIT IMPLICIT_TRANSACTIONS QUOTED_IDENTIFIER'.split(
    ' ',
  );

/** What a server makes of SET statements, as far as the tests set anything. */
class Server {
  readonly options = new Map<string, string>();

  constructor() {
    for (const text of ['SET ANSI_DEFAULTS ON', 'SET IMPLICIT_TRANSACTIONS OFF', 'SET CURSOR_CLOSE_ON_COMMIT OFF'])
      this.run(text);
    this.run("SET LANGUAGE N'us_english'");
    this.run('SET ROWCOUNT 0');
    this.run('SET ANSI_NULL_DFLT_OFF OFF');
  }

  run(text: string): void {
    const [, option, quoted, plain] = /^SET (\w+) (?:N'(.*)'|(\S+))$/.exec(text) ?? [];
    const value = quoted ?? plain;
    if (option === undefined || value === undefined) throw new Error(`${text} is no statement`);
    for (const name of option === 'ANSI_DEFAULTS' ? ansiDefaults : [option]) this.options.set(name, value);
    if (value === 'ON' && option === 'ANSI_NULL_DFLT_OFF') this.options.set('ANSI_NULL_DFLT_ON', 'OFF');
    if (value === 'ON' && /^ANSI_(?:NULL_DFLT_ON|DEFAULTS)$/.test(option))
      this.options.set('ANSI_NULL_DFLT_OFF', 'OFF');
    if (option !== 'LANGUAGE') return;
    const [format, first] = languages[value]!;
    this.options.set('DATEFORMAT', format);
    this.options.set('DATEFIRST', first);
  }
}

const settings = fc.array(
  fc.oneof(
    fc.constantFrom(...Object.keys(languages)).map(l => setting('LANGUAGE', l)),
    fc.constantFrom('mdy', 'dmy', 'ymd').map(f => setting('DATEFORMAT', f)),
    fc.constantFrom('1', '7').map(d => setting('DATEFIRST', d)),
    fc
      .tuple(
        fc.constantFrom(
          'ANSI_DEFAULTS',
          'ANSI_NULLS',
          'IMPLICIT_TRANSACTIONS',
          'ANSI_NULL_DFLT_OFF',
          'ANSI_NULL_DFLT_ON',
        ),
        fc.constantFrom('ON', 'OFF'),
      )
      .map(([option, value]) => setting(option, value)),
    fc.constantFrom('0', '5').map(n => setting('ROWCOUNT', n)),
  ),
  { maxLength: 12 },
);

/** A session that ran a script's settings, and what the importer thinks of it. */
function run(list: readonly SetOption[]) {
  const state = new SessionState('x');
  const server = new Server();
  const states = [state.now];
  for (const s of list) {
    state.set(s);
    server.run(`SET ${s.option} ${s.option === 'LANGUAGE' ? `N'${s.value}'` : s.value}`);
    states.push(state.now);
  }
  return { now: state.now, states, server };
}

describe('the settings of a script', () => {
  it('are set again on a new session, whatever their order was', () => {
    fc.assert(
      fc.property(settings, list => {
        const { now, server } = run(list);
        const fresh = new Server();
        for (const text of settingsBetween(run([]).now, now)) fresh.run(text);
        expect(fresh.options).toEqual(server.options);
      }),
    );
  });

  it('become those of any earlier moment', () => {
    fc.assert(
      fc.property(settings, settings, (list, more) => {
        const before = run(list);
        for (const anew of [false, true]) {
          const after = run([...list, ...more]);
          const texts = anew ? settingsAnew(after.states, before.now) : settingsBetween(after.now, before.now);
          for (const text of texts) if (!text.startsWith('USE ')) after.server.run(text);
          expect(after.server.options).toEqual(before.server.options);
        }
      }),
    );
  });

  it('have their language as a string', () => {
    const { now } = run([setting('LANGUAGE', 'British English')]);
    expect(settingsBetween(run([]).now, now)).toEqual(["SET LANGUAGE N'British English'"]);
  });
});

describe('a setting that may have been made or not', () => {
  const start = () => new SessionState('x');

  it('can be taken back, and can not be set again', () => {
    const state = start();
    const before = state.now;
    state.maySet(setting('DATEFORMAT', 'dmy'));
    expect(settingsBetween(state.now, before)).toEqual(["SET LANGUAGE N'us_english'"]);
    expect(settingsAnew([before, state.now], before)).toContain("SET LANGUAGE N'us_english'");
    expect(settingsBetween(state.now, state.now)).toEqual([]);
    expect(() => settingsBetween(before, state.now)).toThrow('not known what the script made of DATEFORMAT');
    expect(unrestorable(state.now)).toBe('settings that only the session knew (DATEFORMAT)');
    expect(isCertain(state.now)).toBe(false);
  });

  it('is known again behind a SET that runs', () => {
    const state = start();
    state.maySet(setting('LANGUAGE', 'British'));
    state.set(setting('LANGUAGE', '@language'));
    expect(unrestorable(state.now)).toContain('LANGUAGE, DATEFORMAT, DATEFIRST');
    state.set(setting('LANGUAGE', 'Japanese'));
    expect(unrestorable(state.now)).toBeNull();
    expect(isCertain(state.now)).toBe(true);
  });

  it('is none where it changes nothing, or nothing that matters', () => {
    const state = start();
    state.maySet(setting('ANSI_NULLS', 'ON'));
    state.maySet(setting('NOCOUNT', 'ON'));
    state.set(setting('LOCK_TIMEOUT', '@ms'));
    state.maySet({ kind: 'use', position, database: 'X' });
    expect(isCertain(state.now)).toBe(true);
    state.maySet(setting('NOEXEC', 'ON'));
    expect(isCertain(state.now)).toBe('ask');
    expect(unrestorable(state.now)).toBeNull();
  });

  it('of IDENTITY_INSERT is taken back for its table', () => {
    const state = start();
    const before = state.now;
    const t = { server: null, database: null, schema: 'dbo', name: 't' };
    state.maySet({ kind: 'setIdentityInsert', position, table: t, on: true });
    expect(isCertain(state.now)).toBe(false);
    expect(settingsBetween(state.now, before)).toEqual(['SET IDENTITY_INSERT [dbo].[t] OFF']);
    state.set({ kind: 'setIdentityInsert', position, table: t, on: false });
    expect(isCertain(state.now)).toBe(true);
  });
});
