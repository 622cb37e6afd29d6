import { type WireColumn, WireType } from '../../../src/data/wire-column.ts';
import {
  type BulkRows,
  type Engine,
  type EngineSession,
  LoginError,
  type ResponseWriter,
  type RpcRequest,
} from '../../../src/sandbox/tds/engine.ts';

const collation = { lcid: 0x409, flags: 0xd, version: 0, sortId: 0x34, bytes: Uint8Array.from([9, 4, 0xd0, 0, 0x34]) };
const intColumn: WireColumn = {
  name: 'n',
  type: WireType.intN,
  userType: 0,
  flags: 9,
  maxLength: 4,
  precision: 0,
  scale: 0,
  collation: null,
  udt: null,
};

export interface ToyLog {
  batches: string[];
  rpcs: RpcRequest[];
  bulkRows: number;
  bulkBytes: Buffer[];
  transactions: string[];
}

/** Answers `SELECT n` with n rows 1…n, `ERROR` with an error, `INSERT BULK` by taking the rows. */
export function toyEngine(
  log: ToyLog = { batches: [], rpcs: [], bulkRows: 0, bulkBytes: [], transactions: [] },
): Engine & { log: ToyLog } {
  const session: EngineSession = {
    database: 'toy',
    collation,
    vectorVersion: 0,
    async executeBatch(sql, out, signal) {
      log.batches.push(sql);
      await answer(sql, out, signal);
    },
    async executeRpc(request, out, signal) {
      log.rpcs.push(request);
      const text = Buffer.from(request.parameters[0]?.value ?? []);
      await answer(text.subarray(text.readUInt16LE(0) > 8000 ? 12 : 2).toString('utf16le'), out, signal, 'doneInProc');
      out.returnStatus(0);
      out.done({ kind: 'doneProc', count: null, command: 224 });
    },
    async bulkLoad(rows: BulkRows, out) {
      let count = 0;
      for await (const chunk of rows.chunks) {
        count += chunk.rows;
        log.bulkBytes.push(Buffer.from(chunk.bytes));
      }
      log.bulkRows += count;
      out.done({ kind: 'done', count, command: 240 });
    },
    async beginTransaction(isolation) {
      log.transactions.push(`begin ${isolation}`);
    },
    async commitTransaction() {
      log.transactions.push('commit');
    },
    async rollbackTransaction() {
      log.transactions.push('rollback');
    },
    async saveTransaction(name) {
      log.transactions.push(`save ${name}`);
    },
    async reset() {},
    async close() {},
  };
  return {
    log,
    serverName: 'TOY',
    version: { major: 16, minor: 0, build: 1000 },
    tdsVersion: 0x74000004,
    async login(request) {
      if (request.password !== 'secret "ä"') throw new LoginError(`Login failed for user '${request.user}'.`);
      return session;
    },
  };
}

async function answer(
  sql: string,
  out: ResponseWriter,
  signal: AbortSignal,
  kind: 'done' | 'doneInProc' = 'done',
): Promise<void> {
  const count = Number(/SELECT (\d+)/i.exec(sql)?.[1] ?? -1);
  if (/ERROR/i.test(sql)) {
    out.error({ number: 50001, state: 1, class: 16, line: 1, message: 'as asked' });
    out.done({ kind, error: true, count: null, command: 193 });
  } else if (count >= 0) {
    out.columns([intColumn]);
    const chunk = Buffer.alloc(6 * 1000);
    let sent = 0;
    while (sent < count && !signal.aborted) {
      const rows = Math.min(1000, count - sent);
      for (let i = 0; i < rows; i++) {
        chunk[i * 6] = 0xd1;
        chunk[i * 6 + 1] = 4;
        chunk.writeInt32LE(sent + i + 1, i * 6 + 2);
      }
      out.rows(chunk.subarray(0, rows * 6));
      sent += rows;
      await out.drain();
      // Lets the socket's events in, as a busy engine must.
      await new Promise(resolve => setImmediate(resolve));
    }
    out.done({ kind, error: signal.aborted, count: signal.aborted ? null : count, command: 193 });
  } else out.done({ kind, count: null, command: 253 });
}
