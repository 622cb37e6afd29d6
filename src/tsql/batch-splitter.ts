/** Splits a script into the pieces that go to a server: statements, rows of INSERTs one by one, and where batches end. */

import type { ScriptPosition } from '../model/error.ts';
import { type InsertHead, readInsertHead, tupleEnd } from './insert-head.ts';
import { LexemeScanner } from './lexeme-scanner.ts';
import { type RowPlace, RowSkimmer, type RowTaker, type SkimState } from './row-skimmer.ts';
import { RunnerCommands } from './runner-line.ts';
import { ScriptLines } from './script-lines.ts';
import type { InsertHeadPiece, ScriptPiece } from './script-piece.ts';
import { isBlank, needMore, type ScriptText } from './script-text.ts';
import { StatementScanner } from './statement-scanner.ts';
import { UnreadText } from './unread-text.ts';

export type { ScriptPiece } from './script-piece.ts';

export interface SplitOptions {
  /** For positions. */
  readonly file?: string;
  /** Of the first character; line 1, column 1 unless given. */
  readonly start?: ScriptPosition;
  /** Word that ends a batch; GO unless given. */
  readonly separator?: string;
  /** Values of `$(name)`; with it `:setvar` is understood, without it such text is left as it is. */
  readonly variables?: ReadonlyMap<string, string>;
}

const markerPrefix = '-- xpdb: ';
/** Statements that must be alone in their batch, so that the batch is their text (CREATE PROCEDURE, Transact-SQL reference). */
const modules = new Set(['PROC', 'PROCEDURE', 'FUNCTION', 'VIEW', 'TRIGGER', 'SCHEMA', 'RULE', 'DEFAULT']);

/**
 * Splits a script as it is read.
 * @param chunks pieces of text of any size; a chunk may end anywhere
 * @throws XpdbError where a string, name, comment or row does not end (the position is where it began), for sqlcmd commands
 * that are not understood, and for variables without a value
 */
export async function* splitScript(
  chunks: AsyncIterable<string> | Iterable<string>,
  options: SplitOptions = {},
): AsyncGenerator<ScriptPiece> {
  const splitter = new ScriptSplitter(options);
  for await (const chunk of chunks) {
    splitter.write(chunk);
    for (let piece = splitter.read(); piece !== null; piece = splitter.read()) yield piece;
  }
  splitter.end();
  for (let piece = splitter.read(); piece !== null; piece = splitter.read()) yield piece;
}

/**
 * The splitter without a stream around it, for whoever reads faster than one promise for each piece:
 * `write` text, `read` until null, and so on; `end`, and `read` until null. Holds the unread text only, and of that no more
 * than twice the piece that it is in.
 */
export class ScriptSplitter {
  readonly #unread: UnreadText;
  readonly #source: ScriptText;
  readonly #lexemes: LexemeScanner;
  readonly #statements: StatementScanner;
  readonly #lines: ScriptLines;
  readonly #commands: RunnerCommands;
  readonly #rows: RowSkimmer;
  #done = false;
  #inBatch = false;

  constructor(options: SplitOptions = {}) {
    const unread = new UnreadText(options.file, options.start);
    this.#unread = unread;
    this.#source = unread.source;
    this.#commands = new RunnerCommands(options.variables);
    this.#lines = new ScriptLines(this.#source, this.#commands, options.separator);
    this.#lexemes = new LexemeScanner(this.#source, at => this.#lines.kind(at));
    this.#statements = new StatementScanner(this.#lexemes);
    this.#rows = new RowSkimmer(unread, this.#lines);
  }

  write(chunk: string): void {
    this.#unread.write(chunk);
  }

  end(): void {
    this.#unread.end();
  }

  /** Whether `end` was called since the last `resume`. */
  get ended(): boolean {
    return this.#unread.ended;
  }

