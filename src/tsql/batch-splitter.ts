import type { ScriptPosition } from '../model/error.ts';
import { type InsertHead, readInsertHead, tupleEnd } from './insert-head.ts';
import { LexemeScanner, type LineKind } from './lexeme-scanner.ts';
import { RunnerCommands, separatorCount } from './runner-line.ts';
import type { InsertHeadPiece, ScriptPiece } from './script-piece.ts';
import { isBlank, needMore, ScriptText } from './script-text.ts';
import { StatementScanner } from './statement-scanner.ts';

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

/** Takes rows as they lie in the text, for whoever reads them faster than one piece at a time. */
export interface RowTaker {
  /** Another INSERT with the same head begins. @returns false to stop before it */
  statement(): boolean;
  /** A row is [start, end) of the text. @returns false to stop behind it */
  row(text: string, start: number, end: number): boolean;
  /** A GO between such statements was passed. */
  batchEnd(): void;
}

/**
 * Why rows were not passed on any more:
 * - `more`: more text must be written first
 * - `stopped`: the taker stopped it
 * - `other`: something else follows, for `read`
 */
export type SkimState = 'more' | 'stopped' | 'other';

/** Where a splitter stands among the rows of an INSERT: before its first row, behind a row, or outside. */
export type RowPlace = 'first' | 'behind' | 'none';

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
  readonly #source: ScriptText;
  readonly #lexemes: LexemeScanner;
  readonly #statements: StatementScanner;
  readonly #separator: string;
  readonly #initials: readonly [number, number];
  readonly #commands: RunnerCommands;
  #pending: string[] = [];
  #pendingLength = 0;
  /** Text to wait for before it is worth to look again. */
  #wanted = 0;
  #ended = false;
  #done = false;
  /** Offset of what was not given out yet. */
  #at = 0;
  /** Whether only blanks stand between the last line break and the text's first character. */
  #baseLineStart = true;
  #inBatch = false;
  /** 0 outside of an INSERT, 1 before its first row, 2 behind a row. */
  #rows: 0 | 1 | 2 = 0;
  #lastHead: InsertHeadPiece | null = null;

  constructor(options: SplitOptions = {}) {
    this.#source = new ScriptText(options.file, options.start);
    this.#separator = options.separator ?? 'GO';
    const initial = this.#separator[0] ?? 'G';
    this.#initials = [initial.toUpperCase().charCodeAt(0), initial.toLowerCase().charCodeAt(0)];
    this.#commands = new RunnerCommands(options.variables);
    this.#lexemes = new LexemeScanner(this.#source, at => this.#lineKind(at));
    this.#statements = new StatementScanner(this.#lexemes);
  }

  write(chunk: string): void {
    if (chunk === '') return;
    this.#pending.push(chunk);
    this.#pendingLength += chunk.length;
  }

  end(): void {
    this.#ended = true;
  }

  /** Whether `end` was called since the last `resume`. */
  get ended(): boolean {
    return this.#ended;
  }

  /** The next piece; null when more text must be written first or, after `end`, when there is none. */
  read(): ScriptPiece | null {
    for (;;) {
      if (this.#done) return null;
      if (this.#wanted >= 0) {
        if (!this.#ended && this.#pendingLength <= this.#wanted) return null;
        this.#extend();
      }
      try {
        return this.#rows === 0 ? this.#statement() : this.#row();
      } catch (error) {
        if (error !== needMore) throw error;
        // At least half of what is held must come, so that a large value is not looked at again and again.
        this.#wanted = (this.#source.text.length - this.#at) >> 1;
      }
    }
  }

  /** Goes on inside an INSERT whose head was read elsewhere: what is written next are its rows. */
  continueRows(head: InsertHeadPiece): void {
    this.#lastHead = head;
    this.#rows = 1;
    this.#inBatch = true;
  }

  /** The INSERT whose rows, or the last ones of which, are being read; null where its text was changed by variables. */
  get head(): InsertHeadPiece | null {
    return this.#lastHead;
  }

  get rowPlace(): RowPlace {
    return this.#rows === 0 ? 'none' : this.#rows === 1 ? 'first' : 'behind';
  }

  get separator(): string {
    return this.#separator;
  }

  /** Gives back the text that was not read; `resume` goes on behind what others read of it. */
  release(): string {
    const { position } = this;
    const text = this.#source.text.slice(this.#at) + this.#pending.join('');
    this.#drop(position, this.#isLineStart(this.#at));
    return text;
  }

  /** Goes on inside of the INSERT that was read last, at another place: what is written next stands there. */
  resume(position: ScriptPosition, place: 'first' | 'behind'): void {
    this.#drop(position, position.column === 1);
    this.#rows = place === 'first' ? 1 : 2;
  }

  #drop(position: ScriptPosition, lineStart: boolean): void {
    this.#source.restart(position);
    this.#baseLineStart = lineStart;
    this.#at = 0;
    this.#pending = [];
    this.#pendingLength = 0;
    this.#wanted = 0;
    this.#ended = false;
  }

  /** Where the next piece or skim begins. */
  get position(): ScriptPosition {
    return this.#source.position(this.#at);
  }

  /**
   * Inside an INSERT: gives its rows, and those of the INSERTs behind it that have the same head, to the taker, as far as there
   * is text, with no piece made for any. Nothing but blanks and plain GO lines may stand between them; where anything else
   * follows, `read` goes on. Not for scripts whose variables are expanded.
   */
  skimRows(taker: RowTaker): SkimState {
    if (this.#wanted >= 0) {
      if (!this.#ended && this.#pendingLength <= this.#wanted) return 'more';
      this.#extend();
    }
    try {
      return this.#skim(taker);
    } catch (error) {
      if (error !== needMore) throw error;
      this.#wanted = (this.#source.text.length - this.#at) >> 1;
      return 'more';
    }
  }

  #skim(taker: RowTaker): 'stopped' | 'other' {
    const source = this.#source;
    for (;;) {
      let at = this.#at;
      if (this.#rows === 2) {
        at = source.skipTrivia(at);
        if (source.char(at) !== 44) {
          const next = this.#sameHead(at, taker);
          if (next !== 'taken') return next;
          continue;
        }
        at++;
      }
      at = source.skipTrivia(at);
      if (source.char(at) !== 40) return 'other';
      const end = tupleEnd(source, at);
      this.#at = end;
      this.#rows = 2;
      if (!taker.row(source.text, at, end)) return 'stopped';
    }
  }

  /** From behind the last row of an INSERT to behind the head of the next one; changes nothing when there is another thing. */
  #sameHead(end: number, taker: RowTaker): 'taken' | 'stopped' | 'other' {
    const source = this.#source;
    const head = this.#lastHead;
    if (!head) return 'other';
    let at = source.char(end) === 59 ? end + 1 : this.#at;
    let lineStart = at === this.#at && this.#isLineStart(at);
    let batches = 0;
    for (let c = source.char(at); ; c = source.char(at)) {
      if (c === 10 || c === 13) lineStart = true;
      if (isBlank(c)) at++;
      else if (lineStart && (c === this.#initials[0] || c === this.#initials[1])) {
        const lineEnd = source.lineEnd(at);
        if (separatorCount(source.text.slice(at, lineEnd), this.#separator) !== 1) return 'other';
        at = source.afterLineBreak(lineEnd);
        batches++;
      } else break;
    }
    source.char(at + head.text.length);
    if (!source.text.startsWith(head.text, at)) return 'other';
    const behind = at + head.text.length;
    if (source.char(source.skipTrivia(behind)) !== 40) return 'other';
    if (!taker.statement()) return 'stopped';
    for (; batches > 0; batches--) taker.batchEnd();
    this.#at = behind;
    this.#rows = 1;
    return 'taken';
  }

  #extend(): void {
    this.#baseLineStart = this.#isLineStart(this.#at);
    const more = this.#pending.length === 1 ? this.#pending[0]! : this.#pending.join('');
    this.#source.extend(this.#at, more, this.#ended);
    this.#at = 0;
    this.#pending = [];
    this.#pendingLength = 0;
    this.#wanted = -1;
  }

  #isLineStart(at: number): boolean {
    const { text } = this.#source;
    for (let i = at - 1; i >= 0; i--) {
      const c = text.charCodeAt(i);
      if (c === 10 || c === 13) return true;
      if (!isBlank(c)) return false;
    }
    return this.#baseLineStart;
  }

  /** Looks at a line that begins (behind blanks) at `at`; a command is taken and blanked out. */
  #lineKind(at: number): LineKind {
    const source = this.#source;
    const c = source.text.charCodeAt(at);
    if (c === this.#initials[0] || c === this.#initials[1]) {
      const line = source.text.slice(at, source.lineEnd(at));
      return separatorCount(line, this.#separator) === null ? null : 'separator';
    }
    const next = c === 58 || c === 33 ? source.char(at + 1) : 0;
    // `::` goes on with a name from the line before.
    if ((c === 58 && next !== 58) || (c === 33 && next === 33)) {
      const end = source.lineEnd(at);
      this.#commands.take(source.text.slice(at, end).trimEnd(), source.positionBefore(at));
      source.blank(at, end);
      return 'command';
    }
    return null;
  }

  /** A piece that begins at `#at`, outside of an INSERT's rows. */
  #statement(): ScriptPiece | null {
    const source = this.#source;
    // Blanks are left behind; comments stay before the statement they stand before.
    let from = this.#at;
    let lineStart = this.#isLineStart(from);
    for (let at = from, comment = -1; ; ) {
      const c = source.char(at);
      if (c === 10 || c === 13) lineStart = true;
      if (isBlank(c)) {
        at++;
        continue;
      }
      if (lineStart) {
        const kind = this.#lineKind(at);
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
    this.#at = next;
    return { kind: 'marker', text: source.text.slice(at, end).trimEnd(), position };
  }

  #batchEnd(at: number): ScriptPiece {
    const source = this.#source;
    const end = source.lineEnd(at);
    // A module begins with the first character behind the line break.
    const next = source.afterLineBreak(end);
    const position = source.position(at);
    const count = separatorCount(source.text.slice(at, end), this.#separator) ?? 1;
    this.#at = next;
    this.#inBatch = false;
    return { kind: 'batchEnd', count, position };
  }

  #finish(at: number): ScriptPiece | null {
    this.#at = at;
    this.#done = true;
    return this.#inBatch ? { kind: 'batchEnd', count: 1, position: this.#source.position(at) } : null;
  }

  /** A statement whose comments begin at `from` and whose first word at `at`. */
  #text(from: number, at: number): ScriptPiece {
    const source = this.#source;
    const head = this.#lastHead;
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
    this.#at = end;
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
    if (lexemes.kind === 'end') return this.#give(this.#at, lexemes.end);
    // The line break before GO belongs to the separator.
    const { text } = this.#source;
    let end = lexemes.start;
    while (text.charCodeAt(end - 1) !== 10 && text.charCodeAt(end - 1) !== 13) end--;
    end -= text.charCodeAt(end - 1) === 10 && text.charCodeAt(end - 2) === 13 ? 2 : 1;
    return this.#give(this.#at, end);
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
    this.#lastHead = text === raw ? piece : null;
    this.#at = behind;
    this.#rows = 1;
    this.#inBatch = true;
    return piece;
  }

  /** The next row of an INSERT, or its end. */
  #row(): ScriptPiece {
    const source = this.#source;
    let at = this.#at;
    if (this.#rows === 2) {
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
    this.#at = end;
    this.#rows = 2;
    return { kind: 'insertRow', text, position };
  }

  #insertEnd(at: number): ScriptPiece {
    const source = this.#source;
    if (source.char(at) === 59) {
      this.#at = at + 1;
      this.#rows = 0;
      return { kind: 'insertEnd', text: ';' };
    }
    // INSERT … VALUES (…) OPTION (…), and whatever else is no statement of its own: its end is one.
    const lexemes = this.#lexemes;
    lexemes.begin(this.#at, this.#isLineStart(this.#at));
    if (lexemes.kind === 'word' && lexemes.word === 'OPTION') {
      const from = lexemes.start;
      const end = this.#statements.pass();
      this.#at = end;
      this.#rows = 0;
      return { kind: 'insertEnd', text: source.text.slice(from, end) };
    }
    this.#rows = 0;
    return { kind: 'insertEnd', text: '' };
  }
}
