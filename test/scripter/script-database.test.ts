import { describe, expect, it } from 'vitest';
import type { Database } from '../../src/model/database.ts';
import { scriptDatabase } from '../../src/scripter/script-database.ts';
import {
  check,
  column,
  database,
  foreignKey,
  index,
  int,
  key,
  module,
  procedure,
  scalarFunction,
  sequence,
  table,
  trigger,
  view,
} from '../support/model.ts';
import { options } from './script-cases.ts';

const scripted = (model: Database, more = {}) => scriptDatabase(model, { ...options, ...more });
/** `pre-data table [dbo].[T]`, in order. */
const entries = (model: Database, more = {}) =>
  scripted(model, more).entries.map(e => `${e.section} ${e.kind} ${e.object}`);
const user = { name: 'ann', kind: 'withoutLogin', login: null, defaultSchema: null, sid: null } as const;

/** One of every kind. */
const everything = database({
  users: [user],
  roles: [{ name: 'staff', owner: 'dbo', application: false }],
  memberships: [{ role: 'staff', member: 'ann' }],
  schemas: [{ name: 'sales', owner: 'ann' }],
  partitionFunctions: [{ name: 'pf', type: int, collation: null, boundaryOnRight: true, boundaries: ['1'] }],
  partitionSchemes: [{ name: 'ps', partitionFunction: 'pf', filegroups: ['PRIMARY', 'PRIMARY'], nextUsed: null }],
  defaults: [module('d', 'CREATE DEFAULT dbo.d AS 0')],
  rules: [module('r', 'CREATE RULE dbo.r AS @v > 0')],
  xmlSchemaCollections: [{ schema: 'dbo', name: 'x', owner: null, definition: '<a/>' }],
  aliasTypes: [
    { schema: 'dbo', name: 'a', owner: null, baseType: int, nullable: true, boundDefault: null, boundRule: null },
  ],
  sequences: [sequence('s')],
  synonyms: [{ schema: 'dbo', name: 'syn', owner: null, baseObject: '[dbo].[T]' }],
  tableTypes: [{ schema: 'dbo', name: 'tt', owner: null, columns: [column('a')], keys: [], checks: [] }],
  tables: [
    table('T', undefined, {
      keys: [key('PK', ['Id'], { disabled: true })],
      indexes: [index('IX', ['Id'])],
      checks: [check('CK')],
      foreignKeys: [foreignKey('FK_T', 'T')],
    }),
  ],
  functions: [scalarFunction('f', 'CREATE FUNCTION dbo.f() RETURNS int AS BEGIN RETURN 1 END')],
  views: [
    view('v', 'CREATE VIEW dbo.v AS SELECT 1 AS a', {
      indexes: [index('CX', ['a'], { clustered: true, disabled: true })],
    }),
  ],
  procedures: [procedure('p', 'CREATE PROCEDURE dbo.p AS SELECT 1')],
  triggers: [trigger('tr', 'T', 'CREATE TRIGGER dbo.tr ON dbo.T FOR INSERT AS PRINT 1')],
  permissions: [
    {
      state: 'GRANT',
      permission: 'CONNECT',
      securable: { class: 'DATABASE', schema: null, name: null, columns: [] },
      grantee: 'ann',
      grantor: 'dbo',
    },
    {
      state: 'GRANT',
      permission: 'SELECT',
      securable: { class: 'OBJECT', schema: 'dbo', name: 'T', columns: [] },
      grantee: 'ann',
      grantor: 'dbo',
    },
  ],
  extendedProperties: [{ name: 'n', value: "N'v'", levels: [] }],
  properties: { ...database().properties, options: { READ_ONLY: '' } },
});

describe('scriptDatabase', () => {
  it('writes every kind in its place', () => {
    expect(entries(everything)).toEqual([
      'database database DATABASE',
      'pre-data user [ann]',
      'pre-data role ROLES',
      'pre-data schema [sales]',
      'pre-data role membership [staff]',
      'pre-data partition function [pf]',
      'pre-data partition scheme [ps]',
      'pre-data default [dbo].[d]',
      'pre-data rule [dbo].[r]',
      'pre-data xml schema collection [dbo].[x]',
      'pre-data type [dbo].[a]',
      'pre-data sequence [dbo].[s]',
      'pre-data synonym [dbo].[syn]',
      'pre-data table type [dbo].[tt]',
      'pre-data table [dbo].[T]',
      'pre-data function [dbo].[f]',
      'pre-data view [dbo].[v]',
      'pre-data procedure [dbo].[p]',
      'post-data index [dbo].[T]',
      'post-data index [dbo].[v]',
      'post-data check constraint [dbo].[T]',
      'post-data foreign key [dbo].[T]',
      'post-data trigger [dbo].[tr]',
      'post-data disabled index [dbo].[T]',
      'post-data disabled index [dbo].[v]',
      'post-data permission [dbo].[T]',
      'post-data extended property DATABASE',
      'state database DATABASE',
    ]);
  });

  it('leaves users, roles and permissions out without privileges, and nothing else', () => {
    const left = entries(everything).filter(e => !entries(everything, { privileges: false }).includes(e));
    expect(left).toEqual([
      'pre-data user [ann]',
      'pre-data role ROLES',
      'pre-data role membership [staff]',
      'post-data permission [dbo].[T]',
    ]);
  });

  it('has no entry without a statement', () => {
    expect(scripted(everything).entries.filter(e => e.batches.length === 0)).toEqual([]);
    expect(entries(database({ tables: [table('T')] }))).toEqual([
      'database database DATABASE',
      'pre-data table [dbo].[T]',
    ]);
  });

  it('names what the model cannot hold', () => {
    const { findings } = scripted(
      database({
        unsupported: [
          { kind: 'columnstore index', object: '[dbo].[T].[CCI]' },
          { kind: 'statistics', object: '[dbo].[T].[ST]', severity: 'dropped' },
        ],
      }),
    );
    expect(findings).toEqual([
      {
        rule: 'unsupported-object',
        severity: 'blocker',
        object: '[dbo].[T].[CCI]',
        message: 'columnstore index is not carried over',
      },
      {
        rule: 'unsupported-object',
        severity: 'dropped',
        object: '[dbo].[T].[ST]',
        message: 'statistics is not carried over',
      },
    ]);
  });
});

