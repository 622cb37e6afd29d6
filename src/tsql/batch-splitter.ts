import { ExitCode, type ScriptPosition, XpdbError } from '../model/error.ts';
import type { ObjectName } from './ddl/statement.ts';
import { tokenize } from './lexer.ts';
import { TokenCursor } from './token-cursor.ts';

/**
 * Pieces of a script, in order. The pieces between two `batchEnd` make one batch; their texts, with a line break between,
 * are the batch. Of an INSERT … VALUES no more than a row is held at a time.
 */
export type ScriptPiece =
  /** Statements, verbatim. A module (CREATE VIEW …) is the whole batch, without the line break before its GO. */
  | { readonly kind: 'text'; readonly text: string; readonly position: ScriptPosition }
  /** `INSERT [INTO] t [(a, b)] VALUES`. */
  | {
      readonly kind: 'insertHead';
      readonly text: string;
      readonly table: ObjectName;
      readonly columns: readonly string[] | null;
      readonly position: ScriptPosition;
    }
  /** `(1, N'…')`. */
  | { readonly kind: 'insertRow'; readonly text: string; readonly position: ScriptPosition }
  | { readonly kind: 'insertEnd' }
  /** GO, with its count; also at the end of a script that ends without one. */
  | { readonly kind: 'batchEnd'; readonly count: number; readonly position: ScriptPosition }
  /** A comment line `-- xpdb: {…}` between statements. */
  | { readonly kind: 'marker'; readonly text: string; readonly position: ScriptPosition };

export interface SplitOptions {
  /** For positions. */
  readonly file?: string;
  /** Word that ends a batch. */
  readonly separator?: string;
  /** Values of `$(name)`; absent = such text is left as it is. */
  readonly variables?: ReadonlyMap<string, string>;
}

/** Statements after which an INSERT can only be the next statement, however little separates them. */
const plainStarts = new Set([
  'SET',
  'USE',
  'PRINT',
  'TRUNCATE',
  'DBCC',
  'CHECKPOINT',
  'DECLARE',
  'COMMIT',
  'ROLLBACK',
  'INSERT',
  'DELETE',
  'GO',
]);
const markerPrefix = '-- xpdb: ';

/**
 * Splits a script as it is read.
 * @throws XpdbError where a string, name or comment does not end (the position is where it began), and for runner commands (`:r`, `!!`)
 */
export async function* splitScript(
  chunks: AsyncIterable<string> | Iterable<string>,
  options: SplitOptions = {},
): AsyncGenerator<ScriptPiece> {
  const source = new Source(chunks, options);
  const separator = options.separator ?? 'GO';
  let batchHasText = false;
  for (;;) {
    // At the start of a statement of the batch.
    const scan = await scanText(source, separator, batchHasText);
    if (scan.text !== null) {
      batchHasText = true;
      yield { kind: 'text', text: source.expand(scan.text), position: scan.position };
    }
    switch (scan.stop) {
      case 'marker':
        yield { kind: 'marker', text: scan.marker ?? '', position: scan.at };
        break;
      case 'go':
        yield { kind: 'batchEnd', count: scan.count, position: scan.at };
        batchHasText = false;
        break;
      case 'insert':
        batchHasText = true;
        yield* insertPieces(source, scan.at);
        break;
      case 'end':
        yield { kind: 'batchEnd', count: 1, position: scan.at };
        return;
    }
  }
}

interface TextScan {
  /** null when only blanks and comments stood there. */
  readonly text: string | null;
  readonly position: ScriptPosition;
  readonly stop: 'go' | 'insert' | 'marker' | 'statement' | 'end';
  readonly at: ScriptPosition;
  readonly count: number;
  readonly marker?: string;
}

