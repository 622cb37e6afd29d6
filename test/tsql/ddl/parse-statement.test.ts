import { describe, expect, it } from 'vitest';
import { parseDdl } from '../../../src/tsql/ddl/parse-statement.ts';
import type { DdlStatement } from '../../../src/tsql/ddl/statement.ts';
import { tokenize } from '../../../src/tsql/lexer.ts';
import { TokenCursor } from '../../../src/tsql/token-cursor.ts';
import { oracleAvailable, parseWith } from '../../support/oracle.ts';

function parse(text: string): DdlStatement[] {
  const cursor = new TokenCursor(tokenize(text), text);
  const statements = parseDdl(cursor) ?? [];
  cursor.take(';');
  expect(cursor.atEnd, `the whole of: ${text}`).toBe(true);
  return statements;
}

const name = (schema: string | null, object: string) => ({ server: null, database: null, schema, name: object });
const int = { schema: null, name: 'int' };

/** Statements, from which version on they parse, and what of them must be found. */
const cases: readonly (readonly [string, number, object])[] = [
  [
    "CREATE DATABASE [D b] CONTAINMENT = PARTIAL ON PRIMARY (NAME = N'd', FILENAME = N'C:\\d.mdf', SIZE = 8192KB, MAXSIZE = UNLIMITED, FILEGROWTH = 10%), FILEGROUP fs CONTAINS FILESTREAM DEFAULT (NAME = N'f', FILENAME = N'C:\\f') LOG ON (NAME = N'l', FILENAME = N'C:\\l.ldf', SIZE = 1GB) COLLATE Latin1_General_CI_AS WITH TRUSTWORTHY ON",
    110,
    {
      kind: 'createDatabase',
      name: 'D b',
      containment: 'PARTIAL',
      collation: 'Latin1_General_CI_AS',
      options: { TRUSTWORTHY: 'ON' },
      filegroups: [
        {
          name: 'PRIMARY',
          files: [{ logicalName: 'd', sizeKb: 8192, maxSizeKb: -1, growth: { unit: '%', value: 10 } }],
        },
        { name: 'fs', kind: 'filestream', isDefault: true },
      ],
      logFiles: [{ sizeKb: 1048576 }],
    },
  ],
  [
    'ALTER DATABASE d SET RECOVERY SIMPLE WITH NO_WAIT',
    100,
    { kind: 'alterDatabase', action: { kind: 'set', options: { RECOVERY: 'SIMPLE' }, termination: 'NO_WAIT' } },
  ],
  ['ALTER DATABASE d SET COMPATIBILITY_LEVEL = 110', 100, { action: { options: { COMPATIBILITY_LEVEL: '110' } } }],
  ['ALTER DATABASE CURRENT SET READ_ONLY', 110, { name: null, action: { options: { READ_ONLY: '' } } }],
  [
    'ALTER DATABASE d SET TARGET_RECOVERY_TIME = 60 SECONDS',
    110,
    { action: { options: { TARGET_RECOVERY_TIME: '60 SECONDS' } } },
  ],
  [
    'ALTER DATABASE d SET QUERY_STORE (OPERATION_MODE = READ_WRITE)',
    130,
    { action: { options: { QUERY_STORE: '(OPERATION_MODE = READ_WRITE)' } } },
  ],
  ['ALTER DATABASE d COLLATE Czech_CI_AS', 100, { action: { kind: 'collate', collation: 'Czech_CI_AS' } }],
  ['ALTER DATABASE d MODIFY NAME = [e e]', 100, { action: { kind: 'modifyName', newName: 'e e' } }],
  [
    "ALTER DATABASE d ADD FILE (NAME = n, FILENAME = 'x') TO FILEGROUP g",
    100,
    { action: { kind: 'addFile', log: false, filegroup: 'g', files: [{ logicalName: 'n', physicalName: 'x' }] } },
  ],
  ["ALTER DATABASE d ADD LOG FILE (NAME = n, FILENAME = 'x')", 100, { action: { kind: 'addFile', log: true } }],
  [
    'ALTER DATABASE d MODIFY FILE (NAME = n, NEWNAME = m, SIZE = 5)',
    100,
    { action: { kind: 'modifyFile', file: { logicalName: 'n', newName: 'm', sizeKb: 5120 } } },
  ],
  ['ALTER DATABASE d REMOVE FILE n', 100, { action: { kind: 'removeFile', logicalName: 'n' } }],
  [
    'ALTER DATABASE d ADD FILEGROUP g CONTAINS FILESTREAM',
    100,
    { action: { kind: 'addFilegroup', filegroup: { name: 'g', kind: 'filestream' } } },
  ],
  [
    'ALTER DATABASE d MODIFY FILEGROUP g DEFAULT',
    100,
    { action: { kind: 'modifyFilegroup', name: 'g', change: 'DEFAULT' } },
  ],
  ['ALTER DATABASE d MODIFY FILEGROUP g READ_ONLY', 100, { action: { change: 'READ_ONLY' } }],
  ['ALTER DATABASE d REMOVE FILEGROUP g', 100, { action: { kind: 'removeFilegroup', name: 'g' } }],
  ['DROP DATABASE a, [b c]', 100, { kind: 'dropDatabase', names: ['a', 'b c'], ifExists: false }],
  ['DROP DATABASE IF EXISTS a', 130, { ifExists: true }],
  ['USE [a]]b]', 100, { kind: 'use', database: 'a]b' }],
  ['CREATE SCHEMA s AUTHORIZATION u', 100, { kind: 'createSchema', name: 's', owner: 'u' }],
  [
    'CREATE SCHEMA AUTHORIZATION u CREATE TABLE t (a int)',
    100,
    { name: 'u', owner: 'u', elements: [{ kind: 'createTable' }] },
  ],
  [
    'CREATE TABLE [s].[t] (a int IDENTITY(-5, 3) NOT FOR REPLICATION NOT NULL CONSTRAINT pk PRIMARY KEY NONCLUSTERED, b nvarchar(max) COLLATE Czech_CI_AS NULL, c AS (a * 2) PERSISTED NOT NULL, d uniqueidentifier ROWGUIDCOL DEFAULT newid() UNIQUE, e decimal(38, 10) SPARSE, f xml COLUMN_SET FOR ALL_SPARSE_COLUMNS, CONSTRAINT ck CHECK NOT FOR REPLICATION (a > 0)) ON ps(a) TEXTIMAGE_ON g FILESTREAM_ON fs WITH (DATA_COMPRESSION = PAGE ON PARTITIONS (1, 3 TO 5))',
    100,
    {
      kind: 'createTable',
      name: name('s', 't'),
      columns: [
        { name: 'a', type: int, nullable: false, identity: { seed: '-5', increment: '3', notForReplication: true } },
        { name: 'b', type: { name: 'nvarchar', length: 'max' }, nullable: true, collation: 'Czech_CI_AS' },
        { name: 'c', computed: { expression: '(a * 2)', persisted: true }, nullable: false },
        { name: 'd', rowGuid: true, nullable: null, default: { expression: 'newid()', systemNamed: true } },
        { name: 'e', type: { name: 'decimal', precision: 38, scale: 10 }, sparse: true },
        { name: 'f', columnSet: true },
      ],
      keys: [
        { name: 'pk', kind: 'primaryKey', clustered: false, columns: [{ name: 'a', descending: false }] },
        { kind: 'unique', clustered: null, columns: [{ name: 'd' }], systemNamed: true },
      ],
      checks: [{ name: 'ck', notForReplication: true, expression: '(a > 0)' }],
      dataSpace: { name: 'ps', partitionColumn: 'a' },
      lobDataSpace: 'g',
      filestreamDataSpace: 'fs',
      compression: [{ kind: 'PAGE', partitions: [1, 3, 4, 5] }],
    },
  ],
  [
    'CREATE TABLE t (a int REFERENCES o ON DELETE CASCADE, b int, FOREIGN KEY (a, b) REFERENCES s.o (x, y) ON UPDATE SET NULL NOT FOR REPLICATION)',
    100,
    {
      foreignKeys: [
        { columns: ['a'], referencedTable: name(null, 'o'), referencedColumns: [], onDelete: 'CASCADE' },
        {
          columns: ['a', 'b'],
          referencedTable: name('s', 'o'),
          referencedColumns: ['x', 'y'],
          onUpdate: 'SET NULL',
          notForReplication: true,
        },
      ],
    },
  ],
  [
    'CREATE TABLE t (a int INDEX ix, INDEX iy CLUSTERED (a DESC))',
    120,
    {
      indexes: [
        { name: 'ix', columns: [{ name: 'a' }] },
        { name: 'iy', clustered: true, columns: [{ descending: true }] },
      ],
    },
  ],
  [
    "CREATE TABLE t (a varchar(10) MASKED WITH (FUNCTION = 'default()'))",
    130,
    { otherOptions: { 'MASKED COLUMN a': '' } },
  ],
  [
    'CREATE TABLE t (a int NOT NULL PRIMARY KEY NONCLUSTERED) WITH (MEMORY_OPTIMIZED = ON, DURABILITY = SCHEMA_ONLY)',
    120,
    { otherOptions: { MEMORY_OPTIMIZED: 'ON', DURABILITY: 'SCHEMA_ONLY' } },
  ],
  [
    'ALTER TABLE t WITH NOCHECK ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES o (b)',
    100,
    { kind: 'alterTable', action: { kind: 'add', check: 'NOCHECK', foreignKeys: [{ name: 'f' }] } },
  ],
  [
    "ALTER TABLE t ADD CONSTRAINT d DEFAULT (N'x') FOR a WITH VALUES",
    100,
    { action: { defaults: [{ name: 'd', column: 'a', expression: "(N'x')", withValues: true }] } },
  ],
  [
    'ALTER TABLE t ADD b int NULL, c int NOT NULL DEFAULT 0',
    100,
    { action: { columns: [{ name: 'b' }, { name: 'c' }] } },
  ],
  [
    'ALTER TABLE t ALTER COLUMN a varchar(20) COLLATE Czech_CI_AS NOT NULL',
    100,
    { action: { kind: 'alterColumn', column: { name: 'a', nullable: false, collation: 'Czech_CI_AS' } } },
  ],
  [
    'ALTER TABLE t ALTER COLUMN a ADD ROWGUIDCOL',
    100,
    { action: { kind: 'alterColumnFlag', column: 'a', add: true, flag: 'ROWGUIDCOL' } },
  ],
  ['ALTER TABLE t DROP CONSTRAINT c, COLUMN d', 100, { action: { kind: 'drop', constraints: ['c'], columns: ['d'] } }],
  [
    'ALTER TABLE t WITH CHECK CHECK CONSTRAINT ALL',
    100,
    { action: { kind: 'constraintState', check: 'CHECK', enable: true, constraints: 'ALL' } },
  ],
  [
    'ALTER TABLE t NOCHECK CONSTRAINT c, d',
    100,
    { action: { kind: 'constraintState', check: null, enable: false, constraints: ['c', 'd'] } },
  ],
  ['ALTER TABLE t DISABLE TRIGGER ALL', 100, { action: { kind: 'triggerState', enable: false, triggers: 'ALL' } }],
  [
    'ALTER TABLE t SET (LOCK_ESCALATION = DISABLE)',
    100,
    { action: { kind: 'set', options: { LOCK_ESCALATION: 'DISABLE' } } },
  ],
  [
    'ALTER TABLE t REBUILD WITH (DATA_COMPRESSION = ROW)',
    100,
    { action: { kind: 'rebuild', compression: [{ kind: 'ROW' }] } },
  ],
  [
    'ALTER TABLE t ENABLE CHANGE_TRACKING WITH (TRACK_COLUMNS_UPDATED = ON)',
    100,
    { action: { kind: 'changeTracking', enable: true } },
  ],
  [
    'CREATE UNIQUE CLUSTERED INDEX i ON s.t (a ASC, b DESC) WITH (PAD_INDEX = ON, FILLFACTOR = 80, IGNORE_DUP_KEY = ON, ALLOW_ROW_LOCKS = OFF, DROP_EXISTING = ON) ON g',
    100,
    {
      kind: 'createIndex',
      on: name('s', 't'),
      dropExisting: true,
      index: {
        unique: true,
        clustered: true,
        columns: [
          { name: 'a', descending: false },
          { name: 'b', descending: true },
        ],
        options: {
          padIndex: true,
          fillFactor: 80,
          ignoreDuplicateKey: true,
          allowRowLocks: false,
          allowPageLocks: true,
        },
        dataSpace: { name: 'g', partitionColumn: null },
      },
    },
  ],
  [
    'CREATE INDEX i ON t (a) INCLUDE (b, c) WHERE a IS NOT NULL AND b > 5 WITH (ONLINE = OFF)',
    100,
    { index: { clustered: null, included: ['b', 'c'], filter: 'a IS NOT NULL AND b > 5' } },
  ],
  ['CREATE INDEX i ON t (a) WITH FILLFACTOR = 70', 100, { index: { options: { fillFactor: 70 } } }],
  ['ALTER INDEX ALL ON t DISABLE', 100, { kind: 'alterIndex', index: null, action: 'DISABLE' }],
  [
    'ALTER INDEX i ON t REBUILD PARTITION = 2 WITH (DATA_COMPRESSION = PAGE)',
    100,
    { action: 'REBUILD', options: { compression: [{ kind: 'PAGE' }] } },
  ],
  ['DROP INDEX i ON s.t', 100, { kind: 'drop', what: 'index', on: name('s', 't'), names: [name(null, 'i')] }],
  ['DROP TABLE IF EXISTS a, s.b', 130, { what: 'table', ifExists: true, names: [name(null, 'a'), name('s', 'b')] }],
  ['DROP PARTITION SCHEME p', 100, { what: 'partitionScheme' }],
  [
    '/* x */ CREATE VIEW s.v WITH SCHEMABINDING AS SELECT 1 AS a',
    100,
    {
      kind: 'createModule',
      module: 'view',
      schemaBound: true,
      text: '/* x */ CREATE VIEW s.v WITH SCHEMABINDING AS SELECT 1 AS a',
    },
  ],
  ['CREATE OR ALTER VIEW v AS SELECT 1 AS a', 130, { verb: 'CREATE OR ALTER' }],
  [
    'ALTER PROCEDURE p;2 @a int = 1 WITH ENCRYPTION AS SELECT @a',
    100,
    { verb: 'ALTER', module: 'procedure', procedureNumber: 2, encrypted: true },
  ],
  [
    'CREATE FUNCTION f(@a int) RETURNS @t TABLE (a int) AS BEGIN RETURN END',
    100,
    { module: 'function', functionKind: 'table' },
  ],
  ['CREATE FUNCTION f() RETURNS TABLE AS RETURN SELECT 1 AS a', 100, { functionKind: 'inline' }],
  ['CREATE FUNCTION f() RETURNS int AS BEGIN RETURN 1 END', 100, { functionKind: 'scalar' }],
  [
    'CREATE TRIGGER tr ON s.t WITH EXECUTE AS OWNER INSTEAD OF INSERT, UPDATE NOT FOR REPLICATION AS RETURN',
    100,
    {
      module: 'trigger',
      trigger: { on: name('s', 't'), insteadOf: true, events: ['INSERT', 'UPDATE'], notForReplication: true },
    },
  ],
  [
    'CREATE TRIGGER tr ON DATABASE FOR CREATE_TABLE AS RETURN',
    100,
    { trigger: { on: 'DATABASE', events: ['CREATE_TABLE'] } },
  ],
  ['CREATE RULE r AS @a > 0', 100, { module: 'rule' }],
  ['CREATE DEFAULT d AS 1', 100, { module: 'default' }],
  [
    'DISABLE TRIGGER a, s.b ON s.t',
    100,
    { kind: 'triggerState', enable: false, triggers: [name(null, 'a'), name('s', 'b')], on: name('s', 't') },
  ],
  [
    'CREATE TYPE s.y FROM nvarchar(20) NOT NULL',
    100,
    { kind: 'createType', definition: { kind: 'alias', nullable: false, baseType: { name: 'nvarchar', length: 20 } } },
  ],
  [
    'CREATE TYPE y AS TABLE (a int NOT NULL PRIMARY KEY, CHECK (a > 0))',
    100,
    { definition: { kind: 'table', columns: [{ name: 'a' }], keys: [{ kind: 'primaryKey' }], checks: [{}] } },
  ],
  [
    "CREATE XML SCHEMA COLLECTION s.c AS N'<a/>' + N'<b/>'",
    100,
    { kind: 'createXmlSchemaCollection', definition: '<a/><b/>' },
  ],
  [
    "CREATE PARTITION FUNCTION f (datetime) AS RANGE RIGHT FOR VALUES ('20200101', N'20210101')",
    100,
    { kind: 'createPartitionFunction', boundaryOnRight: true, boundaries: ["'20200101'", "N'20210101'"] },
  ],
  [
    'CREATE PARTITION SCHEME s AS PARTITION f ALL TO ([PRIMARY])',
    100,
    { kind: 'createPartitionScheme', all: true, filegroups: ['PRIMARY'] },
  ],
  [
    'CREATE SYNONYM s.y FOR [srv].[db]..[t]',
    100,
    { kind: 'createSynonym', target: { server: 'srv', database: 'db', schema: null, name: 't' } },
  ],
  [
    'CREATE SEQUENCE q AS bigint START WITH -5 INCREMENT BY 2 MINVALUE -10 NO MAXVALUE CYCLE CACHE 20',
    110,
    { kind: 'createSequence', start: '-5', increment: '2', minimum: '-10', maximum: 'NO', cycle: true, cache: 20 },
  ],
  ['ALTER SEQUENCE q RESTART WITH 7 NO CACHE', 110, { verb: 'ALTER', restart: '7', cache: 'NO' }],
  [
    'CREATE USER [D\\u] FOR LOGIN [D\\u] WITH DEFAULT_SCHEMA = s',
    100,
    { kind: 'createUser', login: 'D\\u', defaultSchema: 's' },
  ],
  ['CREATE USER u WITHOUT LOGIN', 100, { withoutLogin: true }],
  ["CREATE USER u WITH PASSWORD = N'x', DEFAULT_SCHEMA = dbo", 110, { hasPassword: true }],
  ['CREATE USER u FROM EXTERNAL PROVIDER', 130, { from: { kind: 'external' } }],
  ['ALTER USER u WITH NAME = v', 100, { verb: 'ALTER', newName: 'v' }],
  ['CREATE ROLE r AUTHORIZATION o', 100, { kind: 'createRole', owner: 'o', application: false }],
  ["CREATE APPLICATION ROLE r WITH PASSWORD = 'x'", 100, { application: true }],
  ['ALTER ROLE r ADD MEMBER m', 110, { kind: 'alterRole', action: { kind: 'addMember', member: 'm' } }],
  ["CREATE LOGIN l WITH PASSWORD = N'secret'", 100, { kind: 'createLogin', name: 'l' }],
  [
    'GRANT SELECT (a, b), VIEW DEFINITION ON OBJECT::s.t TO u, [r] WITH GRANT OPTION AS dbo',
    100,
    {
      kind: 'permission',
      verb: 'GRANT',
      permissions: [{ name: 'SELECT', columns: ['a', 'b'] }, { name: 'VIEW DEFINITION' }],
      securable: { class: 'OBJECT', schema: 's', name: 't' },
      grantees: ['u', 'r'],
      withGrantOption: true,
      grantor: 'dbo',
    },
  ],
  ['DENY CONNECT TO u', 100, { verb: 'DENY', securable: { class: 'DATABASE' } }],
  ['REVOKE EXECUTE ON TYPE::s.y FROM u CASCADE', 100, { verb: 'REVOKE', securable: { class: 'TYPE' }, cascade: true }],
  ['ALTER AUTHORIZATION ON SCHEMA::s TO u', 100, { kind: 'alterAuthorization', class: 'SCHEMA', owner: 'u' }],
  [
    'ALTER AUTHORIZATION ON XML SCHEMA COLLECTION::s.c TO SCHEMA OWNER',
    100,
    { class: 'XML SCHEMA COLLECTION', owner: null },
  ],
  [
    'CREATE STATISTICS st ON s.t (a, b) WHERE a > 1 WITH FULLSCAN',
    100,
    { kind: 'createStatistics', columns: ['a', 'b'], filter: 'a > 1' },
  ],
  ['SET ANSI_NULLS, QUOTED_IDENTIFIER OFF', 100, { kind: 'setOption', option: 'ANSI_NULLS', value: 'OFF' }],
  ['SET IDENTITY_INSERT s.t ON', 100, { kind: 'setIdentityInsert', table: name('s', 't'), on: true }],
  [
    "EXEC sys.sp_addextendedproperty @name = N'n', @value = N'v', @level0type = N'SCHEMA', @level0name = N's'",
    100,
    {
      kind: 'systemProcedure',
      procedure: 'sp_addextendedproperty',
      args: [{ name: '@name', value: 'n' }, { value: 'v' }, {}, { value: 's' }],
    },
  ],
  [
    "EXEC sp_rename 's.t.a', 'b', 'COLUMN'",
    100,
    { procedure: 'sp_rename', args: [{ name: null, value: 's.t.a' }, { value: 'b' }, { value: 'COLUMN' }] },
  ],
  ['CREATE FULLTEXT CATALOG c AS DEFAULT', 100, { kind: 'unsupported', what: 'full-text catalog', name: 'c' }],
  ['CREATE PRIMARY XML INDEX x ON t (a)', 100, { kind: 'unsupported', what: 'xml index' }],
  ['CREATE CLUSTERED COLUMNSTORE INDEX x ON t', 120, { kind: 'unsupported', what: 'columnstore index' }],
  ['CREATE QUEUE q', 100, { kind: 'unsupported', what: 'Service Broker queue' }],
];