  /** The next piece; null when more text must be written first or, after `end`, when there is none. */
  read(): ScriptPiece | null {
    for (;;) {
      if (this.#done || !this.#unread.extend()) return null;
      try {
        return this.#rows.place === 'none' ? this.#statement() : this.#row();
      } catch (error) {
        if (error !== needMore) throw error;
        this.#unread.wait();
      }
    }
  }

  /** Goes on inside an INSERT whose head was read elsewhere: what is written next are its rows. */
  continueRows(head: InsertHeadPiece): void {
    this.#rows.begin(head);
    this.#inBatch = true;
  }

  /** The INSERT whose rows, or the last ones of which, are being read; null where its text was changed by variables. */
  get head(): InsertHeadPiece | null {
    return this.#rows.head;
  }

  get rowPlace(): RowPlace {
    return this.#rows.place;
  }

  get separator(): string {
    return this.#lines.separator;
  }

  /** Gives back the text that was not read; `resume` goes on behind what others read of it. */
  release(): string {
    return this.#unread.release();
  }

  /** Goes on inside of the INSERT that was read last, at another place: what is written next stands there. */
  resume(position: ScriptPosition, place: 'first' | 'behind'): void {
    this.#unread.restart(position, position.column === 1);
    this.#rows.place = place;
  }

  /** Where the next piece or skim begins. */
  get position(): ScriptPosition {
    return this.#unread.position;
  }

  /**
   * Inside an INSERT: gives its rows, and those of the INSERTs behind it that have the same head, to the taker, as far as there
   * is text, with no piece made for any. Nothing but blanks and plain GO lines may stand between them; where anything else
   * follows, `read` goes on. Not for scripts whose variables are expanded.
   */
  skimRows(taker: RowTaker): SkimState {
    if (!this.#unread.extend()) return 'more';
    try {
      return this.#rows.skim(taker);
    } catch (error) {
      if (error !== needMore) throw error;
      this.#unread.wait();
      return 'more';
    }
  }

  /** The next piece outside of an INSERT's rows. */
  #statement(): ScriptPiece | null {
    const source = this.#source;
    // Blanks are left behind; comments stay before the statement they stand before.
    let from = this.#unread.at;
    let lineStart = this.#unread.isLineStart(from);
    for (let at = from, comment = -1; ; ) {
      const c = source.char(at);
      if (c === 10 || c === 13) lineStart = true;
      if (isBlank(c)) {
        at++;
        continue;
      }
      if (lineStart) {
        const kind = this.#lines.kind(at);
        if (kind === 'separator') return this.#batchEnd(at);
        if (kind === 'command') continue;
        if (c === 45 && source.char(at + 1) === 45 && this.#isMarker(at)) return this.#marker(at);
        lineStart = false;
      }
      if (Number.isNaN(c)) return this.#finish(at);
      if (c === 45 && source.char(at + 1) === 45) {
        if (comment < 0) comment = at;
        at = source.lineEnd(at);
      } else if (c === 47 && source.char(at + 1) === 42) {
        if (comment < 0) comment = at;
        at = source.commentEnd(at);
      } else {
        from = comment < 0 ? at : comment;
        return this.#text(from, at);
      }
    }
  }

  #isMarker(at: number): boolean {
    const end = this.#source.lineEnd(at);
    return end - at >= markerPrefix.length && this.#source.text.startsWith(markerPrefix, at);
  }

  #marker(at: number): ScriptPiece {
    const source = this.#source;
    const end = source.lineEnd(at);
    const next = source.afterLineBreak(end);
    const position = source.position(at);
    this.#unread.at = next;
    return { kind: 'marker', text: source.text.slice(at, end).trimEnd(), position };
  }

