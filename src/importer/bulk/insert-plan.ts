/**
 * Whether INSERT statements of one head may become bulk loads with the same meaning. A bulk load differs from INSERT in that
 * no triggers fire, views, rules and row-level security are passed by, and values that the server gives out (identity, sequences)
 * are used up by a load that is undone; where any of these matters the statements stay statements.
 * Sources: INSERT BULK as captured (bulk.identity, bulk.keep-nulls, bulk.constraints), BULK INSERT and SET in the Transact-SQL reference.
 */

import { quoteName, quoteQualified } from '../../tsql/quote.ts';
import type { InsertHeadPiece } from '../../tsql/script-piece.ts';
import type { ScriptSettings } from '../row-loader.ts';
import { isSteadyDefault } from './steady-default.ts';
import type { ColumnFacts, TableFacts } from './table-facts.ts';

export type InsertPlan =
  | { readonly columns: readonly ColumnFacts[] }
  /** Why not, as half a sentence. */
  | { readonly columns: null; readonly why: string };

const no = (why: string): InsertPlan => ({ columns: null, why });

/** SET options without which changes of indexed views, computed columns with indexes and the like fail (error 1934). */
const requiredOptions = [
  'ANSI_DEFAULTS',
  'ANSI_NULLS',
  'ANSI_PADDING',
  'ANSI_WARNINGS',
  'ARITHABORT',
  'CONCAT_NULL_YIELDS_NULL',
  'QUOTED_IDENTIFIER',
];
/** Options under which an INSERT does something else than insert, and what they must be. */
const plainOptions: readonly (readonly [string, string])[] = [
  ['ROWCOUNT', '0'],
  ['NOEXEC', 'OFF'],
  ['PARSEONLY', 'OFF'],
  ['FMTONLY', 'OFF'],
  ['IMPLICIT_TRANSACTIONS', 'OFF'],
  ['NUMERIC_ROUNDABORT', 'OFF'],
];

/** What the name of an INSERT alone rules out; null when the table must be looked at. */
export function obstacleOfName(head: InsertHeadPiece, settings: ScriptSettings): string | null {
  const { table } = head;
  if (table.server !== null) return 'the table is on a linked server';
  if (table.database !== null && table.database.toLowerCase() !== settings.database.toLowerCase()) {
    return 'the table is in another database';
  }
  return table.name.startsWith('#') ? 'the table is a temporary one' : null;
}

/** @param identityInsert whether SET IDENTITY_INSERT is on for this very table */
export function planInsert(
  head: InsertHeadPiece,
  facts: TableFacts,
  settings: ScriptSettings,
  identityInsert: boolean,
): InsertPlan {
  const why = obstacleOfTable(facts) ?? obstacleOfSettings(facts, settings);
  if (why !== null) return no(`${quoteQualified(facts.schema, facts.name)} ${why}`);
  const listed = listedColumns(head, facts, identityInsert);
  if (typeof listed === 'string') return no(listed);
  for (const column of facts.columns) {
    const obstacle = listed.includes(column) ? obstacleOfValue(column, identityInsert) : obstacleOfGap(column);
    if (obstacle !== null) return no(`the column ${quoteName(column.name)} ${obstacle}`);
  }
  return listed.length === 0 ? no('the statement gives no values') : { columns: listed };
}

function obstacleOfTable(facts: TableFacts): string | null {
  if (facts.insertTriggers > 0) return 'has a trigger that an INSERT fires';
  if (facts.isTemporal) return 'is system-versioned';
  if (facts.isGraph) return 'is a graph table';
  if (facts.isLedger) return 'is a ledger table';
  if (facts.isFileTable) return 'is a FileTable';
  if (facts.isExternal) return 'is an external table';
  if (facts.hasSecurityPolicy) return 'has a security policy';
  if (facts.ignoresDuplicates) return 'has an index that ignores duplicates';
  return null;
}

function obstacleOfSettings(facts: TableFacts, { options }: ScriptSettings): string | null {
  for (const [option, value] of plainOptions) {
    const given = options.get(option);
    if (given !== undefined && given.toUpperCase() !== value) return `is inserted into under SET ${option} ${given}`;
  }
  const off = requiredOptions.find(option => options.get(option)?.toUpperCase() === 'OFF');
  if (off === undefined) return null;
  // The server refuses such an INSERT; a load might pass.
  const computed = facts.columns.some(column => column.isComputed);
  return computed || facts.hasSpecialIndexes || facts.hasIndexedViews
    ? `has what SET ${off} OFF makes an INSERT fail on`
    : null;
}

/** Columns in the order of the values. */
function listedColumns(
  head: InsertHeadPiece,
  facts: TableFacts,
  identityInsert: boolean,
): readonly ColumnFacts[] | string {
  if (head.columns === null) {
    if (facts.columns.some(c => c.isColumnSet)) return 'the table has a column set';
    if (identityInsert) return 'the identity column asks for a list of columns';
    return facts.columns.filter(c => !c.isComputed && !c.isIdentity && !c.isHidden);
  }
  const listed: ColumnFacts[] = [];
  for (const name of head.columns) {
    const column = findColumn(facts.columns, name);
    if (column === undefined) return `the table has no column ${quoteName(name)}`;
    if (listed.includes(column)) return `the column ${quoteName(name)} is listed twice`;
    listed.push(column);
  }
  return listed;
}

/** By its name as it is, else in another case: the load names the columns as the catalog does. */
export function findColumn<C extends { readonly name: string }>(columns: readonly C[], name: string): C | undefined {
  const exact = columns.find(c => c.name === name);
  if (exact) return exact;
  const lower = name.toLowerCase();
  const similar = columns.filter(c => c.name.toLowerCase() === lower);
  return similar.length === 1 ? similar[0] : undefined;
}

function obstacleOfValue(column: ColumnFacts, identityInsert: boolean): string | null {
  if (column.isIdentity && !identityInsert) return 'is the identity column, and IDENTITY_INSERT is off';
  if (column.isComputed) return 'is computed';
  if (column.isRowVersion) return 'is a rowversion';
  if (column.isColumnSet) return 'is a column set';
  if (column.isGeneratedAlways) return 'is generated always';
  if (column.isEncrypted) return 'is encrypted';
  if (column.isFilestream) return 'is in FILESTREAM';
  if (column.hasRule) return 'has a rule, which a load does not check';
  if (!column.isPadded && column.nullable && (column.typeName === 'char' || column.typeName === 'binary')) {
    return 'was made under ANSI_PADDING OFF';
  }
  return null;
}

/** Of a column that the statement leaves out. */
function obstacleOfGap(column: ColumnFacts): string | null {
  if (column.isComputed || column.isRowVersion) return null;
  if (column.isIdentity) return 'gets its identity value from the server';
  if (column.isGeneratedAlways) return 'is generated always';
  if (column.hasBoundDefault) return 'has a bound default';
  if (column.defaultText !== null) {
    return isSteadyDefault(column.defaultText) ? null : 'has a default that is more than a constant';
  }
  return column.nullable || column.isColumnSet ? null : 'takes no NULL and is left out';
}
