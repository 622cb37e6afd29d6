import type { RowAccess } from '../catalog/row-access.ts';
import type { Finding } from '../compat/finding.ts';
import type { Column } from '../model/column.ts';
import type { DataType } from '../model/data-type.ts';
import type { Database } from '../model/database.ts';
import { ExitCode, XpdbError } from '../model/error.ts';
import { matchesPattern } from '../model/name-pattern.ts';
import type { Table } from '../model/table.ts';
import { scriptDataType } from '../scripter/data-type.ts';
import { insertableColumns, selectRows } from '../scripter/table-data.ts';
import { quoteName, quoteQualified } from '../tsql/quote.ts';

/** A table whose rows are exported, and how they are read. */
export interface TableRows {
  /** Of the target: what the gate made of it. */
  readonly table: Table;
  /** As it was read. */
  readonly source: Table;
  /** Quoted. */
  readonly name: string;
  /** Columns that an INSERT names, in order; none for a table whose columns take no value. */
  readonly columns: readonly string[];
  /** Condition of `--where`. */
  readonly where: string | null;
  /** A database snapshot can't read them. */
  readonly filestream: boolean;
}

export interface RowsPlan {
  readonly tables: readonly TableRows[];
  readonly findings: readonly Finding[];
}

export interface RowsSelection {
  readonly excludeTableData: readonly string[];
  readonly where: readonly string[];
}

/**
 * Decides which tables' rows are exported. Rows that the log-in can't read as they are are never written as if they were: their
 * table's are left out, with a blocker.
 * @throws XpdbError when a pattern matches nothing, two conditions meet, or the log-in lacks SELECT
 */
export function planRows(source: Database, gated: Database, access: RowAccess, selection: RowsSelection): RowsPlan {
  const findings: Finding[] = [];
  const conditions = readConditions(selection.where, gated);
  for (const pattern of selection.excludeTableData) {
    if (!gated.tables.some(t => matchesPattern(t, pattern))) throw noMatch(pattern);
  }
  const tables: TableRows[] = [];
  const denied: string[] = [];
  for (const table of gated.tables) {
    const name = quoteQualified(table.schema, table.name);
    if (selection.excludeTableData.some(p => matchesPattern(table, p))) continue;
    if (access.withoutSelect.has(name)) {
      denied.push(name);
      continue;
    }
    const obstacle = findObstacle(table, name, access);
    if (obstacle) {
      findings.push(obstacle);
      continue;
    }
    const policy = access.filtered.get(name);
    if (policy !== undefined) {
      findings.push({
        rule: 'row-level-security',
        severity: 'blocker',
        object: name,
        message: `security policy ${policy} filters its rows; those that it hides from this log-in are missing`,
      });
    }
    const where = conditions.get(table) ?? null;
    if (where !== null) {
      findings.push({
        rule: 'rows-filtered',
        severity: 'info',
        object: name,
        message: `only rows that meet ${where}`,
      });
    }
    const own = source.tables.find(t => t.schema === table.schema && t.name === table.name) ?? table;
    tables.push({
      table,
      source: own,
      name,
      columns: insertableColumns(table, gated.aliasTypes).map(c => c.name),
      where,
      filestream: own.columns.some(c => c.filestream),
    });
  }
  if (denied.length > 0) {
    const more = denied.length > 1 ? ` and ${denied.length - 1} more tables` : '';
    throw new XpdbError(`the log-in lacks SELECT on ${denied[0]}${more}`, {
      hint: 'GRANT SELECT to its user, or leave the rows out with --exclude-table-data',
    });
  }
  return { tables, findings };
}

/** What keeps all rows of a table from being read. */
function findObstacle(table: Table, name: string, access: RowAccess): Finding | null {
  const leftOut = (rule: string, message: string): Finding => ({ rule, severity: 'blocker', object: name, message });
  const closed = [...table.keys, ...table.indexes].find(i => i.clustered && i.disabled);
  if (closed) {
    return leftOut(
      'rows-unreadable',
      `its clustered index ${quoteName(closed.name)} is disabled, so its rows can't be read and are left out`,
    );
  }
  const masked = access.masked.get(name);
  if (masked) {
    return leftOut('rows-masked', `the log-in lacks UNMASK for ${masked.join(', ')}, so its rows are left out`);
  }
  const encrypted = access.encrypted.get(name);
  if (encrypted) {
    return leftOut(
      'rows-encrypted',
      `${encrypted.join(', ')} can only be read as ciphertext, so its rows are left out`,
    );
  }
  return null;
}

