import { describe, expect, it } from 'vitest';
import type { Column } from '../../src/model/column.ts';
import type { DataType } from '../../src/model/data-type.ts';
import { type LoadOptions, readLoaded } from '../support/loaded.ts';
import { column, int, text } from '../support/model.ts';

const collation = 'SQL_Latin1_General_CP1_CI_AS';

/** Columns of the only table of a script. */
async function columnsOf(script: string, options: LoadOptions = {}): Promise<readonly Column[]> {
  const { tables } = await readLoaded(script, options);
  expect(tables).toHaveLength(1);
  return tables[0]?.columns ?? [];
}

const plain = (name: string): DataType => ({ schema: null, name });
const sized = (name: string, length: number | 'max'): DataType => ({ schema: null, name, length });
const scaled = (name: string, scale: number): DataType => ({ schema: null, name, scale });
const exact = (name: string, precision: number, scale: number): DataType => ({ schema: null, name, precision, scale });

/** Types as declared, and in the model's one form. */
const types: readonly (readonly [declared: string, type: DataType])[] = [
  ['bit', plain('bit')],
  ['tinyint', plain('tinyint')],
  ['smallint', plain('smallint')],
  ['integer', plain('int')],
  ['bigint', plain('bigint')],
  ['decimal', exact('decimal', 18, 0)],
  ['decimal(38,38)', exact('decimal', 38, 38)],
  ['dec(5)', exact('decimal', 5, 0)],
  ['numeric(9,2)', exact('numeric', 9, 2)],
  ['money', plain('money')],
  ['smallmoney', plain('smallmoney')],
  ['float', plain('float')],
  ['float(24)', plain('real')],
  ['float(25)', plain('float')],
  ['real', plain('real')],
  ['date', plain('date')],
  ['time', scaled('time', 7)],
  ['time(0)', scaled('time', 0)],
  ['datetime', plain('datetime')],
  ['smalldatetime', plain('smalldatetime')],
  ['datetime2(3)', scaled('datetime2', 3)],
  ['datetimeoffset', scaled('datetimeoffset', 7)],
  ['uniqueidentifier', plain('uniqueidentifier')],
  ['binary(3)', sized('binary', 3)],
  ['varbinary(8000)', sized('varbinary', 8000)],
  ['varbinary(max)', sized('varbinary', 'max')],
  ['image', plain('image')],
  ['xml', plain('xml')],
  ['sql_variant', plain('sql_variant')],
  ['hierarchyid', plain('hierarchyid')],
  ['geometry', plain('geometry')],
  ['geography', plain('geography')],
];
const characterTypes: readonly (readonly [declared: string, type: DataType])[] = [
  ['char', sized('char', 1)],
  ['char(10)', sized('char', 10)],
  ['varchar(8000)', sized('varchar', 8000)],
  ['varchar(max)', sized('varchar', 'max')],
  ['character varying(7)', sized('varchar', 7)],
  ['nchar(4000)', sized('nchar', 4000)],
  ['nvarchar(50)', sized('nvarchar', 50)],
  ['national char varying(12)', sized('nvarchar', 12)],
  ['nvarchar(max)', sized('nvarchar', 'max')],
  ['sysname', plain('sysname')],
  ['text', plain('text')],
  ['ntext', plain('ntext')],
];

