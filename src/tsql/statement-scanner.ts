/** Finds where statements end, without tokens or a tree. */

import type { LexemeScanner } from './lexeme-scanner.ts';
import { beginsStatement, boundaryRule } from './statement-boundary.ts';

const transactions = new Set(['TRAN', 'TRANSACTION', 'DISTRIBUTED', 'DIALOG', 'CONVERSATION']);

const maxBlocks = 500;

/**
 * Statements that hold others (IF, WHILE, BEGIN … END, TRY … CATCH) are passed as one. Throws `needMore` where the text at hand does
 * not tell.
 */
export class StatementScanner {
  readonly #lexemes: LexemeScanner;
  #blocks = 0;

  constructor(lexemes: LexemeScanner) {
    this.#lexemes = lexemes;
  }

  /**
   * From the first lexeme of a statement behind its end: its semicolon is taken, and the current lexeme is the next one.
   * @returns offset behind the statement
   */
  pass(): number {
    this.#blocks = 0;
    return this.#nested();
  }

  #nested(): number {
    if (++this.#blocks > maxBlocks) return this.#rest();
    const end = this.#statement();
    this.#blocks--;
    return end;
  }

  #statement(): number {
    const lexemes = this.#lexemes;
    if (lexemes.kind === 'word') {
      if (lexemes.word === 'BEGIN') return this.#begin();
      if (lexemes.word === 'IF' || lexemes.word === 'WHILE') return this.#conditional(lexemes.word === 'IF');
    }
    return this.#simple();
  }

  /** Takes a semicolon that follows. */
  #finish(end: number): number {
    const lexemes = this.#lexemes;
    if (!lexemes.isMark(';')) return end;
    const behind = lexemes.end;
    lexemes.next();
    return behind;
  }

  #begin(): number {
    const lexemes = this.#lexemes;
    lexemes.next();
    if (lexemes.kind === 'word' && transactions.has(lexemes.word)) return this.#simple();
    const guarded = lexemes.isWord('TRY');
    if (guarded) lexemes.next();
    let end = this.#block();
    if (guarded && lexemes.isWord('BEGIN')) {
      lexemes.next();
      if (lexemes.isWord('CATCH')) {
        lexemes.next();
        end = this.#block();
      }
    }
    return this.#finish(end);
  }

  /** Statements up to END (TRY, CATCH), from behind BEGIN. */
  #block(): number {
    const lexemes = this.#lexemes;
    let end = lexemes.end;
    while (!lexemes.isOver) {
      if (lexemes.isWord('END')) {
        end = lexemes.end;
        lexemes.next();
        if (lexemes.isWord('TRY') || lexemes.isWord('CATCH')) {
          end = lexemes.end;
          lexemes.next();
        } else if (lexemes.isWord('CONVERSATION')) {
          end = this.#simple();
          continue;
        }
        return end;
      }
      end = this.#nested();
    }
    return end;
  }

  /** IF or WHILE: a condition, a statement, and of IF another one behind ELSE. */
  #conditional(withElse: boolean): number {
    const lexemes = this.#lexemes;
    lexemes.next();
    let cases = 0;
    let depth = 0;
    let end = lexemes.start;
    // The first word outside of parentheses that begins a statement begins the body.
    for (; !lexemes.isOver; lexemes.next()) {
      if (lexemes.kind === 'mark') {
        if (lexemes.word === '(') depth++;
        else if (lexemes.word === ')') depth--;
        else if (lexemes.word === ';' && depth <= 0) break;
      } else if (lexemes.kind === 'word' && depth <= 0) {
        if (lexemes.word === 'CASE') cases++;
        else if (lexemes.word === 'END' && cases > 0) cases--;
        else if (lexemes.word === 'END' || lexemes.word === 'ELSE') {
          if (cases === 0) break;
        } else if (cases === 0 && beginsStatement(lexemes)) break;
      }
      end = lexemes.end;
    }
    if (lexemes.kind === 'word' && lexemes.word !== 'END' && lexemes.word !== 'ELSE') end = this.#nested();
    else end = this.#finish(end);
    if (withElse && lexemes.isWord('ELSE')) {
      end = lexemes.end;
      lexemes.next();
      if (!lexemes.isOver) end = this.#nested();
    }
    return end;
  }

  /** A statement that holds no others. */
  #simple(): number {
    const lexemes = this.#lexemes;
    const first = lexemes.kind === 'word' ? lexemes.word : '';
    let rule = boundaryRule(lexemes, first);
    let previous = first;
    let depth = 0;
    let cases = 0;
    let count = 1;
    let end = lexemes.end;
    // A stray END or a semicolon alone
    if (lexemes.isMark(';')) return this.#finish(end);
    if (lexemes.isMark('(')) depth++;
    if (first === 'CASE') cases++;
    lexemes.next();
    for (; !lexemes.isOver; lexemes.next(), count++) {
      if (lexemes.kind === 'mark') {
        if (lexemes.word === '(') depth++;
        else if (lexemes.word === ')') depth = Math.max(0, depth - 1);
        else if (lexemes.word === ';' && depth === 0) return this.#finish(end);
      } else if (lexemes.kind === 'word') {
        const { word } = lexemes;
        if (word === 'CASE') cases++;
        else if (word === 'END' && cases > 0) cases--;
        else if (depth === 0 && previous !== '.') {
          if (count === 1) rule = boundaryRule(lexemes, first, word);
          if (word === 'END' || (word === 'ELSE' && cases === 0)) return end;
          if (rule(word, previous, count)) return end;
        }
      }
      previous = lexemes.kind === 'word' || lexemes.kind === 'mark' ? lexemes.word : '';
      end = lexemes.end;
    }
    return end;
  }

  /** All up to the end of the batch. */
  #rest(): number {
    const lexemes = this.#lexemes;
    let end = lexemes.end;
    for (; !lexemes.isOver; lexemes.next()) end = lexemes.end;
    return end;
  }
}
