/** Assembles the pieces of a batch into the text that is sent. */

import type { ScriptPosition } from '../model/error.ts';
import { isDefinition } from './definition.ts';
import type { SessionSnapshot } from './session-state.ts';
import type { StatementFacts } from './statement-facts.ts';
import type { BatchStep, InsertStatement, LineSegment, ScriptPlace } from './step.ts';

export class BatchBuilder {
  #parts: string[] = [];
  #segments: LineSegment[] = [];
  #line = 1;
  #first: ScriptPosition | null = null;
  #last: ScriptPlace | null = null;
  #before: SessionSnapshot | null = null;
  #outside: StatementFacts['outside'] = null;
  #transaction = false;
  #data = true;
  #defines = true;
  #rows = 0;
  #object: string | null = null;
  /** Characters so far. */
  length = 0;
  #statements: InsertStatement[] = [];
  /** Whether what is here and what follows must be one batch. */
  keepsBatch = false;

  /** INSERT statements so far. */
  get inserts(): number {
    return this.#statements.length;
  }

  get empty(): boolean {
    return this.#parts.length === 0;
  }

  /** Place of the last piece so far. */
  get last(): ScriptPlace | null {
    return this.#last;
  }

  addText(
    text: string,
    position: ScriptPosition,
    place: ScriptPlace,
    facts: StatementFacts,
    before: SessionSnapshot,
    object: string | null,
  ): void {
    this.#add(text, position, before, object);
    this.#last = place;
    this.#outside ??= facts.outside;
    this.#transaction ||= facts.transaction;
    this.keepsBatch ||= facts.keepsBatch;
    this.#data = false;
    this.#defines &&= isDefinition(facts);
  }

  /** `INSERT … VALUES`, a row a line. */
  addInsert(statement: InsertStatement, place: ScriptPlace, before: SessionSnapshot, object: string | null): void {
    this.#add(statement.head.text, statement.head.position, before, object);
    for (const [i, row] of statement.rows.entries()) {
      const comma = i + 1 < statement.rows.length ? ',' : statement.tail === ';' ? ';' : '';
      this.#add(comma === '' ? row : row + comma, statement.positions[i]!, before, object);
    }
    if (statement.tail !== '' && statement.tail !== ';')
      this.#add(statement.tail, statement.positions.at(-1)!, before, object);
    this.#last = place;
    this.#rows += statement.rows.length;
    this.#defines = false;
    this.#statements.push(statement);
  }

  #add(text: string, position: ScriptPosition, before: SessionSnapshot, object: string | null): void {
    this.#first ??= position;
    this.#before ??= before;
    this.#object ??= object;
    this.#segments.push({ line: this.#line, position });
    this.#parts.push(text);
    this.length += text.length + 1;
    this.#line++;
    for (let i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) this.#line++;
  }

  /** The step, and begins anew; null when there is nothing. */
  take(count: number, after: SessionSnapshot): BatchStep | null {
    if (this.#first === null || this.#last === null || this.#before === null) return null;
    const step: BatchStep = {
      kind: 'batch',
      text: this.#parts.join('\n'),
      segments: this.#segments,
      first: this.#first,
      last: this.#last,
      count,
      before: this.#before,
      after,
      outside: this.#outside,
      transaction: this.#transaction,
      data: this.#data,
      defines: this.#defines,
      inserts: this.#statements,
      statements: this.#data && count === 1 ? this.#statements : [],
      rows: this.#rows * count,
      object: this.#object,
    };
    this.#parts = [];
    this.#segments = [];
    this.#line = 1;
    this.#first = null;
    this.#last = null;
    this.#before = null;
    this.#outside = null;
    this.#transaction = false;
    this.#data = true;
    this.#defines = true;
    this.#rows = 0;
    this.#object = null;
    this.length = 0;
    this.#statements = [];
    this.keepsBatch = false;
    return step;
  }
}
