import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { gate } from '../../src/compat/gate.ts';
import { type TargetVersion, versionNumber } from '../../src/compat/version.ts';
import type { Database } from '../../src/model/database.ts';
import { scriptDatabase } from '../../src/scripter/script-database.ts';
import { readScriptText } from '../../src/tsql/read-script.ts';
import { corporaAvailable, readCorpus } from '../support/corpora.ts';
import { compareSchemas, oracleAvailable, parseWith } from '../support/oracle.ts';

const telephony = readFileSync(new URL('../../examples/telephony.sql', import.meta.url), 'utf8');

/** The script's model, fitted to a target and scripted anew, without the database's own statements where it names none. */
async function scripted(text: string, version: TargetVersion): Promise<string> {
  const number = versionNumber(version);
  const model = await readScriptText(text);
  const fitted = gate(model, { version, number, edition: null });
  const { entries } = scriptDatabase(fitted.database, { target: number, owners: true, privileges: true });
  const wanted = model.properties.name === '' ? entries.filter(e => e.section.endsWith('data')) : entries;
  return wanted.flatMap(e => e.batches.map(batch => `${batch}\nGO\n`)).join('');
}

/** Objects that Microsoft's schema compare finds different between a script and what was scripted from it. */
async function differences(text: string, version: TargetVersion, asOf: number): Promise<string[]> {
  const script = await scripted(text, version);
  expect(await parseWith(versionNumber(version), script)).toEqual([]);
  // The scripter leaves the default filegroup out.
  const result = await compareSchemas(asOf, text.replace(/ON \[PRIMARY\]/gi, ''), script);
  // It warns of what a deployment of the difference would do to rows.
  expect(result.errors.filter(e => !e.includes('Data loss could occur'))).toEqual([]);
  expect(result.rejectedA).toEqual([]);
  expect(result.rejectedB).toEqual([]);
  return [
    ...new Set(result.differences.filter(d => d.type !== '').map(d => `${d.action} ${d.type} ${d.object}`)),
  ].sort();
}

describe.skipIf(!oracleAvailable)("a scripted model has the schema it was read from (Microsoft's parser)", () => {
  it('the telephony database', async () => {
    expect(await differences(telephony, '2022', 160)).toEqual([]);
  });

  it('of the telephony database the judge sees all but what only others can test', async () => {
    const { unseen } = await compareSchemas(160, telephony, await scripted(telephony, '2022'));
    expect(unseen).toEqual([
      'AlterDatabaseSetStatement',
      'AlterSequenceStatement',
      'CreateStatisticsStatement',
      'DbccStatement',
      'ExecuteStatement',
      'InsertStatement',
      'SetIdentityInsertStatement',
      'UpdateStatement',
      'UseStatement',
    ]);
  });

  it('the telephony database for 2012: nothing differs but what findings name', async () => {
    const found = await differences(telephony, '2012', 160);
    const explained = ['[dbo].[Announcements]', '[reports].[CallersOfDay]', '[reports].[ExportUsers]'];
    // Permissions on the database itself the judge does not compare.
    expect(found.filter(d => !explained.some(object => d.includes(object)))).toEqual([]);
  });

  it.skipIf(!corporaAvailable).each<['northwind' | 'chinook', TargetVersion]>([
    ['northwind', '2008'],
    ['northwind', '2022'],
    ['chinook', '2012'],
    ['chinook', '2016'],
  ])('%s for %s (sample databases)', async (name, version) => {
    expect(await differences(readCorpus(name), version, 110)).toEqual([]);
  });

  it.skipIf(!corporaAvailable)('pubs (sample databases)', async () => {
    // IN (…) becomes a chain of OR, as the catalog stores it.
    expect(await differences(readCorpus('pubs'), '2014', 110)).toEqual([
      'Change CheckConstraint [dbo].[publishers]',
      'Change Table [dbo].[publishers]',
    ]);
  });
});

/** Identity counters are set after the rows, which are not written here; statistics are dropped with a finding. */
function withoutCounters(model: Database): Database {
  return {
    ...model,
    unsupported: [],
    tables: model.tables.map(t => ({
      ...t,
      columns: t.columns.map(c => (c.identity ? { ...c, identity: { ...c.identity, lastValue: null } } : c)),
    })),
  };
}

describe('a script', () => {
  it('is the same every time', async () => {
    expect(await scripted(telephony, '2012')).toBe(await scripted(telephony, '2012'));
  });

  it('gives the model that it was made from', async () => {
    const model = await readScriptText(telephony);
    const { entries } = scriptDatabase(model, { target: 160, owners: true, privileges: true });
    const again = await readScriptText(entries.flatMap(e => e.batches.map(batch => `${batch}\nGO\n`)).join(''));
    expect(withoutCounters(again)).toEqual(withoutCounters(model));
  });
});
