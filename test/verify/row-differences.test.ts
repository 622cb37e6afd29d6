import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ReadRow } from '../../src/verify/key-rows.ts';
import { findRowDifferences, type RowReader } from '../../src/verify/row-differences.ts';

/** Rows `key,value` given one by one, with a turn of the event loop now and then. */
function reader(rows: readonly (readonly [number, string])[]): RowReader {
  return async take => {
    for (const [key, value] of rows) {
      const text = `${key},N'${value}'`;
      const row: ReadRow = { key: String(key), hash: text, text };
      const wait = take(row);
      if (wait) await wait;
      if (key % 7 === 0) await new Promise<void>(resolve => setImmediate(resolve));
    }
  };
}

const rowsOf = fc.uniqueArray(fc.tuple(fc.nat(200), fc.constantFrom('a', 'b')), { selector: r => r[0], maxLength: 60 });

describe('findRowDifferences', () => {
  it('names what differs, by key and column', async () => {
    const { rows: found } = await findRowDifferences(
      reader([
        [1, 'a'],
        [2, 'a'],
        [3, 'a'],
        [5, "it''s"],
      ]),
      reader([
        [1, 'a'],
        [2, 'b'],
        [4, 'a'],
        [5, "it''s"],
      ]),
      ['Id', 'Na]me'],
      1,
      10,
    );
    expect(found).toEqual([
      { key: '[Id] = 2', difference: 'different', columns: [{ column: 'Na]me', from: "N'a'", to: "N'b'" }] },
      { key: '[Id] = 3', difference: 'missing', columns: [] },
      { key: '[Id] = 4', difference: 'extra', columns: [] },
    ]);
  });

  it('finds exactly the rows that differ, whatever the order', async () => {
    await fc.assert(
      fc.asyncProperty(rowsOf, rowsOf, async (a, b) => {
        const { rows: found } = await findRowDifferences(reader(a), reader(b), ['k', 'v'], 1, 1000);
        const [left, right] = [new Map(a), new Map(b)];
        const expected = [...new Set([...left.keys(), ...right.keys()])].flatMap(k =>
          left.get(k) === right.get(k)
            ? []
            : [`${k} ${!right.has(k) ? 'missing' : !left.has(k) ? 'extra' : 'different'}`],
        );
        expect(found.map(d => `${d.key.replace('[k] = ', '')} ${d.difference}`).sort()).toEqual(expected.sort());
      }),
      { numRuns: 100 },
    );
  });

  it('counts equal rows of a table without a key', async () => {
    const whole =
      (...texts: string[]): RowReader =>
      async take => {
        for (const text of texts) await take({ key: text, hash: text, text });
      };
    const { rows: found } = await findRowDifferences(whole('1', '1', '2'), whole('2', '1'), ['a'], 0, 10);
    expect(found).toEqual([{ key: '1', difference: 'missing', columns: [] }]);
  });

  it('stops after as many differences as were asked for', async () => {
    const many = Array.from({ length: 5000 }, (_, i) => [i, 'a'] as const);
    const { rows: found } = await findRowDifferences(
      reader(many),
      reader(many.map(([k]) => [k, 'b'])),
      ['k', 'v'],
      1,
      3,
    );
    expect(found).toHaveLength(3);
  });

  it('reads a side that is far ahead no further', async () => {
    let taken = 0;
    const fast: RowReader = async take => {
      for (let i = 0; i < 60_000; i++) {
        await take({ key: String(i), hash: 'x', text: null });
        taken = i;
      }
    };
    let release: () => void = () => undefined;
    const slow: RowReader = async take => {
      await new Promise<void>(resolve => (release = resolve));
      for (let i = 0; i < 60_000; i++) await take({ key: String(i), hash: 'x', text: null });
    };
    const running = findRowDifferences(fast, slow, ['k'], 1, 10);
    await new Promise(resolve => setTimeout(resolve, 300));
    expect(taken).toBeLessThan(30_000);
    release();
    expect(await running).toEqual({ rows: [], unordered: false });
  }, 60_000);

  /** `count` rows from a number on, or down to it; each has itself as its key. */
  const numbers =
    (first: number, count: number, more: { down?: boolean; lateMs?: number; other?: number } = {}): RowReader =>
    async take => {
      await new Promise(resolve => setTimeout(resolve, more.lateMs ?? 0));
      for (let i = 0; i < count; i++) {
        const key = first + (more.down ? count - 1 - i : i);
        const text = `${key},N'${key === more.other ? 'b' : 'a'}'`;
        await take({ key: String(key), hash: text, text });
      }
    };

  it('comes to an end where no key is on both sides, whichever begins later', async () => {
    for (const [a, b] of [
      [0, 200],
      [200, 0],
    ] as const) {
      const { rows, unordered } = await findRowDifferences(
        numbers(0, 50_000, { lateMs: a }),
        numbers(1_000_000, 50_000, { lateMs: b }),
        ['k', 'v'],
        1,
        10,
      );
      expect([rows.length, unordered]).toEqual([10, false]);
    }
  }, 60_000);

  it('names no row of sides in another order as missing, and says that it could not tell', async () => {
    const found = await findRowDifferences(
      numbers(0, 500_000),
      numbers(0, 500_000, { down: true, other: 7 }),
      ['k', 'v'],
      1,
      5,
    );
    expect(found).toEqual({ rows: [], unordered: true });
  }, 60_000);

  it('names the one row that differs where the other order has not too many rows', async () => {
    const { rows, unordered } = await findRowDifferences(
      numbers(0, 300_000),
      numbers(0, 300_000, { down: true, other: 7 }),
      ['k', 'v'],
      1,
      5,
    );
    expect([rows.map(r => [r.key, r.difference]), unordered]).toEqual([[['[k] = 7', 'different']], false]);
  }, 60_000);

  it('names rows of a side whose other one has far less', async () => {
    for (const [a, b, difference] of [
      [300_000, 10, 'missing'],
      [10, 300_000, 'extra'],
    ] as const) {
      const { rows, unordered } = await findRowDifferences(numbers(0, a), numbers(0, b), ['k', 'v'], 1, 3);
      expect([rows.map(r => r.difference), unordered]).toEqual([[difference, difference, difference], false]);
    }
  }, 60_000);

  it('passes on what a reader throws', async () => {
    const broken: RowReader = async () => {
      throw new Error('lost');
    };
    await expect(findRowDifferences(broken, reader([[1, 'a']]), ['k', 'v'], 1, 5)).rejects.toThrow('lost');
  });
});