describe('columns', () => {
  it('have their declared types', async () => {
    const declared = types.map(([t], i) => `c${i} ${t} NULL`).join(', ');
    const columns = await columnsOf(`CREATE TABLE T (${declared})`);
    expect(columns).toEqual(types.map(([, type], i) => column(`c${i}`, type)));
  });

  it('of characters have the collation of the database or their own', async () => {
    const declared = characterTypes.map(([t], i) => `c${i} ${t} NULL`).join(', ');
    const columns = await columnsOf(`CREATE TABLE T (${declared}, own varchar(5) COLLATE Latin1_General_BIN2 NULL)`);
    expect(columns).toEqual([
      ...characterTypes.map(([, type], i) => column(`c${i}`, type, { collation })),
      column('own', text(5), { collation: 'Latin1_General_BIN2' }),
    ]);
  });

  it('of the types of 2025 are read as declared', async () => {
    const columns = await columnsOf('CREATE TABLE T (j json NULL, v vector(3) NULL)', { version: 170 });
    expect(columns).toEqual([column('j', plain('json')), column('v', { schema: null, name: 'vector', dimensions: 3 })]);
  });

  it('are nullable or not, and rowversion never is', async () => {
    const columns = await columnsOf('CREATE TABLE T (a int NULL, b int NOT NULL, c int, d rowversion)');
    expect(columns).toEqual([
      column('a'),
      column('b', int, { nullable: false }),
      column('c'),
      column('d', plain('timestamp'), { nullable: false }),
    ]);
  });

  it('with IDENTITY have seed, increment and the last value given out', async () => {
    const columns = await columnsOf(`
      CREATE TABLE T (id decimal(38,0) IDENTITY(-5, 10) NOT FOR REPLICATION NOT NULL, a int NULL)
      GO
      INSERT T (a) VALUES (1), (2), (3)`);
    expect(columns[0]).toEqual(
      column('id', exact('decimal', 38, 0), {
        nullable: false,
        identity: { seed: '-5', increment: '10', notForReplication: true, lastValue: '15' },
      }),
    );
  });

  it('with IDENTITY have no last value before the first row', async () => {
    const [id] = await columnsOf('CREATE TABLE T (id bigint IDENTITY NOT NULL)');
    expect(id?.identity).toEqual({ seed: '1', increment: '1', notForReplication: false, lastValue: null });
  });

  it('that are computed have the normalised expression and the type that follows from it', async () => {
    const columns = await columnsOf(`
      CREATE TABLE T (a int NOT NULL, b varchar(5) NOT NULL, twice AS a*2, kept AS (a + 1) PERSISTED NOT NULL, shout AS UPPER(b))`);
    expect(columns.slice(2)).toEqual([
      column('twice', int, { computed: { expression: '([a]*(2))', persisted: false } }),
      column('kept', int, { nullable: false, computed: { expression: '([a]+(1))', persisted: true } }),
      column('shout', text(5), { computed: { expression: '(upper([b]))', persisted: false } }),
    ]);
  });

  it('have defaults, named and not', async () => {
    const columns = await columnsOf(`
      CREATE TABLE T (a int CONSTRAINT DF_a DEFAULT 1 NULL, b datetime DEFAULT GETDATE() NULL)
      GO
      ALTER TABLE T ADD c varchar(9) NULL
      GO
      ALTER TABLE T ADD CONSTRAINT DF_c DEFAULT 'it''s' FOR c`);
    expect(columns.map(c => c.default)).toEqual([
      { name: 'DF_a', systemNamed: false, expression: '((1))' },
      {
        name: expect.stringMatching(/^DF__T__b__[0-9A-F]{8}$/) as string,
        systemNamed: true,
        expression: '(getdate())',
      },
      { name: 'DF_c', systemNamed: false, expression: "('it''s')" },
    ]);
  });

  it('are sparse, a column set, a ROWGUIDCOL', async () => {
    const columns = await columnsOf(`
      CREATE TABLE T (id uniqueidentifier ROWGUIDCOL NOT NULL, a int SPARSE NULL, s xml COLUMN_SET FOR ALL_SPARSE_COLUMNS)`);
    expect(columns).toEqual([
      column('id', plain('uniqueidentifier'), { nullable: false, rowGuid: true }),
      column('a', int, { sparse: true }),
      column('s', plain('xml'), { columnSet: true }),
    ]);
  });

  it('made with ANSI_PADDING OFF stay so', async () => {
    const columns = await columnsOf(`
      SET ANSI_PADDING OFF
      GO
      CREATE TABLE T (a varchar(5) NULL, b int NULL, c nvarchar(5) NULL)
      GO
      SET ANSI_PADDING ON
      GO
      ALTER TABLE T ADD d varchar(5) NULL`);
    expect(columns).toEqual([
      column('a', text(5), { collation, ansiPadded: false }),
      column('b'),
      column('c', text(5, 'nvarchar'), { collation }),
      column('d', text(5), { collation }),
    ]);
  });

  it('of alias types keep the name of the type, its nullability and what is bound to it', async () => {
    const columns = await columnsOf(`
      CREATE SCHEMA s
      GO
      CREATE TYPE s.Code FROM char(3) NOT NULL
      GO
      CREATE DEFAULT dbo.Unknown AS 'xxx'
      GO
      CREATE RULE dbo.Letters AS @v LIKE '[a-z]%'
      GO
      EXEC sp_bindefault 'dbo.Unknown', 's.Code'
      EXEC sp_bindrule 'dbo.Letters', 's.Code'
      GO
      CREATE TABLE T (a s.Code, b s.Code NULL)`);
    const bound = {
      collation,
      boundDefault: { schema: 'dbo', name: 'Unknown' },
      boundRule: { schema: 'dbo', name: 'Letters' },
    };
    const type: DataType = { schema: 's', name: 'Code' };
    expect(columns).toEqual([
      column('a', type, { ...bound, nullable: false }),
      column('b', type, { ...bound, nullable: true }),
    ]);
  });

  it('have defaults and rules bound to them alone', async () => {
    const columns = await columnsOf(`
      CREATE TABLE T (a int NULL, b int NULL)
      GO
      CREATE DEFAULT D AS 7
      GO
      CREATE RULE R AS @x > 0
      GO
      EXEC sp_bindefault 'D', 'T.a'
      EXEC sp_bindrule 'R', 'T.b'`);
    expect(columns).toEqual([
      column('a', int, { boundDefault: { schema: 'dbo', name: 'D' } }),
      column('b', int, { boundRule: { schema: 'dbo', name: 'R' } }),
    ]);
  });

  it('of typed xml name their schema collection', async () => {
    const columns = await columnsOf(`
      CREATE XML SCHEMA COLLECTION dbo.Notes AS N'<xsd:schema xmlns:xsd="http://www.w3.org/2001/XMLSchema"><xsd:element name="n" type="xsd:string"/></xsd:schema>'
      GO
      CREATE TABLE T (a xml(Notes) NULL, b xml(DOCUMENT dbo.Notes) NULL, c xml NULL)`);
    const typed = (xmlDocument: boolean): DataType => ({
      schema: null,
      name: 'xml',
      xmlSchemaCollection: { schema: 'dbo', name: 'Notes' },
      xmlDocument,
    });
    expect(columns).toEqual([column('a', typed(false)), column('b', typed(true)), column('c', plain('xml'))]);
  });

  it('of FILESTREAM name nothing but that', async () => {
    const { tables, unsupported } = await readLoaded(
      `CREATE DATABASE F ON PRIMARY (NAME = 'F', FILENAME = 'C:\\F.mdf'), FILEGROUP Docs CONTAINS FILESTREAM DEFAULT (NAME = 'FDocs', FILENAME = 'C:\\FDocs')
        LOG ON (NAME = 'F_log', FILENAME = 'C:\\F_log.ldf')
      GO
      USE F
      GO
      CREATE TABLE T (id uniqueidentifier ROWGUIDCOL NOT NULL CONSTRAINT UQ_T UNIQUE, d varbinary(max) FILESTREAM NULL) FILESTREAM_ON Docs`,
      { database: 'F' },
    );
    expect(unsupported).toEqual([{ kind: 'query store settings', object: 'DATABASE', severity: 'dropped' }]);
    expect(tables[0]?.filestreamDataSpace).toBe('Docs');
    expect(tables[0]?.columns[1]).toEqual(column('d', sized('varbinary', 'max'), { filestream: true }));
  });

  it('changed by ALTER COLUMN are read as they are now', async () => {
    const columns = await columnsOf(`
      CREATE TABLE T (a int NOT NULL, b varchar(5) NULL, c int NULL)
      GO
      ALTER TABLE T ALTER COLUMN a bigint NULL
      ALTER TABLE T ALTER COLUMN b nvarchar(9) COLLATE Greek_CS_AS NOT NULL
      ALTER TABLE T DROP COLUMN c
      GO
      ALTER TABLE T ADD d date NULL`);
    expect(columns).toEqual([
      column('a', plain('bigint')),
      column('b', text(9, 'nvarchar'), { nullable: false, collation: 'Greek_CS_AS' }),
      column('d', plain('date')),
    ]);
  });
});
