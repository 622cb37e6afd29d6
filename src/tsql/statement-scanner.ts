import { isBlank, isWordPart, isWordStart, type ScriptText } from './script-text.ts';

/** What stands at the beginning of a line and is no T-SQL. */
export type LineKind = 'separator' | 'command' | null;

export type LexemeKind = 'word' | 'name' | 'string' | 'number' | 'mark' | 'separator' | 'end';

/**
 * Words that begin a statement and are reserved, so that outside of parentheses they are either that or one of the
 * continuations below. THROW, SEND, ENABLE and their like are no reserved words: the server itself asks for a semicolon
 * before them, and here they stay with what stands before.
 */
const starts = new Set(
  `ALTER BACKUP BEGIN BREAK BULK CHECKPOINT CLOSE COMMIT CONTINUE CREATE DBCC DEALLOCATE DECLARE DELETE DENY DROP EXEC EXECUTE
  FETCH GOTO GRANT IF INSERT KILL MERGE OPEN PRINT RAISERROR READTEXT RECONFIGURE RESTORE RETURN REVERT REVOKE ROLLBACK SAVE
  SELECT SET SETUSER SHUTDOWN TRUNCATE UPDATE UPDATETEXT USE WAITFOR WHILE WRITETEXT`.split(/\s+/),
);

/** Words before a word of the list above that make it a part of the same statement. */
const continued: Readonly<Record<string, readonly string[]>> = {
  SELECT: ['UNION', 'ALL', 'EXCEPT', 'INTERSECT', 'FOR', 'AS', 'INTO', 'THEN'],
  UPDATE: ['FOR', 'ON', 'THEN', 'AFTER', 'OF', 'BEFORE'],
  DELETE: ['FOR', 'ON', 'THEN', 'AFTER', 'OF', 'BEFORE'],
  INSERT: ['FOR', 'ON', 'THEN', 'AFTER', 'OF', 'BULK', 'BEFORE'],
  SET: ['UPDATE', 'DELETE', 'THEN'],
  MERGE: ['INNER', 'LEFT', 'RIGHT', 'FULL', 'OUTER'],
  FETCH: ['ROWS', 'ROW'],
  ROLLBACK: ['WITH'],
  ALTER: ['OR'],
  EXECUTE: ['WITH'],
  EXEC: ['WITH'],
  CHECKPOINT: ['WITH'],
  BACKUP: ['WITH'],
  RESTORE: ['WITH'],
  GRANT: ['WITH'],
  CREATE: ['FOR'],
  DROP: ['FOR'],
};

/** What CREATE, ALTER and DROP of which all clauses are known; of all else the end is only `;`, GO or END. */
const knownObjects = new Set(
  `TABLE DATABASE INDEX UNIQUE CLUSTERED NONCLUSTERED ROLE USER LOGIN AUTHORIZATION SEQUENCE PARTITION FULLTEXT TYPE SYNONYM
  STATISTICS XML VIEW PROC PROCEDURE FUNCTION TRIGGER SCHEMA RULE DEFAULT APPLICATION PRIMARY SPATIAL COLUMNSTORE`.split(
    /\s+/,
  ),
);
/** Of these the actions are what follows the name: the first of them belongs to ALTER, a second one is a new statement. */
const alterActions = new Set(
  'ADD ALTER DROP SET CHECK NOCHECK SWITCH REBUILD REORGANIZE MODIFY REMOVE COLLATE ENABLE DISABLE MERGE SPLIT RECONFIGURE'.split(
    ' ',
  ),
);
/** Object words between DROP and IF EXISTS. */
const dropped = new Set([...knownObjects, 'AGGREGATE', 'ASSEMBLY', 'COLUMN', 'CONSTRAINT', 'POLICY', 'COLLECTION']);
/** Of columns, dropped by ALTER COLUMN. */
const columnFlags = new Set(['PERSISTED', 'ROWGUIDCOL', 'NOT', 'SPARSE', 'MASKED', 'HIDDEN', 'STATISTICAL_SEMANTICS']);
const transactions = new Set(['TRAN', 'TRANSACTION', 'DISTRIBUTED', 'DIALOG', 'CONVERSATION']);

const maxBlocks = 500;

/**
 * Finds where statements end, without tokens or a tree. Statements that hold others (IF, WHILE, BEGIN … END, TRY … CATCH)
 * are passed as one. Throws `needMore` where the text at hand does not tell.
 */
export class StatementScanner {
  readonly #source: ScriptText;
  readonly #lineKind: (at: number) => LineKind;
  /** Current lexeme. */
  kind: LexemeKind = 'end';
  start = 0;
  end = 0;
  /** Upper case when `kind` is word, the character when it is a mark. */
  word = '';
  #lineStart = false;
  #blocks = 0;

  constructor(source: ScriptText, lineKind: (at: number) => LineKind) {
    this.#source = source;
    this.#lineKind = lineKind;
  }

  /** Goes to the first lexeme at or behind `at`. */
  begin(at: number, lineStart: boolean): void {
    this.end = at;
    this.#lineStart = lineStart;
    this.#blocks = 0;
    this.next();
  }

