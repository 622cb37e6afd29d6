/**
 * Rows on their way from the script's text into a loader, without a piece or a string for any. The text itself is kept until the
 * rows are in the target: what fails as a load runs as the script has it.
 */

import type { ScriptPosition } from '../model/error.ts';
import { type RowTaker, ScriptSplitter, type SkimmedRows } from '../tsql/batch-splitter.ts';
import type { InsertHeadPiece } from '../tsql/script-piece.ts';
import type { RowLoader } from './row-loader.ts';
import { maxRowsPerInsert, maxStatementLength, RowRun } from './row-run.ts';
import type { InsertStatement } from './step.ts';

/** Text of the rows of one load. */
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

export class LoadRun implements RowTaker {
  readonly head: InsertHeadPiece;
  readonly loader: RowLoader;
  /** A row could not be taken: the rows from the begin of its statement on must run as text. */
  refused = false;
  /** There is enough for a load. */
  stops = false;
  readonly #prefix: readonly InsertStatement[];
  readonly prefixRows: number;
  readonly #start: ScriptPosition;
  readonly #texts: SkimmedRows[] = [];
  #length = 0;
  /** Offset of the reader's text in `#texts` joined. */
  #base = 0;
  #rows = 0;
  #firstRow = -1;
  #lastRow = -1;
  /** The statement at hand, or the part of it that is not longer than one may be. */
  #partRow = -1;
  #partRows = 0;
  #rowsBeforePart = 0;
  #lastRowBeforePart = -1;

  /**
   * @param start place where the text of the rows begins
   * @param prefix statements before it whose rows the loader has already
   */
  constructor(head: InsertHeadPiece, loader: RowLoader, start: ScriptPosition, prefix: readonly InsertStatement[]) {
    this.head = head;
    this.loader = loader;
    this.#start = start;
    this.#prefix = prefix;
    this.prefixRows = prefix.reduce((sum, s) => sum + s.rows.length, 0);
    loader.startStatement();
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

  rowUpTo(text: string, start: number, limit: number): number {
    const end = this.loader.addUpTo(text, start, limit);
    if (end >= 0) this.#took(this.#base + start);
    return end;
  }

  row(text: string, start: number, end: number): boolean {
    const offset = this.#base + start;
    if (!this.loader.add(text, start, end)) {
      this.loader.dropStatement();
      this.#beginPart(offset);
      this.refused = true;
      return false;
    }
    this.#took(offset);
    return !this.stops;
  }

  #took(offset: number): void {
    this.#beginPart(offset);
    this.#rows++;
    this.#lastRow = offset;
    if (++this.#partRows < maxRowsPerInsert && offset - this.#partRow < maxStatementLength) return;
    this.#endPart();
    this.stops = offset - this.#firstRow >= fullLength;
  }

  #beginPart(offset: number): void {
    if (this.#partRows > 0) return;
    this.#partRow = offset;
    if (this.#firstRow < 0) this.#firstRow = offset;
  }

  batchEnd(): void {}

  /** Text that the reader passed over. */
  keep(skimmed: SkimmedRows): void {
    if (skimmed.text === '') return;
    this.#texts.push(skimmed);
    this.#length += skimmed.text.length;
  }

  /** The head of another statement that the reader gave as a piece: it stands between the texts that were passed over. */
  keepHead(text: string, position: ScriptPosition): void {
    const last = this.#texts.at(-1);
    const end = last ? positionIn(last.text, last.text.length, last.position) : this.#start;
    const lines = position.line - end.line;
    const columns = lines > 0 ? position.column - 1 : Math.max(1, position.column - end.column);
    this.keep({ state: 'other', text: '\n'.repeat(lines) + ' '.repeat(columns) + text, position: end });
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

  /** Those before the statement of the refused row. */
  takenBefore(): TakenRows {
    return this.#describe(this.#rowsBeforePart, this.#lastRowBeforePart, this.#partRow);
  }

  /** The rows of the refused statement so far, the refused one last. */
  refusedRows(): InsertStatement[] {
    return this.#read(this.#text().slice(this.#partRow), this.#place(this.#partRow));
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
      statements: () =>
        rows === 0 ? [...prefix] : [...prefix, ...this.#read(this.#text().slice(firstRow, end), this.#place(firstRow))],
    };
  }

  #text(): string {
    return this.#texts.map(t => t.text).join('');
  }

  #place(offset: number): ScriptPosition {
    let at = offset;
    for (const { text, position } of this.#texts) {
      if (at < text.length) return positionIn(text, at, position);
      at -= text.length;
    }
    return this.#start;
  }

  #read(text: string, start: ScriptPosition): InsertStatement[] {
    const run = new RowRun(this.head);
    const splitter = new ScriptSplitter({ ...(start.file === undefined ? {} : { file: start.file }), start });
    splitter.continueRows(this.head);
    splitter.write(text);
    splitter.end();
    run.begin({ ...this.head, position: start });
    for (let piece = splitter.read(); piece !== null; piece = splitter.read()) {
      if (piece.kind === 'insertHead') run.begin({ ...this.head, position: piece.position });
      else if (piece.kind === 'insertRow') run.addRow(piece.text, piece.position);
      else if (piece.kind === 'insertEnd') run.end(piece.text);
    }
    run.end('');
    return run.take();
  }
}

function positionIn(text: string, at: number, start: ScriptPosition): ScriptPosition {
  const before = text.slice(0, at);
  let line = start.line;
  let lineStart = -1;
  for (const match of before.matchAll(/\r\n|\n|\r/g)) {
    line++;
    lineStart = match.index + match[0].length;
  }
  return { ...start, line, column: lineStart < 0 ? start.column + at : at - lineStart + 1 };
}
