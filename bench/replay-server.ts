/**
 * A server for benchmarks, in a process of its own: the sandbox, except that rows of dbo.Bench come from pages that were made before, and
 * that bulk loads are counted and thrown away. So what is measured is xpdb and not the server.
 *
 * `node bench/replay-server.ts '{"tables":{"Full":{"data":"eight","rows":1000000}}}'` makes a database with a table dbo.Bench for each
 * entry and prints one JSON line with host, port, user and password; it ends when its standard input does.
 */

import { DatabaseSync } from 'node:sqlite';
import type { WireColumn } from '../src/data/wire-column.ts';
import { createCatalog } from '../src/sandbox/catalog/create-catalog.ts';
import { defaultVolumes, releaseOf, type ServerOptions } from '../src/sandbox/catalog/server-options.ts';
import { createEngine } from '../src/sandbox/engine/sandbox-engine.ts';
import { loadScript } from '../src/sandbox/load-script.ts';
import type { BulkRows, Engine, EngineSession, ResponseWriter } from '../src/sandbox/tds/engine.ts';
import { noFaults } from '../src/sandbox/tds/faults.ts';
import { headerLength, PacketType, packet } from '../src/sandbox/tds/packet.ts';
import type { Response } from '../src/sandbox/tds/response.ts';
import { startTdsServer } from '../src/sandbox/tds/server.ts';
import { type BenchRows, eightColumnRows, eightColumns, wideTextColumns, wideTextRows } from './codec-data.ts';

/** What a database's dbo.Bench holds. */
export interface ReplayTable {
  /** Eight mixed columns, wide text, one value of so many megabytes, or no table at all: an empty database to import into. */
  readonly data: 'eight' | 'wide' | 'lob' | 'none';
  readonly rows: number;
  /** Whose rows are given once the table is there: where a database is imported into. */
  readonly columns?: 'eight' | 'wide' | 'lob';
  /** Megabytes of the one value of `lob`. */
  readonly megabytes?: number;
  /** Tables of these rows: dbo.Bench, dbo.Bench2 and so on. Default 1. */
  readonly copies?: number;
}

export interface ReplayOptions {
  readonly tables: Readonly<Record<string, ReplayTable>>;
}

const user = 'sa';
const password = 'Bench-1234';

const definitions: Readonly<Record<string, string>> = {
  eight:
    'CREATE TABLE dbo.Bench (id int NULL, big bigint NULL, amount decimal(18, 4) NULL, ratio float NULL, [at] datetime2(7) NULL, ' +
    'name nvarchar(60) NULL, code varchar(20) NULL, [on] bit NULL)',
  wide: 'CREATE TABLE dbo.Bench (id int NULL, body nvarchar(4000) NULL, raw varchar(8000) NULL)',
  lob: 'CREATE TABLE dbo.Bench (id int NULL, body nvarchar(max) NULL)',
};

/** Rows of which the pages are made; a table with more gets them again and again. */
const distinctRows = 100_000;

interface Pages {
  readonly columns: readonly WireColumn[];
  readonly rows: BenchRows;
}
const pages: Readonly<Record<string, Pages>> = {
  eight: { columns: eightColumns(), rows: eightColumnRows(distinctRows) },
  wide: { columns: wideTextColumns(), rows: wideTextRows(4_000) },
};

const options = JSON.parse(process.argv[2] ?? '{"tables":{}}') as ReplayOptions;

/** Of one write to the socket. */
const pieceBytes = 1 << 20;
const packetsOf = new Map<string, readonly Buffer[]>();

/** All distinct rows as packets, in pieces: made once for each size of packets. */
function preparedPackets(name: string, packetSize: number): readonly Buffer[] {
  const key = `${name} ${packetSize}`;
  let pieces = packetsOf.get(key);
  if (pieces) return pieces;
  const { bytes } = pages[name]!.rows;
  const room = packetSize - headerLength;
  const packets: Buffer[] = [];
  for (let at = 0, id = 0; at < bytes.length; at += room)
    packets.push(packet(PacketType.response, 0, id++, bytes.subarray(at, at + room)));
  const all = Buffer.concat(packets);
  const step = Math.max(1, Math.floor(pieceBytes / packetSize)) * packetSize;
  pieces = Array.from({ length: Math.ceil(all.length / step) }, (_, i) => all.subarray(i * step, (i + 1) * step));
  packetsOf.set(key, pieces);
  return pieces;
}

async function sendRows(table: ReplayTable, out: Response): Promise<void> {
  const name = table.columns ?? table.data;
  const { columns, rows } = pages[name]!;
  out.columns(columns);
  const distinct = rows.starts.length - 1;
  const prepared = preparedPackets(name, out.packetSize);
  let left = table.rows;
  for (; left >= distinct; left -= distinct) {
    for (const piece of prepared) {
      out.prepared(piece);
      await out.drain();
    }
  }
  const step = Math.max(1, Math.floor((distinct * pieceBytes) / rows.bytes.length));
  for (let from = 0; from < left; from += step) {
    out.rows(rows.bytes.subarray(rows.starts[from], rows.starts[Math.min(left, from + step)]));
    await out.drain();
  }
  out.done({ kind: 'done', count: table.rows, command: 0xc1 });
}

