import { describe, expect, it } from 'vitest';
import type { CellValue } from '../../src/connection/cell-value.ts';
import { readServerProperties } from '../../src/connection/server-properties.ts';
import type { Session } from '../../src/connection/session.ts';

/** Answers the two queries by hand. */
function session(
  row: readonly CellValue[],
  files: readonly (readonly CellValue[])[] = [],
): { session: Session; asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    session: {
      server: 'db1',
      query(sql: string) {
        asked.push(sql);
        return Promise.resolve({ columns: [], rows: sql.includes('SERVERPROPERTY') ? [row] : files });
      },
    } as unknown as Session,
  };
}

describe('readServerProperties', () => {
  it('takes the default paths of a newer server', async () => {
    const { session: s, asked } = session([
      '16.0.4236.2',
      3,
      'Developer Edition (64-bit)',
      'db1',
      'Latin1_General_CI_AS',
      '/var/opt/mssql/data/',
      '/var/opt/mssql/log',
      0,
      0,
    ]);
    expect(await readServerProperties(s)).toEqual({
      productVersion: '16.0.4236.2',
      major: 16,
      minor: 0,
      build: 4236,
      version: '2022',
      engineEdition: 3,
      editionText: 'Developer Edition (64-bit)',
      edition: 'developer',
      serverName: 'db1',
      collation: 'Latin1_General_CI_AS',
      defaultDataPath: '/var/opt/mssql/data/',
      defaultLogPath: '/var/opt/mssql/log/',
      filestreamLevel: 0,
      isClustered: false,
      platform: 'linux',
      pathSeparator: '/',
    });
    expect(asked).toHaveLength(1);
  });

  it('asks the files of master on an older one', async () => {
    const { session: s } = session(
      ['10.50.6000.34', 4, 'Express Edition with Advanced Services', 'DB1\\X', 'c', null, null, 2, 1],
      [
        [0, 'C:\\Data\\master.mdf'],
        [1, 'D:\\Log\\mastlog.ldf'],
      ],
    );
    expect(await readServerProperties(s)).toMatchObject({
      version: '2008R2',
      edition: 'express',
      defaultDataPath: 'C:\\Data\\',
      defaultLogPath: 'D:\\Log\\',
      filestreamLevel: 2,
      isClustered: true,
      platform: 'windows',
      pathSeparator: '\\',
    });
  });

  it('knows Azure SQL Database, which has no paths', async () => {
    const { session: s, asked } = session(['12.0.2000.8', 5, 'SQL Azure', 'x', 'c', null, null, null, null]);
    expect(await readServerProperties(s)).toMatchObject({
      version: 'azure',
      defaultDataPath: null,
      defaultLogPath: null,
      filestreamLevel: 0,
    });
    expect(asked).toHaveLength(1);
  });

  it('refuses a server that does not tell its version', async () => {
    await expect(readServerProperties(session([null]).session)).rejects.toThrow('db1 does not tell its version');
  });
});