/** Text up to GO, an INSERT … VALUES, a marker line, a `;` that ends a statement, or the end. Moves behind it. */
async function scanText(source: Source, separator: string, inBatch: boolean): Promise<TextScan> {
  let at = source.position;
  let blocks = 0;
  let depth = 0;
  let firstWord = '';
  let previousWord = '';
  /** Something but blanks and comments stands in the text. */
  let substance = false;
  let module = false;
  let lineStart = source.atLineStart;
  const finish = async (
    stop: TextScan['stop'],
    to: number,
    next: number,
    more: { count?: number; marker?: string } = {},
  ): Promise<TextScan> => {
    // The line break before GO belongs to the separator.
    const raw = source.text.slice(source.position, to);
    const text = stop === 'go' ? raw.replace(/\r?\n$|\r$/, '') : raw;
    const position = source.place(source.position + (substance && !module ? (/^\s*/.exec(text)?.[0].length ?? 0) : 0));
    const place = source.place(to);
    source.position = next;
    // So does the one behind it, and the one of a marker line.
    if (stop === 'go' || stop === 'marker') await source.skipLineBreak();
    source.atLineStart = stop === 'go' || stop === 'marker';
    source.release();
    return {
      text: substance ? text : null,
      position,
      stop,
      at: place,
      count: more.count ?? 1,
      ...(more.marker === undefined ? {} : { marker: more.marker }),
    };
  };
  for (;;) {
    if (at >= source.text.length && !(await source.more()))
      return finish('end', source.text.length, source.text.length);
    const { text } = source;
    const c = text.charCodeAt(at);
    if (c === 10 || c === 13) {
      lineStart = true;
      at++;
      continue;
    }
    if (c === 32 || c === 9 || c === 0xfeff || c === 0xa0 || c === 11 || c === 12 || c === 26) {
      at++;
      continue;
    }
    if (lineStart) {
      lineStart = false;
      const line = await source.lineAt(at);
      const go = goCount(line, separator);
      if (go !== null) {
        const start = source.text.lastIndexOf('\n', at - 1) + 1;
        return finish('go', Math.max(source.position, Math.min(start, at)), at + line.length, { count: go });
      }
      if (!substance && !inBatch && line.startsWith(markerPrefix))
        return finish('marker', at, at + line.length, { marker: line });
      if (c === 58 || (c === 33 && text.charCodeAt(at + 1) === 33)) {
        if (
          !substance ||
          /^:(setvar|on error|r|connect|out|error|list|reset|perftrace|serverlist|xml|help|exit|quit)\b/i.test(line)
        ) {
          source.command(line, source.place(at));
          source.blank(at, at + line.length);
          continue;
        }
      }
    }
    // Strings, names in quotes and comments are passed as a whole.
    if (c === 39 || c === 34 || c === 91) {
      substance = true;
      previousWord = '';
      at = await source.closing(
        at,
        at + 1,
        c === 91 ? ']' : String.fromCharCode(c),
        c === 39 ? 'string' : c === 91 ? 'name in brackets' : 'quoted name',
      );
      continue;
    }
    if (c === 45 && (await source.char(at + 1)) === 45) {
      at = await source.lineEnd(at);
      continue;
    }
    if (c === 47 && (await source.char(at + 1)) === 42) {
      at = await source.commentEnd(at);
      continue;
    }
    substance = true;
    if (isWordStart(c)) {
      const start = at;
      do at++;
      while ((at < source.text.length || (await source.more())) && isWordPart(source.text.charCodeAt(at)));
      const word = source.text.slice(start, at).toUpperCase();
      if (word === 'N' && (await source.char(at)) === 39) continue;
      if (firstWord === '') {
        firstWord = word;
        module =
          !inBatch &&
          (word === 'CREATE' || word === 'ALTER') &&
          /^(CREATE|ALTER)\s+(OR\s+ALTER\s+)?(PROC|PROCEDURE|FUNCTION|VIEW|TRIGGER|SCHEMA|RULE|DEFAULT)\b/i.test(
            stripComments(await source.ahead(start, 4000)),
          );
      }
      if (!module) {
        if (
          word === 'INSERT' &&
          depth === 0 &&
          blocks === 0 &&
          (start === firstNonBlank(source, start) || plainStarts.has(firstWord)) &&
          !notStart.has(previousWord)
        ) {
          if (await isValuesInsert(source, start)) {
            // What stands before is not the INSERT's.
            substance =
              source.text.slice(source.position, start).trim() !== '' &&
              stripComments(source.text.slice(source.position, start)).trim() !== '';
            return finish('insert', start, start);
          }
          if (firstWord === 'INSERT') firstWord = 'OTHER';
        }
        if (word === 'BEGIN' && !(await isTransaction(source, at))) blocks++;
        else if (word === 'CASE') blocks++;
        else if (word === 'END' && !(await isConversation(source, at))) blocks = Math.max(0, blocks - 1);
      }
      previousWord = word;
      continue;
    }
    previousWord = '';
    at++;
    if (c === 40) depth++;
    else if (c === 41) depth = Math.max(0, depth - 1);
    // A statement ends here for certain; the next may be an INSERT. Control of flow keeps its parts together.
    else if (c === 59 && depth === 0 && blocks === 0 && !module && !controlFlow.has(firstWord))
      return finish('statement', at, at);
  }
}

