/**
 * Rows on their way from the script's bytes into a loader, without a piece or a string for any. The bytes themselves are kept until
 * the rows are in the target: what fails as a load runs as the script has it.
 */

import type { ScriptPosition } from '../model/error.ts';
import { ScriptSplitter } from '../tsql/batch-splitter.ts';
import type { InsertHeadPiece } from '../tsql/script-piece.ts';
import { placeAt } from './byte-place.ts';
import type { ByteRowTaker } from './byte-row-skimmer.ts';
import type { RowLoader } from './row-loader.ts';
import { maxRowsPerInsert, maxStatementLength, RowRun } from './row-run.ts';
import type { InsertStatement } from './step.ts';
import type { KeptBytes } from './unread-bytes.ts';

/** Bytes of the rows of one load. */
const fullLength = 4 << 20;

/** Rows that were taken and their text. */
export interface TakenRows {
  readonly rows: number;
  readonly length: number;
  readonly first: ScriptPosition;
  readonly last: ScriptPosition;
  /** The rows as statements, read from the text anew. */
  readonly statements: () => InsertStatement[];
}

/** What a load took, by the batches of the script. */
export interface LoadBatches {
  readonly ended: readonly InsertStatement[];
  readonly present: readonly InsertStatement[];
  /** The present batch began here: no earlier load has rows of it. */
  readonly begins: boolean;
}

export class LoadRun implements ByteRowTaker {
  readonly head: InsertHeadPiece;
  readonly loader: RowLoader;
  /** A row could not be taken: the rows from the begin of its statement on must run as text. */
  refused = false;
  /** There is enough for a load. */
  stops = false;
  readonly #prefix: readonly InsertStatement[];
  readonly prefixRows: number;
  readonly #start: ScriptPosition;
  readonly #kept: KeptBytes[] = [];
  #length = 0;
  /** Offset of the reader's bytes in `#kept` joined. */
  #base = 0;
  #rows = 0;
  #firstRow = -1;
  #lastRow = -1;
  /** The statement at hand, or the part of it that is not longer than one may be. */
  #partRow = -1;
  #partRows = 0;
  #rowsBeforePart = 0;
  #lastRowBeforePart = -1;
  /** What is kept ends behind a row, not behind a head. */
  #separated: boolean;
  /** Statements of `#prefix` in batches that ended. */
  readonly #prefixEnded: number;
  /** Rows when a batch ended that was not passed over with the bytes; -1 when none did. */
  #endedRows = -1;

  /**
   * @param start place where the bytes of the rows begin
   * @param behindRow it is that behind a row, not behind a head
   * @param prefix statements before it whose rows the loader has already
   * @param prefixEnded how many of them are of batches that ended
   */
  constructor(
    head: InsertHeadPiece,
    loader: RowLoader,
    start: ScriptPosition,
    behindRow: boolean,
    prefix: readonly InsertStatement[],
    prefixEnded = 0,
  ) {
    this.head = head;
    this.#separated = behindRow;
    this.loader = loader;
    this.#start = start;
    this.#prefix = prefix;
    this.#prefixEnded = prefixEnded;
    this.prefixRows = prefix.reduce((sum, s) => sum + s.rows.length, 0);
    loader.startStatement();
  }

  /** The reader stands behind a row, not behind a head. */
  get behindRow(): boolean {
    return this.#separated;
  }

  get empty(): boolean {
    return this.#rows === 0 && this.#prefix.length === 0;
  }

  begin(from: number): void {
    this.#base = this.#length - from;
  }

  statement(): boolean {
    if (this.#partRow - this.#firstRow >= fullLength) return false;
    this.#endPart();
    return true;
  }

  rows(script: DataView, start: number, end: number): number {
    const { loader } = this;
    const before = loader.rows;
    const behind = loader.addRows(script, start, end, maxRowsPerInsert - this.#partRows);
    if (behind >= 0) this.#took(this.#base + start, this.#base + loader.lastRow, loader.rows - before);
    return behind;
  }

  refuse(start: number): void {
    this.#refuse(this.#base + start);
  }

  #refuse(offset: number): void {
    this.loader.dropStatement();
    this.#beginPart(offset);
    this.refused = true;
  }

  /** A row that the reader gave as a piece, since comments or the like stand before it. */
  rowPiece(text: string, position: ScriptPosition): void {
    const start = this.#length;
    this.#keepPiece(this.#separated ? ',' : '', text, position, true);
    const offset = start + this.#kept.at(-1)!.bytes.length - Buffer.byteLength(text);
    if (this.loader.add(text)) this.#took(offset, offset, 1);
    else this.#refuse(offset);
  }

  #took(first: number, last: number, rows: number): void {
    this.#beginPart(first);
    this.#rows += rows;
    this.#lastRow = last;
    this.#partRows += rows;
    if (this.#partRows < maxRowsPerInsert && last - this.#partRow < maxStatementLength) return;
    this.#endPart();
    this.stops = last - this.#firstRow >= fullLength;
  }

  #beginPart(offset: number): void {
    if (this.#partRows > 0) return;
    this.#partRow = offset;
    if (this.#firstRow < 0) this.#firstRow = offset;
  }

  keep(kept: KeptBytes, behindRow: boolean): void {
    this.#kept.push(kept);
    this.#length += kept.bytes.length;
    this.#separated = behindRow;
  }

  /** The head of another statement that the reader gave as a piece. */
  keepHead(text: string, position: ScriptPosition): void {
    this.#keepPiece('', text, position, false);
  }

  /** What the reader gave as a piece stands between bytes that were passed over: blanks lead to its place. */
  #keepPiece(before: string, text: string, position: ScriptPosition, isRow: boolean): void {
    const last = this.#kept.at(-1);
    const end = last ? placeAt(last.bytes, 0, last.bytes.length, last.position) : this.#start;
    const lines = position.line - end.line;
    const columns = lines > 0 ? position.column - 1 : Math.max(0, position.column - end.column - before.length);
    const bytes = Buffer.from(before + '\n'.repeat(lines) + ' '.repeat(columns) + text);
    this.keep({ bytes, position: end, release: () => undefined }, isRow);
  }

  #endPart(): void {
    this.loader.startStatement();
    this.#partRows = 0;
    this.#rowsBeforePart = this.#rows;
    this.#lastRowBeforePart = this.#lastRow;
  }

