import { describe, expect, it } from 'vitest';
import type { CheckConstraint } from '../../src/model/check-constraint.ts';
import type { ForeignKey } from '../../src/model/foreign-key.ts';
import { defaultIndexOptions } from '../../src/model/table-index.ts';
import { readLoaded } from '../support/loaded.ts';
import { key } from '../support/model.ts';

const foreignKey = (name: string, columns: readonly string[], more: Partial<ForeignKey> = {}): ForeignKey => ({
  name,
  systemNamed: false,
  columns,
  referencedTable: { schema: 'dbo', name: 'P' },
  referencedColumns: columns,
  onDelete: 'NO ACTION',
  onUpdate: 'NO ACTION',
  notForReplication: false,
  disabled: false,
  trusted: true,
  ...more,
});
const check = (name: string, expression: string, more: Partial<CheckConstraint> = {}): CheckConstraint => ({
  name,
  systemNamed: false,
  expression,
  notForReplication: false,
  disabled: false,
  trusted: true,
  ...more,
});

describe('keys', () => {
  it('are primary or unique, clustered or not, ascending or descending', async () => {
    const { tables } = await readLoaded(`
      CREATE TABLE A (a int NOT NULL CONSTRAINT PK_A PRIMARY KEY, b int NULL CONSTRAINT UQ_A UNIQUE)
      CREATE TABLE B (a int NOT NULL, b int NOT NULL,
        CONSTRAINT PK_B PRIMARY KEY NONCLUSTERED (b DESC, a), CONSTRAINT UQ_B UNIQUE CLUSTERED (a ASC, b DESC))
      CREATE TABLE C (a int NOT NULL PRIMARY KEY, b int NOT NULL UNIQUE CLUSTERED)`);
    const [a, b, c] = tables.map(t => t.keys);
    expect(a).toEqual([key('PK_A', ['a']), key('UQ_A', ['b'], { kind: 'unique', clustered: false })]);
    expect(b).toEqual([
      key('PK_B', [], {
        clustered: false,
        columns: [
          { name: 'b', descending: true },
          { name: 'a', descending: false },
        ],
      }),
      key('UQ_B', [], {
        kind: 'unique',
        columns: [
          { name: 'a', descending: false },
          { name: 'b', descending: true },
        ],
      }),
    ]);
    expect(c?.map(k => [k.name.slice(0, 7), k.systemNamed, k.kind, k.clustered])).toEqual([
      ['PK__C__', true, 'primaryKey', false],
      ['UQ__C__', true, 'unique', true],
    ]);
  });

  it('have the options of their indexes', async () => {
    const { tables } = await readLoaded(`
      CREATE TABLE A (a int NOT NULL CONSTRAINT PK_A PRIMARY KEY
        WITH (PAD_INDEX = ON, FILLFACTOR = 70, IGNORE_DUP_KEY = ON, STATISTICS_NORECOMPUTE = ON, ALLOW_ROW_LOCKS = OFF, ALLOW_PAGE_LOCKS = OFF, DATA_COMPRESSION = PAGE))`);
    expect(tables[0]?.keys[0]?.options).toEqual({
      padIndex: true,
      fillFactor: 70,
      ignoreDuplicateKey: true,
      statisticsNoRecompute: true,
      allowRowLocks: false,
      allowPageLocks: false,
      compression: [{ kind: 'PAGE', partitions: [] }],
    });
  });

  it('may be disabled', async () => {
    const { tables } = await readLoaded(`
      CREATE TABLE A (a int NOT NULL CONSTRAINT PK_A PRIMARY KEY, b int NULL CONSTRAINT UQ_A UNIQUE)
      ALTER INDEX UQ_A ON A DISABLE`);
    expect(tables[0]?.keys).toEqual([
      key('PK_A', ['a']),
      key('UQ_A', ['b'], { kind: 'unique', clustered: false, disabled: true, options: defaultIndexOptions }),
    ]);
  });
});

const parent =
  'CREATE TABLE P (a int NOT NULL, b int NOT NULL, CONSTRAINT PK_P PRIMARY KEY (a, b), CONSTRAINT UQ_P UNIQUE (b))';

