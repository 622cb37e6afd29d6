import { afterEach, describe, expect, it, vi } from 'vitest';
import { openSession } from '../../src/connection/connect.ts';
import { defaultConnectionOptions } from '../../src/connection/connection-options.ts';
import type { RowSink, Session } from '../../src/connection/session.ts';
import { CancelledError, ConnectionLostError, SqlServerError } from '../../src/connection/sql-error.ts';
import type { RowsTaken } from '../../src/data/rows-taken.ts';
import { describeError, XpdbError } from '../../src/model/error.ts';
import {
  columnMetadata,
  databaseChange,
  done,
  environmentChange,
  error,
  hex,
  info,
  int,
  loginAck,
  plp,
  row,
  text,
  typeInfo,
  u64,
} from './tds-bytes.ts';
import { type Exchange, loginAnswer, type TinyOptions, type TinyServer, tinyServer } from './tiny-server.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const thing of open.splice(0).reverse()) await thing.close();
});

async function connect(
  answer: (exchange: Exchange) => void | Promise<void>,
  options: TinyOptions = {},
): Promise<{ session: Session; server: TinyServer }> {
  const server = await tinyServer(answer, options);
  open.push(server);
  const session = await openSession({
    ...defaultConnectionOptions,
    server: '127.0.0.1',
    port: server.port,
    encrypt: 'optional',
    auth: { kind: 'sql', user: 'sa', password: 'x' },
  });
  open.push(session);
  return { session, server };
}

const twoColumns = columnMetadata([
  ['id', typeInfo.int],
  ['name', typeInfo.nvarchar(120)],
]);
const nullRow = hex('d2 02 04 05000000');

/** Collects what a sink is given; the bytes are copied, as the contract asks. */
class Collector implements RowSink {
  readonly parts: Buffer[] = [];
  counts: number[] = [];
  names: string[][] = [];
  columns(columns: readonly { name: string }[]): void {
    this.names.push(columns.map(c => c.name));
  }
  rows(bytes: Uint8Array, start: number, end: number, count: number): void | Promise<void> {
    this.parts.push(Buffer.from(bytes.slice(start, end)));
    this.counts.push(count);
  }
  get bytes(): Buffer {
    return Buffer.concat(this.parts);
  }
  get count(): number {
    return this.counts.reduce((sum, n) => sum + n, 0);
  }
}

describe('log-in', () => {
  it('tells database and version', async () => {
    const { session } = await connect(() => {}, {
      login: () => Buffer.concat([databaseChange('Shop'), loginAck(10, 50, 6000), done()]),
    });
    expect(session.database).toBe('Shop');
    expect(session.serverVersion).toEqual({ major: 10, minor: 50, build: 6000 });
    expect(session.closed).toBe(false);
    await session.close();
    expect(session.closed).toBe(true);
    await expect(session.query('SELECT 1')).rejects.toBeInstanceOf(XpdbError);
  });
});

