import { describe, expect, it } from 'vitest';
import type { DatabaseProperties } from '../../src/model/database.ts';
import { type LoadOptions, readLoaded } from '../support/loaded.ts';

async function properties(script: string, options: LoadOptions = {}): Promise<DatabaseProperties> {
  return (await readLoaded(script, { database: 'X', ...options })).properties;
}

describe('the database', () => {
  it('has its files and filegroups as they were made', async () => {
    const read = await properties(`
      CREATE DATABASE X ON PRIMARY
        (NAME = N'X_data', FILENAME = N'C:\\Data\\X.mdf', SIZE = 10MB, MAXSIZE = 1GB, FILEGROWTH = 20%),
        (NAME = N'X_more', FILENAME = N'C:\\Data\\X2.ndf', SIZE = 3072KB, MAXSIZE = UNLIMITED, FILEGROWTH = 1024KB),
        FILEGROUP [Old data] (NAME = N'X_old', FILENAME = N'C:\\Data\\Old.ndf', SIZE = 5MB, FILEGROWTH = 0),
        FILEGROUP Docs CONTAINS FILESTREAM DEFAULT (NAME = N'X_docs', FILENAME = N'C:\\Data\\Docs')
        LOG ON (NAME = N'X_log', FILENAME = N'C:\\Logs\\X.ldf', SIZE = 2MB, MAXSIZE = 2048GB, FILEGROWTH = 10%)
        COLLATE Greek_CI_AS
      GO
      ALTER DATABASE X ADD FILEGROUP Empty
      ALTER DATABASE X ADD FILE (NAME = N'X_late', FILENAME = N'C:\\Data\\Late.ndf', SIZE = 4MB, FILEGROWTH = 1MB) TO FILEGROUP [Old data]
      ALTER DATABASE X MODIFY FILEGROUP [Old data] DEFAULT`);
    const file = (logicalName: string, physicalName: string, more: object) => ({
      logicalName,
      physicalName: `C:\\${physicalName}`,
      kind: 'rows',
      maxSizeKb: -1,
      ...more,
    });
    const kb = (value: number) => ({ unit: 'KB', value });
    expect(read.name).toBe('X');
    expect(read.collation).toBe('Greek_CI_AS');
    expect(read.owner).toBe('sa');
    expect(read.compatibilityLevel).toBe(160);
    expect(read.filegroups).toEqual([
      {
        name: 'PRIMARY',
        kind: 'rows',
        isDefault: false,
        readOnly: false,
        files: [
          file('X_data', 'Data\\X.mdf', { sizeKb: 10240, maxSizeKb: 1048576, growth: { unit: '%', value: 20 } }),
          file('X_more', 'Data\\X2.ndf', { sizeKb: 3072, growth: kb(1024) }),
        ],
      },
      {
        name: 'Old data',
        kind: 'rows',
        isDefault: true,
        readOnly: false,
        files: [
          file('X_old', 'Data\\Old.ndf', { sizeKb: 5120, growth: kb(0) }),
          file('X_late', 'Data\\Late.ndf', { sizeKb: 4096, growth: kb(1024) }),
        ],
      },
      {
        name: 'Docs',
        kind: 'filestream',
        isDefault: true,
        readOnly: false,
        files: [file('X_docs', 'Data\\Docs', { kind: 'filestream', sizeKb: null, growth: null })],
      },
      { name: 'Empty', kind: 'rows', isDefault: false, readOnly: false, files: [] },
    ]);
    expect(read.logFiles).toEqual([
      file('X_log', 'Logs\\X.ldf', {
        kind: 'log',
        sizeKb: 2048,
        maxSizeKb: 2147483648,
        growth: { unit: '%', value: 10 },
      }),
    ]);
  });

  it('has its options in the words of ALTER DATABASE', async () => {
    const { options } = await properties('CREATE DATABASE X', { version: 120 });
    expect(options).toEqual({
      ANSI_NULL_DEFAULT: 'OFF',
      ANSI_NULLS: 'OFF',
      ANSI_PADDING: 'OFF',
      ANSI_WARNINGS: 'OFF',
      ARITHABORT: 'OFF',
      AUTO_CLOSE: 'OFF',
      AUTO_SHRINK: 'OFF',
      AUTO_CREATE_STATISTICS: 'ON',
      AUTO_UPDATE_STATISTICS: 'ON',
      CURSOR_CLOSE_ON_COMMIT: 'OFF',
      CURSOR_DEFAULT: 'GLOBAL',
      CONCAT_NULL_YIELDS_NULL: 'OFF',
      NUMERIC_ROUNDABORT: 'OFF',
      QUOTED_IDENTIFIER: 'OFF',
      RECURSIVE_TRIGGERS: 'OFF',
      ENABLE_BROKER: '',
      AUTO_UPDATE_STATISTICS_ASYNC: 'OFF',
      DATE_CORRELATION_OPTIMIZATION: 'OFF',
      TRUSTWORTHY: 'OFF',
      ALLOW_SNAPSHOT_ISOLATION: 'OFF',
      PARAMETERIZATION: 'SIMPLE',
      READ_COMMITTED_SNAPSHOT: 'OFF',
      HONOR_BROKER_PRIORITY: 'OFF',
      RECOVERY: 'FULL',
      PAGE_VERIFY: 'CHECKSUM',
      DB_CHAINING: 'OFF',
      MULTI_USER: '',
    });
  });

  const changes: readonly (readonly [set: string, option: string, value: string])[] = [
    ['ANSI_NULL_DEFAULT ON', 'ANSI_NULL_DEFAULT', 'ON'],
    ['ANSI_NULLS ON', 'ANSI_NULLS', 'ON'],
    ['ANSI_PADDING ON', 'ANSI_PADDING', 'ON'],
    ['ANSI_WARNINGS ON', 'ANSI_WARNINGS', 'ON'],
    ['ARITHABORT ON', 'ARITHABORT', 'ON'],
    ['AUTO_CLOSE ON', 'AUTO_CLOSE', 'ON'],
    ['AUTO_SHRINK ON', 'AUTO_SHRINK', 'ON'],
    ['AUTO_CREATE_STATISTICS OFF', 'AUTO_CREATE_STATISTICS', 'OFF'],
    ['AUTO_UPDATE_STATISTICS OFF', 'AUTO_UPDATE_STATISTICS', 'OFF'],
    ['CURSOR_CLOSE_ON_COMMIT ON', 'CURSOR_CLOSE_ON_COMMIT', 'ON'],
    ['CURSOR_DEFAULT LOCAL', 'CURSOR_DEFAULT', 'LOCAL'],
    ['CONCAT_NULL_YIELDS_NULL ON', 'CONCAT_NULL_YIELDS_NULL', 'ON'],
    ['NUMERIC_ROUNDABORT ON', 'NUMERIC_ROUNDABORT', 'ON'],
    ['QUOTED_IDENTIFIER ON', 'QUOTED_IDENTIFIER', 'ON'],
    ['RECURSIVE_TRIGGERS ON', 'RECURSIVE_TRIGGERS', 'ON'],
    ['DISABLE_BROKER', 'DISABLE_BROKER', ''],
    ['AUTO_UPDATE_STATISTICS_ASYNC ON', 'AUTO_UPDATE_STATISTICS_ASYNC', 'ON'],
    ['DATE_CORRELATION_OPTIMIZATION ON', 'DATE_CORRELATION_OPTIMIZATION', 'ON'],
    ['TRUSTWORTHY ON', 'TRUSTWORTHY', 'ON'],
    ['ALLOW_SNAPSHOT_ISOLATION ON', 'ALLOW_SNAPSHOT_ISOLATION', 'ON'],
    ['PARAMETERIZATION FORCED', 'PARAMETERIZATION', 'FORCED'],
    ['READ_COMMITTED_SNAPSHOT ON', 'READ_COMMITTED_SNAPSHOT', 'ON'],
    ['HONOR_BROKER_PRIORITY ON', 'HONOR_BROKER_PRIORITY', 'ON'],
    ['RECOVERY BULK_LOGGED', 'RECOVERY', 'BULK_LOGGED'],
    ['PAGE_VERIFY TORN_PAGE_DETECTION', 'PAGE_VERIFY', 'TORN_PAGE_DETECTION'],
    ['DB_CHAINING ON', 'DB_CHAINING', 'ON'],
    ['RESTRICTED_USER', 'RESTRICTED_USER', ''],
    ['READ_ONLY', 'READ_ONLY', ''],
    ['TARGET_RECOVERY_TIME = 2 MINUTES', 'TARGET_RECOVERY_TIME', '120 SECONDS'],
    ['DELAYED_DURABILITY = ALLOWED', 'DELAYED_DURABILITY', 'ALLOWED'],
    ['MIXED_PAGE_ALLOCATION ON', 'MIXED_PAGE_ALLOCATION', 'ON'],
    ['ACCELERATED_DATABASE_RECOVERY = ON', 'ACCELERATED_DATABASE_RECOVERY', 'ON'],
    [
      "FILESTREAM (NON_TRANSACTED_ACCESS = FULL, DIRECTORY_NAME = N'docs')",
      'FILESTREAM',
      "(NON_TRANSACTED_ACCESS = FULL, DIRECTORY_NAME = N'docs')",
    ],
  ];
  it('has every option that was set', async () => {
    for (const [set, option, value] of changes) {
      const { options } = await properties(`CREATE DATABASE X\nGO\nALTER DATABASE X SET ${set}`);
      expect([set, options[option]]).toEqual([set, value]);
    }
  });

  it('has its compatibility level, its name and its owner', async () => {
    const read = await properties(
      `CREATE DATABASE Y
      GO
      ALTER DATABASE Y SET COMPATIBILITY_LEVEL = 120
      ALTER DATABASE Y MODIFY NAME = X
      GO
      CREATE LOGIN boss WITH PASSWORD = 'Secret-1'
      GO
      ALTER AUTHORIZATION ON DATABASE::X TO boss`,
    );
    expect([read.name, read.compatibilityLevel, read.owner]).toEqual(['X', 120, 'boss']);
  });

  it('that is contained has a language of its own', async () => {
    const read = await properties(`
      CREATE DATABASE X CONTAINMENT = PARTIAL
      GO
      ALTER DATABASE X SET DEFAULT_FULLTEXT_LANGUAGE = 1031, DEFAULT_LANGUAGE = 1031, NESTED_TRIGGERS = ON, TRANSFORM_NOISE_WORDS = OFF, TWO_DIGIT_YEAR_CUTOFF = 2060`);
    expect(read.containment).toBe('PARTIAL');
    expect(read.options).toMatchObject({
      DEFAULT_LANGUAGE: '1031',
      DEFAULT_FULLTEXT_LANGUAGE: '1031',
      NESTED_TRIGGERS: 'ON',
      TRANSFORM_NOISE_WORDS: 'OFF',
      TWO_DIGIT_YEAR_CUTOFF: '2060',
    });
  });
});
