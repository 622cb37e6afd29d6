import { describe, expect, it } from 'vitest';
import type { DataType } from '../../src/model/data-type.ts';
import type { Sequence } from '../../src/model/sequence.ts';
import type { Trigger } from '../../src/model/trigger.ts';
import { everyVersion, readLoaded } from '../support/loaded.ts';
import { column, int, key, module, procedure, text, view } from '../support/model.ts';

describe('views', () => {
  it('have their text to the letter, and the columns of their result', async () => {
    const definition =
      "-- a comment before\r\nCREATE   VIEW dbo.[V 1] (x, [y z])\n AS SELECT a, b + N'!' FROM dbo.T -- behind";
    const { views } = await readLoaded(`CREATE TABLE T (a int NOT NULL, b nvarchar(5) NULL)\nGO\n${definition}\nGO`);
    expect(views).toEqual([
      view('V 1', definition, {
        outputColumns: [
          { name: 'x', type: int },
          { name: 'y z', type: text(6, 'nvarchar') },
        ],
      }),
    ]);
  });

  it('remember SCHEMABINDING and the settings that they were made with', async () => {
    const { views } = await readLoaded(`CREATE TABLE T (a int NULL)
GO
SET ANSI_NULLS OFF
GO
SET QUOTED_IDENTIFIER OFF
GO
CREATE VIEW V WITH SCHEMABINDING AS SELECT a FROM dbo.T`);
    expect(views).toEqual([
      view('V', 'CREATE VIEW V WITH SCHEMABINDING AS SELECT a FROM dbo.T', {
        schemaBound: true,
        ansiNulls: false,
        quotedIdentifier: false,
        outputColumns: [{ name: 'a', type: int }],
      }),
    ]);
  });

  it('changed by ALTER are kept as the CREATE that they amount to', async () => {
    const { views } = await readLoaded('CREATE VIEW V AS SELECT 1 AS a\nGO\nALTER VIEW V AS SELECT 2 AS b');
    expect(views).toEqual([view('V', 'CREATE VIEW V AS SELECT 2 AS b', { outputColumns: [{ name: 'b', type: int }] })]);
  });
});

describe('functions', () => {
  it('are scalar, inline or of statements', async () => {
    const scalar = 'CREATE FUNCTION dbo.F1 (@a int) RETURNS int WITH SCHEMABINDING AS BEGIN RETURN @a + 1 END';
    const inline = 'CREATE FUNCTION dbo.F2 () RETURNS TABLE AS RETURN (SELECT 1 AS one)';
    const table = 'CREATE FUNCTION dbo.F3 () RETURNS @r TABLE (k int NOT NULL, v varchar(3) NULL) AS BEGIN RETURN END';
    const { functions } = await readLoaded([scalar, inline, table].join('\nGO\n'));
    expect(functions).toEqual([
      { ...module('F1', scalar), kind: 'scalar', schemaBound: true },
      { ...module('F2', inline), kind: 'inline', schemaBound: false, outputColumns: [{ name: 'one', type: int }] },
      {
        ...module('F3', table),
        kind: 'table',
        schemaBound: false,
        outputColumns: [
          { name: 'k', type: int },
          { name: 'v', type: text(3) },
        ],
      },
    ]);
  });
});

describe('procedures', () => {
  it('may be numbered, and refer to what does not exist', async () => {
    const { procedures } = await readLoaded(`CREATE PROCEDURE P AS SELECT * FROM dbo.Later
GO
CREATE PROCEDURE P;2 @a int AS SELECT @a
GO
CREATE PROC Q @a int = 1, @b varchar(5) OUTPUT AS SET @b = 'x'`);
    expect(procedures).toEqual([
      procedure('P', 'CREATE PROCEDURE P AS SELECT * FROM dbo.Later', {
        numbered: [{ number: 2, definition: 'CREATE PROCEDURE P;2 @a int AS SELECT @a' }],
      }),
      procedure('Q', "CREATE PROC Q @a int = 1, @b varchar(5) OUTPUT AS SET @b = 'x'"),
    ]);
  });

  it('that are encrypted have no text', async () => {
    const { procedures, unsupported } = await readLoaded('CREATE PROCEDURE P WITH ENCRYPTION AS SELECT 1');
    expect(procedures).toEqual([procedure('P', null)]);
    expect(unsupported).toContainEqual({ kind: 'encrypted procedure', object: '[dbo].[P]' });
  });
});

