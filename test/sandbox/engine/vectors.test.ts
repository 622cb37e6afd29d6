import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSession } from '../../../src/connection/connect.ts';
import type { Session } from '../../../src/connection/session.ts';
import { readLogin7 } from '../../../src/sandbox/tds/login.ts';
import { b, done, hex, row, u16, u32 } from '../../connection/tds-bytes.ts';
import { connectionTo, openSandbox, type Sandbox, sessionOn } from '../../support/sandbox.ts';

let sandbox: Sandbox;
let native: Session;
let text: Session;
beforeAll(async () => {
  sandbox = await openSandbox({ version: 170 });
  native = await sessionOn(sandbox);
  text = await openSession({ ...connectionTo(sandbox), vectorsAsText: true });
  for (const session of [native, text]) await session.useDatabase('master');
}, 120_000);
afterAll(async () => {
  await native?.close();
  await text?.close();
  await sandbox?.close();
});

const failure = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'nothing failed',
    (error: Error) => error.message,
  );
const one = async (session: Session, expression: string) => (await session.query(`SELECT ${expression}`)).rows[0]![0];
const bytes = (text: string): Uint8Array => new Uint8Array(hex(text));

describe('vectors of 2025', () => {
  it('are bytes to who asked for them, and text to others', async () => {
    const value = "CAST('[1, -2.5e-3, 0.1]' AS vector(3))";
    expect(await one(native, value)).toEqual(bytes('a901 0300 00 000000 0000803f 0ad723bb cdcccc3d'));
    expect(await one(text, value)).toBe('[1.0000000e+000,-2.4999999e-003,1.0000000e-001]');
    expect(await one(native, `CAST(${value} AS nvarchar(100))`)).toBe(
      '[1.0000000e+000,-2.4999999e-003,1.0000000e-001]',
    );
    expect(await one(native, `DATALENGTH(${value})`)).toBe(20);
    expect(await one(native, 'CAST(NULL AS vector(3))')).toBeNull();
  });

  it('of half precision are text to all, and rounded to it', async () => {
    const value = "CAST('[0.1, 65504, 1e-7, -0.0]' AS vector(4, float16))";
    const rounded = '[9.9975586e-002,6.5504000e+004,1.1920929e-007,-0.0000000e+000]';
    expect(await one(native, value)).toBe(rounded);
    expect(await one(text, value)).toBe(rounded);
    const halves = Math as unknown as { f16round(n: number): number };
    const number = fc.oneof(
      fc.double({ min: -65504, max: 65504, noNaN: true }),
      fc.double({ min: -1e-4, max: 1e-4, noNaN: true }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(number, { minLength: 1, maxLength: 20 }), async numbers => {
        const list = JSON.stringify(numbers);
        const found = await one(native, `CAST('${list}' AS vector(${numbers.length}, float16))`);
        const wanted = numbers.map(n => halves.f16round(n) + 0);
        expect(
          (JSON.parse(String(found).replaceAll(/e([-+])0+(?=\d)/g, 'e$1')) as number[]).map(
            n => halves.f16round(n) + 0,
          ),
        ).toEqual(wanted);
      }),
      { numRuns: 60 },
    );
  });

  it('keep every bit on their way through tables', async () => {
    await native.execute('CREATE TABLE bits (id int, v vector(2) NULL); CREATE TABLE more (v vector(2) NULL)');
    await native.execute("INSERT bits VALUES (1, '[16777215,1.00000012]'), (2, '[1e-45,-0.0]'), (3, NULL)");
    await native.execute('INSERT more SELECT v FROM bits ORDER BY id; UPDATE bits SET id = id + 10');
    const wanted = [
      [bytes('a901 0200 00 000000 ffff7f4b 0100803f')],
      [bytes('a901 0200 00 000000 01000000 00000080')],
      [null],
    ];
    expect((await native.query('SELECT v FROM bits')).rows).toEqual(wanted);
    expect((await native.query('SELECT v FROM more')).rows).toEqual(wanted);
    expect((await native.query('SELECT v, id FROM bits WHERE id > 10 ORDER BY id')).rows.map(r => [r[0]])).toEqual(
      wanted,
    );
    expect((await text.query('SELECT v FROM bits')).rows[0]).toEqual(['[1.6777215e+007,1.0000001e+000]']);
  });

  it.each([
    ["CAST('[1,2]' AS vector(3))", 'The vector dimensions 3 and 2 do not match.'],
    ["CAST('[1,2' AS vector(2))", 'JSON text is not properly formatted'],
    [`CAST('[1,"2"]' AS vector(2))`, 'JSON text is not properly formatted'],
    ["CAST('[1,1e39]' AS vector(2))", 'overflow'],
    ["CAST('[1,65520]' AS vector(2, float16))", 'overflow'],
    ['CAST(0xA901 AS vector(2))', 'Explicit conversion from data type varbinary'],
    ["CAST(CAST('[1,2]' AS vector(2)) AS vector(3))", 'The vector dimensions 3 and 2 do not match.'],
  ])('%s is refused', async (expression, message) => {
    expect(await failure(native.query(`SELECT ${expression}`))).toContain(message);
  });
});

