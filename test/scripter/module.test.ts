import type { Trigger } from '../../src/model/trigger.ts';
import { scriptDefaultObject } from '../../src/scripter/default-object.ts';
import { scriptFunction } from '../../src/scripter/function.ts';
import { scriptModule } from '../../src/scripter/module.ts';
import { scriptProcedure } from '../../src/scripter/procedure.ts';
import { scriptRule } from '../../src/scripter/rule.ts';
import { scriptTrigger } from '../../src/scripter/trigger.ts';
import { scriptView, scriptViewDisabledIndexes, scriptViewIndexes, scriptViewStub } from '../../src/scripter/view.ts';
import { index, int, module, procedure, text, view } from '../support/model.ts';
import { options, testScripts } from './script-cases.ts';

const body = "CREATE  PROC p /* as stored */\nAS SELECT 'GO'";

testScripts('scriptModule', [
  { name: 'keeps the stored text', batches: scriptModule(module('p', body), options), expected: [body] },
  {
    name: 'corrects the name that sp_rename left in the text',
    batches: scriptModule(module('q', body), options),
    expected: [body.replace(' p ', ' [dbo].[q] ')],
  },
  {
    name: 'names the schema where the text leaves it out',
    batches: scriptModule(module('p', body, { schema: 'x' }), options),
    expected: [body.replace(' p ', ' [x].[p] ')],
  },
  {
    name: 'runs under the stored settings',
    batches: scriptModule(module('p', body, { ansiNulls: false, quotedIdentifier: false }), options),
    expected: [
      'SET ANSI_NULLS OFF',
      'SET QUOTED_IDENTIFIER OFF',
      body,
      'SET ANSI_NULLS ON',
      'SET QUOTED_IDENTIFIER ON',
    ],
  },
  {
    name: 'has an owner',
    batches: scriptModule(module('p', body, { owner: 'ann' }), options),
    expected: [body, 'ALTER AUTHORIZATION ON OBJECT::[dbo].[p] TO [ann]'],
  },
  { name: 'has no text when encrypted', batches: scriptModule(module('p', null), options), expected: [] },
  {
    name: 'functions, rules and defaults are modules',
    batches: [
      ...scriptFunction(
        {
          ...module('f', 'CREATE FUNCTION dbo.f() RETURNS int AS BEGIN RETURN 1 END'),
          kind: 'scalar',
          schemaBound: false,
        },
        options,
      ),
      ...scriptRule(module('r', 'CREATE RULE dbo.r AS @v > 0'), options),
      ...scriptDefaultObject(module('d', 'CREATE DEFAULT dbo.d AS 0'), options),
    ],
    expected: [
      'CREATE FUNCTION dbo.f() RETURNS int AS BEGIN RETURN 1 END',
      'CREATE RULE dbo.r AS @v > 0',
      'CREATE DEFAULT dbo.d AS 0',
    ],
  },
]);

testScripts('scriptProcedure', [
  {
    name: 'numbered procedures and start-up',
    batches: scriptProcedure(
      procedure('p', 'CREATE PROC dbo.p AS SELECT 1', {
        quotedIdentifier: false,
        startup: true,
        numbered: [
          { number: 2, definition: 'CREATE PROC dbo.p;2 AS SELECT 2' },
          { number: 3, definition: null },
        ],
      }),
      options,
    ),
    expected: [
      'SET QUOTED_IDENTIFIER OFF',
      'CREATE PROC dbo.p AS SELECT 1',
      'SET QUOTED_IDENTIFIER ON',
      'SET QUOTED_IDENTIFIER OFF',
      'CREATE PROC dbo.p;2 AS SELECT 2',
      'SET QUOTED_IDENTIFIER ON',
      "EXEC sys.sp_procoption @ProcName = N'[dbo].[p]', @OptionName = N'startup', @OptionValue = N'on'",
    ],
  },
]);

const trigger: Trigger = {
  ...module('tr', 'CREATE TRIGGER dbo.tr ON dbo.t AFTER INSERT, UPDATE AS PRINT 1'),
  parent: { schema: 'dbo', name: 't' },
  disabled: false,
  insteadOf: false,
  notForReplication: false,
  events: ['INSERT', 'UPDATE'],
  first: [],
  last: [],
};

testScripts('scriptTrigger', [
  { name: 'plain', batches: scriptTrigger(trigger, options), expected: [trigger.definition!] },
  {
    name: 'first, last and disabled',
    batches: scriptTrigger({ ...trigger, first: ['INSERT'], last: ['UPDATE', 'DELETE'], disabled: true }, options),
    expected: [
      trigger.definition!,
      "EXEC sys.sp_settriggerorder @triggername = N'[dbo].[tr]', @order = N'First', @stmttype = N'INSERT'",
      "EXEC sys.sp_settriggerorder @triggername = N'[dbo].[tr]', @order = N'Last', @stmttype = N'UPDATE'",
      "EXEC sys.sp_settriggerorder @triggername = N'[dbo].[tr]', @order = N'Last', @stmttype = N'DELETE'",
      'DISABLE TRIGGER [tr] ON [dbo].[t]',
    ],
  },
  {
    name: 'nothing at all when encrypted',
    batches: scriptTrigger({ ...trigger, definition: null, disabled: true, first: ['INSERT'] }, options),
    expected: [],
  },
]);

const indexed = view('v', 'CREATE VIEW dbo.v AS SELECT 1 AS a', {
  indexes: [
    index('IX', ['a'], { disabled: true }),
    index('CX', ['a'], { unique: true, clustered: true, disabled: true }),
  ],
});
const phones = { schema: 'dbo', name: 'Phone' };
const phone = { ...phones, owner: null, baseType: text(32), nullable: true, boundDefault: null, boundRule: null };

testScripts('scriptView', [
  { name: 'as CREATE', batches: scriptView(indexed, options), expected: ['CREATE VIEW dbo.v AS SELECT 1 AS a'] },
  { name: 'as ALTER', batches: scriptView(indexed, options, 'ALTER'), expected: ['ALTER VIEW dbo.v AS SELECT 1 AS a'] },
  {
    name: 'as a stub of the same columns',
    batches:
      scriptViewStub(
        {
          ...indexed,
          outputColumns: [
            { name: 'a]', type: int },
            { name: 'b', type: phones },
          ],
        },
        [phone],
      ) ?? [],
    expected: ['CREATE VIEW [dbo].[v] AS SELECT CAST(NULL AS [int]) AS [a]]], CAST(NULL AS [varchar](32)) AS [b]'],
  },
  { name: 'no stub where the columns are unknown', batches: scriptViewStub(indexed, []) ?? [], expected: [] },
  {
    name: 'indexes: the clustered one is made first and disabled last',
    batches: [...scriptViewIndexes(indexed), ...scriptViewDisabledIndexes(indexed)],
    expected: [
      'CREATE UNIQUE CLUSTERED INDEX [CX] ON [dbo].[v] ([a])',
      'CREATE NONCLUSTERED INDEX [IX] ON [dbo].[v] ([a])',
      'ALTER INDEX [IX] ON [dbo].[v] DISABLE',
      'ALTER INDEX [CX] ON [dbo].[v] DISABLE',
    ],
  },
]);
