/**
 * A server of a few lines for the importer's own logic: databases that remember the batches that were committed to them,
 * transactions, the journal as rows, and faults where a test wants them. What batches mean it does not know.
 */

import type { CellValue } from '../../src/connection/cell-value.ts';
import type { BatchResult, ResultTable, Session } from '../../src/connection/session.ts';
import { ConnectionLostError, type ServerMessage, SqlServerError } from '../../src/connection/sql-error.ts';

export interface FakeDatabase {
  /** Batches of scripts, in the order in which they were committed. */
  batches: string[];
  /** Entries of the journal: kind, file, line, column, text. Null when there is no such table. */
  journal: [string, number, number, number, string | null][] | null;
}

export class FakeServer {
  databases = new Map<string, FakeDatabase>([['master', { batches: [], journal: null }]]);
  /** Everything that was sent, in order. */
  readonly sent: string[] = [];
  /** Error numbers that a batch meets; 'cut before' and 'cut after' end the connection before or after it took effect. */
  fault: (batch: string) => number | 'cut before' | 'cut after' | null = () => null;
  /** Names of objects that databases have: schema and name. */
  objects: [string, string][] = [];
  logIns = 0;
  locks = new Set<string>();

  constructor(...databases: string[]) {
    for (const name of databases) this.databases.set(name, { batches: [], journal: null });
  }

  database(name: string): FakeDatabase {
    const found = this.databases.get(name);
    if (!found) throw new Error(`no database ${name}`);
    return found;
  }

  open = async (database: string | null): Promise<Session> => {
    this.logIns++;
    return new FakeSession(this, database ?? 'master');
  };
}

function message(number: number, text: string, line: number): ServerMessage {
  return { number, state: 1, class: 16, line, procedure: '', server: 'fake', message: text };
}

class FakeSession implements Session {
  readonly server = 'fake';
  readonly serverVersion = { major: 16, minor: 0, build: 1000 };
  readonly nativeVectors = false;
  database: string;
  closed = false;
  readonly #server: FakeServer;
  #level = 0;
  #before: Map<string, FakeDatabase> | null = null;
  #lock: string | null = null;

  constructor(server: FakeServer, database: string) {
    this.#server = server;
    this.database = database;
  }

  get inTransaction(): boolean {
    return this.#level > 0;
  }

  async query(sql: string): Promise<ResultTable> {
    this.#alive();
    const rows = this.#answer(sql);
    return { columns: [], rows };
  }

