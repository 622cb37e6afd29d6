/** Consecutive INSERTs into one table, collected until they are worth a bulk load. */

import type { ScriptPosition } from '../model/error.ts';
import type { InsertHeadPiece } from '../tsql/script-piece.ts';
import type { InsertStatement } from './step.ts';

/** What the server takes in one VALUES list (error 10738). */
export const maxRowsPerInsert = 1000;
/** A longer statement is cut, for it is one unit of work and of memory. */
export const maxStatementLength = 4 << 20;

export class RowRun {
  readonly head: InsertHeadPiece;
  /** Loaders take none of it: all goes as statements. */
  asText = false;
  /** Its first statement looks at what the one before it did: both go in one batch. */
  looksBack = false;
  #statements: InsertStatement[] = [];
  #current: InsertStatement | null = null;
  /** So many of the statements, from the first on, are of batches that ended. */
  #ended = 0;
  /** Characters that are held. */
  length = 0;
  rows = 0;

  constructor(head: InsertHeadPiece) {
    this.head = head;
  }

  get empty(): boolean {
    return this.#statements.length === 0;
  }

  /** The INSERT at hand, as long as it has no rows. */
  get begun(): InsertHeadPiece | null {
    return this.#current?.rows.length === 0 ? this.#current.head : null;
  }

  /** An INSERT of the script begins. */
  begin(head: InsertHeadPiece): void {
    this.#current = { head, rows: [], positions: [], tail: '', length: head.text.length };
  }

  addRow(text: string, position: ScriptPosition): void {
    let statement = this.#current!;
    if (statement.rows.length >= maxRowsPerInsert || statement.length >= maxStatementLength) {
      this.begin(statement.head);
      statement = this.#current!;
    }
    // A statement counts from its first row on: one that is cut behind a row has no empty rest.
    if (statement.rows.length === 0) {
      this.#statements.push(statement);
      this.length += statement.length;
    }
    statement.rows.push(text);
    statement.positions.push(position);
    statement.length += text.length + 1;
    this.length += text.length + 1;
    this.rows++;
  }

  end(tail: string): void {
    const statement = this.#current;
    if (statement && tail !== '') statement.tail = tail;
    this.#current = null;
  }

  /** The batch ended: what is held is of earlier ones from now on. */
  endBatch(): void {
    this.#ended = this.#statements.length;
  }

  /** Statements of batches that ended. */
  get ended(): number {
    return this.#ended;
  }

  /** The statements of batches that ended, taken out. */
  takeEnded(): InsertStatement[] {
    const taken = this.#statements.splice(0, this.#ended);
    this.#ended = 0;
    for (const { length, rows } of taken) {
      this.length -= length;
      this.rows -= rows.length;
    }
    return taken;
  }

  /** The last statement, taken out: for what looks at its row count or identity. */
  takeLast(): InsertStatement | null {
    const last = this.#statements.pop() ?? null;
    if (last) {
      this.length -= last.length;
      this.rows -= last.rows.length;
    }
    return last;
  }

  /** All complete statements, taken out; the one that is being read stays. */
  take(): InsertStatement[] {
    const open = this.#current !== null && this.#statements.at(-1) === this.#current ? this.#current : null;
    const taken = open ? this.#statements.slice(0, -1) : this.#statements;
    this.#statements = open ? [open] : [];
    this.#ended = 0;
    this.length = open?.length ?? 0;
    this.rows = open?.rows.length ?? 0;
    return taken;
  }
}
