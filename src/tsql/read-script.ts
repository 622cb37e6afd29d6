/** Reads a script, as it comes, into the model of the database that it makes. Rows are passed on, never held. */

import type { Database } from '../model/database.ts';
import type { ScriptPosition } from '../model/error.ts';
import type { QualifiedName } from '../model/name.ts';
import { splitScript } from './batch-splitter.ts';
import type { ObjectName } from './ddl/statement.ts';
import type { InsertEndPiece, InsertHeadPiece, InsertRowPiece, MarkerPiece, ScriptPiece } from './script-piece.ts';
import { type BatchVariables, readStatements, type ScriptAction } from './script-statements.ts';
import { ScriptModel, type ScriptModelOptions } from './to-model.ts';

/** What passes by while a script is read. */
export interface ScriptVisitor {
  /** A comment line `-- xpdb: {…}`. */
  marker?(piece: MarkerPiece): void;
  insertHead?(piece: InsertHeadPiece): void;
  insertRow?(piece: InsertRowPiece): void;
  insertEnd?(piece: InsertEndPiece): void;
  /** An INSERT of another form than VALUES: how many rows it gives is not known. */
  otherInsert?(table: ObjectName): void;
  batchEnd?(): void;
}

export interface ReadScriptOptions extends ScriptModelOptions {
  readonly visitor?: ScriptVisitor;
  /** Tables whose rows come from elsewhere before the script's identities are set. */
  readonly filled?: readonly QualifiedName[];
}

/** @throws XpdbError for what is no script: a string or comment that does not end, two databases in one script */
export async function readScript(
  pieces: AsyncIterable<ScriptPiece> | Iterable<ScriptPiece>,
  options: ReadScriptOptions = {},
): Promise<Database> {
  const model = new ScriptModel(options);
  for (const table of options.filled ?? []) model.rowsInserted(table);
  const { visitor = {} } = options;
  let variables: BatchVariables = new Map();
  for await (const piece of pieces) {
    switch (piece.kind) {
      case 'text':
        for (const action of readStatements(piece.text, piece.position, variables)) apply(model, action, visitor);
        break;
      case 'insertHead':
        model.rowsInserted(piece.table);
        visitor.insertHead?.(piece);
        break;
      case 'insertRow':
        visitor.insertRow?.(piece);
        break;
      case 'insertEnd':
        visitor.insertEnd?.(piece);
        break;
      case 'batchEnd':
        variables = new Map();
        visitor.batchEnd?.();
        break;
      case 'marker':
        visitor.marker?.(piece);
    }
  }
  return model.database();
}

/** As readScript, of a text that is in memory. */
export function readScriptText(
  text: string,
  options: ScriptModelOptions & { readonly file?: string } = {},
): Promise<Database> {
  const { file, ...rest } = options;
  return readScript(splitScript([text], file === undefined ? {} : { file }), rest);
}

function apply(model: ScriptModel, action: ScriptAction, visitor: ScriptVisitor): void {
  switch (action.kind) {
    case 'ddl':
      model.add(action.statement);
      break;
    case 'reseed':
      model.reseed(action.table, action.value);
      break;
    case 'insert':
      model.rowsInserted(action.table);
      visitor.otherInsert?.(action.table);
      break;
    case 'unknown':
      model.unsupported(action.what, placeOf(action.position));
  }
}

function placeOf(position: ScriptPosition): string {
  return `${position.file ?? 'script'}:${position.line}:${position.column}`;
}