  #answer(sql: string): CellValue[][] {
    if (sql.includes("SERVERPROPERTY('ProductVersion')")) {
      return [['16.0.1000.6', 3, 'Developer', 'fake', 'Latin1_General_CI_AS', 'D:\\Data\\', 'L:\\Log\\', 0, 0]];
    }
    if (sql.includes('SCHEMA_NAME()')) return [['dbo']];
    if (sql.includes('@@TRANCOUNT')) return [[this.#level]];
    if (sql.includes('sp_getapplock')) {
      const name = /\[([^\]]+)\]\.\[sys\]/.exec(sql)![1]!;
      if (this.#server.locks.has(name)) return [[-1]];
      this.#server.locks.add(name);
      this.#lock = name;
      return [[0]];
    }
    const journal = /\[([^\]]+)\]\.\[dbo\]\.\[xpdb_import_journal\]/.exec(sql);
    if (journal) return (this.#server.database(journal[1]!).journal ?? []).map(entry => [...entry]);
    const tables = /\[([^\]]+)\]\.\[sys\]\.\[tables\] WHERE \[name\] = N'xpdb_import_journal'/.exec(sql);
    if (tables) return this.#server.database(tables[1]!).journal === null ? [] : [['xpdb_import_journal']];
    const found = /\[sys\]\.\[databases\] WHERE \[name\] = N'([^']+)'/.exec(sql);
    if (found) return this.#server.databases.has(found[1]!) ? [[found[1]!]] : [];
    if (sql.includes('FROM [sys].[objects] AS o')) return this.#server.objects.map(([s, n]) => [s, n, 'U']);
    return [];
  }

  async execute(batch: string): Promise<BatchResult> {
    this.#alive();
    this.#server.sent.push(batch);
    const fault = this.#server.fault(batch);
    if (fault === 'cut before') this.#cut();
    if (typeof fault === 'number') {
      if (fault === 1205) this.#rollback();
      throw new SqlServerError([message(fault, `error ${fault}`, 1)]);
    }
    this.#run(batch);
    if (fault === 'cut after') this.#cut();
    return { rowCounts: [], messages: [], resultSets: 0 };
  }

  #run(batch: string): void {
    let script = false;
    for (const line of batch.split('\n')) {
      const journal = /\[([^\]]+)\]\.\[dbo\]\.\[xpdb_import_journal\]/.exec(line);
      if (/^BEGIN TRAN/i.test(line)) this.#begin();
      else if (/^(IF @@ROWCOUNT = 1 )?COMMIT/i.test(line)) this.#commit();
      else if (/ROLLBACK TRANSACTION$/i.test(line)) this.#rollback();
      else if (/^USE \[/.test(line)) this.database = /\[(.+)\]/.exec(line)![1]!;
      else if (/^CREATE DATABASE /.test(line)) {
        if (this.#level > 0) throw new SqlServerError([message(226, 'not allowed within a transaction', 1)]);
        this.#server.databases.set(/DATABASE \[?(\w+)/.exec(line)![1]!, { batches: [], journal: null });
      } else if (journal) this.#journal(journal[1]!, line);
      else if (!/^SET |^EXEC .*applock/.test(line)) script = true;
    }
    if (script) this.#server.database(this.database).batches.push(batch);
  }

  #journal(name: string, line: string): void {
    const database = this.#server.database(name);
    const [, kind, file, at, column] =
      /'(\w+)'(?:.*?\[file\] = (\d+).*?\[line\] = (\d+).*?\[column\] = (\d+))?/.exec(line) ?? [];
    if (line.startsWith('CREATE TABLE')) database.journal = [];
    else if (line.startsWith('DROP TABLE')) database.journal = null;
    else if (line.startsWith('INSERT')) {
      const values = /VALUES \('(\w+)', (\d+), (\d+), (\d+), (NULL|N'([\s\S]*)')\)/.exec(line)!;
      const text = values[5] === 'NULL' ? null : values[6]!.replaceAll("''", "'");
      database.journal!.push([values[1]!, Number(values[2]), Number(values[3]), Number(values[4]), text]);
    } else if (line.startsWith('DELETE')) {
      database.journal = database.journal!.filter(
        e => !(e[0] === kind && e[1] === Number(file) && e[2] === Number(at) && e[3] === Number(column)),
      );
    } else {
      const set = /\[file\] = (\d+), \[line\] = (\d+), \[column\] = (\d+)/.exec(line)!;
      const position = database.journal!.find(e => e[0] === 'position')!;
      [position[1], position[2], position[3]] = [Number(set[1]), Number(set[2]), Number(set[3])];
    }
  }

  #begin(): void {
    if (this.#level++ === 0) this.#before = structuredClone(this.#server.databases);
  }

  #commit(): void {
    if (this.#level === 0) throw new SqlServerError([message(3902, 'no transaction', 1)]);
    if (--this.#level === 0) this.#before = null;
  }

  #rollback(): void {
    if (this.#before) this.#server.databases = this.#before;
    this.#before = null;
    this.#level = 0;
  }

  #cut(): never {
    this.#rollback();
    void this.close();
    throw new ConnectionLostError('fake', 'while a batch ran');
  }

  #alive(): void {
    if (this.closed) throw new ConnectionLostError('fake', 'before a batch');
  }

  async *queryRows(): AsyncGenerator<readonly CellValue[]> {}

  async streamRows(): Promise<{ rows: number }> {
    return { rows: 0 };
  }

  async bulkLoad(): Promise<number> {
    throw new Error('the fake server loads no rows');
  }

  async beginTransaction(): Promise<void> {
    this.#begin();
  }

  async commit(): Promise<void> {
    this.#commit();
  }

  async rollback(): Promise<void> {
    this.#rollback();
  }

  async useDatabase(name: string): Promise<void> {
    this.database = name;
  }

  cancel(): void {}

  async close(): Promise<void> {
    if (this.closed) return;
    this.#rollback();
    this.closed = true;
    if (this.#lock !== null) this.#server.locks.delete(this.#lock);
  }
}
