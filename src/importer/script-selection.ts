/** The part of a script that was asked for: by section, by table, by entries of its list. */

import type { Marker, ObjectMarker } from '../archive/marker.ts';
import { ExitCode, XpdbError } from '../model/error.ts';
import { matchesPattern } from '../model/name-pattern.ts';
import type { ObjectName } from '../tsql/ddl/statement.ts';
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

/** Follows the markers of a script. */
export class ScriptSelection {
  readonly #options: SelectionOptions;
  readonly #sections: ReadonlySet<string>;
  readonly #defaultSchema: string;
  /** Section of the script, as its markers say; null in scripts without. */
  #section: string | null = null;
  #entry: ObjectMarker | null = null;
  #rowsTable: ObjectName | null = null;

  constructor(options: SelectionOptions, defaultSchema: string) {
    this.#options = options;
    this.#sections = new Set(options.sections);
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
  }

  /** Whether anything of the present place was asked for. @throws XpdbError (usage) for sections or entries of a script without any */
  get admitsPlace(): boolean {
    return this.#inSection() && this.#isListed();
  }

  admits(facts: StatementFacts): boolean {
    if (!this.admitsPlace) return false;
    if (this.#options.tables.length === 0) return true;
    const subject = subjectOf(facts);
    if (subject !== null) {
      const module = facts.statements.some(s => s.kind === 'createModule' && s.module !== 'trigger');
      return !module && this.#matches(subject);
    }
    // Settings of the session are everybody's.
    return facts.database !== null || facts.statements.some(s => s.kind === 'setOption' || s.kind === 'use');
  }

  admitsRows(table: ObjectName): boolean {
    return this.admitsPlace && (this.#options.tables.length === 0 || this.#matches(table));
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
    return this.#entry === null || entries.has(this.#section, this.#entry);
  }

  #matches(name: ObjectName): boolean {
    const table = { schema: name.schema ?? this.#defaultSchema, name: name.name };
    return this.#options.tables.some(pattern => matchesPattern(table, pattern));
  }
}

function withoutMarks(what: string, option: string): XpdbError {
  return new XpdbError(`the script has no ${what} to choose from`, {
    hint: `only scripts of xpdb mark them; import it without ${option}`,
    exitCode: ExitCode.usage,
  });
}