describe('parseDdl', () => {
  it.each(cases)('%s', (text, _, expected) => {
    expect(parse(text)[0]).toMatchObject(expected);
  });

  it.each<[string, number]>([
    ['CREATE TABLE t (a int', 22],
    ['CREATE TABLE t (a int,, b int)', 23],
    ['ALTER TABLE t ADD (a int)', 19],
    ['CREATE INDEX i ON t (a) WITH (NO_SUCH_OPTION = ON)', 31],
    ['ALTER DATABASE d SET RECOVERY', 30],
    ['GRANT SELECT ON t', 18],
  ])('says where %s is wrong', (text, column) => {
    expect(() => parse(text)).toThrow(
      expect.objectContaining({ details: expect.objectContaining({ number: 102, position: { line: 1, column } }) }),
    );
  });

  it.each([
    'SELECT 1',
    'UPDATE t SET a = 1',
    'DECLARE @a int',
    'SET @a = 1',
    'EXEC dbo.p 1',
    'PRINT 1',
    'DBCC CHECKDB',
  ])('leaves %s to others', text => {
    const cursor = new TokenCursor(tokenize(text), text);
    expect(parseDdl(cursor)).toBeUndefined();
    expect(cursor.index).toBe(0);
  });

  it.skipIf(!oracleAvailable)(
    "is tested with statements that Microsoft's parser takes",
    async () => {
      for (const version of [100, 110, 120, 130]) {
        const script = cases
          .filter(([, since]) => since === version)
          .map(([text]) => `${text}\nGO\n`)
          .join('');
        expect(await parseWith(version, script), `version ${version}`).toEqual([]);
      }
    },
    300_000,
  );
});