describe('query', () => {
  it.each([1, 2, 3, 7, 4088])('yields exact rows with packets of %i payload bytes', async packetBytes => {
    const { session, server } = await connect(
      x =>
        x.send(
          Buffer.concat([
            twoColumns,
            row(int(7), text('Zoë')),
            info({ number: 50000, message: 'in between' }),
            nullRow,
            done(16, 2),
          ]),
        ),
      { packetBytes },
    );
    const result = await session.query('SELECT id, name FROM t');
    expect(result.columns.map(c => c.name)).toEqual(['id', 'name']);
    expect(result.rows).toEqual([
      [7, 'Zoë'],
      [5, null],
    ]);
    expect(server.seen[0]!.sql).toBe('SELECT id, name FROM t');
  });

  it('throws the error that comes after rows, and the session goes on', async () => {
    let first = true;
    const { session } = await connect(x => {
      const failing = first;
      first = false;
      return x.send(
        failing
          ? Buffer.concat([
              twoColumns,
              row(int(1), text('a')),
              error({ number: 8134, message: 'Divide by zero error encountered.', line: 3, procedure: 'p', state: 2 }),
              error({ number: 3621, message: 'The statement has been terminated.' }),
              done(2),
            ])
          : Buffer.concat([twoColumns, row(int(2), text('b')), done(16, 1)]),
      );
    });
    const failure = await session.query('SELECT 1/0').catch(e => e);
    expect(failure).toBeInstanceOf(SqlServerError);
    expect(failure).toMatchObject({ number: 8134, line: 3, procedure: 'p', state: 2, class: 16, server: 'SRV' });
    expect(failure.errors.map((e: { number: number }) => e.number)).toEqual([8134, 3621]);
    expect(describeError(failure)).toBe('Divide by zero error encountered. (error 8134)');
    expect((await session.query('SELECT 2')).rows).toEqual([[2, 'b']]);
  });

  it('refuses a second result and a batch without one', async () => {
    const { session } = await connect(x =>
      x.send(
        x.sql === 'two'
          ? Buffer.concat([twoColumns, done(17, 0), twoColumns, done(16, 0)])
          : x.type === 6
            ? done(0x20)
            : done(),
      ),
    );
    await expect(session.query('two')).rejects.toThrow('more than one result');
    await expect(session.query('none')).rejects.toThrow('gave no result');
  });

  it('names a column type that it does not know, and the session goes on', async () => {
    const strange = columnMetadata([
      ['id', typeInfo.int],
      ['odd', hex('f9')],
    ]);
    const { session } = await connect(x =>
      x.type === 6
        ? x.send(done(0x20))
        : x.send(
            x.sql === 'odd'
              ? Buffer.concat([strange, hex('d1 0401000000 77'), done(16, 1)])
              : Buffer.concat([twoColumns, done(16, 0)]),
          ),
    );
    await expect(session.query('odd')).rejects.toThrow(
      'column 2 of the result (after column id) has the wire type 0xF9',
    );
    expect((await session.query('even')).rows).toEqual([]);
  });

  it('streams rows one by one and cancels at the server when the reader leaves', async () => {
    const many = Buffer.concat(Array.from({ length: 500 }, (_, i) => row(int(i), text('x'.repeat(30)))));
    const { session, server } = await connect(async x => {
      if (x.type === 6) {
        await x.send(done(2));
        await x.send(done(0x20));
      } else if (x.sql === 'all') await x.send(Buffer.concat([twoColumns, many, done(16, 500)]));
      else await x.part(Buffer.concat([twoColumns, many]));
    });
    const ids: unknown[] = [];
    for await (const [id] of session.queryRows('all')) ids.push(id);
    expect(ids).toEqual(Array.from({ length: 500 }, (_, i) => i));
    for await (const [id] of session.queryRows('endless')) if (id === 3) break;
    expect(server.seen.map(x => x.type)).toEqual([1, 1, 6]);
    expect((await session.query('all')).rows).toHaveLength(500);
  });
});

describe('execute', () => {
  it('counts rows, keeps messages and follows the database', async () => {
    const told: string[] = [];
    const complaints = vi.spyOn(console, 'error');
    const { session } = await connect(x =>
      x.send(
        Buffer.concat([
          info({ number: 0, message: 'hello' }),
          twoColumns,
          row(int(1), text('a')),
          done(17, 1),
          databaseChange('Shop'),
          // A type of ENVCHANGE that tedious would complain about on stderr.
          environmentChange(17, hex('00'), hex('00')),
          done(16, 42, 0xc3),
        ]),
      ),
    );
    const result = await session.execute('x', { onMessage: m => told.push(m.message) });
    expect(result.rowCounts).toEqual([1, 42]);
    expect(result.messages.map(m => m.message)).toEqual(['hello']);
    expect(result.resultSets).toBe(1);
    expect(told).toEqual(['hello']);
    expect(complaints).not.toHaveBeenCalled();
    expect(session.database).toBe('Shop');
  });

  it('follows transactions of batches and of its own', async () => {
    const descriptor = hex('08 0100000000000000');
    const { session, server } = await connect(x => {
      if (x.type === 1) return x.send(Buffer.concat([environmentChange(8, descriptor, hex('00')), done()]));
      const kind = x.payload.readUInt16LE(x.payload.readUInt32LE(0));
      if (kind === 5) return x.send(Buffer.concat([environmentChange(8, descriptor, hex('00')), done()]));
      return x.send(Buffer.concat([environmentChange(kind === 7 ? 9 : 10, hex('00'), descriptor), done()]));
    });
    await session.execute('BEGIN TRAN');
    expect(session.inTransaction).toBe(true);
    await session.rollback();
    expect(session.inTransaction).toBe(false);
    await session.beginTransaction('snapshot');
    expect(session.inTransaction).toBe(true);
    await session.commit();
    expect(session.inTransaction).toBe(false);
    expect(server.seen.map(x => x.type)).toEqual([1, 14, 14, 14]);
    expect(server.seen[2]!.payload[24]).toBe(5);
  });

  it('quotes the database of USE', async () => {
    const { session, server } = await connect(x => x.send(done()));
    await session.useDatabase('a]b');
    expect(server.seen[0]!.sql).toBe('USE [a]]b]');
  });

  it('ends a batch that takes longer than allowed', async () => {
    const { session } = await connect(async x => {
      if (x.type !== 6) return;
      await x.send(done(2));
      await x.send(done(0x20));
    });
    await expect(session.execute('WAITFOR', { timeoutMs: 30 })).rejects.toThrow('longer than 0.03 seconds');
    expect(session.closed).toBe(false);
  });

  it('is one request at a time', async () => {
    const { session } = await connect(x => x.send(done()));
    const first = session.execute('a');
    await expect(session.execute('b')).rejects.toThrow('busy');
    await first;
  });
});

