/** Which statements of a script run, and with which text: selection, existing objects, and the database's own statements. */

import type { Marker, ObjectMarker } from '../archive/marker.ts';
import { ExitCode, XpdbError } from '../model/error.ts';
import { matchesPattern } from '../model/name-pattern.ts';
import type { ObjectName } from '../tsql/ddl/statement.ts';
import type { InsertHeadPiece, TextPiece } from '../tsql/script-piece.ts';
import type { DatabaseStatements } from './database-statements.ts';
import type { EntryList } from './entry-list.ts';
import { type ExistingNames, keyOf, quoteThing } from './existing-names.ts';

import type { OnExisting } from './import-options.ts';
import { quoteObjectName } from './session-state.ts';
import type { StatementFacts } from './statement-facts.ts';
import { namesAfter, subjectOf } from './statement-names.ts';

export interface PolicyOptions {
  readonly onExisting: OnExisting;
  /** What the target had before; null for a database that the script creates. */
  readonly existing: ExistingNames | null;
  readonly sections: ReadonlySet<string>;
  readonly tables: readonly string[];
  /** Objects of the script that were chosen from its list; null for all. */
  readonly entries: EntryList | null;
  readonly defaultSchema: string;
  readonly onSkip: (text: string) => void;
}

export interface Admitted {
  readonly text: string;
  readonly creates: string | null;
  readonly uses: string | null;
  /** Runs when everything else is done. */
  readonly last: boolean;
  readonly subject: string | null;
}

export class StatementPolicy {
  readonly #database: DatabaseStatements;
  readonly #options: PolicyOptions;
  /** Section of the script, as its markers say; null in scripts without. */
  #section: string | null = null;
  /** Object whose statements follow, quoted, as the script's markers say. */
  object: string | null = null;

  #entry: ObjectMarker | null = null;

  constructor(database: DatabaseStatements, options: PolicyOptions) {
    this.#database = database;
    this.#options = options;
  }

  marker(marker: Marker): void {
    if (marker.kind === 'header') this.#database.learn(marker.source.database);
    else if (marker.kind === 'section') {
      this.#section = marker.name;
      this.object = null;
      this.#entry = null;
    } else if (marker.kind === 'object') {
      this.object = marker.name;
      this.#entry = marker;
    }
  }

  /** Null when the statement is left out. @throws XpdbError when it would change what the target has already */
  text(piece: TextPiece, facts: StatementFacts): Admitted | null {
    if (!this.#inSection() || !this.#isListed()) return null;
    const verdict = this.#database.judge(piece.text, facts, piece.position);
    if (!verdict.run) {
      this.#options.onSkip(`line ${piece.position.line}: left out ${verdict.why}`);
      return null;
    }
    const subject = subjectOf(facts);
    if (!this.#isSelected(subject, facts)) return null;
    if (this.#isExisting(piece, facts, subject)) return null;
    return { ...verdict, subject: subject === null ? null : quoteObjectName(subject) };
  }

  /** Null when the rows are left out. */
  insertHead(piece: InsertHeadPiece): InsertHeadPiece | null {
    if (!this.#inSection() || !this.#isListed()) return null;
    if (this.#options.tables.length > 0 && !this.#matches(piece.table)) return null;
    if (this.#options.onExisting === 'skip' && this.#had(piece.table)) return null;
    return this.#database.insertHead(piece);
  }

  #isListed(): boolean {
    const { entries } = this.#options;
    return (
      entries === null || this.#entry === null || this.#section === null || entries.has(this.#section, this.#entry)
    );
  }

  #inSection(): boolean {
    const { sections } = this.#options;
    // Before the first section a script of xpdb only sets what the others need.
    if (sections.size === 0 || this.#section === 'settings' || this.#section === 'database') return true;
    if (this.#section === null) {
      throw new XpdbError('the script has no sections to choose from', {
        hint: 'only scripts of xpdb mark them; import it without --section',
        exitCode: ExitCode.usage,
      });
    }
    return sections.has(this.#section);
  }

  /** With --table: tables that match with what belongs to them, and the settings of the session. */
  #isSelected(subject: ObjectName | null, facts: StatementFacts): boolean {
    if (this.#options.tables.length === 0) return true;
    if (subject !== null)
      return this.#matches(subject) && !facts.statements.some(s => s.kind === 'createModule' && s.module !== 'trigger');
    return facts.database !== null || facts.statements.some(s => s.kind === 'setOption' || s.kind === 'use');
  }

  #matches(name: ObjectName): boolean {
    const { tables, defaultSchema } = this.#options;
    return tables.some(pattern => matchesPattern({ schema: name.schema ?? defaultSchema, name: name.name }, pattern));
  }

  #had(name: ObjectName): boolean {
    const { existing, defaultSchema } = this.#options;
    return existing?.has(keyOf({ kind: 'object', schema: name.schema, name: name.name }, defaultSchema)) ?? false;
  }

  #isExisting(piece: TextPiece, facts: StatementFacts, subject: ObjectName | null): boolean {
    const { existing, onExisting, defaultSchema } = this.#options;
    if (existing === null || existing.size === 0) return false;
    const found = namesAfter('CREATE', facts).find(n => existing.has(keyOf(n, defaultSchema)));
    if (found && (onExisting === 'fail' || found.kind === 'object' || found.kind === 'type') && onExisting !== 'skip') {
      throw alreadyThere(quoteThing(found), piece.position);
    }
    const dropped = namesAfter('DROP', facts).find(n => existing.has(keyOf(n, defaultSchema)));
    const skipped = found ?? dropped;
    if (skipped) {
      this.#options.onSkip(`line ${piece.position.line}: left out ${quoteThing(skipped)}, which the target has`);
      return true;
    }
    return onExisting === 'skip' && subject !== null && this.#had(subject);
  }
}

function alreadyThere(name: string, position: TextPiece['position']): XpdbError {
  return new XpdbError(`the target already has ${name}`, {
    position,
    hint: 'import into an empty database, or say what shall happen: --on-existing skip keeps it, --on-existing drop replaces it',
  });
}
