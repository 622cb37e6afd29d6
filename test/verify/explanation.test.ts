import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Finding } from '../../src/compat/finding.ts';
import { explanation } from '../../src/verify/explanation.ts';
import type { SchemaDifference } from '../../src/verify/schema-differences.ts';
import type { SideSource } from '../../src/verify/side.ts';
import { verifyDatabases } from '../../src/verify/verify-databases.ts';
import type { VerifyOptions, VerifyResult } from '../../src/verify/verify-options.ts';
import { connectionTo, loadScript, openSandbox, type Sandbox } from '../support/sandbox.ts';
import { everything } from '../support/verify-options.ts';

/** Of 2022, and an Express of 2014: data compression, partitioning and UTF-8 are nothing for it. */
let source: Sandbox;
let target: Sandbox;

beforeAll(async () => {
  source = await openSandbox({ version: 160 });
  target = await openSandbox({ version: 120, edition: 'express' });
}, 120_000);
afterAll(async () => {
  await source?.close();
  await target?.close();
});

const live = (sandbox: Sandbox, database: string): SideSource => ({
  kind: 'server',
  connection: { ...connectionTo(sandbox, database), encrypt: 'mandatory' },
});

let databases = 0;

/** Two databases made by scripts, compared. `create` follows CREATE DATABASE. */
async function compare(from: string, to: string, more: Partial<VerifyOptions>, create = ['', '']) {
  const name = `D${++databases}`;
  const script = (text: string, i: number) => `CREATE DATABASE ${name} ${create[i]}\nGO\nUSE ${name}\nGO\n${text}\nGO`;
  await loadScript(source, script(from, 0));
  await loadScript(target, script(to, 1));
  return verifyDatabases(live(source, name), live(target, name), { ...everything, ...more });
}

const unexplained = (result: VerifyResult) =>
  result.schema?.differences.filter(d => d.explained === null).map(d => [d.object, d.path]);

const partitioned = `
CREATE PARTITION FUNCTION pf (int) AS RANGE LEFT FOR VALUES (10)
GO
CREATE PARTITION SCHEME ps AS PARTITION pf ALL TO ([PRIMARY])
GO
CREATE TABLE dbo.T (a int NOT NULL, cost int NOT NULL, CONSTRAINT CK CHECK (cost > 0)) ON ps (a)
GO
INSERT dbo.T VALUES (1, 100)`;

describe('a finding explains what its rule changes', () => {
  it('and no other rows of its table', async () => {
    const to = (cost: number) =>
      `CREATE TABLE dbo.T (a int NOT NULL, cost int NOT NULL, CONSTRAINT CK CHECK (cost > 0))\nGO\nINSERT dbo.T VALUES (1, ${cost})`;
    const same = await compare(partitioned, to(100), { databaseProperties: false });
    expect([same.equal, unexplained(same), same.findings.map(f => f.rule)]).toEqual([
      true,
      [],
      expect.arrayContaining(['partitioning']),
    ]);
    const other = await compare(partitioned, to(999), { databaseProperties: false });
    expect([other.equal, other.tables?.[0]?.state]).toEqual([false, 'different']);
  }, 120_000);

  it('and no other property of its table', async () => {
    const result = await compare(partitioned, 'CREATE TABLE dbo.T (a bigint NULL)', {
      data: false,
      databaseProperties: false,
    });
    expect([result.equal, unexplained(result)]).toEqual([
      false,
      [
        ['[dbo].[T]', 'columns.[a].type'],
        ['[dbo].[T]', 'columns.[a].nullable'],
        ['[dbo].[T]', 'columns.[cost]'],
        ['[dbo].[T]', 'checks.[CK]'],
      ],
    ]);
  }, 120_000);

  it('and no other property of the database', async () => {
    const table = 'CREATE TABLE dbo.T (a int)';
    const collations = ['COLLATE Latin1_General_CS_AS', 'COLLATE Latin1_General_CI_AI'];
    const result = await compare(table, table, { data: false }, collations);
    expect(result.findings.map(f => f.rule)).toContain('compatibility-level');
    expect([result.equal, unexplained(result)]).toEqual([
      false,
      expect.arrayContaining([
        ['DATABASE', 'collation'],
        ['DATABASE', 'options.RECOVERY'],
      ]),
    ]);
  }, 120_000);

  it.each([
    ['x', 1, 'equal'],
    ['?', 1, 'explained'],
    ['?', 2, 'different'],
    ['x', 2, 'different'],
  ] as const)(
    'and only the values of its column: %s and %i are %s',
    async (text, number, state) => {
      const from = `CREATE TABLE dbo.T (a int NOT NULL, t varchar(10) COLLATE Latin1_General_100_CI_AS_SC_UTF8)\nGO\nINSERT dbo.T VALUES (1, 'x')`;
      const to = `CREATE TABLE dbo.T (a int NOT NULL, t nvarchar(10) COLLATE Latin1_General_100_CI_AS_SC)\nGO\nINSERT dbo.T VALUES (${number}, '${text}')`;
      const result = await compare(from, to, { databaseProperties: false });
      expect([unexplained(result), result.tables?.[0]?.state]).toEqual([[], state]);
      if (state === 'explained') expect(result.tables?.[0]?.note).toMatch(/_UTF8 becomes .* \(collation\)/);
    },
    120_000,
  );
});

