/**
 * Characters of INSERTs for which their column has no code: where a script meets another collation than it was made for, the server
 * stores a similar character or `?`, and says nothing.
 */

import { queryRecords } from '../catalog/catalog.ts';
import type { Finding } from '../compat/finding.ts';
import type { Session } from '../connection/session.ts';
import { type CodePageEncoder, codePageEncoder } from '../data/bulk/code-page-encoder.ts';
import { isCodePageNumber } from '../data/code-page.ts';
import { type ScriptPosition, XpdbError } from '../model/error.ts';
import { tokenize } from '../tsql/lexer.ts';
import { quoteName, quoteQualified, quoteString } from '../tsql/quote.ts';
import type { InsertHeadPiece } from '../tsql/script-piece.ts';
import type { Token } from '../tsql/token.ts';
import { findColumn } from './bulk/insert-plan.ts';
import { quoteObjectName } from './session-state.ts';
import type { InsertStatement } from './step.ts';

interface Page extends CodePageEncoder {
  readonly number: number;
}

interface Target {
  readonly table: string;
  /** Of the values, in their order. */
  readonly columns: readonly { readonly name: string; readonly page: Page | null }[];
  /** Strings without N pass through it. */
  readonly database: Page | null;
}

interface Lost {
  /** Quoted. */
  readonly table: string;
  readonly column: string;
  readonly page: number;
}

/** Values of a column that lost characters. Plain data: it comes from other threads. */
export interface LostValues extends Lost {
  readonly values: number;
}

/** By column and page. */
type Counts = Map<string, LostValues>;

export class LostCharacters {
  readonly #isStrict: boolean;
  /** By database and head. */
  readonly #targets = new Map<string, Target | null>();
  /** In the target for good. */
  readonly #counts: Counts = new Map();
  /** Of the open transaction. */
  #pending: Counts = new Map();
  /** Of a transaction that was undone, or was lost with its connection while it ended. */
  #undone: Counts = new Map();

  /** @param isStrict the first such value is an error */
  constructor(isStrict: boolean) {
    this.#isStrict = isStrict;
  }