/** One row with an nvarchar(max) of many megabytes, in chunks. */
async function sendLob(table: ReplayTable, out: ResponseWriter): Promise<void> {
  const [id] = eightColumns();
  out.columns([id!, { ...wideTextColumns()[1]!, maxLength: 0xffff }]);
  const chunk = Buffer.alloc(4 + 65536);
  chunk.writeUInt32LE(65536);
  chunk.write("It's a value of many megabytes. ".repeat(1024), 4, 'utf16le');
  const head = Buffer.alloc(1 + 5 + 8);
  head[0] = 0xd1;
  head[1] = 4;
  head.writeInt32LE(1, 2);
  head.writeBigUInt64LE(0xfffffffffffffffen, 6);
  out.rows(head);
  for (let left = (table.megabytes ?? 1024) * 16; left > 0; left--) {
    out.rows(chunk);
    await out.drain();
  }
  out.rows(Buffer.alloc(4));
  out.done({ kind: 'done', count: 1, command: 0xc1 });
}

async function swallow(rows: BulkRows, out: ResponseWriter): Promise<void> {
  let count = 0;
  for await (const chunk of rows.chunks) count += chunk.rows;
  out.done({ kind: 'done', count, command: 0xf0 });
}

const isRowQuery =
  /^\s*SELECT\s+(?:\*|\[id\],)[\s\S]*\sFROM\s+(?:\[?dbo\]?\.)?\[?Bench\d?\]?\s*(?:;|ORDER BY[\s\S]*)?$/i;
/** The pieces of a large value on their way into dbo.Bench, which count as loaded. */
const isLargeValue = /^\s*(?:(?:CREATE TABLE|DROP TABLE|INSERT|UPDATE) \[#xpdb_value_|INSERT \[dbo\]\.\[Bench\] \()/;
const isInsertBulk = /^\s*INSERT BULK /i;

function replaying(session: EngineSession): EngineSession {
  return new Proxy(session, {
    get(target, key) {
      if (key === 'executeBatch') {
        return async (sql: string, out: ResponseWriter, signal: AbortSignal) => {
          // An export reads from a database snapshot.
          const table = options.tables[target.database.replace(/_xpdb_snapshot_.*/, '')];
          if (table && isInsertBulk.test(sql)) return out.done({ kind: 'done', count: null, command: 0xfd });
          if (table && isLargeValue.test(sql)) return out.done({ kind: 'done', count: 1, command: 0xc3 });
          if (!table || !isRowQuery.test(sql)) return target.executeBatch(sql, out, signal);
          return (table.columns ?? table.data) === 'lob' ? sendLob(table, out) : sendRows(table, out as Response);
        };
      }
      if (key === 'bulkLoad') return (rows: BulkRows, out: ResponseWriter) => swallow(rows, out);
      const value: unknown = Reflect.get(target, key);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

const server: ServerOptions = {
  version: 160,
  edition: 'developer',
  azure: false,
  collation: 'SQL_Latin1_General_CP1_CI_AS',
  platform: 'windows',
  volumes: defaultVolumes('windows'),
  filestream: true,
  serverName: 'REPLAY',
  now: () => new Date(),
};
const sqlite = new DatabaseSync(':memory:');
const [major, minor, build] = releaseOf(server).product.split('.').map(Number) as [number, number, number];
const engine = createEngine({
  catalog: createCatalog({ ...server, sqlite, user, password }),
  serverName: server.serverName,
  version: { major, minor, build },
  faults: noFaults(),
});
function createDatabase([database, { data, copies = 1 }]: [string, ReplayTable]): string {
  const tables = Array.from({ length: data === 'none' ? 0 : copies }, (_, i) => {
    const definition = definitions[data]!;
    return `${i === 0 ? definition : definition.replace('dbo.Bench', `dbo.Bench${i + 1}`)}\nGO\n`;
  });
  return `CREATE DATABASE [${database}]\nGO\nUSE [${database}]\nGO\n${tables.join('')}`;
}
const script = Object.entries(options.tables).map(createDatabase);
await loadScript(engine, user, password, script);

const replayed: Engine = {
  serverName: engine.serverName,
  version: engine.version,
  tdsVersion: engine.tdsVersion,
  login: async (request, spid) => replaying(await engine.login(request, spid)),
};
const tds = await startTdsServer({ engine: replayed, tls: false });
console.log(JSON.stringify({ host: tds.host, port: tds.port, user, password }));
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
