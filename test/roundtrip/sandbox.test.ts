import { readFileSync } from 'node:fs';
import { describe, it } from 'vitest';
import type { TargetVersion } from '../../src/compat/version.ts';
import { versionNumber } from '../../src/compat/version.ts';
import { corporaAvailable, readCorpus } from '../support/corpora.ts';
import { sandboxPlace } from './place.ts';
import { type RoundTrip, roundTrip } from './round-trip.ts';

const password = 'Round-trip-1';
const telephony = readFileSync(new URL('../../examples/telephony.sql', import.meta.url), 'utf8');

/** From a server that poses as a version, 2022 if nothing is said, to one posing as the target, whose drives are others. */
async function betweenSandboxes(trip: RoundTrip, from: TargetVersion = '2022'): Promise<void> {
  const source = await sandboxPlace({ version: versionNumber(from), volumes: ['D:\\', 'L:\\', 'C:\\'], password });
  const target = await sandboxPlace({ version: versionNumber(trip.target), volumes: ['E:\\'], password }, [
    ...['--data-path', 'E:\\Data', '--log-path', 'E:\\Log', '--filestream-path', 'E:\\Streams'],
  ]);
  try {
    await roundTrip(trip, source, target);
  } finally {
    await source.close();
    await target.close();
  }
}

describe('round trips on the sandbox', () => {
  it.skipIf(!corporaAvailable).each<TargetVersion>(['2008', '2012', '2016', '2022'])(
    'Northwind for %s (sample databases)',
    target =>
      betweenSandboxes({ name: 'northwind', script: readCorpus('northwind'), database: null, target, asOf: 110 }),
    300_000,
  );

  it.skipIf(!corporaAvailable)(
    'pubs from 2008, whose sp_dboption it calls, for 2014 (sample databases)',
    () =>
      betweenSandboxes(
        {
          name: 'pubs',
          script: readCorpus('pubs'),
          database: 'pubs',
          target: '2014',
          asOf: 110,
          // IN (…) becomes a chain of OR, as the catalog stores it.
          explained: [/^Change (CheckConstraint|Table) \[dbo\]\.\[publishers\]$/],
        },
        '2008',
      ),
    300_000,
  );

  it.skipIf(!corporaAvailable)(
    'Chinook for 2012 (sample databases)',
    () =>
      betweenSandboxes({ name: 'chinook', script: readCorpus('chinook'), database: null, target: '2012', asOf: 110 }),
    300_000,
  );

  const sequences = /^Change Sequence /;
  // A table type's column can't say the collation of its database.
  const tableType = /^Change TableType(Column)? \[dbo\]\.\[NumberList\]/;

  it(
    'the telephony database for 2022',
    () =>
      betweenSandboxes({
        name: 'telephony',
        script: telephony,
        database: 'Telephony',
        target: '2022',
        asOf: 160,
        collation: 'Latin1_General_100_CI_AS',
        explained: [sequences, tableType],
      }),
    300_000,
  );

  it(
    'the telephony database for 2012, without what 2012 does not know',
    () =>
      betweenSandboxes({
        name: 'telephony',
        script: telephony,
        database: 'Telephony',
        target: '2012',
        exportFlags: ['--accept', 'tsql-version:reports.CallersOfDay', '--accept', 'tsql-version:reports.ExportUsers'],
        asOf: 160,
        collation: 'Latin1_General_100_CI_AS',
        explained: [sequences, tableType, /\[reports\]\.\[(CallersOfDay|ExportUsers)\]/, /\[dbo\]\.\[Announcements\]/],
      }),
    300_000,
  );
});