describe('explanation', () => {
  const finding = (rule: string, severity: Finding['severity'], object: string, message = ''): Finding => ({
    rule,
    severity,
    object,
    message,
  });
  const difference = (
    kind: string,
    object: string,
    what: SchemaDifference['difference'],
    path: string | null = null,
  ): SchemaDifference => ({ kind, object, difference: what, path, from: null, to: null });

  it.each<[string, SchemaDifference, Finding, boolean]>([
    [
      'what is not carried over',
      difference('security policy', '[dbo].[P]', 'missing'),
      finding('unsupported-object', 'blocker', '[dbo].[P]', 'security policy is not carried over'),
      true,
    ],
    [
      'a module that was left out and made by hand',
      difference('view', '[dbo].[V]', 'extra'),
      finding('tsql-version', 'blocker', '[dbo].[V]'),
      true,
    ],
    [
      'a constraint that was left out and made by hand',
      difference('table', '[dbo].[T]', 'extra', 'checks.[CK]'),
      finding('tsql-version', 'blocker', '[dbo].[T].[CK]'),
      true,
    ],
    [
      'the filegroup of a table that lost its partitions',
      difference('table', '[dbo].[T]', 'different', 'indexes.[IX].filegroup'),
      finding('partitioning', 'rewritten', '[dbo].[T]'),
      true,
    ],
    [
      'the partition scheme',
      difference('partition scheme', '[ps]', 'missing'),
      finding('partitioning', 'dropped', '[ps]'),
      true,
    ],
    [
      'a column that is no FILESTREAM any more',
      difference('table', '[dbo].[T]', 'different', 'columns.[C].filestream'),
      finding('filestream', 'rewritten', '[dbo].[T].[C]'),
      true,
    ],
    [
      'the type of that column',
      difference('table', '[dbo].[T]', 'different', 'columns.[C].type'),
      finding('filestream', 'rewritten', '[dbo].[T].[C]'),
      false,
    ],
    [
      'a column with lost characters that is missing',
      difference('table', '[dbo].[T]', 'missing', 'columns.[C]'),
      finding('characters-replaced', 'blocker', '[dbo].[T].[C]'),
      false,
    ],
    [
      'another column whose name has the same begin',
      difference('table', '[dbo].[T]', 'different', 'columns.[C2].filestream'),
      finding('filestream', 'rewritten', '[dbo].[T].[C]'),
      false,
    ],
    [
      'a schema with the name of a user who is left out',
      difference('schema', '[Ann]', 'extra'),
      finding('secret-principal', 'blocker', '[Ann]'),
      false,
    ],
    [
      'a permission on a table with less compression',
      difference('permission', '[dbo].[T]', 'missing'),
      finding('data-compression', 'dropped', '[dbo].[T]'),
      false,
    ],
    [
      'what is only good to know',
      difference('view', '[dbo].[V]', 'extra'),
      finding('external-reference', 'info', '[dbo].[V]'),
      false,
    ],
  ])('of %s', (_, what, by, explained) => {
    expect(explanation(what, [by])).toBe(explained ? by : null);
  });
});
