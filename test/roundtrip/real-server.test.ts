import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseTargetVersion, type TargetVersion, versionNumber } from '../../src/compat/version.ts';
import { readServerProperties } from '../../src/connection/server-properties.ts';
import { corporaAvailable, readCorpus } from '../support/corpora.ts';
import { at, createDatabase, dropDatabase, freshName, type Place, sandboxPlace, serverPlace } from './place.ts';
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

  it('vectors come and go in their binary form from 2025 on, and in no older server', async () => {
    const name = freshName('vectors');
    const session = await server.session();
    const source = await sandboxPlace({ version: 170, password: server.password });
    try {
      expect(session.nativeVectors).toBe(versionNumber(version) >= 170);
      if (!session.nativeVectors) return;
      await createDatabase(source, 'Space');
      const own = await source.session('Space');
      await own.execute(
        `CREATE TABLE dbo.Points (id int NOT NULL PRIMARY KEY, v vector(3) NULL);
INSERT dbo.Points VALUES (1, '[16777217,0.1,-0.3]'), (2, '[1.00000012,-0.0,1e-40]'), (3, NULL)`,
      );
      const wanted = (await own.query('SELECT id, v FROM dbo.Points ORDER BY id')).rows;
      await own.close();
      const sides = ['--from', source.side('Space'), '--to', server.side(name)];
      await at(server, [
        'copy',
        '--create',
        ...sides,
        '--table',
        'dbo.Points',
        '--from-user',
        'sa',
        ...server.flags.slice(2),
      ]);
      await session.useDatabase(name);
      expect((await session.query('SELECT id, v FROM dbo.Points ORDER BY id')).rows).toEqual(wanted);
      const literal = "CAST(N'[16777217,0.100000001,-0.300000012]' AS vector(3))";
      expect((await session.query(`SELECT ${literal}`)).rows[0]![0]).toEqual(wanted[0]![1]);
      await session.useDatabase('master');
    } finally {
      await session.close();
      await dropDatabase(server, name).catch(() => undefined);
      await source.close();
    }
  }, 600_000);
});