/** Words before INSERT that make it a part of something else. */
const notStart = new Set(['FOR', 'AFTER', 'OF', 'GRANT', 'DENY', 'REVOKE', 'THEN', 'BULK', 'ELSE', 'AS']);
const controlFlow = new Set(['IF', 'WHILE', 'BEGIN', 'ELSE']);

const isWordStart = (c: number) =>
  (c >= 65 && c <= 90) || (c >= 97 && c <= 122) || c === 95 || c === 35 || c === 64 || c > 127;
const isWordPart = (c: number) => isWordStart(c) || (c >= 48 && c <= 57) || c === 36;

function firstNonBlank(source: Source, start: number): number {
  return stripComments(source.text.slice(source.position, start)).trim() === '' ? start : -1;
}

const stripComments = (text: string) => text.replace(/--[^\r\n]*|\/\*[\s\S]*?\*\//g, ' ').trimStart();

async function isTransaction(source: Source, at: number): Promise<boolean> {
  return /^\s*(TRAN|TRANSACTION|DISTRIBUTED|DIALOG|CONVERSATION)\b/i.test(await source.ahead(at, 200));
}
async function isConversation(source: Source, at: number): Promise<boolean> {
  return /^\s*CONVERSATION\b/i.test(await source.ahead(at, 200));
}

/** Head of INSERT … VALUES; names may be long, so the look is wide. */
async function isValuesInsert(source: Source, start: number): Promise<boolean> {
  return insertHead(await source.ahead(start, 200_000)) !== null;
}

interface InsertHead {
  readonly length: number;
  readonly table: ObjectName;
  readonly columns: readonly string[] | null;
}

/** The head up to VALUES when a row follows it. */
function insertHead(text: string): InsertHead | null {
  const values = /\bVALUES\s*(?=\()/gi;
  for (let match = values.exec(text); match; match = values.exec(text)) {
    const length = match.index + 6;
    try {
      const tokens = tokenize(text.slice(0, length));
      const cursor = new TokenCursor(tokens, text);
      cursor.expectWord('INSERT');
      cursor.takeWord('INTO');
      if (cursor.isOneOf('TOP', 'BULK')) return null;
      const table = cursor.objectName();
      const columns = cursor.is('(') ? cursor.nameList() : null;
      if (cursor.takeWord('VALUES') && cursor.atEnd) return { length, table, columns };
      return null;
    } catch (error) {
      // An unclosed name: this VALUES stands inside it. Anything else is another kind of INSERT.
      if (!(error instanceof XpdbError) || error.details.number !== 105) return null;
    }
  }
  return null;
}

async function* insertPieces(source: Source, position: ScriptPosition): AsyncGenerator<ScriptPiece> {
  const head = insertHead(source.text.slice(source.position, source.position + 200_000));
  if (!head) throw new Error('INSERT head was seen and is gone');
  const text = source.text.slice(source.position, source.position + head.length);
  yield { kind: 'insertHead', text: source.expand(text), table: head.table, columns: head.columns, position };
  source.position += head.length;
  for (;;) {
    await source.skipBlanks();
    const start = source.position;
    const end = await source.tupleEnd(start);
    yield { kind: 'insertRow', text: source.expand(source.text.slice(start, end)), position: source.place(start) };
    source.position = end;
    source.release();
    await source.skipBlanks();
    const c = await source.char(source.position);
    if (c === 44) {
      source.position++;
      continue;
    }
    if (c === 59) source.position++;
    break;
  }
  source.atLineStart = source.text.slice(0, source.position).match(/[\r\n][ \t]*$/) !== null;
  yield { kind: 'insertEnd' };
}

/** Count of a GO line, 1 without one; null when the line is no separator. */
function goCount(line: string, separator: string): number | null {
  if (line.length < separator.length || line.slice(0, separator.length).toUpperCase() !== separator.toUpperCase())
    return null;
  const rest = /^[ \t]*(\d*)[ \t]*;?[ \t]*(--.*|\/\*.*\*\/[ \t]*)?$/.exec(line.slice(separator.length));
  return rest ? (rest[1] === '' ? 1 : Number(rest[1])) : null;
}

/** The script's text from the present position on, read further on demand. */
class Source {
  text = '';
  /** Offset in `text` of what was not given out yet. */
  position = 0;
  atLineStart = true;
  readonly #chunks: AsyncIterator<string> | Iterator<string>;
  readonly #file: string | undefined;
  readonly #variables: Map<string, string> | null;
  #ended = false;
  /** Line and column of `text[#counted]`. */
  #line = 1;
  #column = 1;
  #counted = 0;

  constructor(chunks: AsyncIterable<string> | Iterable<string>, options: SplitOptions) {
    this.#chunks = Symbol.asyncIterator in chunks ? chunks[Symbol.asyncIterator]() : chunks[Symbol.iterator]();
    this.#file = options.file;
    this.#variables = options.variables ? new Map(options.variables) : null;
  }

  /** Reads on; at least a half of what is held, so that a large value is not joined again and again. */
  async more(): Promise<boolean> {
    if (this.#ended) return false;
    const parts: string[] = [];
    let got = 0;
    const wanted = Math.max(1, (this.text.length - this.position) >> 1);
    while (got < wanted) {
      const next = await this.#chunks.next();
      if (next.done) {
        this.#ended = true;
        break;
      }
      parts.push(next.value);
      got += next.value.length;
    }
    if (got === 0) return false;
    this.text += parts.join('');
    return true;
  }

  /** Lets go of what was given out, once it is worth a copy. */
  release(): void {
    if (this.position < 1 << 16 && this.position < this.text.length) return;
    this.#count(this.position);
    this.text = this.text.slice(this.position);
    this.#counted = 0;
    this.position = 0;
  }

  #count(to: number): void {
    let from = this.#counted;
    if (to <= from) return;
    const { text } = this;
    for (let i = text.indexOf('\n', from); i >= 0 && i < to; i = text.indexOf('\n', i + 1)) {
      this.#line++;
      this.#column = 1;
      from = i + 1;
    }
    // Scripts of old Macintoshes aside, a CR stands before LF.
    this.#column += to - from;
    this.#counted = to;
  }

  place(at: number): ScriptPosition {
    const file = this.#file === undefined ? {} : { file: this.#file };
    if (at < this.#counted) {
      // Only a few characters back: count them off.
      const between = this.text.slice(at, this.#counted);
      const breaks = between.split('\n').length - 1;
      if (breaks === 0) return { ...file, line: this.#line, column: Math.max(1, this.#column - between.length) };
      return { ...file, line: this.#line - breaks, column: at - this.text.lastIndexOf('\n', at - 1) };
    }
    this.#count(at);
    return { ...file, line: this.#line, column: this.#column };
  }

  async char(at: number): Promise<number> {
    while (at >= this.text.length) if (!(await this.more())) return -1;
    return this.text.charCodeAt(at);
  }

  async ahead(at: number, length: number): Promise<string> {
    while (this.text.length < at + length) if (!(await this.more())) break;
    return this.text.slice(at, at + length);
  }

  async lineAt(at: number): Promise<string> {
    return this.text.slice(at, await this.lineEnd(at));
  }

  /** Offset of the line break that ends the line, or of the end. */
  async lineEnd(at: number): Promise<number> {
    for (let from = at; ; ) {
      for (; from < this.text.length; from++) {
        const c = this.text.charCodeAt(from);
        if (c === 10 || c === 13) return from;
      }
      if (!(await this.more())) return this.text.length;
    }
  }

  /** Offset behind the quote that closes what opened at `open`. */
  async closing(open: number, from: number, quote: string, what: string): Promise<number> {
    for (let at = from; ; ) {
      const found = this.text.indexOf(quote, at);
      if (found < 0) {
        at = this.text.length;
        if (!(await this.more())) throw this.unclosed(what, open);
      } else if ((await this.char(found + 1)) === quote.charCodeAt(0)) at = found + 2;
      else return found + 1;
    }
  }

  async commentEnd(open: number): Promise<number> {
    let depth = 0;
    for (let at = open; ; ) {
      const next = /\/\*|\*\//g;
      next.lastIndex = at;
      const match = next.exec(this.text);
      if (!match) {
        at = Math.max(open, this.text.length - 1);
        if (!(await this.more())) throw this.unclosed('comment /*', open);
        continue;
      }
      depth += match[0] === '/*' ? 1 : -1;
      at = match.index + 2;
      if (depth === 0) return at;
    }
  }

  /** Moves over one CR, LF or CRLF. */
  async skipLineBreak(): Promise<void> {
    if ((await this.char(this.position)) === 13) this.position++;
    if ((await this.char(this.position)) === 10) this.position++;
  }

  /** Moves over blanks and comments. */
  async skipBlanks(): Promise<void> {
    for (;;) {
      const c = await this.char(this.position);
      if (c === 32 || (c >= 9 && c <= 13)) this.position++;
      else if (c === 45 && (await this.char(this.position + 1)) === 45) {
        // A marker between statements is not the INSERT's to skip.
        if (this.text.startsWith(markerPrefix, this.position)) return;
        this.position = await this.lineEnd(this.position);
      } else if (c === 47 && (await this.char(this.position + 1)) === 42)
        this.position = await this.commentEnd(this.position);
      else return;
    }
  }

  /** Offset behind the parenthesis that closes the one at `open`. Hot path of INSERT scripts. */
  async tupleEnd(open: number): Promise<number> {
    let depth = 0;
    let at = open;
    for (;;) {
      const { text } = this;
      const { length } = text;
      while (at < length) {
        const c = text.charCodeAt(at);
        if (c === 39) {
          const end = quickString(text, at + 1);
          if (end < 0) break;
          at = end;
        } else if (c === 40) {
          depth++;
          at++;
        } else if (c === 41) {
          at++;
          if (--depth === 0) return at;
        } else if (c === 34 || c === 91 || c === 45 || c === 47) {
          if (at + 1 >= length) break;
          const next = text.charCodeAt(at + 1);
          if (c === 91 || c === 34)
            at = await this.closing(at, at + 1, c === 91 ? ']' : '"', c === 91 ? 'name in brackets' : 'quoted name');
          else if (c === 45 && next === 45) at = await this.lineEnd(at);
          else if (c === 47 && next === 42) at = await this.commentEnd(at);
          else at++;
          if (this.text !== text) break;
        } else at++;
      }
      if (this.text === text && !(await this.more()))
        throw this.unclosed(
          at < length && text.charCodeAt(at) === 39 ? 'string' : 'parenthesis',
          at < length ? at : open,
        );
    }
  }

  unclosed(what: string, at: number): XpdbError {
    return new XpdbError(`${what} is not closed: the script is cut or damaged`, {
      position: this.place(at),
      number: 105,
    });
  }

  /** A line for a script runner. */
  command(line: string, position: ScriptPosition): void {
    const set = /^:setvar\s+(\w+)\s+(?:"((?:[^"]|"")*)"|(\S*))\s*$/i.exec(line);
    if (set) {
      this.#variables?.set(set[1]!.toLowerCase(), (set[2] ?? set[3] ?? '').replaceAll('""', '"'));
      return;
    }
    if (/^:on\s+error\s+(exit|ignore)\s*$/i.test(line)) return;
    throw new XpdbError(`the script has the runner command ${line.trim().slice(0, 40)}`, {
      position,
      hint: 'run it with sqlcmd, or take the line out',
      exitCode: ExitCode.failed,
    });
  }

  /** Puts blanks over text, so that offsets stay. */
  blank(from: number, to: number): void {
    this.text = this.text.slice(0, from) + ' '.repeat(to - from) + this.text.slice(to);
  }

  /** `$(name)` replaced where variables were asked for. */
  expand(text: string): string {
    const variables = this.#variables;
    if (!variables || !text.includes('$(')) return text;
    return text.replace(/\$\((\w+)\)/g, (_, name: string) => {
      const value = variables.get(name.toLowerCase());
      if (value === undefined)
        throw new XpdbError(`variable $(${name}) has no value`, {
          hint: `give it by -v ${name}=VALUE`,
          exitCode: ExitCode.usage,
        });
      return value;
    });
  }
}

/** Offset behind the closing quote of a string whose content begins at `from`; -1 when it lies beyond the text. */
function quickString(text: string, from: number): number {
  for (let at = from; ; ) {
    const found = text.indexOf("'", at);
    if (found < 0 || found + 1 >= text.length) return -1;
    if (text.charCodeAt(found + 1) !== 39) return found + 1;
    at = found + 2;
  }
}
