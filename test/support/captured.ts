/** Answers captured from a real SQL Server, and the same questions asked of a sandbox by the same driver. */
import { existsSync, readFileSync } from 'node:fs';
import { Connection, Request } from 'tedious';
import type { Sandbox } from '../../src/sandbox/start-sandbox.ts';

export type CapturedColumn = readonly [
  name: string,
  type: string,
  length: number | null,
  precision: number | null,
  scale: number | null,
  flags: number | null,
  collation?: string,
];
export interface CapturedMessage {
  readonly number: number;
  readonly state: number;
  readonly class: number;
  readonly line?: number;
  readonly message: string;
}
export interface CapturedSet {
  readonly columns: readonly CapturedColumn[];
  readonly rows?: readonly (readonly unknown[])[];
}
export interface CapturedCase {
  readonly group: string;
  readonly name: string;
  readonly sql: string;
  readonly columns?: readonly CapturedColumn[];
  readonly rows?: readonly (readonly unknown[])[];
  readonly sets?: readonly CapturedSet[];
  readonly errors?: readonly CapturedMessage[];
  readonly info?: readonly CapturedMessage[];
  readonly done?: readonly (number | null)[];
  readonly returnStatus?: number;
  /** `SELECT … → [0,0]`: what the next batch saw. */
  readonly after?: string;
  readonly rpc?: { readonly done: readonly (number | null)[]; readonly returnStatus: number };
  /** Rows of the inventory that are gone afterwards. */
  readonly gone?: readonly (readonly unknown[])[];
}

/** The facts lie beside the project where it is developed, and nowhere else. */
const folder = new URL('../../../shared/facts/', import.meta.url);

/** Cases of one file of captured answers; null where the facts are not at hand. */
export function capturedCases(file: string): readonly CapturedCase[] | null {
  const url = new URL(file, folder);
  if (!existsSync(url)) return null;
  return (JSON.parse(readFileSync(url, 'utf8')) as { cases: CapturedCase[] }).cases;
}

/** What came back for one request, in the form of the captures. */
export interface Answer {
  readonly sets: { columns: CapturedColumn[]; rows: unknown[][] }[];
  readonly errors: CapturedMessage[];
  readonly info: CapturedMessage[];
  readonly done: (number | null)[];
  returnStatus: number | null;
}

export function connectTo(sandbox: Sandbox, database: string): Promise<Connection> {
  return new Promise((resolve, reject) => {
    const connection = new Connection({
      server: sandbox.host,
      authentication: { type: 'default', options: { userName: sandbox.user, password: sandbox.password } },
      options: {
        port: sandbox.port,
        database,
        encrypt: false,
        trustServerCertificate: true,
        connectTimeout: 60_000,
        requestTimeout: 120_000,
        rowCollectionOnRequestCompletion: false,
      },
    });
    // A connection that the server ends is expected of some questions.
    connection.on('error', () => undefined);
    connection.connect(error => (error ? reject(error) : resolve(connection)));
  });
}

interface Metadata {
  readonly colName: string;
  readonly type: { readonly name: string };
  readonly dataLength?: number;
  readonly precision?: number;
  readonly scale?: number;
  readonly flags: number;
  readonly collation?: { readonly lcid: number; readonly sortId: number };
}

function columnOf(c: Metadata): CapturedColumn {
  const { collation } = c;
  const other = collation && !(collation.lcid === 1033 && collation.sortId === 52);
  const column = [c.colName, c.type.name, c.dataLength ?? null, c.precision ?? null, c.scale ?? null, c.flags] as const;
  return other ? [...column, `${collation.lcid}/${collation.sortId}`] : column;
}

/** As the captures write values: dates as ISO text, bytes as hex. */
function plain(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString();
  return Buffer.isBuffer(value) ? value.toString('hex') : value;
}

/** Runs a batch, or the same by sp_executesql. */
export function ask(connection: Connection, sql: string, how: 'batch' | 'rpc' = 'batch'): Promise<Answer> {
  const answer: Answer = { sets: [], errors: [], info: [], done: [], returnStatus: null };
  const message = (m: { number: number; state: number; class: number; lineNumber: number; message: string }) => ({
    number: m.number,
    state: m.state,
    class: m.class,
    line: m.lineNumber,
    message: m.message,
  });
  const onError = (m: Parameters<typeof message>[0]): void => void answer.errors.push(message(m));
  const onInfo = (m: Parameters<typeof message>[0]): void => void answer.info.push(message(m));
  return new Promise(resolve => {
    const request = new Request(sql, () => {
      connection.off('errorMessage', onError);
      connection.off('infoMessage', onInfo);
      resolve(answer);
    });
    connection.on('errorMessage', onError);
    connection.on('infoMessage', onInfo);
    request.on('columnMetadata', columns => {
      answer.sets.push({ columns: (columns as unknown as Metadata[]).map(columnOf), rows: [] });
    });
    request.on('row', (cells: { value: unknown }[]) => {
      answer.sets.at(-1)?.rows.push(cells.map(c => plain(c.value)));
    });
    const onDone = (count: number | undefined): void => void answer.done.push(count ?? null);
    request.on('done', onDone);
    request.on('doneInProc', onDone);
    request.on('doneProc', (count: number | undefined, _more: boolean, status: unknown) => {
      onDone(count);
      answer.returnStatus = typeof status === 'number' ? status : null;
    });
    if (how === 'batch') connection.execSqlBatch(request);
    else connection.execSql(request);
  });
}
