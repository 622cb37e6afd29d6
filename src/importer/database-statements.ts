/**
 * Statements of a script that make, set up or choose a database: run with the target's paths and the new name where the import
 * creates the database, left out where it goes into one that exists.
 */

import type { Finding } from '../compat/finding.ts';
import { ExitCode, type ScriptPosition, XpdbError } from '../model/error.ts';
import { tokenize } from '../tsql/lexer.ts';
import { quoteName, quoteString } from '../tsql/quote.ts';
import type { InsertHeadPiece } from '../tsql/script-piece.ts';
import type { Token } from '../tsql/token.ts';
import { type FilePaths, FilePlacement, type Rename } from './file-placement.ts';
import { editFullTextPath } from './full-text-path.ts';
import { editQualifiedNames } from './rename-database.ts';
import { editDatabaseName, editFiles, filesInsertedAt, namesFiles } from './rewrite-database.ts';
import type { StatementFacts } from './statement-facts.ts';
import { applyEdits, type Edit, isNameToken, nameValue, wordOf } from './token-edit.ts';

export interface DatabaseOptions {
  /** Whether the script's CREATE DATABASE runs. */
  readonly create: boolean;
  /** Name on the target; null (only with `create`) = the script's own. */
  readonly database: string | null;
  readonly paths: FilePaths;
  /** Directories that the user named, so that files are written into CREATE DATABASE even where the script has none. */
  readonly explicitPaths: boolean;
  readonly onFinding: (finding: Finding) => void;
}

export type Verdict =
  | {
      readonly run: true;
      readonly text: string;
      readonly creates: string | null;
      readonly uses: string | null;
      /** Keeps the import itself out: it runs when everything else is done. */
      readonly last: boolean;
    }
  | { readonly run: false; readonly why: string };

const closing = new Set(['READ_ONLY', 'SINGLE_USER', 'RESTRICTED_USER', 'OFFLINE', 'EMERGENCY']);
const system = new Set(['master', 'tempdb', 'model', 'msdb']);

export function isSystemDatabase(name: string): boolean {
  return system.has(name.toLowerCase());
}

export class DatabaseStatements {
  readonly #options: DatabaseOptions;
  /** The script's database: the first that it names. */
  #source: string | null = null;
  #rename: Rename | null = null;
  #placement: FilePlacement;
  /** Databases that the script created on the target, in lower case. */
  readonly #created = new Set<string>();

  constructor(options: DatabaseOptions) {
    this.#options = options;
    this.#placement = new FilePlacement(options.paths, null);
  }