describe('cancel', () => {
  it('ends a running batch and leaves the session usable', async () => {
    const { session, server } = await connect(async x => {
      if (x.type === 6) {
        // The answer stops in the middle of a row, which no parser could follow.
        await x.send(hex('d1 04'));
        await x.send(done(0x20));
      } else if (x.sql === 'again') await x.send(done(16, 3));
      else await x.part(Buffer.concat([twoColumns, row(int(1), text('a'))]));
    });
    const running = session.streamRows('SELECT', {
      columns() {},
      rows() {
        setTimeout(() => session.cancel(), 5);
      },
    });
    await expect(running).rejects.toBeInstanceOf(CancelledError);
    expect((await session.execute('again')).rowCounts).toEqual([3]);
    expect(server.seen.map(x => x.type)).toEqual([1, 6, 1]);
  });

  it('may come at any moment', async () => {
    const page = Buffer.concat(Array.from({ length: 200 }, (_, i) => row(int(i), text('x'.repeat(i % 60)))));
    let stop = false;
    let running = false;
    const { session, server } = await connect(async x => {
      if (x.type === 6) {
        stop = true;
        // An attention that comes after the answer is acknowledged alone.
        if (!running) await x.send(done(0x20));
        return;
      }
      stop = false;
      running = true;
      await x.part(twoColumns);
      for (let i = 0; i < 50 && !stop; i++) {
        await x.part(page);
        await new Promise(resolve => setImmediate(resolve));
      }
      running = false;
      await x.send(done(stop ? 2 : 16, 0));
      if (stop) await x.send(done(0x20));
    });
    for (let run = 0; run < 15; run++) {
      const timer = setTimeout(() => session.cancel(), run);
      const outcome = await session.streamRows('SELECT', new Collector()).then(
        () => 'done',
        e => e,
      );
      clearTimeout(timer);
      if (outcome !== 'done') expect(outcome).toBeInstanceOf(CancelledError);
    }
    expect(server.seen.some(x => x.type === 6)).toBe(true);
    expect(session.closed).toBe(false);
  });

  it('does not wait for a sink that waits', async () => {
    const { session } = await connect(async x => {
      if (x.type === 6) {
        await x.send(done(2));
        await x.send(done(0x20));
      } else await x.part(Buffer.concat([twoColumns, row(int(1), text('a'))]));
    });
    const running = session.streamRows('SELECT', {
      columns() {},
      rows() {
        setTimeout(() => session.cancel(), 5);
        return new Promise(() => {});
      },
    });
    await expect(running).rejects.toBeInstanceOf(CancelledError);
  });

  it('passes on what the sink throws', async () => {
    const { session } = await connect(async x => {
      if (x.type === 6) {
        await x.send(done(2));
        await x.send(done(0x20));
      } else await x.part(Buffer.concat([twoColumns, row(int(1), text('a'))]));
    });
    const disk = new Error('disk full');
    const failing = (fail: () => void | Promise<void>): Promise<unknown> =>
      session.streamRows('SELECT', { columns() {}, rows: fail });
    await expect(
      failing(() => {
        throw disk;
      }),
    ).rejects.toBe(disk);
    await expect(failing(() => Promise.reject(disk))).rejects.toBe(disk);
    expect(session.closed).toBe(false);
  });
});

