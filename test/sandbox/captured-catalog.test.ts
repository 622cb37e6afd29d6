import type { Connection } from 'tedious';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collationFromName } from '../../src/data/collation.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/start-sandbox.ts';
import {
  type Answer,
  ask,
  type CapturedCase,
  type CapturedColumn,
  type CapturedMessage,
  capturedCases,
  connectTo,
} from '../support/captured.ts';
import { exceptions } from './captured-exceptions.ts';

const cases = capturedCases('captured-catalog.json');
const inGroup = (group: string): readonly CapturedCase[] => (cases ?? []).filter(c => c.group === group);

/** Compares with what is volatile left open: `*` fits anything, equal names after it the same value. */
function matcher(database: string): (actual: unknown, expected: unknown) => void {
  const volatile = new Map<string, unknown>();
  const same = (actual: unknown, expected: unknown): boolean => {
    if (typeof expected === 'string' && expected.startsWith('*')) {
      if (expected === '*') return true;
      if (!volatile.has(expected)) volatile.set(expected, actual);
      return volatile.get(expected) === actual;
    }
    if (Array.isArray(expected))
      return Array.isArray(actual) && actual.length === expected.length && expected.every((e, i) => same(actual[i], e));
    if (typeof expected === 'string' && typeof actual === 'string')
      return wildcard(expected.replaceAll('{db}', database), actual);
    return Object.is(actual, expected) || JSON.stringify(actual) === JSON.stringify(expected);
  };
  return (actual, expected) => {
    if (!same(actual, expected)) expect(actual).toEqual(expected);
  };
}

