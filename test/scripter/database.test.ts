import type { DatabaseFile, DatabaseProperties } from '../../src/model/database.ts';
import { emptyProperties } from '../../src/model/look-up.ts';
import { scriptDatabase, scriptDatabaseState } from '../../src/scripter/database.ts';
import { options, testScripts } from './script-cases.ts';

const properties: DatabaseProperties = { ...emptyProperties, name: 'D]b' };
const file = (logicalName: string, more: Partial<DatabaseFile> = {}): DatabaseFile => ({
  logicalName,
  physicalName: `D:\\it's\\${logicalName}`,
  kind: 'rows',
  sizeKb: null,
  maxSizeKb: null,
  growth: null,
  ...more,
});
const group = (
  name: string,
  kind: 'rows' | 'filestream' | 'memoryOptimized',
  files: readonly DatabaseFile[] = [],
  more = {},
) => ({
  name,
  kind,
  isDefault: false,
  readOnly: false,
  files,
  ...more,
});

testScripts('scriptDatabase', [
  { name: 'a name alone', batches: scriptDatabase(properties, options), expected: ['CREATE DATABASE [D]]b]'] },
  {
    name: 'files with sizes, filegroups, collation',
    batches: scriptDatabase(
      {
        ...properties,
        collation: 'Latin1_General_CI_AS',
        filegroups: [
          group('PRIMARY', 'rows', [
            file('a', { sizeKb: 8192, maxSizeKb: -1, growth: { unit: 'KB', value: 65536 } }),
            file('b', { sizeKb: 2147483648, maxSizeKb: 4294967296, growth: { unit: '%', value: 10 } }),
          ]),
          group('Archive', 'rows', [file('c')]),
          group('Fs', 'filestream', [file('d', { kind: 'filestream', maxSizeKb: 1024 })], { isDefault: true }),
        ],
        logFiles: [file('l', { kind: 'log' })],
      },
      options,
    ),
    since: 110,
    expected: [
      "CREATE DATABASE [D]]b]\nON PRIMARY\n  (NAME = N'a', FILENAME = N'D:\\it''s\\a', SIZE = 8192KB, MAXSIZE = UNLIMITED, FILEGROWTH = 65536KB),\n" +
        "  (NAME = N'b', FILENAME = N'D:\\it''s\\b', SIZE = 2097152MB, MAXSIZE = 4194304MB, FILEGROWTH = 10%),\n" +
        "FILEGROUP [Archive]\n  (NAME = N'c', FILENAME = N'D:\\it''s\\c'),\n" +
        "FILEGROUP [Fs] CONTAINS FILESTREAM DEFAULT\n  (NAME = N'd', FILENAME = N'D:\\it''s\\d', MAXSIZE = 1024KB)\n" +
        "LOG ON\n  (NAME = N'l', FILENAME = N'D:\\it''s\\l')\nCOLLATE Latin1_General_CI_AS",
    ],
  },
  {
    name: 'filegroups without files, default filegroup, containment, level, owner',
    batches: scriptDatabase(
      {
        ...properties,
        containment: 'PARTIAL',
        compatibilityLevel: 120,
        owner: 'sa',
        filegroups: [
          group('PRIMARY', 'rows'),
          group('New', 'rows', [], { isDefault: true }),
          group('Fs', 'filestream', [], { isDefault: true }),
          group('Mem', 'memoryOptimized', [], { isDefault: true }),
        ],
      },
      options,
    ),
    since: 120,
    expected: [
      'CREATE DATABASE [D]]b]\nCONTAINMENT = PARTIAL',
      'ALTER DATABASE [D]]b] ADD FILEGROUP [New]',
      'ALTER DATABASE [D]]b] ADD FILEGROUP [Fs] CONTAINS FILESTREAM',
      'ALTER DATABASE [D]]b] ADD FILEGROUP [Mem] CONTAINS MEMORY_OPTIMIZED_DATA',
      'ALTER DATABASE [D]]b] SET COMPATIBILITY_LEVEL = 120',
      'ALTER DATABASE [D]]b] MODIFY FILEGROUP [New] DEFAULT',
      'ALTER DATABASE [D]]b] MODIFY FILEGROUP [Fs] DEFAULT',
      'ALTER AUTHORIZATION ON DATABASE::[D]]b] TO [sa]',
    ],
  },
  {
    name: 'a memory-optimized filegroup with its container',
    batches: scriptDatabase(
      {
        ...properties,
        filegroups: [
          group('PRIMARY', 'rows', [file('a')]),
          group('Mem', 'memoryOptimized', [file('m', { kind: 'filestream' })]),
        ],
      },
      options,
    ),
    since: 120,
    expected: [
      "CREATE DATABASE [D]]b]\nON PRIMARY\n  (NAME = N'a', FILENAME = N'D:\\it''s\\a'),\nFILEGROUP [Mem] CONTAINS MEMORY_OPTIMIZED_DATA\n  (NAME = N'm', FILENAME = N'D:\\it''s\\m')",
    ],
  },
  {
    name: 'options of 2008',
    batches: scriptDatabase(
      {
        ...properties,
        options: {
          ANSI_NULLS: 'OFF',
          RECOVERY: 'SIMPLE',
          PAGE_VERIFY: 'CHECKSUM',
          DISABLE_BROKER: '',
          PARAMETERIZATION: 'FORCED',
          CURSOR_DEFAULT: 'LOCAL',
          COMPATIBILITY_LEVEL: '100',
          READ_ONLY: '',
        },
      },
      options,
    ),
    expected: [
      'CREATE DATABASE [D]]b]',
      'ALTER DATABASE [D]]b] SET ANSI_NULLS OFF',
      'ALTER DATABASE [D]]b] SET RECOVERY SIMPLE',
      'ALTER DATABASE [D]]b] SET PAGE_VERIFY CHECKSUM',
      'ALTER DATABASE [D]]b] SET DISABLE_BROKER',
      'ALTER DATABASE [D]]b] SET PARAMETERIZATION FORCED',
      'ALTER DATABASE [D]]b] SET CURSOR_DEFAULT LOCAL',
    ],
  },
  {
    name: 'options that take an equals sign',
    batches: scriptDatabase(
      {
        ...properties,
        options: {
          TARGET_RECOVERY_TIME: '60 SECONDS',
          NESTED_TRIGGERS: 'OFF',
          TRANSFORM_NOISE_WORDS: 'ON',
          TWO_DIGIT_YEAR_CUTOFF: '2050',
          DELAYED_DURABILITY: 'ALLOWED',
          FILESTREAM: "(NON_TRANSACTED_ACCESS = FULL, DIRECTORY_NAME = N'd')",
          AUTO_CREATE_STATISTICS: 'ON(INCREMENTAL = ON)',
          ACCELERATED_DATABASE_RECOVERY: 'ON',
          MEMORY_OPTIMIZED_ELEVATE_TO_SNAPSHOT: 'ON',
        },
      },
      options,
    ),
    since: 150,
    expected: [
      'CREATE DATABASE [D]]b]',
      'ALTER DATABASE [D]]b] SET TARGET_RECOVERY_TIME = 60 SECONDS',
      'ALTER DATABASE [D]]b] SET NESTED_TRIGGERS = OFF',
      'ALTER DATABASE [D]]b] SET TRANSFORM_NOISE_WORDS = ON',
      'ALTER DATABASE [D]]b] SET TWO_DIGIT_YEAR_CUTOFF = 2050',
      'ALTER DATABASE [D]]b] SET DELAYED_DURABILITY = ALLOWED',
      "ALTER DATABASE [D]]b] SET FILESTREAM(NON_TRANSACTED_ACCESS = FULL, DIRECTORY_NAME = N'd')",
      'ALTER DATABASE [D]]b] SET AUTO_CREATE_STATISTICS ON(INCREMENTAL = ON)',
      'ALTER DATABASE [D]]b] SET ACCELERATED_DATABASE_RECOVERY = ON',
      'ALTER DATABASE [D]]b] SET MEMORY_OPTIMIZED_ELEVATE_TO_SNAPSHOT = ON',
    ],
  },
]);

testScripts('scriptDatabaseState', [
  {
    name: 'read-only filegroups, then the database',
    batches: scriptDatabaseState({
      ...properties,
      filegroups: [group('PRIMARY', 'rows'), group('Old', 'rows', [], { readOnly: true })],
      options: { READ_ONLY: '', RESTRICTED_USER: '', RECOVERY: 'FULL' },
    }),
    expected: [
      'ALTER DATABASE [D]]b] MODIFY FILEGROUP [Old] READ_ONLY',
      'ALTER DATABASE [D]]b] SET RESTRICTED_USER',
      'ALTER DATABASE [D]]b] SET READ_ONLY',
    ],
  },
  { name: 'nothing for a plain database', batches: scriptDatabaseState(properties), expected: [] },
]);