describe('a bulk load of vectors', () => {
  const metadata = (type: string): Buffer => Buffer.concat([hex('81'), u16(1), u32(0), u16(5), hex(type), b('v')]);
  const load = (session: Session, declared: string, type: string, ...values: string[]): Promise<number> => {
    const message = Buffer.concat([metadata(type), ...values.map(v => row(hex(v))), done()]);
    return session.bulkLoad(`INSERT BULK loaded ([v] ${declared}) WITH (KEEP_NULLS)`, [message]);
  };
  beforeAll(() => native.execute('CREATE TABLE loaded (v vector(2) NULL)'));

  it('takes their bytes', async () => {
    const value = 'a901 0200 00 000000 0000c03f 01000080';
    expect(await load(native, 'vector(2)', 'f5 1000 00', `1000 ${value}`, 'ffff')).toBe(2);
    expect((await native.query('SELECT v FROM loaded')).rows).toEqual([[bytes(value)], [null]]);
  });

  it.each([
    [
      'another type declared',
      'varchar(max)',
      'f5 1000 00',
      '1000 a901 0200 00 000000 0000c03f 01000080',
      'Invalid column type',
    ],
    [
      'other dimensions declared',
      'vector(3)',
      'f5 1000 00',
      '1000 a901 0200 00 000000 0000c03f 01000080',
      'Invalid column type',
    ],
    [
      'other dimensions sent',
      'vector(3)',
      'f5 1400 00',
      '1400 a901 0300 00 000000 000000000000000000000000',
      'dimensions 2 and 3',
    ],
    ['another layout', 'vector(2)', 'f5 1000 00', '1000 a801 0200 00 000000 0000c03f 01000080', 'invalid vector'],
    ['a cut value', 'vector(2)', 'f5 1000 00', '0c00 a901 0200 00 000000 0000c03f', 'invalid vector'],
    ['NaN', 'vector(2)', 'f5 1000 00', '1000 a901 0200 00 000000 0000c07f 01000080', 'overflow'],
  ])('refuses %s', async (_, declared, type, value, message) => {
    expect(await failure(load(native, declared, type, value))).toContain(message);
  });

  it('refuses their bytes from a client that has not asked for them', async () => {
    const value = '1000 a901 0200 00 000000 0000c03f 01000080';
    expect(await failure(load(text, 'vector(2)', 'f5 1000 00', value))).toContain('Invalid column type');
  });
});

describe('the log-in feature', () => {
  it.each([
    ['before 2025', { version: 160 }, false],
    ['from 2025 on', { version: 170 }, true],
    ['of a server without it', { version: 170, nativeVectors: false }, false],
    ['of Azure', { version: 170, azure: true }, true],
  ] as const)(
    'is acknowledged as servers do: %s',
    async (_, options, wanted) => {
      const server = await openSandbox(options);
      const session = await sessionOn(server);
      expect(session.nativeVectors).toBe(wanted);
      await session.close();
      await server.close();
    },
    120_000,
  );

  it('is none in a log-in without features', () => {
    const login = Buffer.alloc(94);
    expect(readLogin7(login).vectorVersion).toBe(0);
  });
});