/** Names of the modules and tables in the order in which they are made. */
const order = (model: Database) =>
  scripted(model)
    .entries.filter(e => /^(table type|table|function|view|procedure)$/.test(e.kind))
    .map(e => e.object.replace('[dbo].', ''));

describe('the order of creation', () => {
  it('follows references of views, inline and schema-bound functions, and through synonyms', () => {
    const model = database({
      views: [
        view('a', 'CREATE VIEW dbo.a AS SELECT x FROM dbo.z'),
        view('z', 'CREATE VIEW dbo.z AS SELECT x FROM dbo.syn'),
      ],
      functions: [
        scalarFunction('y', 'CREATE FUNCTION dbo.y() RETURNS TABLE AS RETURN SELECT x FROM dbo.a', { kind: 'inline' }),
      ],
      tables: [table('t')],
      synonyms: [{ schema: 'dbo', name: 'syn', owner: null, baseObject: '[dbo].[t]' }],
    });
    expect(order(model)).toEqual(['[t]', '[z]', '[a]', '[y]']);
  });

  it('makes functions before the tables whose expressions call them', () => {
    const model = database({
      tables: [
        table('t', [column('a', int, { computed: { expression: '([dbo].[f]([b]))', persisted: false } })]),
        table('u', [column('a', int, { default: { name: 'DF', systemNamed: true, expression: '([dbo].[f]((1)))' } })]),
      ],
      functions: [
        scalarFunction('f', 'CREATE FUNCTION dbo.f(@a int) RETURNS int WITH SCHEMABINDING AS BEGIN RETURN @a END', {
          schemaBound: true,
        }),
      ],
    });
    expect(order(model)).toEqual(['[f]', '[t]', '[u]']);
  });

  it('breaks a cycle between a view and a function, whose body is resolved when it runs', () => {
    const model = database({
      views: [view('v', 'CREATE VIEW dbo.v AS SELECT dbo.f(1) AS a')],
      functions: [
        scalarFunction('f', 'CREATE FUNCTION dbo.f(@a int) RETURNS int AS BEGIN RETURN (SELECT a FROM dbo.v) END'),
      ],
    });
    expect(order(model)).toEqual(['[f]', '[v]']);
    expect(scripted(model).findings).toEqual([]);
  });

  it('breaks a cycle of views by a stub that becomes the view afterwards', () => {
    const outputColumns = [{ name: 'a', type: int }];
    const model = database({
      views: [
        view('v', 'CREATE VIEW dbo.v AS SELECT a FROM dbo.w', { outputColumns }),
        view('w', 'CREATE VIEW dbo.w AS SELECT a FROM dbo.v', { outputColumns }),
      ],
    });
    const texts = scripted(model).entries.flatMap(e => (e.kind === 'view' ? e.batches : []));
    expect(texts).toEqual([
      'CREATE VIEW [dbo].[v] AS SELECT CAST(NULL AS [int]) AS [a]',
      'CREATE VIEW dbo.w AS SELECT a FROM dbo.v',
      'ALTER VIEW dbo.v AS SELECT a FROM dbo.w',
    ]);
  });

  it('says which cycle nothing breaks', () => {
    const model = database({
      functions: [
        scalarFunction('f', 'CREATE FUNCTION dbo.f() RETURNS TABLE AS RETURN SELECT * FROM dbo.g()', {
          kind: 'inline',
        }),
        scalarFunction('g', 'CREATE FUNCTION dbo.g() RETURNS TABLE AS RETURN SELECT * FROM dbo.f()', {
          kind: 'inline',
        }),
      ],
    });
    const { findings } = scripted(model);
    expect(findings.map(f => [f.rule, f.severity, f.object])).toEqual([['unbreakable-cycle', 'blocker', '[dbo].[f]']]);
    expect(order(model)).toEqual(['[f]', '[g]']);
  });
});
