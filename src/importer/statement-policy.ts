/** Which statements of a script run, and with which text: selection, existing objects, and the database's own statements. */

import type { Marker } from '../archive/marker.ts';
import { XpdbError } from '../model/error.ts';
import type { QualifiedName } from '../model/name.ts';
import type { ObjectName } from '../tsql/ddl/statement.ts';
import type { InsertHeadPiece, TextPiece } from '../tsql/script-piece.ts';
import { changedTables } from './changed-tables.ts';
import type { DatabaseStatements } from './database-statements.ts';
import { type ExistingNames, type ExistingThing, keyOf, quoteThing } from './existing-names.ts';
import { guardProperty } from './existing-property.ts';
import type { OnExisting } from './import-options.ts';
import type { MissingLogins } from './missing-login.ts';
import { refuseSettings } from './refused-settings.ts';
import type { ScriptSelection } from './script-selection.ts';
import { quoteObjectName } from './session-state.ts';
import type { StatementFacts } from './statement-facts.ts';
import { namesAfter, subjectOf } from './statement-names.ts';

export interface PolicyOptions {
  readonly onExisting: OnExisting;
  /** What the target had before; null for a database that the script creates. */
  readonly existing: ExistingNames | null;
  readonly defaultSchema: string;
  readonly onSkip: (text: string) => void;
  /** Null where nobody can tell which logins the target has. */
  readonly logins: MissingLogins | null;
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
  readonly #selection: ScriptSelection;
  readonly #options: PolicyOptions;
  /** Tables of which a note says that their rows stay as they are. */
  readonly #kept = new Set<string>();

  constructor(database: DatabaseStatements, selection: ScriptSelection, options: PolicyOptions) {
    this.#database = database;
    this.#selection = selection;
    this.#options = options;
  }

  /** Object whose statements follow, quoted, as the script's markers say. */
  get object(): string | null {
    return this.#selection.object;
  }

  marker(marker: Marker): void {
    if (marker.kind === 'header') this.#database.learn(marker.source.database);
    this.#selection.marker(marker);
  }

  /** At the end of the scripts. @throws XpdbError (usage) when they had nothing of what was asked for */
  checkMet(tables: readonly QualifiedName[]): void {
    this.#selection.checkMet(tables);
  }

  /** Null when the statement is left out. @throws XpdbError when it would change what the target has already */
  text(piece: TextPiece, facts: StatementFacts): Admitted | null {
    if (!this.#selection.admitsPlace) return null;
    refuseSettings(facts, piece.position);
    const verdict = this.#database.judge(piece.text, facts, piece.position);
    if (!verdict.run) return this.#skip(piece, verdict.why);
    const choice = this.#selection.choose(piece, facts);
    if (choice === 'unclear') return this.#skip(piece, 'a statement of which no chosen table is known');
    if (choice === 'out') return null;
    const subject = subjectOf(facts);
    if (this.#keeps(piece.position, () => changedTables(piece, facts))) return null;
    if (this.#isExisting(piece, facts, subject)) return null;
    const users = this.#options.logins?.judge(verdict.text, facts, piece.position) ?? verdict;
    if ('why' in users) return this.#skip(piece, users.why);
    const text = guardProperty(users.text, facts, this.#options.onExisting);
    return { ...verdict, text, subject: subject === null ? null : quoteObjectName(subject) };
  }

  #skip(piece: TextPiece, why: string): null {
    this.#options.onSkip(`line ${piece.position.line}: left out ${why}`);
    return null;
  }

  /** Null when the rows are left out. */
  insertHead(piece: InsertHeadPiece): InsertHeadPiece | null {
    if (!this.#selection.admitsRows(piece.table)) return null;
    if (this.#keeps(piece.position, () => [piece.table])) return null;
    return this.#database.insertHead(piece);
  }

  /** Whether rows of a table would change that stays as it is; says so once for each. */
  #keeps(position: TextPiece['position'], changed: () => readonly ObjectName[]): boolean {
    if (this.#options.onExisting !== 'skip' || this.#options.existing === null) return false;
    const { rowsTable } = this.#selection;
    const kept =
      (rowsTable && this.#had(rowsTable)) ??
      changed()
        .map(table => this.#had(table))
        .find(had => had !== null);
    if (!kept) return false;
    const name = quoteThing(kept);
    if (!this.#kept.has(name)) {
      this.#options.onSkip(`line ${position.line}: left out what changes rows of ${name}, which the target has`);
    }
    this.#kept.add(name);
    return true;
  }

  #had(name: ObjectName): ExistingThing | null {
    const { existing, defaultSchema } = this.#options;
    return existing?.get(keyOf({ kind: 'object', schema: name.schema, name: name.name }, defaultSchema)) ?? null;
  }

  #isExisting(piece: TextPiece, facts: StatementFacts, subject: ObjectName | null): boolean {
    const { existing, onExisting, defaultSchema } = this.#options;
    if (existing === null || existing.size === 0) return false;
    const made = namesAfter('CREATE', facts).find(n => existing.has(keyOf(n, defaultSchema)));
    // Schemas, users and roles are never dropped: with `drop` they stay and are used.
    const stays = onExisting === 'drop' && (made?.kind === 'schema' || made?.kind === 'principal');
    if (made && onExisting !== 'skip' && !stays) throw alreadyThere(quoteThing(made), piece.position);
    const left = made ?? namesAfter('DROP', facts).find(n => existing.has(keyOf(n, defaultSchema)));
    if (left) {
      this.#options.onSkip(`line ${piece.position.line}: left out ${quoteThing(left)}, which the target has`);
      return true;
    }
    return onExisting === 'skip' && subject !== null && this.#had(subject) !== null;
  }
}

function alreadyThere(name: string, position: TextPiece['position']): XpdbError {
  return new XpdbError(`the target already has ${name}`, {
    position,
    hint: 'import into an empty database, or say what shall happen: --on-existing skip keeps it, --on-existing drop replaces it',
  });
}