  /** Goes to the next lexeme. A separator or the end of the script stays. */
  next(): void {
    const source = this.#source;
    let at = this.end;
    let lineStart = this.#lineStart;
    for (;;) {
      const c = source.char(at);
      if (Number.isNaN(c)) {
        this.kind = 'end';
        this.start = this.end = at;
        this.word = '';
        return;
      }
      if (isBlank(c)) {
        if (c === 10 || c === 13) lineStart = true;
        at++;
        continue;
      }
      if (lineStart) {
        lineStart = false;
        // A command line is blanked out when it is seen.
        if (this.#lineKind(at) === 'separator') {
          this.kind = 'separator';
          this.start = this.end = at;
          this.#lineStart = true;
          this.word = '';
          return;
        }
        if (isBlank(source.char(at))) continue;
      }
      if (c === 45 && source.char(at + 1) === 45) {
        at = source.lineEnd(at);
        continue;
      }
      if (c === 47 && source.char(at + 1) === 42) {
        at = source.commentEnd(at);
        continue;
      }
      this.#lineStart = false;
      this.start = at;
      this.#lexeme(c, at);
      return;
    }
  }

  #lexeme(c: number, at: number): void {
    const source = this.#source;
    if (c === 39 || c === 34 || c === 91) {
      this.end = source.quoteEnd(at);
      this.kind = c === 39 ? 'string' : 'name';
      this.word = '';
    } else if (isWordStart(c)) {
      if ((c === 78 || c === 110) && source.char(at + 1) === 39) {
        this.end = source.quoteEnd(at + 1);
        this.kind = 'string';
        this.word = '';
        return;
      }
      let end = at + 1;
      while (isWordPart(source.char(end))) end++;
      this.end = end;
      this.kind = 'word';
      this.word = source.text.slice(at, end).toUpperCase();
    } else if (c >= 48 && c <= 57) {
      let end = at + 1;
      while (isWordPart(source.char(end))) end++;
      this.end = end;
      this.kind = 'number';
      this.word = '';
    } else {
      this.end = at + 1;
      this.kind = 'mark';
      this.word = source.text[at]!;
    }
  }

  /**
   * From the first lexeme of a statement behind its end: its semicolon is taken, and the current lexeme is the next one.
   * @returns offset behind the statement
   */
  statement(): number {
    if (++this.#blocks > maxBlocks) return this.#rest();
    const end = this.#statement();
    this.#blocks--;
    return end;
  }

  #statement(): number {
    if (this.kind === 'word') {
      if (this.word === 'BEGIN') return this.#begin();
      if (this.word === 'IF' || this.word === 'WHILE') return this.#conditional(this.word === 'IF');
    }
    return this.#simple();
  }

  /** Takes a semicolon that follows. */
  #finish(end: number): number {
    if (this.kind !== 'mark' || this.word !== ';') return end;
    const behind = this.end;
    this.next();
    return behind;
  }

  #begin(): number {
    this.next();
    if (this.kind === 'word' && transactions.has(this.word)) return this.#simple();
    const guarded = this.kind === 'word' && this.word === 'TRY';
    if (guarded) this.next();
    let end = this.#block();
    if (guarded && this.isWord('BEGIN')) {
      this.next();
      if (this.isWord('CATCH')) {
        this.next();
        end = this.#block();
      }
    }
    return this.#finish(end);
  }

  /** Statements up to END (TRY, CATCH), from behind BEGIN. */
  #block(): number {
    let end = this.end;
    while (this.kind !== 'separator' && this.kind !== 'end') {
      if (this.isWord('END')) {
        end = this.end;
        this.next();
        if (this.isWord('TRY') || this.isWord('CATCH')) {
          end = this.end;
          this.next();
        } else if (this.isWord('CONVERSATION')) {
          end = this.#simple();
          continue;
        }
        return end;
      }
      end = this.statement();
    }
    return end;
  }

  /** IF or WHILE: a condition, a statement, and of IF another one behind ELSE. */
  #conditional(withElse: boolean): number {
    this.next();
    let cases = 0;
    let depth = 0;
    let end = this.start;
    // The first word outside of parentheses that begins a statement begins the body.
    for (; this.kind !== 'separator' && this.kind !== 'end'; this.next()) {
      if (this.kind === 'mark') {
        if (this.word === '(') depth++;
        else if (this.word === ')') depth--;
        else if (this.word === ';' && depth <= 0) break;
      } else if (this.kind === 'word' && depth <= 0) {
        if (this.word === 'CASE') cases++;
        else if (this.word === 'END' && cases > 0) cases--;
        else if (this.word === 'END' || this.word === 'ELSE') {
          if (cases === 0) break;
        } else if (cases === 0 && starts.has(this.word) && !this.#isFunction()) break;
      }
      end = this.end;
    }
    if (this.kind === 'word' && this.word !== 'END' && this.word !== 'ELSE') end = this.statement();
    else end = this.#finish(end);
    if (withElse && this.isWord('ELSE')) {
      end = this.end;
      this.next();
      if (this.kind !== 'separator' && this.kind !== 'end') end = this.statement();
    }
    return end;
  }

  /** A call of its own, since the compiler takes `kind` and `word` for unchanged by `next`. */
  isWord(word: string): boolean {
    return this.kind === 'word' && this.word === word;
  }

  /** UPDATE(column) of triggers. */
  #isFunction(): boolean {
    return this.word === 'UPDATE' && this.#source.char(this.#source.skipTrivia(this.end)) === 40;
  }

  /** A statement that holds no others. */
  #simple(): number {
    const first = this.kind === 'word' ? this.word : '';
    let rule = this.#ruleOf(first);
    let previous = first;
    let depth = 0;
    let cases = 0;
    let count = 1;
    let end = this.end;
    // A stray END or a semicolon alone
    if (first === '' && this.kind === 'mark' && this.word === ';') return this.#finish(end);
    if (this.kind === 'mark' && this.word === '(') depth++;
    if (first === 'CASE') cases++;
    this.next();
    for (; this.kind !== 'separator' && this.kind !== 'end'; this.next(), count++) {
      if (this.kind === 'mark') {
        if (this.word === '(') depth++;
        else if (this.word === ')') depth = Math.max(0, depth - 1);
        else if (this.word === ';' && depth === 0) return this.#finish(end);
      } else if (this.kind === 'word') {
        const { word } = this;
        if (word === 'CASE') cases++;
        else if (word === 'END' && cases > 0) cases--;
        else if (depth === 0 && previous !== '.') {
          if (count === 1) rule = this.#ruleOf(first, word) ?? rule;
          if (word === 'END' || (word === 'ELSE' && cases === 0)) return end;
          if (rule.end(word, previous, count)) return end;
        }
      }
      previous = this.kind === 'word' || this.kind === 'mark' ? this.word : '';
      end = this.end;
    }
    return end;
  }

  #ruleOf(first: string, second?: string): Rule {
    const starting = (word: string, previous: string) =>
      starts.has(word) && !continued[word]?.includes(previous) && !this.#isFunction();
    // The ON of an option ends its statement, where that of a join or foreign key goes on.
    const afterOn: Rule = {
      end: (word, previous) => (previous === 'ON' ? starts.has(word) : starting(word, previous)),
    };
    let seen = false;
    switch (first) {
      case 'MERGE':
        return never;
      case 'CREATE':
      case 'ALTER':
      case 'DROP':
        if (second !== undefined && !knownObjects.has(second)) return never;
        return {
          end: (word, previous, count) => {
            if (second === 'DATABASE' && previous === 'ON') return afterOn.end(word, previous, count);
            if (word === 'IF' && first === 'DROP' && count >= 2 && count <= 4 && dropped.has(previous)) return false;
            if (word === 'IF' && first === 'ALTER' && (previous === 'COLUMN' || previous === 'CONSTRAINT'))
              return false;
            if (first === 'ALTER' && count > 2 && !seen && alterActions.has(word)) {
              // WITH CHECK ADD: the action is still to come.
              seen = previous !== 'WITH';
              return false;
            }
            // ALTER COLUMN c DROP PERSISTED
            if (first === 'ALTER' && word === 'DROP' && columnFlags.has(this.#following())) return false;
            return starting(word, previous);
          },
        };
      case 'GRANT':
      case 'DENY':
      case 'REVOKE':
        return {
          end: (word, previous) => {
            if (!seen) {
              seen = word === 'TO' || word === 'FROM';
              return false;
            }
            return starting(word, previous);
          },
        };
      case 'UPDATE':
        if (second === 'STATISTICS') return { end: starting };
        return {
          end: (word, previous) => {
            if (word === 'SET' && !seen) {
              seen = true;
              return false;
            }
            return starting(word, previous);
          },
        };
      case 'INSERT':
        return {
          end: (word, previous) => {
            if (!seen && (word === 'SELECT' || word === 'EXEC' || word === 'EXECUTE' || word === 'VALUES')) {
              seen = true;
              return false;
            }
            return starting(word, previous);
          },
        };
      case 'WITH': {
        // A common table expression: the first of these is the statement's own.
        let main: Rule | null = null;
        return {
          end: (word, previous, count) => {
            if (main) return main.end(word, previous, count);
            if (['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'MERGE'].includes(word)) {
              main = this.#ruleOf(word);
              return false;
            }
            return starting(word, previous);
          },
        };
      }
      case 'SET':
        return afterOn;
      default:
        return { end: starting };
    }
  }

  /** The word behind the current lexeme, in upper case; '' when there is none. */
  #following(): string {
    const source = this.#source;
    const at = source.skipTrivia(this.end);
    let end = at;
    while (isWordPart(source.char(end))) end++;
    return source.text.slice(at, end).toUpperCase();
  }

  /** All up to the end of the batch. */
  #rest(): number {
    let end = this.end;
    for (; this.kind !== 'separator' && this.kind !== 'end'; this.next()) end = this.end;
    return end;
  }
}

interface Rule {
  /** Whether the word, outside of parentheses, begins the next statement. `count` is the number of lexemes before it. */
  readonly end: (word: string, previous: string, count: number) => boolean;
}

const never: Rule = { end: () => false };