/** `table:condition`; colons inside brackets belong to the name. */
function readConditions(entries: readonly string[], database: Database): Map<Table, string> {
  const conditions = new Map<Table, string>();
  for (const entry of entries) {
    const parts = /^((?:\[(?:[^\]]|\]\])*\]|[^[:])+):([\s\S]*\S[\s\S]*)$/.exec(entry);
    if (!parts) {
      throw new XpdbError(`--where ${entry} is not table:condition`, {
        hint: "example: --where 'dbo.Calls:Started >= ''2024-01-01'''",
        exitCode: ExitCode.usage,
      });
    }
    const [, pattern, condition] = parts as unknown as [string, string, string];
    const tables = database.tables.filter(t => matchesPattern(t, pattern));
    if (tables.length === 0) throw noMatch(pattern);
    for (const table of tables) {
      if (conditions.has(table)) {
        throw new XpdbError(`--where is given twice for ${quoteQualified(table.schema, table.name)}`, {
          hint: 'join both conditions by AND',
          exitCode: ExitCode.usage,
        });
      }
      conditions.set(table, condition.trim());
    }
  }
  return conditions;
}

function noMatch(pattern: string): XpdbError {
  return new XpdbError(`no table matches ${pattern}`, { exitCode: ExitCode.usage });
}

/**
 * SELECT of a table's rows in clustered order, so that equal tables give equal text.
 * @param range a further condition, of a chunk
 * @param asBytes the rows go on as they are sent, so that all must be of the target's types
 */
export function selectTableRows(
  database: Database,
  rows: TableRows,
  range: string | null = null,
  asBytes = false,
): string {
  // The line break ends a comment that a condition may end with.
  const conditions = [rows.where, range].filter(c => c !== null).map(c => `(${c}\n)`);
  const where = conditions.length > 0 ? conditions.join(' AND ') : null;
  return selectRows(rows.table, database.aliasTypes, where, column => {
    const name = quoteName(column.name);
    const source = typeInSource(rows, column.name);
    // A target without vectors gets the text that stands for them there.
    const converts = (isVector(source) && !isVector(column.type)) || becomesUnicode(source, column.type, asBytes);
    return converts ? `CAST(${name} AS ${scriptDataType(column.type)}) AS ${name}` : name;
  });
}

/**
 * Columns of vector, of single precision, whose numbers come as text of the server: eight digits, which do not tell the last bit of each.
 * The half-precision ones always do, and lose nothing by it.
 * @param nativeVectors the source's server sends vectors in their binary form
 */
export function textVectors(rows: TableRows, nativeVectors: boolean): readonly Column[] {
  return rows.table.columns.filter(column => {
    const type = typeInSource(rows, column.name);
    if (!isVector(type) || type.vectorBaseType === 'float16' || !rows.columns.includes(column.name)) return false;
    return !nativeVectors || !isVector(column.type);
  });
}

function typeInSource(rows: TableRows, name: string): DataType | undefined {
  return rows.source.columns.find(c => c.name === name)?.type;
}

/**
 * UTF-8 for a target that has none: char(n) is filled up to n characters there and not to n bytes. The text of varchar is the same; where its
 * bytes are no characters, whoever makes literals of them can tell.
 */
function becomesUnicode(source: DataType | undefined, target: DataType, asBytes: boolean): boolean {
  if (source === undefined || target.schema !== null || !/^n(?:var)?char$/.test(target.name)) return false;
  return /^(?:char|varchar)$/.test(source.name) && (asBytes || source.name === 'char');
}

function isVector(type: DataType | undefined): type is DataType {
  return type !== undefined && type.schema === null && type.name === 'vector';
}