  #batchEnd(at: number): ScriptPiece {
    const source = this.#source;
    const end = source.lineEnd(at);
    // A module begins with the first character behind the line break.
    const next = source.afterLineBreak(end);
    const position = source.position(at);
    const count = this.#lines.separatorCount(at, end) ?? 1;
    this.#unread.at = next;
    this.#inBatch = false;
    return { kind: 'batchEnd', count, position };
  }

  #finish(at: number): ScriptPiece | null {
    this.#unread.at = at;
    this.#done = true;
    return this.#inBatch ? { kind: 'batchEnd', count: 1, position: this.#source.position(at) } : null;
  }

  /** A statement whose comments begin at `from` and whose first word at `at`. */
  #text(from: number, at: number): ScriptPiece {
    const source = this.#source;
    const { head } = this.#rows;
    if (head && source.text.startsWith(head.text, at)) {
      const behind = at + head.text.length;
      if (source.char(source.skipTrivia(behind)) === 40) return this.#insert(at, behind, head);
    }
    const lexemes = this.#lexemes;
    lexemes.begin(at, false);
    if (lexemes.kind === 'word') {
      if (lexemes.word === 'INSERT') {
        const read = readInsertHead(source, lexemes.end);
        if (read) return this.#insert(at, read.end, read);
      } else if (!this.#inBatch && (lexemes.word === 'CREATE' || lexemes.word === 'ALTER') && this.#isModule()) {
        return this.#module();
      }
      lexemes.begin(at, false);
    }
    const end = this.#statements.pass();
    return this.#give(from, end);
  }

  #give(from: number, end: number): ScriptPiece {
    const source = this.#source;
    const position = source.position(from);
    const text = this.#commands.expand(source.text.slice(from, end), () => position);
    this.#unread.at = end;
    this.#inBatch = true;
    return { kind: 'text', text, position };
  }

  /** From CREATE or ALTER on. */
  #isModule(): boolean {
    const lexemes = this.#lexemes;
    const create = lexemes.word === 'CREATE';
    lexemes.next();
    if (create && lexemes.isWord('OR')) {
      lexemes.next();
      if (!lexemes.isWord('ALTER')) return false;
      lexemes.next();
    }
    return lexemes.kind === 'word' && modules.has(lexemes.word);
  }

  #module(): ScriptPiece {
    const lexemes = this.#lexemes;
    while (!lexemes.isOver) lexemes.next();
    if (lexemes.kind === 'end') return this.#give(this.#unread.at, lexemes.end);
    // The line break before GO belongs to the separator.
    const { text } = this.#source;
    let end = lexemes.start;
    while (text.charCodeAt(end - 1) !== 10 && text.charCodeAt(end - 1) !== 13) end--;
    end -= text.charCodeAt(end - 1) === 10 && text.charCodeAt(end - 2) === 13 ? 2 : 1;
    return this.#give(this.#unread.at, end);
  }

  #insert(at: number, behind: number, head: InsertHead | InsertHeadPiece): ScriptPiece {
    const source = this.#source;
    const position = source.position(at);
    const raw = source.text.slice(at, behind);
    const text = this.#commands.expand(raw, () => position);
    // Names are read before variables are put in their place.
    const expand = (name: string | null) => (name === null ? null : this.#commands.expand(name, () => position));
    const { table, columns } = head;
    const piece: InsertHeadPiece = {
      kind: 'insertHead',
      text,
      table:
        text === raw
          ? table
          : {
              server: expand(table.server),
              database: expand(table.database),
              schema: expand(table.schema),
              name: expand(table.name)!,
            },
      columns: text === raw ? columns : (columns?.map(c => expand(c)!) ?? null),
      position,
    };
    this.#rows.begin(text === raw ? piece : null);
    this.#unread.at = behind;
    this.#inBatch = true;
    return piece;
  }

  /** The next row of an INSERT, or its end. */
  #row(): ScriptPiece {
    const source = this.#source;
    let at = this.#unread.at;
    if (this.#rows.place === 'behind') {
      at = source.skipTrivia(at);
      if (source.char(at) !== 44) return this.#insertEnd(at);
      at++;
    }
    at = source.skipTrivia(at);
    if (source.char(at) !== 40) {
      // VALUES (1), nothing: the server's error is the one to show.
      return this.#insertEnd(at);
    }
    const end = tupleEnd(source, at);
    const position = source.position(at);
    const text = this.#commands.expand(source.text.slice(at, end), () => position);
    this.#unread.at = end;
    this.#rows.place = 'behind';
    return { kind: 'insertRow', text, position };
  }

  #insertEnd(at: number): ScriptPiece {
    const source = this.#source;
    if (source.char(at) === 59) {
      this.#unread.at = at + 1;
      this.#rows.place = 'none';
      return { kind: 'insertEnd', text: ';' };
    }
    // INSERT … VALUES (…) OPTION (…), and whatever else is no statement of its own: its end is one.
    const lexemes = this.#lexemes;
    lexemes.begin(this.#unread.at, this.#unread.isLineStart(this.#unread.at));
    if (lexemes.kind === 'word' && lexemes.word === 'OPTION') {
      const from = lexemes.start;
      const end = this.#statements.pass();
      this.#unread.at = end;
      this.#rows.place = 'none';
      return { kind: 'insertEnd', text: source.text.slice(from, end) };
    }
    this.#rows.place = 'none';
    return { kind: 'insertEnd', text: '' };
  }
}
