import { afterEach, describe, expect, it } from 'vitest';
import { openSession } from '../../src/connection/connect.ts';
import { defaultConnectionOptions } from '../../src/connection/connection-options.ts';
import type { Session } from '../../src/connection/session.ts';
import { sumRows } from '../../src/connection/sum-rows.ts';
import { Rowsum } from '../../src/data/rowsum.ts';
import { columnMetadata, done, int, plp, row, text, typeInfo, u64 } from './tds-bytes.ts';
import { type Exchange, type TinyServer, tinyServer } from './tiny-server.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const thing of open.splice(0).reverse()) await thing.close();
});

async function connect(answer: (exchange: Exchange) => void | Promise<void>): Promise<Session> {
  const server: TinyServer = await tinyServer(answer, { packetBytes: 4096 });
  open.push(server);
  const session = await openSession({
    ...defaultConnectionOptions,
    server: '127.0.0.1',
    port: server.port,
    encrypt: 'optional',
    auth: { kind: 'sql', user: 'sa', password: 'x' },
  });
  open.push(session);
  return session;
}

function sumOf(...texts: string[]): string {
  const sum = new Rowsum();
  for (const line of texts) {
    const bytes = Buffer.concat([Buffer.from(line), Buffer.alloc(16)]);
    sum.add(new DataView(bytes.buffer, bytes.byteOffset, bytes.length), 0, bytes.length - 16);
  }
  return sum.toString();
}

const columns = columnMetadata([
  ['id', typeInfo.int],
  ['name', typeInfo.nvarchar(120)],
  ['body', typeInfo.nvarcharMax],
]);

describe('sumRows', () => {
  it('sums the canonical literals of the rows, whatever their order', async () => {
    const rows = [
      row(int(1), text("O'Neil"), plp(Buffer.from('a\r\nGO', 'utf16le'))),
      row(int(-2), text(''), u64(0xffffffffffffffffn)),
    ];
    const session = await connect(e => e.send(Buffer.concat([columns, ...rows, done(16, 2)])));
    const summed = await sumRows(session, 'SELECT 1');
    expect(summed.rows).toBe(2);
    expect(summed.columns.map(c => c.name)).toEqual(['id', 'name', 'body']);
    expect(summed.rowsum).toBe(sumOf("-2,N'',NULL", "1,N'O''Neil',N'a\r\nGO'"));
  });

  it('sums a row of several megabytes by parts', async () => {
    const body = 'é€𝄞x'.repeat(600_000);
    const bytes = Buffer.from(body, 'utf16le');
    const large = row(int(7), text('big'), plp(bytes.subarray(0, 1_000_001), bytes.subarray(1_000_001)));
    const session = await connect(e => e.send(Buffer.concat([columns, large, large, done(16, 2)])));
    const summed = await sumRows(session, 'SELECT 1', { largeRowBytes: 100_000 });
    expect(summed.rows).toBe(2);
    const line = `7,N'big',N'${body}'`;
    expect(summed.rowsum).toBe(sumOf(line, line));
  }, 60_000);

  it('sums rows larger than its buffer that the session joined', async () => {
    const body = 'x'.repeat(400_000);
    const session = await connect(e =>
      e.send(Buffer.concat([columns, row(int(7), text('b'), plp(Buffer.from(body, 'utf16le'))), done(16, 1)])),
    );
    const summed = await sumRows(session, 'SELECT 1', { largeRowBytes: 1 << 24 });
    expect(summed.rowsum).toBe(sumOf(`7,N'b',N'${body}'`));
  });

  it('counts rows without looking at their values when asked to', async () => {
    const rows = Array.from({ length: 3 }, (_, i) => row(int(i), text('x'), plp()));
    const session = await connect(e => e.send(Buffer.concat([columns, ...rows, done(16, 3)])));
    const summed = await sumRows(session, 'SELECT 1', { withoutValues: true });
    expect(summed).toMatchObject({ rows: 3, rowsum: sumOf('', '', '') });
  });

  it('gives zeros for no rows', async () => {
    const session = await connect(e => e.send(Buffer.concat([columns, done(16, 0)])));
    expect(await sumRows(session, 'SELECT 1')).toMatchObject({ rows: 0, rowsum: '0'.repeat(32) });
  });
});
