import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyDatabases } from '../../src/verify/verify-databases.ts';
import { binary, plainEnvironment, runCli } from '../support/run-cli.ts';
import { loadScript, openSandbox, type Sandbox, sessionOn } from '../support/sandbox.ts';
import { everything } from '../support/verify-options.ts';
import { connection, copyOn, smallShop } from './copy-on.ts';

/** Fewer or more of both by XPDB_TEST_CUTS and XPDB_TEST_KILLS. */
const cuts = Number(process.env.XPDB_TEST_CUTS ?? 100);
const kills = Number(process.env.XPDB_TEST_KILLS ?? 30);
const seed = Number(process.env.XPDB_TEST_SEED ?? randomInt(1_000_000));

let source: Sandbox;
let target: Sandbox;
let copies = 0;
const freshName = () => `Fault${++copies}`;

beforeAll(async () => {
  source = await openSandbox({ version: 160, password: 'Copy-1234' });
  target = await openSandbox({ version: 110, volumes: ['E:\\'], password: 'Copy-1234' });
  await loadScript(source, smallShop(1500));
}, 180_000);
afterAll(async () => {
  await source?.close();
  await target?.close();
});

const side = (sandbox: Sandbox, database: string) =>
  ({ kind: 'server', connection: connection(sandbox, database) }) as const;

async function exists(name: string): Promise<boolean> {
  const session = await sessionOn(target);
  try {
    return (await session.query(`SELECT DB_ID(N'${name}')`)).rows[0]?.[0] !== null;
  } finally {
    await session.close();
  }
}

describe('a copy that was broken off', () => {
  it(`ends as an undisturbed one, cut at ${cuts} random bytes (seed ${seed})`, async () => {
    const places = fc.sample(
      fc.record({
        side: fc.constantFrom('source' as const, 'target' as const),
        way: fc.constantFrom('cutAfterSent' as const, 'cutAfterReceived' as const),
        bytes: fc.integer({ min: 2000, max: 90_000 }),
      }),
      { numRuns: cuts, seed },
    );
    for (const place of places) {
      const name = freshName();
      const { faults } = place.side === 'source' ? source : target;
      faults[place.way] = place.bytes;
      await copyOn(source, target, name, { chunkRows: 100 }).catch(() => undefined);
      faults[place.way] = null;
      const result = await copyOn(source, target, name, { chunkRows: 100, resume: true }).catch(async error => {
        // It was done before the cut: then the database is there, and nothing is left to resume.
        if (!/exists|already has/.test((error as Error).message)) throw error;
        return { verified: await verifyDatabases(side(source, 'Shop'), side(target, name), everything) };
      });
      expect(result.verified?.equal, JSON.stringify(place)).toBe(true);
    }
  }, 1_200_000);

  it(`ends as an undisturbed one, its process killed ${kills} times (seed ${seed})`, async () => {
    const delays = fc.sample(fc.integer({ min: 300, max: 4000 }), { numRuns: kills, seed });
    for (const delay of delays) {
      const name = freshName();
      const args = [
        'copy',
        ...['--from', `${source.host},${source.port}/Shop`, '--to', `${target.host},${target.port}/${name}`],
        ...['-U', 'sa', '-C', '--create', '--data-path', 'E:\\D', '--chunk-rows', '50'],
      ];
      const env = { SQLCMDPASSWORD: 'Copy-1234' };
      const child = spawn(process.execPath, [binary, ...args], {
        env: { ...plainEnvironment(), ...env },
        stdio: 'ignore',
      });
      const ended = new Promise(resolve => child.on('close', resolve));
      setTimeout(() => child.kill('SIGKILL'), delay);
      await ended;
      const run = await runCli([...args, '--resume'], { env });
      if (run.code !== 0 && /exists|already has/.test(run.stderr) && (await exists(name))) {
        // It was done before: nothing was left to resume.
        const { equal } = await verifyDatabases(side(source, 'Shop'), side(target, name), everything);
        expect([delay, equal]).toEqual([delay, true]);
        continue;
      }
      expect([run.code, run.stderr], `killed after ${delay} ms`).toEqual([0, expect.stringContaining('equal')]);
    }
  }, 1_200_000);
});
