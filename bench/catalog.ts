/**
 * How long the catalog of a database of many tables takes to read: `node bench/catalog.ts [tables]` (default 10,000).
 * Every table has 12 columns, a primary key, an index, a default, a check and a foreign key; a tenth has a trigger and a view.
 */
import { performance } from 'node:perf_hooks';
import { Worker } from 'node:worker_threads';
import { readDatabase } from '../src/catalog/read-database.ts';
import { openSession } from '../src/connection/connect.ts';
import { defaultConnectionOptions } from '../src/connection/connection-options.ts';
import type { Session } from '../src/connection/session.ts';

interface Address {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
}

const runs = 5;

function startSandboxThread(): Promise<{ readonly address: Address; readonly stop: () => void }> {
  const worker = new Worker(new URL('./sandbox-thread.ts', import.meta.url), {
    workerData: { version: 160, password: 'Bench-1234' },
  });
  return new Promise((resolve, reject) => {
    worker.once('error', reject);
    worker.once('message', (address: Address) => resolve({ address, stop: () => worker.postMessage('stop') }));
  });
}

const connect = ({ host, port, user, password }: Address, database?: string): Promise<Session> =>
  openSession({
    ...defaultConnectionOptions,
    server: host,
    port,
    auth: { kind: 'sql', user, password },
    encrypt: 'optional',
    trustServerCertificate: true,
    ...(database === undefined ? {} : { database }),
  });

/** The batches that make the nth table and what belongs to it. */
function tableBatches(n: number): readonly string[] {
  const name = `Table_${String(n).padStart(5, '0')}`;
  const parent =
    n === 0
      ? ''
      : `, CONSTRAINT FK_${name} FOREIGN KEY (Parent) REFERENCES dbo.Table_${String(Math.floor(n / 2)).padStart(5, '0')} (Id)`;
  const batches = [
    `CREATE TABLE dbo.${name} (Id int IDENTITY NOT NULL CONSTRAINT PK_${name} PRIMARY KEY, Parent int NULL, Name nvarchar(50) NOT NULL,
      Code varchar(10) NULL, Amount decimal(18, 4) NOT NULL CONSTRAINT DF_${name} DEFAULT 0, Made datetime2(3) NULL, Note nvarchar(max) NULL,
      Flag bit NOT NULL, Ratio float NULL, Stamp rowversion NOT NULL, Uid uniqueidentifier NULL, Twice AS Amount * 2,
      CONSTRAINT CK_${name} CHECK (Amount >= 0)${parent});
    CREATE INDEX IX_${name} ON dbo.${name} (Name DESC, Code) INCLUDE (Amount) WHERE Flag = 1`,
  ];
  if (n % 10 !== 0) return batches;
  return [
    ...batches,
    `CREATE TRIGGER dbo.TR_${name} ON dbo.${name} AFTER INSERT AS RETURN`,
    `CREATE VIEW dbo.V_${name} AS SELECT Id, Name, Amount FROM dbo.${name} WHERE Flag = 1`,
  ];
}

async function load(address: Address, tables: number): Promise<void> {
  const master = await connect(address);
  await master.execute('CREATE DATABASE Bench');
  await master.close();
  const session = await connect(address, 'Bench');
  for (let n = 0; n < tables; n++) for (const batch of tableBatches(n)) await session.execute(batch);
  await session.close();
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;

const tables = Number(process.argv[2] ?? 10_000);
if (!Number.isInteger(tables) || tables < 1) throw new Error('bench/catalog.ts takes a number of tables');
const { address, stop } = await startSandboxThread();
try {
  const before = performance.now();
  await load(address, tables);
  console.log(`${tables} tables made on the sandbox in ${seconds(performance.now() - before)}`);
  const session = await connect(address, 'Bench');
  let queries = 0;
  const counting: Session = new Proxy(session, {
    get(target, key) {
      if (key === 'query') queries++;
      const value: unknown = Reflect.get(target, key);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  const times: number[] = [];
  const own: number[] = [];
  for (let run = 0; run < runs; run++) {
    queries = 0;
    const started = performance.now();
    const busy = process.threadCpuUsage();
    const database = await readDatabase(counting, 160);
    const used = process.threadCpuUsage(busy);
    times.push(performance.now() - started);
    own.push((used.user + used.system) / 1000);
    if (database.tables.length !== tables) throw new Error(`${database.tables.length} tables were read of ${tables}`);
  }
  await session.close();
  console.log(
    `catalog read: ${seconds(median(times))} (median of ${runs}), of that ${seconds(median(own))} in xpdb itself; ${queries} queries; ` +
      `${((1000 * tables) / median(times)).toFixed(0)} tables/s; peak memory ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MB with the sandbox in it`,
  );
} finally {
  stop();
}