describe('triggers', () => {
  const trigger = (name: string, definition: string, more: Partial<Trigger>): Trigger => ({
    ...module(name, definition),
    parent: { schema: 'dbo', name: 'T' },
    disabled: false,
    insteadOf: false,
    notForReplication: false,
    events: ['INSERT'],
    first: [],
    last: [],
    ...more,
  });

  it('have events, order and state', async () => {
    const one = 'CREATE TRIGGER T1 ON T AFTER DELETE, INSERT, UPDATE AS RETURN';
    const two = 'CREATE TRIGGER T2 ON dbo.T FOR INSERT NOT FOR REPLICATION AS RETURN';
    const three = 'CREATE TRIGGER T3 ON V INSTEAD OF UPDATE AS RETURN';
    const { triggers } = await readLoaded(`CREATE TABLE T (a int NULL)
GO
CREATE VIEW V AS SELECT a FROM T
GO
${one}
GO
${two}
GO
${three}
GO
EXEC sp_settriggerorder 'T1', 'First', 'INSERT'
EXEC sp_settriggerorder @triggername = N'dbo.T2', @order = N'Last', @stmttype = N'INSERT'
EXEC sp_settriggerorder 'T1', 'Last', 'DELETE'
GO
DISABLE TRIGGER T1 ON T
GO
ALTER TABLE T DISABLE TRIGGER T2
GO
ENABLE TRIGGER T2 ON T`);
    expect(triggers).toEqual([
      trigger('T1', one, {
        disabled: true,
        events: ['INSERT', 'UPDATE', 'DELETE'],
        first: ['INSERT'],
        last: ['DELETE'],
      }),
      trigger('T2', two, { notForReplication: true, last: ['INSERT'] }),
      trigger('T3', three, { insteadOf: true, events: ['UPDATE'], parent: { schema: 'dbo', name: 'V' } }),
    ]);
  });

  it('of the database are named as what the model cannot hold', async () => {
    const { triggers, unsupported } = await readLoaded('CREATE TRIGGER G ON DATABASE FOR CREATE_TABLE AS RETURN');
    expect(triggers).toEqual([]);
    expect(unsupported).toContainEqual({ kind: 'DDL trigger', object: '[G]' });
  });
});

describe('sequences', () => {
  const sequence = (name: string, type: DataType, more: Partial<Sequence>): Sequence => ({
    schema: 'dbo',
    name,
    owner: null,
    type,
    start: '1',
    increment: '1',
    minimum: '-2147483648',
    maximum: '2147483647',
    cycle: false,
    cacheSize: 0,
    current: '1',
    used: false,
    ...more,
  });

  it('have their bounds and their current value', async () => {
    const { sequences } = await readLoaded(`
      CREATE SEQUENCE A AS int START WITH 1
      CREATE SEQUENCE B
      CREATE SEQUENCE C AS decimal(38,0) START WITH 5 INCREMENT BY -2 MINVALUE -99999999999999999999999999999999999999 MAXVALUE 10 CYCLE NO CACHE
      CREATE SEQUENCE D AS tinyint CACHE 7
      GO
      DECLARE @x bigint
      SELECT @x = NEXT VALUE FOR A
      SELECT @x = NEXT VALUE FOR A
      SELECT @x = NEXT VALUE FOR C`);
    expect(sequences).toEqual([
      sequence('A', int, { current: '2', used: true }),
      sequence(
        'B',
        { schema: null, name: 'bigint' },
        {
          start: '-9223372036854775808',
          minimum: '-9223372036854775808',
          maximum: '9223372036854775807',
          current: '-9223372036854775808',
        },
      ),
      sequence(
        'C',
        { schema: null, name: 'decimal', precision: 38, scale: 0 },
        {
          start: '5',
          increment: '-2',
          minimum: '-99999999999999999999999999999999999999',
          maximum: '10',
          cycle: true,
          cacheSize: null,
          current: '5',
          used: true,
        },
      ),
      sequence(
        'D',
        { schema: null, name: 'tinyint' },
        {
          start: '0',
          minimum: '0',
          maximum: '255',
          cacheSize: 7,
          current: '0',
        },
      ),
    ]);
  });

  it.each(everyVersion.filter(v => v >= 110 && v < 140))(
    'of version %i may not tell whether they were used',
    async version => {
      const { sequences } = await readLoaded(
        'CREATE SEQUENCE A AS int START WITH 1\nCREATE SEQUENCE B AS int START WITH 1\nGO\nSELECT NEXT VALUE FOR A, NEXT VALUE FOR B\nSELECT NEXT VALUE FOR B',
        { version },
      );
      expect(sequences.map(s => [s.current, s.used])).toEqual([
        ['1', null],
        ['2', true],
      ]);
    },
  );
});