  /** All rows that the loader took. */
  taken(): TakenRows {
    return this.#describe(this.#rows, this.#lastRow, this.#length);
  }

  /** The batch ended behind what was taken. */
  endBatch(): void {
    this.#endedRows = this.#rows;
  }

  /** All rows that the loader took, read from the text anew. */
  batches(): LoadBatches {
    const { statements, ended } = this.#rows === 0 ? noStatements : this.#readBatches(this.#firstRow, this.#length);
    const begins = ended > 0 || this.#endedRows >= 0 || this.#startsBatch;
    let present = ended;
    for (let i = 0, rows = 0; i < statements.length; i++) {
      rows += statements[i]!.rows.length;
      if (rows <= this.#endedRows) present = Math.max(present, i + 1);
    }
    const prefix = begins ? this.#prefix.length : this.#prefixEnded;
    return {
      ended: [...this.#prefix.slice(0, prefix), ...statements.slice(0, present)],
      present: [...this.#prefix.slice(prefix), ...statements.slice(present)],
      begins,
    };
  }

  /** Whether the batch of the refused statement began with it: nothing that was taken before is of that batch. */
  get refusedBegins(): boolean {
    if (this.#rowsBeforePart === 0) {
      const { length } = this.#prefix;
      return this.#endedRows >= 0 || this.#startsBatch || (length > 0 && this.#prefixEnded === length);
    }
    if (this.#endedRows === this.#rowsBeforePart) return true;
    return this.#readBatches(this.#lastRowBeforePart, this.#length).ended > 0;
  }

  /** A batch ended before the first row: there are only blanks, heads and GO lines. */
  get #startsBatch(): boolean {
    const before = this.#textOf(0, Math.max(0, this.#firstRow));
    return /^[ \t]*GO[ \t]*\r?$/im.test(before);
  }

  /** Those before the statement of the refused row. */
  takenBefore(): TakenRows {
    return this.#describe(this.#rowsBeforePart, this.#lastRowBeforePart, this.#partRow);
  }

  /** The rows of the refused statement so far, the refused one last. */
  refusedRows(): InsertStatement[] {
    return this.#read(this.#partRow, this.#length);
  }

  /** Lets go of the bytes: the rows are in the target, or were read from them. */
  release(): void {
    for (const kept of this.#kept.splice(0)) kept.release();
  }

  #describe(rows: number, lastRow: number, end: number): TakenRows {
    const firstRow = this.#firstRow;
    const prefix = this.#prefix;
    const first = prefix[0]?.head.position ?? this.#place(Math.max(0, firstRow));
    const last = rows > 0 ? this.#place(lastRow) : (prefix.at(-1)?.positions.at(-1) ?? first);
    return {
      rows: this.prefixRows + rows,
      length: this.#length + prefix.reduce((sum, s) => sum + s.length, 0),
      first,
      last,
      statements: () => (rows === 0 ? [...prefix] : [...prefix, ...this.#read(firstRow, end)]),
    };
  }

  #place(offset: number): ScriptPosition {
    let at = offset;
    for (const { bytes, position } of this.#kept) {
      if (at < bytes.length) return placeAt(bytes, 0, at, position);
      at -= bytes.length;
    }
    return this.#start;
  }

  #read(from: number, to: number): InsertStatement[] {
    return this.#readBatches(from, to).statements;
  }

  /** Rows in [from, to) of what was kept, from the begin of a row on; `ended` of the statements are of batches that ended there. */
  #readBatches(from: number, to: number): { statements: InsertStatement[]; ended: number } {
    const start = this.#place(from);
    const run = new RowRun(this.head);
    const splitter = new ScriptSplitter({ ...(start.file === undefined ? {} : { file: start.file }), start });
    splitter.continueRows(this.head);
    splitter.write(this.#textOf(from, to));
    splitter.end();
    run.begin({ ...this.head, position: start });
    let batchEnds = false;
    for (let piece = splitter.read(); piece !== null; piece = splitter.read()) {
      if (piece.kind === 'insertHead') {
        // The end of the text is one of a batch for the splitter, but not for the script.
        if (batchEnds) run.endBatch();
        run.begin({ ...this.head, position: piece.position });
      } else if (piece.kind === 'insertRow') run.addRow(piece.text, piece.position);
      else if (piece.kind === 'insertEnd') run.end(piece.text);
      batchEnds = piece.kind === 'batchEnd';
    }
    run.end('');
    const { ended } = run;
    return { statements: run.take(), ended };
  }

  #textOf(from: number, to: number): string {
    return Buffer.concat(this.#kept.map(k => k.bytes))
      .subarray(from, to)
      .toString();
  }
}

const noStatements = { statements: [], ended: 0 };