  /**
   * Looks through statements before they are sent as text; rows that a loader took have all their characters.
   * @returns to be called when they ran
   * @throws XpdbError when it is to be strict
   */
  async check(session: Session, statements: readonly InsertStatement[]): Promise<() => void> {
    const found: Lost[] = [];
    for (const { head, rows, positions } of statements) {
      for (const [i, row] of rows.entries()) {
        // biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII is in every page
        if (/^[\0-\x7f]*$/.test(row)) continue;
        const target = await this.#target(session, head);
        if (target === null) break;
        const before = found.length;
        lostIn(row, target, found);
        if (this.#isStrict && found.length > before) throw refusal(found[before]!, positions[i] ?? head.position);
      }
    }
    return () => {
      for (const lost of found) add(this.#pending, { ...lost, values: 1 });
    };
  }

  /** The transaction is in the target. */
  committed(): void {
    merge(this.#counts, this.#pending);
    this.#pending = new Map();
    this.#undone = new Map();
  }

  /** The transaction was undone, as far as one knows. */
  undone(): void {
    this.#undone = this.#pending;
    this.#pending = new Map();
  }

  /** What was taken for undone is in the target after all. */
  foundCommitted(): void {
    merge(this.#counts, this.#undone);
    this.#undone = new Map();
  }

  /** Tables may have been made anew. */
  invalidate(): void {
    this.#targets.clear();
  }

  /** In the target. */
  get values(): readonly LostValues[] {
    return [...this.#counts.values()];
  }

  /** Takes what somebody else found, in the target. */
  add(found: readonly LostValues[]): void {
    for (const lost of found) add(this.#counts, lost);
  }

  findings(): Finding[] {
    return this.values.map(({ table, column, page, values }) => ({
      rule: 'characters-replaced',
      severity: 'blocker',
      object: `${table}.${quoteName(column)}`,
      message: `${values === 1 ? 'one value' : `${values} values`} with characters that ${pageName(page)} lacks; the server stored similar ones or ?`,
    }));
  }

  async #target(session: Session, head: InsertHeadPiece): Promise<Target | null> {
    const key = `${session.database}\n${head.text}`;
    let target = this.#targets.get(key);
    if (target === undefined) {
      target = await readTarget(session, head);
      this.#targets.set(key, target);
    }
    return target;
  }
}

function add(counts: Counts, lost: LostValues): void {
  const key = `${lost.table}.${quoteName(lost.column)} ${lost.page}`;
  counts.set(key, { ...lost, values: lost.values + (counts.get(key)?.values ?? 0) });
}

function merge(into: Counts, from: Counts): void {
  for (const lost of from.values()) add(into, lost);
}

function refusal({ table, column, page }: Lost, position: ScriptPosition): XpdbError {
  return new XpdbError(`column ${quoteName(column)} would lose characters, which ${pageName(page)} lacks`, {
    object: table,
    position,
    hint: 'make the column nvarchar or give it another collation; without --strict the server stores similar characters or ?',
  });
}

function pageName(page: number): string {
  return page === 65001 ? 'UTF-8' : `code page ${page}`;
}

/** Null where nothing is known of the table; then the server says what is wrong with the statement. */
async function readTarget(session: Session, head: InsertHeadPiece): Promise<Target | null> {
  const { server, database, schema, name } = head.table;
  if (server !== null || name.startsWith('#')) return null;
  const catalog = database === null ? '[sys]' : `${quoteName(database)}.[sys]`;
  const qualified = quoteQualified(schema, name);
  // COLLATIONPROPERTY gives a sql_variant.
  const page = (collation: string) => `CONVERT(int, COLLATIONPROPERTY(${collation}, 'CodePage'))`;
  const owner = database === null ? 'DB_NAME()' : quoteString(database);
  const rows = await queryRecords(
    session,
    `SELECT c.*, ${page('c.[collation_name]')} AS [page], ` +
      `${page(`CONVERT(nvarchar(128), DATABASEPROPERTYEX(${owner}, N'Collation'))`)} AS [database_page] ` +
      `FROM ${catalog}.[columns] AS c WHERE c.[object_id] = OBJECT_ID(${quoteString(quoteObjectName(head.table))}) ORDER BY c.[column_id]`,
  );
  if (rows.length === 0) return null;
  const columns = rows.map(row => ({
    name: String(row.name),
    // char, varchar and text; nchar and its like have collations, too.
    page: [175, 167, 35].includes(Number(row.system_type_id)) ? pageOf(row.page) : null,
    isGiven: ![row.is_computed, row.is_identity, row.is_hidden].some(flag => flag === true || flag === 1),
  }));
  const listed =
    head.columns === null ? columns.filter(c => c.isGiven) : head.columns.map(name => findColumn(columns, name));
  if (listed.some(c => c === undefined)) return null;
  return { table: qualified, columns: listed.map(c => c!), database: pageOf(rows[0]!.database_page) };
}

function pageOf(value: unknown): Page | null {
  const number = Number(value ?? 0);
  return isCodePageNumber(number) ? { ...codePageEncoder(number), number } : null;
}

/** @param lost takes one for each value */
function lostIn(row: string, target: Target, lost: Lost[]): void {
  let depth = 0;
  let cell = 0;
  let reported = -1;
  for (const token of tokenize(row)) {
    if (token.text === '(') depth++;
    else if (token.text === ')') depth--;
    else if (token.text === ',' && depth === 1) cell++;
    const column = target.columns[cell];
    if (column === undefined || reported === cell) continue;
    const page = lackingPage(token, column.page, target.database);
    if (page === null) continue;
    lost.push({ table: target.table, column: column.name, page: page.number });
    reported = cell;
  }
}

function lackingPage({ kind, value }: Token, column: Page | null, database: Page | null): Page | null {
  if (kind === 'string' && database !== null && lacks(database, value)) return database;
  if ((kind === 'string' || kind === 'nstring') && column !== null && lacks(column, value)) return column;
  return null;
}

function lacks(page: Page, text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) continue;
    const isPair = unit >= 0xd800 && unit < 0xdc00 && (text.charCodeAt(i + 1) & 0xfc00) === 0xdc00;
    if (page.kind !== 'utf8') {
      if (isPair || (page.bytes[unit] === 0 && !page.ambiguous.has(unit))) return true;
    } else if (isPair) i++;
    else if (unit >= 0xd800 && unit < 0xe000) return true;
  }
  return false;
}