describe('other objects', () => {
  it('are synonyms, alias types, rules and defaults', async () => {
    const read = await readLoaded(`
      CREATE SYNONYM S1 FOR T
      CREATE SYNONYM S2 FOR [other server].Db.dbo.[T 1]
      CREATE SYNONYM S3 FOR Db..T
GO
CREATE RULE R AS @v BETWEEN 1 AND 9
GO
CREATE DEFAULT D1 AS 'x'
GO
      EXEC sp_addtype 'Name', 'nvarchar(40)', 'NOT NULL'
      CREATE TYPE Amount FROM decimal(9,2)
      EXEC sp_bindrule 'R', 'Amount'
      EXEC sp_bindefault 'D1', 'Name'`);
    expect(read.synonyms.map(s => [s.name, s.baseObject])).toEqual([
      ['S1', '[T]'],
      ['S2', '[other server].[Db].[dbo].[T 1]'],
      ['S3', '[Db]..[T]'],
    ]);
    expect(read.rules).toEqual([module('R', 'CREATE RULE R AS @v BETWEEN 1 AND 9')]);
    expect(read.defaults).toEqual([module('D1', "CREATE DEFAULT D1 AS 'x'")]);
    const alias = { schema: 'dbo', owner: null, boundDefault: null, boundRule: null };
    expect(read.aliasTypes).toEqual([
      {
        ...alias,
        name: 'Amount',
        baseType: { schema: null, name: 'decimal', precision: 9, scale: 2 },
        nullable: true,
        boundRule: { schema: 'dbo', name: 'R' },
      },
      {
        ...alias,
        name: 'Name',
        baseType: text(40, 'nvarchar'),
        nullable: false,
        boundDefault: { schema: 'dbo', name: 'D1' },
      },
    ]);
  });

  it('are table types', async () => {
    const { tableTypes } = await readLoaded(
      'CREATE TYPE Rows AS TABLE (id int IDENTITY NOT NULL PRIMARY KEY, a int NOT NULL DEFAULT 3 CHECK (a > 0), b varchar(5) NULL, UNIQUE (a, b))',
    );
    const [type] = tableTypes;
    expect([type?.schema, type?.name, type?.owner]).toEqual(['dbo', 'Rows', null]);
    expect(type?.columns).toEqual([
      column('id', int, {
        nullable: false,
        identity: { seed: '1', increment: '1', notForReplication: false, lastValue: null },
      }),
      column('a', int, {
        nullable: false,
        default: { name: type?.columns[1]?.default?.name ?? '', systemNamed: true, expression: '((3))' },
      }),
      column('b', text(5), { collation: 'SQL_Latin1_General_CP1_CI_AS' }),
    ]);
    expect(type?.keys.map(k => ({ ...k, name: '' }))).toEqual([
      key('', ['id'], { systemNamed: true }),
      key('', ['a', 'b'], { systemNamed: true, kind: 'unique', clustered: false }),
    ]);
    expect(type?.checks.map(c => c.expression)).toEqual(['([a]>(0))']);
  });

  it('are partition functions and schemes', async () => {
    const read = await readLoaded(`
      CREATE PARTITION FUNCTION F1 (int) AS RANGE LEFT FOR VALUES (10, -20, 5)
      CREATE PARTITION FUNCTION F2 (nvarchar(9)) AS RANGE RIGHT FOR VALUES (N'b', N'm''m')
      CREATE PARTITION FUNCTION F3 (datetime2(3)) AS RANGE RIGHT FOR VALUES ('2026-01-31T12:00:00.123')
      CREATE PARTITION SCHEME S1 AS PARTITION F1 ALL TO ([PRIMARY])
      CREATE PARTITION SCHEME S2 AS PARTITION F3 TO ([PRIMARY], [PRIMARY], [PRIMARY])`);
    expect(read.partitionFunctions).toEqual([
      { name: 'F1', type: int, collation: null, boundaryOnRight: false, boundaries: ['-20', '5', '10'] },
      {
        name: 'F2',
        type: text(9, 'nvarchar'),
        collation: 'SQL_Latin1_General_CP1_CI_AS',
        boundaryOnRight: true,
        boundaries: ["N'b'", "N'm''m'"],
      },
      {
        name: 'F3',
        type: { schema: null, name: 'datetime2', scale: 3 },
        collation: null,
        boundaryOnRight: true,
        boundaries: ["N'2026-01-31T12:00:00.123'"],
      },
    ]);
    expect(read.partitionSchemes).toEqual([
      {
        name: 'S1',
        partitionFunction: 'F1',
        filegroups: ['PRIMARY', 'PRIMARY', 'PRIMARY', 'PRIMARY'],
        nextUsed: null,
      },
      { name: 'S2', partitionFunction: 'F3', filegroups: ['PRIMARY', 'PRIMARY'], nextUsed: 'PRIMARY' },
    ]);
  });

  it('are XML schema collections', async () => {
    const schema =
      '<xsd:schema xmlns:xsd="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:a"><xsd:element name="n" type="xsd:string"/></xsd:schema>';
    const { xmlSchemaCollections } = await readLoaded(`CREATE XML SCHEMA COLLECTION dbo.X AS N'${schema}'`);
    expect(xmlSchemaCollections.map(x => [x.schema, x.name, x.owner])).toEqual([['dbo', 'X', null]]);
    expect(xmlSchemaCollections[0]?.definition).toContain('targetNamespace="urn:a"');
  });
});