describe('a sink that finds the ends of rows itself', () => {
  /** Takes rows of an int and a text, two at a time; of the third of each piece it wants to know where it ends. */
  class Finder extends Collector {
    asked = 0;
    takeRows(bytes: Uint8Array, start: number, end: number): RowsTaken | null {
      if (++this.asked % 3 === 0) return null;
      let at = start;
      let count = 0;
      while (count < 2 && bytes[at] === 0xd1 && at + 8 <= end) {
        const behind = at + 8 + (bytes[at + 6]! | (bytes[at + 7]! << 8));
        if (behind > end) break;
        this.parts.push(Buffer.from(bytes.slice(at, behind)));
        at = behind;
        count++;
      }
      return at === start ? null : { end: at, count, wait: count === 2 ? new Promise(setImmediate) : undefined };
    }
  }
  const rows = Array.from({ length: 200 }, (_, i) => row(int(i), text('x'.repeat(i % 40))));

  it.each([3, 50, 4088])('gets every row once and in order with packets of %i payload bytes', async packetBytes => {
    const { session } = await connect(x => x.send(Buffer.concat([twoColumns, ...rows, done(16, 200)])), {
      packetBytes,
    });
    const sink = new Finder();
    expect(await session.streamRows('SELECT', sink)).toEqual({ rows: 200 });
    expect(sink.bytes.equals(Buffer.concat(rows))).toBe(true);
    expect(sink.asked).toBeGreaterThan(0);
  });

  it('ends the query by its own error', async () => {
    const { session } = await connect(x =>
      x.send(x.type === 6 ? done(0x20) : Buffer.concat([twoColumns, ...rows, done(16, 200)])),
    );
    const sink = new Finder();
    sink.takeRows = () => {
      throw new Error('no more of it');
    };
    await expect(session.streamRows('SELECT', sink)).rejects.toThrow('no more of it');
    expect((await session.streamRows('SELECT', new Finder())).rows).toBe(200);
  });
});

describe('streamRows', () => {
  const rows = Array.from({ length: 300 }, (_, i) => (i % 3 === 0 ? nullRow : row(int(i), text('y'.repeat(i % 60)))));

  it.each([1, 3, 50, 511, 4088])('hands on the bytes of the rows as they came, packets of %i', async packetBytes => {
    const { session } = await connect(x => x.send(Buffer.concat([twoColumns, ...rows, done(16, 300)])), {
      packetBytes,
    });
    const sink = new Collector();
    expect(await session.streamRows('SELECT', sink)).toEqual({ rows: 300 });
    expect(sink.bytes.equals(Buffer.concat(rows))).toBe(true);
    expect(sink.count).toBe(300);
    expect(sink.names).toEqual([['id', 'name']]);
  });

  it('passes several results and an error at the end', async () => {
    const one = columnMetadata([['n', typeInfo.intFixed]]);
    const { session } = await connect(x =>
      x.send(
        Buffer.concat([
          twoColumns,
          rows[1]!,
          done(17, 1),
          one,
          hex('d1 05000000 d1 06000000'),
          error({ number: 1205, message: 'deadlocked', class: 13 }),
          done(2),
        ]),
      ),
    );
    const sink = new Collector();
    const failure = await session.streamRows('SELECT', sink).catch(e => e);
    expect(failure).toMatchObject({ number: 1205, retryable: true });
    expect(sink.names).toEqual([['id', 'name'], ['n']]);
    expect(sink.count).toBe(3);
  });

  it('holds the server back while the sink waits', async () => {
    const big = Buffer.concat(Array.from({ length: 400 }, (_, i) => row(int(i), text('z'.repeat(60)))));
    let sent = 0;
    const rounds = 400;
    const { session } = await connect(
      async x => {
        await x.part(twoColumns);
        for (let i = 0; i < rounds; i++) {
          await x.part(big);
          sent++;
        }
        await x.send(done(16, 400 * rounds));
      },
      { packetBytes: 8000 },
    );
    let release = (): void => {};
    const held = new Promise<void>(resolve => (release = resolve));
    let calls = 0;
    const running = session.streamRows('SELECT', {
      columns() {},
      rows() {
        return ++calls === 1 ? held : undefined;
      },
    });
    await new Promise(resolve => setTimeout(resolve, 200));
    const whenHeld = sent;
    await new Promise(resolve => setTimeout(resolve, 100));
    expect(calls).toBe(1);
    // Socket buffers of both sides hold a few MB of the 21 MB.
    expect(sent).toBe(whenHeld);
    expect(whenHeld).toBeLessThan(rounds - 50);
    release();
    expect((await running).rows).toBe(400 * rounds);
  });

  it('hands large rows on in parts and joins the small ones', async () => {
    const columns = columnMetadata([
      ['id', typeInfo.int],
      ['big', typeInfo.varbinaryMax],
    ]);
    const large = row(int(1), plp(Buffer.alloc(2_700_000, 1), Buffer.alloc(50_000, 2)));
    const small = row(int(2), plp(Buffer.alloc(5000, 3)));
    const nullish = row(int(3), u64(0xffffffffffffffffn));
    const { session } = await connect(x => x.send(Buffer.concat([columns, large, small, nullish, large, done(16, 4)])));
    const calls: string[] = [];
    let parts: Buffer[] = [];
    const sink: RowSink = {
      columns() {},
      rows(bytes, start, end, count) {
        calls.push(`${count}:${end - start}`);
        if (end - start === small.length) expect(Buffer.from(bytes.slice(start, end)).equals(small)).toBe(true);
      },
      largeRowStart() {
        parts = [];
      },
      async largeRowPart(bytes) {
        await new Promise(resolve => setImmediate(resolve));
        parts.push(Buffer.from(bytes));
      },
      largeRowEnd() {
        expect(Math.max(...parts.map(p => p.length))).toBeLessThan(1_000_000);
        expect(Buffer.concat(parts).equals(large)).toBe(true);
        calls.push('large');
      },
    };
    expect(await session.streamRows('SELECT', sink, { largeRowBytes: 2_000_000 })).toEqual({ rows: 4 });
    expect(calls.filter(c => c === 'large')).toHaveLength(2);
    expect(calls.filter(c => c !== 'large').reduce((sum, c) => sum + Number(c.split(':')[0]), 0)).toBe(2);

    const { largeRowStart: _, ...joining } = sink;
    calls.length = 0;
    await session.streamRows('SELECT', joining, { largeRowBytes: 2_000_000 });
    expect(calls.filter(c => c === `1:${large.length}`)).toHaveLength(2);
  });
});

