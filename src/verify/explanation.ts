/**
 * Which findings foretell which differences. The definitions of the first side are those that rules have fitted already, so what a rule
 * rewrote is no difference: what is left is what was left out (and somebody made by hand), and what rests on an edition or platform that an
 * archive was made for and does not name.
 */

import type { Finding } from '../compat/finding.ts';
import { quoteName } from '../tsql/quote.ts';
import type { SchemaDifference } from './schema-differences.ts';

/** The finding that foretold a difference of the definitions. */
export function explanation(difference: SchemaDifference, findings: readonly Finding[]): Finding | null {
  return findings.find(f => f.severity !== 'info' && explains(f, difference)) ?? null;
}

/** These have the name of the object that they are on. */
const attached = new Set(['permission', 'role membership', 'extended property']);

function explains(finding: Finding, difference: SchemaDifference): boolean {
  const { kind, object, path } = difference;
  if (path === null && object === finding.object && finding.message === `${kind} is not carried over`) return true;
  if (attached.has(kind)) return false;
  if (path !== null && difference.difference !== 'extra')
    return isOn(finding, object) && changes[finding.rule]?.(path, finding, object) === true;
  if (path === null ? object !== finding.object : !isPart(finding, object, path)) return false;
  // Names of one part may be those of things of several kinds.
  if (!object.includes('].[')) return kindsLeftOut[finding.rule]?.includes(kind) === true;
  if (difference.difference === 'missing') return finding.rule === 'unbreakable-cycle';
  return finding.severity !== 'rewritten';
}

const isOn = (finding: Finding, object: string) => finding.object === object || finding.object.startsWith(`${object}.`);

/** `[dbo].[T].[CK]` is `checks.[CK]` of `[dbo].[T]`. */
function isPart(finding: Finding, object: string, path: string): boolean {
  const list = /^(columns|keys|foreignKeys|checks|indexes)\./.exec(path)?.[0];
  return list !== undefined && finding.object === `${object}.${path.slice(list.length)}`;
}

/** Objects outside schemas that rules leave out. */
const kindsLeftOut: Readonly<Record<string, readonly string[]>> = {
  'secret-principal': ['user', 'role'],
  'azure-database': ['user', 'filegroup'],
  partitioning: ['partition function', 'partition scheme'],
  filestream: ['filegroup'],
  'memory-optimized-filegroup': ['filegroup'],
  'missing-login': ['user'],
};

/** Paths of the properties that rules change by edition or platform. */
const changes: Readonly<Record<string, (path: string, finding: Finding, object: string) => boolean>> = {
  partitioning: path => /^((keys|indexes)\..*\.)?(filegroup|compression)$/.test(path),
  'data-compression': path => /^((keys|indexes)\..*\.)?compression$/.test(path),
  // Made without login.
  'missing-login': path => path === 'kind' || path === 'login',
  filestream: (path, { object: column }, object) =>
    path === 'filestreamFilegroup' || path === `columns${column.slice(object.length)}.filestream`,
};

/** Rules whose findings tell of values that are not the same on both sides. */
const valueRules = new Set(['data-type', 'collation', 'denormal-float', 'characters-replaced', 'vector-text']);

/** The finding that foretells other values in a column. */
export function explanationOfValues(table: string, column: string, findings: readonly Finding[]): Finding | null {
  const object = `${table}.${quoteName(column)}`;
  return findings.find(f => f.object === object && f.severity !== 'info' && valueRules.has(f.rule)) ?? null;
}
