/** Compares two databases: their definitions through the model, their rows by number and content. */

import type { Finding } from '../compat/finding.ts';
import { gate } from '../compat/gate.ts';
import { versionNumber } from '../compat/version.ts';
import type { Database } from '../model/database.ts';
import { ExitCode, XpdbError } from '../model/error.ts';
import { emptyDatabase } from '../model/look-up.ts';
import { matchesPattern } from '../model/name-pattern.ts';
import { scriptDatabase } from '../scripter/script-database.ts';
import { openArchiveSide } from './archive-side.ts';
import { isChosen } from './chosen-tables.ts';
import { compareRows } from './compare-rows.ts';
import { isVector } from './compare-table.ts';
import { explanation } from './explanation.ts';
import { openLiveSide } from './live-side.ts';
import { compareSchemas, type SchemaDifference } from './schema-differences.ts';
import { openScriptSide } from './script-side.ts';
import type { Side, SideSource } from './side.ts';
import type { VerifyOptions, VerifyResult } from './verify-options.ts';

/**
 * @throws XpdbError: a side that can't be opened, a pattern that matches no table; SqlServerError where a server refuses
 */
export async function verifyDatabases(from: SideSource, to: SideSource, options: VerifyOptions): Promise<VerifyResult> {
  const opened = await Promise.allSettled([openSide(from, options), openSide(to, options)]);
  const sides = opened.flatMap(o => (o.status === 'fulfilled' ? [o.value] : []));
  try {
    for (const o of opened) if (o.status === 'rejected') throw o.reason;
    await agreeOnVectors(sides[0]!, sides[1]!);
    return await compareSides(sides[0]!, sides[1]!, options);
  } finally {
    await Promise.all(sides.map(s => s.close()));
  }
}

function openSide(source: SideSource, options: VerifyOptions): Promise<Side> {
  switch (source.kind) {
    case 'server':
      return openLiveSide(source.connection, options.jobs);
    case 'script': {
      const { encoding } = source;
      return openScriptSide(source.path, { recount: options.recount, ...(encoding === undefined ? {} : { encoding }) });
    }
    case 'archive':
      return openArchiveSide(source.path, options.recount);
  }
}

/** Two servers of which one knows vectors as text only are compared by their text. */
async function agreeOnVectors(from: Side, to: Side): Promise<void> {
  if (from.sendTextVectors === null || to.sendTextVectors === null) return;
  if (![from, to].every(side => side.database.tables.some(t => t.columns.some(c => isVector(c.type))))) return;
  const asText = [from, to].map(side => side.textVectors(side.database.tables[0]!));
  if (asText[0] === asText[1]) return;
  await Promise.all([from.sendTextVectors(), to.sendTextVectors()]);
}

/** The same of sides that are open; they stay open. */
async function compareSides(from: Side, to: Side, options: VerifyOptions): Promise<VerifyResult> {
  const { expected, findings } = expectedOn(from, to, options);
  checkPatterns(options, expected, to.database);
  const schema = options.schema ? compareDefinitions(expected, to, from, findings, options) : null;
  const tables = options.data ? await compareRows(from, to, expected, findings, options) : null;
  const equal =
    (schema?.differences.every(d => d.explained !== null) ?? true) &&
    (tables?.every(t => t.state !== 'different') ?? true);
  return { from: from.label, to: to.label, equal, schema, tables, findings };
}

/** The first side's database as the second side can hold it, with what is known to be lost on the way. */
function expectedOn(
  from: Side,
  to: Side,
  { target: madeFor, foretold = [] }: VerifyOptions,
): { expected: Database; findings: Finding[] } {
  const target = to.target && madeFor ? { ...to.target, version: madeFor, number: versionNumber(madeFor) } : to.target;
  const gated = target ? gate(from.database, target) : { database: from.database, findings: [] };
  const script = scriptDatabase(gated.database, { target: target?.number ?? 170, owners: true, privileges: true });
  return {
    expected: gated.database,
    findings: [...gated.findings, ...script.findings, ...from.findings, ...to.findings, ...foretold].filter(unique),
  };
}

function unique(finding: Finding, i: number, all: readonly Finding[]): boolean {
  return (
    all.findIndex(f => f.rule === finding.rule && f.object === finding.object && f.message === finding.message) === i
  );
}

function checkPatterns(options: VerifyOptions, ...databases: readonly Database[]): void {
  for (const pattern of [...options.tables, ...options.excludeTables]) {
    if (!databases.some(d => d.tables.some(t => matchesPattern(t, pattern))))
      throw new XpdbError(`no table matches ${pattern}`, { exitCode: ExitCode.usage });
  }
}

function compareDefinitions(
  expected: Database,
  to: Side,
  from: Side,
  findings: readonly Finding[],
  options: VerifyOptions,
): VerifyResult['schema'] {
  const part = (database: Database): Database =>
    options.tables.length === 0 && options.excludeTables.length === 0 ? database : onlyTables(database, options);
  const compared = compareSchemas(part(expected), part(to.database), {
    databaseProperties: options.databaseProperties && options.tables.length === 0,
    partialOptions: from.kind !== 'server' || to.kind !== 'server',
  });
  const differences = [...compared.differences, ...unmodelled(part(expected), to, from)];
  return {
    objects: compared.objects,
    differences: differences.map(d => ({ ...d, explained: explanation(d, findings) })),
  };
}

/** What only one side has of what the model can't hold. Scripts and servers name such things in different ways. */
function unmodelled(expected: Database, to: Side, from: Side): SchemaDifference[] {
  const listed = (database: Database) => database.unsupported.filter(u => u.severity !== 'dropped');
  const lacking = (a: Database, b: Database) =>
    listed(a).filter(u => !listed(b).some(o => o.kind === u.kind && o.object === u.object));
  const difference = (kind: 'missing' | 'extra') => (u: { readonly kind: string; readonly object: string }) => ({
    kind: u.kind,
    object: u.object,
    difference: kind,
    path: null,
    from: null,
    to: null,
  });
  const both = from.kind === 'server' && to.kind === 'server';
  return [
    ...lacking(expected, to.database).map(difference('missing')),
    ...(both ? lacking(to.database, expected).map(difference('extra')) : []),
  ];
}

/** Tables that were asked for, with nothing besides when some were named. */
function onlyTables(database: Database, options: VerifyOptions): Database {
  const tables = database.tables.filter(t => isChosen(t, options));
  if (options.tables.length === 0) return { ...database, tables };
  const isTable = (name: { schema: string; name: string }) =>
    tables.some(t => t.schema === name.schema && t.name === name.name);
  return {
    ...emptyDatabase,
    properties: database.properties,
    tables,
    triggers: database.triggers.filter(t => isTable(t.parent)),
  };
}
