import { expect, it } from 'vitest';
import { readLoaded } from '../support/loaded.ts';

const objects = `
CREATE SCHEMA s
GO
CREATE TABLE s.T (a int NOT NULL CONSTRAINT PK_T PRIMARY KEY, b int NULL CONSTRAINT DF_b DEFAULT 1, CONSTRAINT CK_b CHECK (b > 0))
CREATE INDEX IX ON s.T (b)
GO
CREATE TRIGGER s.Tr ON s.T AFTER INSERT AS RETURN
GO
CREATE VIEW s.V AS SELECT a FROM s.T
GO
CREATE PROCEDURE s.P @x int AS RETURN
GO
CREATE FUNCTION s.F (@y int) RETURNS int AS BEGIN RETURN @y END
GO
CREATE RULE s.R AS @v > 0
GO
CREATE DEFAULT s.D AS 1
GO
CREATE SYNONYM s.Sy FOR s.T
CREATE SEQUENCE s.Sq AS int
CREATE TYPE s.Ty FROM int
CREATE TYPE s.TT AS TABLE (c int NULL)
CREATE XML SCHEMA COLLECTION s.X AS N'<xsd:schema xmlns:xsd="http://www.w3.org/2001/XMLSchema"/>'
CREATE USER u WITHOUT LOGIN
CREATE PARTITION FUNCTION PF (int) AS RANGE LEFT FOR VALUES (1)
CREATE PARTITION SCHEME PS AS PARTITION PF ALL TO ([PRIMARY])
GO
`;

/** Levels as sp_addextendedproperty takes them: `SCHEMA s, TABLE T`. */
const places: readonly string[] = [
  '',
  'SCHEMA s',
  'SCHEMA s, TABLE T',
  'SCHEMA s, TABLE T, COLUMN b',
  'SCHEMA s, TABLE T, CONSTRAINT PK_T',
  'SCHEMA s, TABLE T, CONSTRAINT DF_b',
  'SCHEMA s, TABLE T, CONSTRAINT CK_b',
  'SCHEMA s, TABLE T, INDEX IX',
  'SCHEMA s, TABLE T, TRIGGER Tr',
  'SCHEMA s, VIEW V',
  'SCHEMA s, VIEW V, COLUMN a',
  'SCHEMA s, PROCEDURE P',
  'SCHEMA s, PROCEDURE P, PARAMETER @x',
  'SCHEMA s, FUNCTION F',
  'SCHEMA s, FUNCTION F, PARAMETER @y',
  'SCHEMA s, RULE R',
  'SCHEMA s, DEFAULT D',
  'SCHEMA s, SYNONYM Sy',
  'SCHEMA s, SEQUENCE Sq',
  'SCHEMA s, TYPE Ty',
  'SCHEMA s, TYPE TT',
  'SCHEMA s, TYPE TT, COLUMN c',
  'SCHEMA s, XML SCHEMA COLLECTION X',
  'USER u',
  'FILEGROUP PRIMARY',
  'FILEGROUP PRIMARY, LOGICAL FILE NAME D',
  'PARTITION FUNCTION PF',
  'PARTITION SCHEME PS',
];

const levelsOf = (place: string): { type: string; name: string }[] =>
  place === ''
    ? []
    : place.split(', ').map(level => {
        const at = level.lastIndexOf(' ');
        return { type: level.slice(0, at), name: level.slice(at + 1) };
      });

it('extended properties stand at every kind of object', async () => {
  const calls = places.map((place, i) => {
    const levels = levelsOf(place).flatMap(l => [`N'${l.type}'`, `N'${l.name}'`]);
    return `EXEC sys.sp_addextendedproperty ${[`N'p${i}'`, `N'${place}'`, ...levels].join(', ')}`;
  });
  const { extendedProperties } = await readLoaded(objects + calls.join('\n'));
  const found = new Map(extendedProperties.map(p => [p.name, p]));
  expect(extendedProperties).toHaveLength(places.length);
  places.forEach((place, i) => {
    expect(found.get(`p${i}`)).toEqual({ name: `p${i}`, value: `N'${place}'`, levels: levelsOf(place) });
  });
});

it('extended properties keep the type of their values', async () => {
  const values: readonly (readonly [declare: string, literal: string])[] = [
    ["nvarchar(20) = N'text'", "N'text'"],
    ["varchar(20) = 'text'", "CAST(N'text' AS varchar(20))"],
    ['int = -7', 'CAST(-7 AS int)'],
    ['bigint = 9223372036854775807', 'CAST(9223372036854775807 AS bigint)'],
    ['decimal(9,3) = 1.5', 'CAST(1.500 AS decimal(9, 3))'],
    ['float = 0.1', 'CAST(1E-1 AS float)'],
    ['bit = 1', 'CAST(1 AS bit)'],
    ["date = '2026-01-31'", "CAST(N'2026-01-31' AS date)"],
    ["datetime = '2026-01-31T12:30:00.007'", "CAST(N'2026-01-31T12:30:00.007' AS datetime)"],
    ['varbinary(4) = 0x00FF', 'CAST(0x00FF AS varbinary(4))'],
    [
      "uniqueidentifier = '0E984725-C51C-4BF4-9960-E1C80E27ABA0'",
      "CAST(N'0E984725-C51C-4BF4-9960-E1C80E27ABA0' AS uniqueidentifier)",
    ],
    ['int = NULL', 'NULL'],
  ];
  const script = values.map(
    ([declare], i) => `DECLARE @v ${declare}; EXEC sp_addextendedproperty @name = N'p${i}', @value = @v\nGO`,
  );
  const { extendedProperties } = await readLoaded(script.join('\n'));
  const found = new Map(extendedProperties.map(p => [p.name, p.value]));
  expect(values.map((_, i) => found.get(`p${i}`))).toEqual(values.map(([, literal]) => literal));
});

it('extended properties are changed and dropped', async () => {
  const { extendedProperties } = await readLoaded(`
    EXEC sp_addextendedproperty 'a', 'one'
    EXEC sp_addextendedproperty 'b', 'two'
    EXEC sp_updateextendedproperty 'a', N'other'
    EXEC sp_dropextendedproperty 'b'`);
  expect(extendedProperties).toEqual([{ name: 'a', value: "N'other'", levels: [] }]);
});
