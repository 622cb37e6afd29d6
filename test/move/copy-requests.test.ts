import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dropDatabase, loadScript, openSandbox, type Sandbox } from '../support/sandbox.ts';
import { copyOn, smallShop } from './copy-on.ts';

/** Every so-manyth request; 1 by XPDB_TEST_EVERY is each. */
const every = Number(process.env.XPDB_TEST_EVERY ?? 3);

let source: Sandbox;
let target: Sandbox;
let copies = 0;

beforeAll(async () => {
  source = await openSandbox({ version: 160, password: 'Copy-1234' });
  target = await openSandbox({ version: 110, volumes: ['E:\\'], password: 'Copy-1234' });
  await loadScript(source, smallShop(500));
}, 120_000);
afterAll(async () => {
  await source?.close();
  await target?.close();
});

describe('a copy that lost its connection', () => {
  it.each([
    ['target', false],
    ['target', true],
    ['source', true],
  ] as const)(
    'at any request to the %s (that ran: %s) ends as an undisturbed one',
    async (side, runs) => {
      const { faults } = side === 'source' ? source : target;
      const options = { chunkRows: 200, jobs: 1, consistency: 'none' as const };
      let at = 0;
      for (let struck = true; struck; at += every) {
        const name = `Cut${++copies}`;
        faults.cutRequest = { skip: at, runs };
        const first = await copyOn(source, target, name, options).then(
          r => r.verified,
          () => null,
        );
        struck = faults.cutRequest === null;
        faults.cutRequest = null;
        const resumed = async () => (await copyOn(source, target, name, { ...options, resume: true })).verified;
        expect([at, (first ?? (await resumed()))?.equal]).toEqual([at, true]);
        await dropDatabase(target, name);
      }
      expect(at).toBeGreaterThan(20);
    },
    1_200_000,
  );
});
