import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseTargetVersion, type TargetVersion, versionNumber } from '../../src/compat/version.ts';
import { readServerProperties } from '../../src/connection/server-properties.ts';
import { corporaAvailable, readCorpus } from '../support/corpora.ts';
import { type Place, sandboxPlace, serverPlace } from './place.ts';
import { roundTrip } from './round-trip.ts';

const connectionString = process.env.XPDB_TEST_SERVER;
const withDocker = connectionString === undefined && spawnSync('docker', ['info'], { stdio: 'ignore' }).status === 0;
if (connectionString === undefined && !withDocker)
  console.warn('skipped: no real server (XPDB_TEST_SERVER is not set and no Docker engine answers)');

let server: Place;
let version: TargetVersion;
let platform: 'windows' | 'linux';
let stop: () => Promise<void> = async () => {};

beforeAll(async () => {
  if (connectionString !== undefined) server = serverPlace(connectionString);
  else if (withDocker) {
    const { MSSQLServerContainer } = await import('@testcontainers/mssqlserver');
    const container = await new MSSQLServerContainer('mcr.microsoft.com/mssql/server:2022-latest')
      .acceptLicense()
      .start();
    server = serverPlace(
      `Server=${container.getHost()},${container.getPort()};User ID=${container.getUsername()};Password="${container.getPassword()}";TrustServerCertificate=true`,
    );
    stop = async () => void (await container.stop());
  } else return;
  const session = await server.session();
  try {
    const properties = await readServerProperties(session);
    version = properties.version ?? parseTargetVersion(properties.productVersion)!;
    platform = properties.platform;
  } finally {
    await session.close();
  }
}, 600_000);
afterAll(() => stop());

describe.skipIf(connectionString === undefined && !withDocker)('round trips on a real server', () => {
  it.skipIf(!corporaAvailable).each(['northwind', 'chinook'] as const)(
    '%s, to the same server under another name (sample databases)',
    async name => {
      await roundTrip(
        {
          name,
          script: readCorpus(name),
          database: null,
          target: version,
          asOf: 110,
        },
        server,
        server,
      );
    },
    600_000,
  );

  it('the telephony database, from the sandbox to the server, without FILESTREAM where there is none', async () => {
    expect(versionNumber(version)).toBeGreaterThanOrEqual(110);
    const source = await sandboxPlace({ version: 160, volumes: ['D:\\', 'L:\\'], password: server.password });
    try {
      await roundTrip(
        {
          name: 'telephony',
          script: readFileSync(new URL('../../examples/telephony.sql', import.meta.url), 'utf8'),
          database: 'Telephony',
          target: version,
          exportFlags: [
            ...['--target-platform', platform],
            ...['--accept', 'tsql-version:reports.CallersOfDay', '--accept', 'tsql-version:reports.ExportUsers'],
          ],
          asOf: 160,
          collation: 'Latin1_General_100_CI_AS',
          explained: [
            /Sequence|NumberList|CallersOfDay|ExportUsers|Announcements|Unmask|\[voice mail\]\.\[Messages\]|Filegroup/,
          ],
        },
        source,
        server,
      );
    } finally {
      await source.close();
    }
  }, 600_000);
});
