/** Reads scripts, as they come, into the model of the database that they make. Rows are passed on, never held. */

import type { Database } from '../model/database.ts';
import type { ScriptPosition } from '../model/error.ts';
import type { QualifiedName } from '../model/name.ts';
import { ScriptSplitter, type SplitOptions } from './batch-splitter.ts';
import type { ObjectName } from './ddl/statement.ts';
import type { RowTaker } from './row-skimmer.ts';
import type { InsertHeadPiece, MarkerPiece, ScriptPiece } from './script-piece.ts';
import { type BatchVariables, readStatements, type ScriptAction } from './script-statements.ts';
import { ScriptModel, type ScriptModelOptions } from './to-model.ts';

/** What passes by while a script is read. */
export interface ScriptVisitor {
  /** A comment line `-- xpdb: {…}`. */
  marker?(piece: MarkerPiece): void;
  /** Rows of this table follow; those of INSERTs with the same head behind it, too. */
  insertHead?(piece: InsertHeadPiece): void;
  /** A row, `(1, N'…')`, is [start, end) of the text. */
  insertRow?(text: string, start: number, end: number): void;
  /** A batch ends, which runs so many times. */
  batchEnd?(count: number): void;
  /** An INSERT of another form than VALUES: unless it is one row for certain, how many it gives is not known. */
  otherInsert?(table: ObjectName, oneRow: boolean): void;
}

export interface ReadScriptOptions extends ScriptModelOptions {
  readonly visitor?: ScriptVisitor;
  /** Tables whose rows come from elsewhere before the script's identities are set. */
  readonly filled?: readonly QualifiedName[];
}

type Chunks = AsyncIterable<string> | Iterable<string>;

/** Reads one script after the other into one model. */
export class ScriptReader {
  readonly #model: ScriptModel;
  readonly #visitor: ScriptVisitor;
  readonly #taker: RowTaker;
  #variables: BatchVariables = new Map();

  constructor(options: ReadScriptOptions = {}) {
    this.#model = new ScriptModel(options);
    for (const table of options.filled ?? []) this.#model.rowsInserted(table);
    const visitor = options.visitor ?? {};
    this.#visitor = visitor;
    this.#taker = {
      statement: () => true,
      batchEnd: () => visitor.batchEnd?.(1),
      row: (text, start, end) => {
        visitor.insertRow?.(text, start, end);
        return true;
      },
    };
  }

  /**
   * @param chunks pieces of text of any size
   * @throws XpdbError for what is no script: a string or comment that does not end, two databases in one script
   */
  async read(chunks: Chunks, options: SplitOptions = {}): Promise<void> {
    const splitter = new ScriptSplitter(options);
    for await (const chunk of chunks) {
      splitter.write(chunk);
      this.#drain(splitter);
    }
    splitter.end();
    this.#drain(splitter);
  }

  #drain(splitter: ScriptSplitter): void {
    for (let piece = splitter.read(); piece !== null; piece = splitter.read()) {
      this.#take(piece);
      // Rows behind a head, and behind those that the end of a chunk cut: with no piece made for each.
      if (piece.kind === 'insertHead' || piece.kind === 'insertRow')
        while (splitter.skimRows(this.#taker) === 'stopped');
    }
  }

  #take(piece: ScriptPiece): void {
    switch (piece.kind) {
      case 'text':
        for (const action of readStatements(piece.text, piece.position, this.#variables)) this.#apply(action);
        break;
      case 'insertHead':
        this.#model.rowsInserted(piece.table);
        this.#visitor.insertHead?.(piece);
        break;
      case 'insertRow':
        this.#visitor.insertRow?.(piece.text, 0, piece.text.length);
        break;
      case 'insertEnd':
        break;
      case 'batchEnd':
        this.#variables = new Map();
        this.#visitor.batchEnd?.(piece.count);
        break;
      case 'marker':
        this.#visitor.marker?.(piece);
    }
  }

  #apply(action: ScriptAction): void {
    const model = this.#model;
    switch (action.kind) {
      case 'ddl':
        model.add(action.statement);
        break;
      case 'reseed':
        model.reseed(action.table, action.value);
        break;
      case 'insert':
        model.rowsInserted(action.table);
        this.#visitor.otherInsert?.(action.table, action.oneRow);
        break;
      case 'unknown':
        model.unsupported(action.what, placeOf(action.position));
    }
  }

  database(): Database {
    return this.#model.database();
  }
}

/** The model of one script. @throws XpdbError as ScriptReader.read */
export async function readScript(chunks: Chunks, options: ReadScriptOptions & SplitOptions = {}): Promise<Database> {
  const reader = new ScriptReader(options);
  await reader.read(chunks, options.file === undefined ? {} : { file: options.file });
  return reader.database();
}

/** As readScript, of a text that is in memory. */
export function readScriptText(text: string, options: ReadScriptOptions & SplitOptions = {}): Promise<Database> {
  return readScript([text], options);
}

function placeOf(position: ScriptPosition): string {
  return `${position.file ?? 'script'}:${position.line}:${position.column}`;
}