describe('a server that goes away', () => {
  it('in the middle of a result is a lost connection', async () => {
    const { session } = await connect(async x => {
      await x.part(Buffer.concat([twoColumns, hex('d1 04 01')]));
      setTimeout(() => x.hangUp(), 5);
    });
    const failure = await session.streamRows('SELECT', new Collector()).catch(e => e);
    expect(failure).toBeInstanceOf(ConnectionLostError);
    expect(failure.message).toMatch(/^connection to 127\.0\.0\.1,\d+ lost while a batch ran$/);
    expect(failure.exitCode).toBe(4);
    expect(session.closed).toBe(true);
    await expect(session.execute('x')).rejects.toBeInstanceOf(ConnectionLostError);
  });

  it('is a lost connection when the sink fails for it afterwards', async () => {
    const { session } = await connect(async x => {
      await x.part(Buffer.concat([twoColumns, row(int(1), text('abc'))]));
      setTimeout(() => x.hangUp(), 5);
    });
    let giveUp = (_: Error) => {};
    const sink: RowSink = {
      columns: () => undefined,
      rows: () => new Promise((_, reject) => (giveUp = reject)),
    };
    await expect(session.streamRows('SELECT', sink)).rejects.toBeInstanceOf(ConnectionLostError);
    // What the rows were for is given up, which must not ask the server to stop: there is none.
    giveUp(new Error('the load was given up'));
    await new Promise(resolve => setTimeout(resolve, 20));
    await expect(session.execute('x')).rejects.toBeInstanceOf(ConnectionLostError);
  });

  it('at any byte of its answer is a lost connection, never a wrong result', async () => {
    const answer = Buffer.concat([
      twoColumns,
      row(int(1), text('abc')),
      nullRow,
      info({ number: 1, message: 'm' }),
      done(16, 2),
    ]);
    for (let cut = 0; cut < answer.length; cut += 3) {
      const { session } = await connect(async x => {
        if (cut > 0) await x.part(answer.subarray(0, cut));
        setImmediate(() => x.hangUp());
      });
      const sink = new Collector();
      await expect(session.streamRows('SELECT', sink)).rejects.toBeInstanceOf(ConnectionLostError);
      expect(sink.count).toBeLessThanOrEqual(2);
    }
  });

  it('in the middle of a message that otherwise looks whole is one, too', async () => {
    const { session } = await connect(async x => {
      // All tokens are there, but the last packet of the message never comes.
      await x.part(Buffer.concat([twoColumns, row(int(1), text('abc')), done(16, 1)]));
      setImmediate(() => x.hangUp());
    });
    await expect(session.query('SELECT')).rejects.toBeInstanceOf(ConnectionLostError);
  });

  it.each([
    ['in the middle of a row', hex('d1 04 01')],
    ['after a row', row(int(1), text('abc'))],
    ['before the last result', done(17, 1)],
  ])('with an answer that ends %s is a lost connection, not a short result', async (_, tail) => {
    const { session } = await connect(x => x.send(Buffer.concat([twoColumns, tail])));
    await expect(session.query('SELECT')).rejects.toBeInstanceOf(ConnectionLostError);
  });

  it('with a last word repeats it', async () => {
    const { session } = await connect(async x => {
      await x.send(Buffer.concat([error({ number: 6005, class: 21, message: 'SHUTDOWN is in progress.' }), done(2)]));
      x.hangUp();
    });
    const failure = await session.execute('x').catch(e => e);
    expect(failure).toBeInstanceOf(ConnectionLostError);
    expect(describeError(failure)).toContain('SHUTDOWN is in progress. (error 6005)');
  });

  it('with a broken answer is a lost connection, too', async () => {
    const { session } = await connect(x => x.send(hex('00 11 22')));
    await expect(session.execute('x')).rejects.toBeInstanceOf(ConnectionLostError);
  });
});

