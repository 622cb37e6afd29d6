/** The part of a script that was asked for: by section, by table, by entries of its list. */

import type { Marker, ObjectMarker } from '../archive/marker.ts';
import { ExitCode, XpdbError } from '../model/error.ts';
import type { QualifiedName } from '../model/name.ts';
import { matchesPattern } from '../model/name-pattern.ts';
import type { ObjectName } from '../tsql/ddl/statement.ts';
import { afterTrivia } from '../tsql/leading-trivia.ts';
import { quoteQualified } from '../tsql/quote.ts';
import type { TextPiece } from '../tsql/script-piece.ts';
import { changedTables } from './changed-tables.ts';
import type { EntryList } from './entry-list.ts';
import type { StatementFacts } from './statement-facts.ts';
import { nameInText, subjectOf } from './statement-names.ts';

export interface SelectionOptions {
  /** Sections to run; empty for all. */
  readonly sections: readonly string[];
  /** Patterns of tables; empty for all. */
  readonly tables: readonly string[];
  /** Entries of the script's list; null for all. */
  readonly entries: EntryList | null;
}

/** `unclear`: left out like `out`, but nobody knows what it has to do with the chosen tables. */
export type Choice = 'in' | 'out' | 'unclear';

/** Of what these define, it is known whether it belongs to a chosen table; what these do to something that is there, is not. */
const unclearProcedures = new Set(['sp_rename', 'sp_settriggerorder']);

/** Follows the markers of a script. */
export class ScriptSelection {
  readonly #options: SelectionOptions;
  readonly #sections: ReadonlySet<string>;
  readonly #defaultSchema: string;
  /** Section of the script, as its markers say; null in scripts without. */
  #section: string | null = null;
  #entry: ObjectMarker | null = null;
  #rowsTable: ObjectName | null = null;
  /** Patterns that no table had yet. */
  readonly #unmet: Set<string>;
  #anyListed = false;

  constructor(options: SelectionOptions, defaultSchema: string) {
    this.#options = options;
    this.#sections = new Set(options.sections);
    this.#unmet = new Set(options.tables);
    this.#defaultSchema = defaultSchema;
  }

  /** Object whose statements follow, quoted, as the script's markers say. */
  get object(): string | null {
    return this.#entry?.name ?? null;
  }

  /** Table of which the script's markers say that everything here is about its rows, temporary tables for large values too. */
  get rowsTable(): ObjectName | null {
    return this.#rowsTable;
  }

  marker(marker: Marker): void {
    if (marker.kind === 'section') this.#section = marker.name;
    else if (marker.kind !== 'object') return;
    this.#entry = marker.kind === 'object' ? marker : null;
    this.#rowsTable = this.#entry?.type === 'rows' ? nameInText(this.#entry.name) : null;
    // A table without rows is one, too.
    if (this.#rowsTable) this.#matches(this.#rowsTable);
  }

  /**
   * At the end: what was asked for was there.
   * @param tables whose rows lie beside the scripts
   * @throws XpdbError (usage), since that is nearly always a typing error
   */
  checkMet(tables: readonly QualifiedName[]): void {
    for (const { schema, name } of tables) this.#matches({ server: null, database: null, schema, name });
    const [pattern] = this.#unmet;
    if (pattern !== undefined) {
      throw new XpdbError(`no table of the script matches ${pattern}`, {
        ...(this.#unmet.size < this.#options.tables.length ? { hint: 'the other tables were imported' } : {}),
        exitCode: ExitCode.usage,
      });
    }
    const { entries } = this.#options;
    if (entries === null || this.#anyListed) return;
    if (tables.some(t => entries.tables.includes(quoteQualified(t.schema, t.name)))) return;
    throw new XpdbError('the script has nothing of what the list names', {
      hint: '--list prints what it has',
      exitCode: ExitCode.usage,
    });
  }

  /** Whether anything of the present place was asked for. @throws XpdbError (usage) for sections or entries of a script without any */
  get admitsPlace(): boolean {
    return this.#inSection() && this.#isListed();
  }

  choose(piece: TextPiece, facts: StatementFacts): Choice {
    if (!this.admitsPlace) return 'out';
    if (this.#options.tables.length === 0) return 'in';
    if (this.#rowsTable) return this.#matches(this.#rowsTable) ? 'in' : 'out';
    // Settings, transactions and temporary tables of the session are everybody's.
    if (facts.database !== null || facts.statements.some(s => s.kind === 'setOption' || s.kind === 'use')) return 'in';
    const subject = subjectOf(facts);
    if (subject !== null) {
      const module = facts.statements.some(s => s.kind === 'createModule' && s.module !== 'trigger');
      return !module && this.#concerns(subject) ? 'in' : 'out';
    }
    const changed = changedTables(piece, facts);
    if (changed.length === 0 && facts.maySet.some(s => s.kind !== 'setIdentityInsert')) return 'in';
    const chosen = changed.filter(table => this.#concerns(table));
    if (changed.length > 0) {
      return chosen.length === changed.length ? 'in' : chosen.length === 0 ? 'out' : 'unclear';
    }
    if (facts.transaction || facts.temporaryDropped.length > 0) return 'in';
    return isUnclear(piece, facts) ? 'unclear' : 'out';
  }

  admitsRows(table: ObjectName): boolean {
    return this.admitsPlace && (this.#options.tables.length === 0 || this.#concerns(this.#rowsTable ?? table));
  }

  #inSection(): boolean {
    // What a script of xpdb sets before its sections, the others need.
    if (this.#sections.size === 0 || this.#section === 'settings' || this.#section === 'database') return true;
    if (this.#section === null) throw withoutMarks('sections', '--section');
    // The state that a database ends in belongs to what comes after the rows.
    return this.#sections.has(this.#section === 'state' ? 'post-data' : this.#section);
  }

  #isListed(): boolean {
    const { entries } = this.#options;
    if (entries === null) return true;
    if (this.#section === null) throw withoutMarks('entries', '--use-list');
    if (this.#entry === null) return true;
    const isListed = entries.has(this.#section, this.#entry);
    this.#anyListed ||= isListed;
    return isListed;
  }

  #concerns(table: ObjectName): boolean {
    return table.name.startsWith('#') || this.#matches(table);
  }

  #matches(name: ObjectName): boolean {
    const table = { schema: name.schema ?? this.#defaultSchema, name: name.name };
    const met = this.#options.tables.filter(pattern => matchesPattern(table, pattern));
    for (const pattern of met) this.#unmet.delete(pattern);
    return met.length > 0;
  }
}

function withoutMarks(what: string, option: string): XpdbError {
  return new XpdbError(`the script has no ${what} to choose from`, {
    hint: `only scripts of xpdb mark them; import it without ${option}`,
    exitCode: ExitCode.usage,
  });
}

/** Whether it does more than define something, or say or show it. */
function isUnclear(piece: TextPiece, facts: StatementFacts): boolean {
  if (facts.module || facts.message !== null) return false;
  if (facts.statements.length > 0) {
    return facts.statements.some(s => s.kind === 'systemProcedure' && unclearProcedures.has(s.procedure));
  }
  return !/^SELECT\b/i.test(piece.text.slice(afterTrivia(piece.text)));
}