/** A `*` inside a text stands for a generated part. */
function wildcard(expected: string, actual: string): boolean {
  if (!expected.includes('*')) return expected === actual;
  const source = expected.split('*').map(part => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${source.join('.*')}$`, 's').test(actual);
}

/** A collation's name as the wire tells it; the fixed one of catalog columns is told so already. */
function onWire(collation: string): string {
  if (/^\d+\/\d+$/.test(collation)) return collation;
  const { lcid, sortId } = collationFromName(collation);
  return `${lcid}/${sortId}`;
}

/** Columns with what was recorded of them: null was not. */
const recorded = (columns: readonly CapturedColumn[], like: readonly CapturedColumn[]): unknown[] =>
  columns.map((c, i) => c.map((v, j) => ((like[i]?.[j] ?? null) === null && j < 6 ? null : v)));
const expectedOf = (columns: readonly CapturedColumn[]): unknown[] =>
  columns.map(c => c.map((v, j) => (j === 6 && typeof v === 'string' ? onWire(v) : v)));
const messages = (list: readonly CapturedMessage[], like: readonly CapturedMessage[]): unknown[] =>
  list.map((m, i) => [m.number, m.state, m.class, ...(like[i]?.line === undefined ? [] : [m.line]), m.message]);

function compare(c: CapturedCase, answer: Answer, same: (actual: unknown, expected: unknown) => void): void {
  const errors = c.errors ?? [];
  same(messages(answer.errors, errors), messages(errors, errors));
  if (c.info) same(messages(answer.info, c.info), messages(c.info, c.info));
  const sets = c.sets ?? (c.columns ? [{ columns: c.columns, ...(c.rows ? { rows: c.rows } : {}) }] : []);
  expect(answer.sets).toHaveLength(sets.length);
  sets.forEach((set, i) => {
    const got = answer.sets[i];
    expect(recorded(got?.columns ?? [], set.columns)).toEqual(expectedOf(set.columns));
    if (set.rows) same(got?.rows, set.rows);
  });
  if (c.done) expect(answer.done).toEqual(c.done);
  if (c.returnStatus !== undefined) expect(answer.returnStatus).toBe(c.returnStatus);
}

/** A case on the list of exceptions must fail, or it goes from the list. */
async function check(c: CapturedCase, run: () => Promise<void>): Promise<void> {
  const reason = exceptions[c.group]?.[c.name];
  if (reason === undefined) return run();
  await expect(run(), `${c.name} is given now, but is listed as an exception: ${reason}`).rejects.toThrow();
}

describe.skipIf(cases === null)('captured answers of SQL Server 2025', () => {
  let sandbox: Sandbox;
  const open: Connection[] = [];
  let databases = 0;

  beforeAll(async () => {
    sandbox = await startSandbox({ version: 170, platform: 'linux' });
  });
  afterAll(async () => {
    for (const connection of open) connection.close();
    await sandbox.close();
  });

  async function connect(database: string): Promise<Connection> {
    const connection = await connectTo(sandbox, database);
    open.push(connection);
    return connection;
  }
  async function freshDatabase(): Promise<{ name: string; connection: Connection }> {
    const name = `captured_${++databases}`;
    const master = await connect('master');
    await ask(master, `CREATE DATABASE ${name}`);
    return { name, connection: await connect(name) };
  }

  describe.each(['gaps-catalog', 'alter-named-default', 'all-objects'])('%s', group => {
    let database: string;
    let connection: Connection;
    beforeAll(async () => {
      ({ name: database, connection } = await freshDatabase());
    });
    it.each(inGroup(group).map(c => [c.name, c] as const))('%s', async (_, c) => {
      const answer = await ask(connection, c.sql);
      await check(c, async () => compare(c, answer, matcher(database)));
    });
  });

  describe('ddl-completion', () => {
    let batch: Connection;
    let rpc: Connection;
    beforeAll(async () => {
      batch = (await freshDatabase()).connection;
      rpc = (await freshDatabase()).connection;
    });
    it.each(inGroup('ddl-completion').map(c => [c.name, c] as const))('%s', async (_, c) => {
      const [question = '', seen = ''] = (c.after ?? '').split(' → ');
      const answer = await ask(batch, c.sql);
      const after = await ask(batch, question);
      const called = await ask(rpc, c.sql, 'rpc');
      await check(c, async () => {
        compare(c, answer, matcher(''));
        expect(after.sets[0]?.rows).toEqual([JSON.parse(seen)]);
        expect(called.done).toEqual(c.rpc?.done);
        expect(called.returnStatus).toBe(c.rpc?.returnStatus);
      });
    });
  });

  describe.each(['default-collation', 'error-metadata'])('%s', group => {
    it.each(inGroup(group).map(c => [c.name, c] as const))('%s', async (_, c) => {
      const { name, connection } = await freshDatabase();
      const answer = await ask(connection, c.sql);
      await check(c, async () => compare(c, answer, matcher(name)));
    });
  });

  describe('drop-index', () => {
    const all = inGroup('drop-index');
    const setup = all.filter(c => c.name.startsWith('setup'));
    const inventory = all.find(c => c.name === 'inventory');
    it.each(all.filter(c => !setup.includes(c)).map(c => [c.name, c] as const))('%s', async (_, c) => {
      const { name, connection } = await freshDatabase();
      for (const s of setup) expect((await ask(connection, s.sql)).errors).toEqual([]);
      const answer = await ask(connection, c.sql);
      const left = (await ask(connection, inventory?.sql ?? '')).sets[0]?.rows.map(r => JSON.stringify(r));
      await check(c, async () => {
        compare(c, answer, matcher(name));
        if (!c.gone) return;
        const gone = inventory?.rows?.map(r => JSON.stringify(r)).filter(r => !left?.includes(r));
        expect(gone).toEqual(c.gone.map(r => JSON.stringify(r)));
      });
    });
  });

  describe('cross-database', () => {
    let own: Connection;
    let other: Connection;
    beforeAll(async () => {
      own = await connect('master');
      other = await connect('master');
    });
    it.each(inGroup('cross-database').map(c => [c.name, c] as const))('%s', async (_, c) => {
      const answer = await ask(c.name === 'single user other session' ? other : own, c.sql);
      await check(c, async () => compare(c, answer, matcher('master')));
    });
  });

  describe('alter-database-sessions', () => {
    let master: Connection;
    let probe: Connection | null = null;
    beforeAll(async () => {
      master = await connect('master');
    });
    it.each(inGroup('alter-database-sessions').map(c => [c.name, c] as const))('%s', async (_, c) => {
      let connection = master;
      if (/^current (rcsi|single_user|multi_user)/.test(c.name)) {
        probe ??= await connect('probe_db');
        connection = probe;
        // The capture had another session there when it took the database for itself.
        if (c.name === 'current single_user') await connect('probe_db');
      } else if (probe && c.name !== 'current state') {
        probe.close();
        probe = null;
      }
      if (c.name === 'no_wait with users') {
        await connect('probe_db');
        await ask(await connect('probe_db'), 'BEGIN TRANSACTION');
      }
      const answer = await ask(connection, c.sql);
      await check(c, async () => compare(c, answer, matcher('master')));
    });
  });
});