describe('foreign keys', () => {
  it('have columns in their order, and actions', async () => {
    const { tables } = await readLoaded(`${parent}
      CREATE TABLE Q (b int NOT NULL PRIMARY KEY)
      CREATE TABLE C (x int NULL, y int NULL DEFAULT 0,
        CONSTRAINT FK_1 FOREIGN KEY (y, x) REFERENCES P (a, b) ON DELETE CASCADE,
        CONSTRAINT FK_2 FOREIGN KEY (x) REFERENCES Q (b) ON UPDATE SET NULL ON DELETE SET DEFAULT,
        CONSTRAINT FK_3 FOREIGN KEY (y) REFERENCES dbo.P (b) NOT FOR REPLICATION)`);
    expect(tables[0]?.foreignKeys).toEqual([
      foreignKey('FK_1', ['y', 'x'], { referencedColumns: ['a', 'b'], onDelete: 'CASCADE' }),
      foreignKey('FK_2', ['x'], {
        referencedTable: { schema: 'dbo', name: 'Q' },
        referencedColumns: ['b'],
        onUpdate: 'SET NULL',
        onDelete: 'SET DEFAULT',
      }),
      foreignKey('FK_3', ['y'], { referencedColumns: ['b'], notForReplication: true, trusted: false }),
    ]);
  });

  it('may be disabled or not trusted, whatever their names are', async () => {
    const { tables } = await readLoaded(`${parent}
      CREATE TABLE C (b int NULL, CONSTRAINT FK_disabled FOREIGN KEY (b) REFERENCES P (b))
      ALTER TABLE C WITH NOCHECK ADD CONSTRAINT FK_untrusted FOREIGN KEY (b) REFERENCES P (b)
      ALTER TABLE C ADD CONSTRAINT FK_again FOREIGN KEY (b) REFERENCES P (b)
      ALTER TABLE C NOCHECK CONSTRAINT FK_disabled
      ALTER TABLE C NOCHECK CONSTRAINT FK_again
      ALTER TABLE C WITH CHECK CHECK CONSTRAINT FK_again`);
    expect(tables[0]?.foreignKeys).toEqual([
      foreignKey('FK_again', ['b']),
      foreignKey('FK_disabled', ['b'], { disabled: true, trusted: false }),
      foreignKey('FK_untrusted', ['b'], { trusted: false }),
    ]);
  });

  it('may refer to their own table, to another schema, and have no name of their own', async () => {
    const { tables } = await readLoaded(`
      CREATE SCHEMA s
      GO
      CREATE TABLE s.P (b int NOT NULL PRIMARY KEY, up int NULL REFERENCES s.P)
      CREATE TABLE C (b int NULL REFERENCES s.P (b))`);
    const [c, p] = tables.map(t => t.foreignKeys[0]);
    expect(c).toEqual(
      foreignKey(c?.name ?? '', ['b'], { systemNamed: true, referencedTable: { schema: 's', name: 'P' } }),
    );
    expect(p).toEqual(
      foreignKey(p?.name ?? '', ['up'], {
        systemNamed: true,
        referencedTable: { schema: 's', name: 'P' },
        referencedColumns: ['b'],
      }),
    );
    expect(c?.name).toMatch(/^FK__C__b__[0-9A-F]{8}$/);
  });
});

describe('checks', () => {
  it('are kept as the server writes them, with their states', async () => {
    const { tables } = await readLoaded(`
      CREATE TABLE T (a int NULL CONSTRAINT CK_1 CHECK (a > 0 AND a <> 13), b varchar(5) NULL, CONSTRAINT CK_2 CHECK NOT FOR REPLICATION (a < LEN(b)))
      ALTER TABLE T WITH NOCHECK ADD CONSTRAINT CK_3 CHECK (b IN ('x', 'y'))
      ALTER TABLE T ADD CONSTRAINT CK_4 CHECK (b LIKE 'a%' OR b IS NULL)
      ALTER TABLE T NOCHECK CONSTRAINT CK_4`);
    expect(tables[0]?.checks).toEqual([
      check('CK_1', '([a]>(0) AND [a]<>(13))'),
      check('CK_2', '([a]<len([b]))', { notForReplication: true, trusted: false }),
      check('CK_3', "([b]='y' OR [b]='x')", { trusted: false }),
      check('CK_4', "([b] like 'a%' OR [b] IS NULL)", { disabled: true, trusted: false }),
    ]);
  });

  it('without a name get one from their column', async () => {
    const { tables } = await readLoaded('CREATE TABLE T (a int NULL CHECK (a > 0), CHECK (a < 9))');
    expect(tables[0]?.checks.map(c => [c.systemNamed, c.expression])).toEqual([
      [true, '([a]>(0))'],
      [true, '([a]<(9))'],
    ]);
    for (const c of tables[0]?.checks ?? []) expect(c.name).toMatch(/^CK__T__(a__)?[0-9A-F]{8}$/);
  });
});