describe('bulkLoad', () => {
  const statement = 'INSERT BULK [t] ([id] int)';
  const rowsOfLoad = [
    columnMetadata([['id', typeInfo.int]]),
    row(int(1)),
    row(int(2)),
    hex('fd000000000000000000000000'),
  ];

  it('sends the statement, then the pieces as one message, and yields the count', async () => {
    const { session, server } = await connect(x => x.send(x.type === 7 ? done(16, 2, 240) : done(0, 0, 253)));
    async function* pieces() {
      for (const piece of rowsOfLoad) yield new Uint8Array(piece);
    }
    expect(await session.bulkLoad(statement, pieces())).toBe(2);
    expect(await session.bulkLoad(statement, rowsOfLoad)).toBe(2);
    expect(server.seen.map(x => x.type)).toEqual([1, 7, 1, 7]);
    expect(server.seen[0]!.sql).toBe(statement);
    expect(server.seen[1]!.payload.equals(Buffer.concat(rowsOfLoad))).toBe(true);
  });

  it('throws the error of the source rather than its echo', async () => {
    const { session } = await connect(x =>
      x.send(
        x.type === 7
          ? Buffer.concat([error({ number: 4804, message: 'premature end-of-message' }), done(2)])
          : done(0, 0, 253),
      ),
    );
    const broken = new XpdbError('chunk 3 is damaged');
    let cleaned = false;
    async function* pieces() {
      try {
        yield rowsOfLoad[0]!;
        throw broken;
      } finally {
        cleaned = true;
      }
    }
    await expect(session.bulkLoad(statement, pieces())).rejects.toBe(broken);
    expect(cleaned).toBe(true);
    await expect(session.bulkLoad(statement, rowsOfLoad)).rejects.toMatchObject({ number: 4804 });
  });

  it('ends the source when the server goes away', async () => {
    const { session } = await connect(async x => {
      await x.send(done(0, 0, 253));
      x.hangUp();
    });
    let cleaned = false;
    async function* endless() {
      try {
        for (;;) yield Buffer.alloc(65536);
      } finally {
        cleaned = true;
      }
    }
    await expect(session.bulkLoad(statement, endless())).rejects.toBeInstanceOf(ConnectionLostError);
    await new Promise(resolve => setImmediate(resolve));
    expect(cleaned).toBe(true);
  });

  it('does not pull the source before the statement is accepted', async () => {
    const { session } = await connect(x =>
      x.send(Buffer.concat([error({ number: 208, message: "Invalid object name 't'." }), done(2)])),
    );
    let pulled = false;
    function* pieces() {
      pulled = true;
      yield rowsOfLoad[0]!;
    }
    await expect(session.bulkLoad(statement, pieces())).rejects.toMatchObject({ number: 208 });
    expect(pulled).toBe(false);
  });
});

it('the log-in answer of the tests is accepted with a message in it', async () => {
  const { session } = await connect(x => x.send(done()), {
    login: () => loginAnswer(info({ number: 5701, message: "Changed database context to 'master'." })),
  });
  expect(session.database).toBe('master');
});