  /** Logical names of `--map-file` that no file had. */
  get unmatchedFiles(): readonly string[] {
    return [...this.#placement.unmatched];
  }

  /** The name in a script's header. */
  learn(source: string): void {
    if (this.#source !== null || isSystemDatabase(source)) return;
    this.#source = source;
    const to = this.#options.database;
    if (to === null || to === source) return;
    this.#rename = { from: source, to };
    this.#placement = new FilePlacement(this.#options.paths, this.#rename);
  }

  /** @throws XpdbError for a script that would change another database than the target */
  judge(text: string, facts: StatementFacts, position: ScriptPosition): Verdict {
    const use = facts.statements.find(s => s.kind === 'use');
    if (use) return this.#use(use.database, text, facts, position);
    if (facts.database !== null) return this.#database(facts.database, text, facts, position);
    const edits: Edit[] = this.#rename === null ? [] : editQualifiedNames(this.#tokensOf(text, facts), this.#rename);
    if (this.#rename !== null && edits.length > 0 && facts.module) {
      this.#note(
        'database-renamed',
        'rewritten',
        `a module at line ${position.line}`,
        `names ${quoteName(this.#rename.from)}, now ${quoteName(this.#rename.to)}`,
        position,
      );
    }
    if (facts.outside === 'full-text') edits.push(...editFullTextPath(facts.tokens, this.#options.paths));
    return run(edits.length === 0 ? text : applyEdits(text, edits));
  }

  /** Also of a plain UPDATE or its like, of which nothing else is known, where it may name the database. */
  #tokensOf(text: string, { tokens }: StatementFacts): readonly Token[] {
    const from = this.#rename!.from.toLowerCase();
    return tokens.length > 0 || !text.toLowerCase().includes(from) ? tokens : tokenize(text);
  }

  /** The head of an INSERT into `old.dbo.t`. */
  insertHead(head: InsertHeadPiece): InsertHeadPiece {
    const rename = this.#rename;
    const { database } = head.table;
    if (!rename || head.table.server !== null || database?.toLowerCase() !== rename.from.toLowerCase()) return head;
    const table = { ...head.table, database: rename.to };
    const columns = head.columns === null ? '' : ` (${head.columns.map(quoteName).join(', ')})`;
    const name = `${quoteName(rename.to)}.${table.schema === null ? '' : quoteName(table.schema)}.${quoteName(table.name)}`;
    return { ...head, table, text: `INSERT INTO ${name}${columns} VALUES` };
  }

  #use(database: string, text: string, facts: StatementFacts, position: ScriptPosition): Verdict {
    this.learn(database);
    const { create } = this.#options;
    const target = this.#nameOnTarget(database);
    const isSystem = isSystemDatabase(database);
    if (!create) {
      if (!isSystem && database.toLowerCase() !== this.#source?.toLowerCase())
        throw severalDatabases(this.#source, database, position);
      return skip(`USE ${quoteName(database)}: the import goes into the database named by -d`);
    }
    if (!isSystem && !this.#created.has(target.toLowerCase())) {
      throw new XpdbError(`the script uses database ${quoteName(database)}, which it does not create`, {
        position,
        hint: `import without --create into an existing database: -d ${target}`,
      });
    }
    return { ...run(this.#renamed(text, facts)), uses: target };
  }

  #database(
    action: 'create' | 'alter' | 'drop',
    text: string,
    facts: StatementFacts,
    position: ScriptPosition,
  ): Verdict {
    const name = databaseNamed(facts.tokens);
    if (action === 'create' && name !== null) this.learn(name);
    if (!this.#options.create) return skip(`${what(action)}: the import goes into a database that exists`);
    if (action === 'drop') {
      return skip('DROP DATABASE: an import drops no database unless --on-existing drop says so');
    }
    if (action === 'alter') {
      const target = name === null ? null : this.#nameOnTarget(name);
      if (target !== null && !this.#created.has(target.toLowerCase())) {
        return skip(`ALTER DATABASE ${quoteName(target)}: the script did not create it`);
      }
      return { ...run(this.#withFiles(text, facts, position)), last: closesDatabase(facts) };
    }
    if (name === null) {
      this.#note(
        'dynamic-create-database',
        'info',
        'CREATE DATABASE',
        'stands in a string; its file paths are not rewritten',
        position,
      );
      return run(text);
    }
    const target = this.#nameOnTarget(name);
    if (this.#created.size > 0 && this.#options.database !== null) throw severalDatabases(this.#source, name, position);
    this.#created.add(target.toLowerCase());
    return { ...run(this.#withFiles(text, facts, position)), creates: target };
  }

  #nameOnTarget(name: string): string {
    return this.#rename !== null && name.toLowerCase() === this.#rename.from.toLowerCase() ? this.#rename.to : name;
  }

  #renamed(text: string, facts: StatementFacts): string {
    if (this.#rename === null) return text;
    return applyEdits(text, editDatabaseName(facts.tokens, this.#rename, this.#placement));
  }

  #withFiles(text: string, facts: StatementFacts, position: ScriptPosition): string {
    const { tokens } = facts;
    const { edits, files } = editFiles(tokens, this.#placement);
    const all: Edit[] = [...edits];
    if (this.#rename !== null) {
      all.push(...editDatabaseName(tokens, this.#rename, this.#placement), ...editQualifiedNames(tokens, this.#rename));
    }
    for (const file of files) {
      this.#note('file-path', 'rewritten', quoteName(file.logicalName), `${file.from} becomes ${file.to}`, position);
    }
    const at =
      facts.database === 'create' && !namesFiles(tokens) && this.#options.explicitPaths
        ? filesInsertedAt(tokens)
        : null;
    if (at !== null) {
      const known = all.find(e => e.token === at);
      const text = (known?.text ?? at.text) + this.#fileClauses(databaseNamed(tokens)!);
      if (known) all.splice(all.indexOf(known), 1);
      all.push({ token: at, text });
    }
    return applyEdits(text, unique(all));
  }

  /** ON and LOG ON for a database whose script leaves its files to the server. */
  #fileClauses(name: string): string {
    const target = this.#nameOnTarget(name);
    const file = (kind: 'data' | 'log', logical: string, physical: string) =>
      `(NAME = ${quoteString(logical)}, FILENAME = ${quoteString(this.#placement.place(kind, logical, physical))})`;
    // The placement renames files after the database by itself.
    return `\nON PRIMARY ${file('data', target, `${name}.mdf`)}\nLOG ON ${file('log', `${target}_log`, `${name}_log.ldf`)}`;
  }

  #note(rule: string, severity: Finding['severity'], object: string, message: string, position: ScriptPosition): void {
    this.#options.onFinding({ rule, severity, object, message, line: position.line });
  }
}

function run(text: string): Extract<Verdict, { run: true }> {
  return { run: true, text, creates: null, uses: null, last: false };
}

/** States in which nobody, or nobody else, may write: READ_ONLY, SINGLE_USER, OFFLINE and their like, of a filegroup too. */
function closesDatabase(facts: StatementFacts): boolean {
  return facts.statements.some(s => {
    if (s.kind !== 'alterDatabase') return false;
    if (s.action.kind === 'modifyFilegroup') return s.action.change === 'READ_ONLY';
    return s.action.kind === 'set' && Object.keys(s.action.options).some(o => closing.has(o));
  });
}

function skip(why: string): Verdict {
  return { run: false, why };
}

function what(action: 'create' | 'alter' | 'drop'): string {
  return action === 'alter' ? 'a setting of the database' : `${action.toUpperCase()} DATABASE`;
}

/** The first name behind CREATE, ALTER or DROP DATABASE, or DATABASE::; null for CURRENT and where only a string names one. */
function databaseNamed(tokens: readonly Token[]): string | null {
  const create = tokens.findIndex((t, i) => wordOf(t) === 'DATABASE' && wordOf(tokens[i - 1]) === 'CREATE');
  const at =
    create >= 0
      ? create
      : tokens.findIndex(
          (t, i) => wordOf(t) === 'DATABASE' && isNameToken(tokens[tokens[i + 1]?.text === '::' ? i + 2 : i + 1]),
        );
  if (at < 0) return null;
  const token = tokens[tokens[at + 1]?.text === '::' ? at + 2 : at + 1];
  return !isNameToken(token) || ['CURRENT', 'SCOPED'].includes(wordOf(token)) ? null : nameValue(token!);
}

/** One edit a token: the rules overlap where a name is renamed and qualified at once. */
function unique(edits: readonly Edit[]): Edit[] {
  return [...new Map(edits.map(e => [e.token.start, e])).values()];
}

function severalDatabases(first: string | null, second: string, position: ScriptPosition): XpdbError {
  return new XpdbError(`the script is for several databases (${quoteName(first ?? '')}, ${quoteName(second)})`, {
    position,
    hint: 'import it with --create and without -d, or take it apart',
    exitCode: ExitCode.usage,
  });
}
