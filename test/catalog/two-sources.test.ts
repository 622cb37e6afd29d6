import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Database } from '../../src/model/database.ts';
import { readScriptText } from '../../src/tsql/read-script.ts';
import { compareSchemas } from '../../src/verify/schema-differences.ts';
import { corporaAvailable, readCorpus } from '../support/corpora.ts';
import { readLoaded } from '../support/loaded.ts';

/** What differs between the model of a script and that of a sandbox on which it ran. */
async function differences(script: string, read: Database): Promise<readonly string[]> {
  const parsed = await readScriptText(script);
  return compareSchemas(parsed, read, {
    partialOptions: true,
    databaseProperties: parsed.properties.name !== '',
  }).differences.map(d => `${d.difference} ${d.kind} ${d.object} ${d.path ?? ''}: ${d.from ?? ''} / ${d.to ?? ''}`);
}

/** Names with every character that T-SQL has a use for. */
const oddNames = `
CREATE SCHEMA [a.b]
GO
CREATE SCHEMA [x]]y]
GO
CREATE TYPE [a.b].[Ty pe] FROM nvarchar(20) NOT NULL
GO
CREATE TABLE [a.b].[T]]a"b'le 🎉] (
  [c'1] int NOT NULL IDENTITY(-5, -2), [c]]2] [a.b].[Ty pe], [日本] AS ([c'1] + 1) PERSISTED NOT NULL,
  [select] char(3) COLLATE Japanese_CI_AS NULL CONSTRAINT [D'F] DEFAULT 'a''b',
  CONSTRAINT [P]]K] PRIMARY KEY NONCLUSTERED ([c'1] DESC),
  CONSTRAINT [ck'] CHECK ([select] <> 'x''y' AND len([c]]2]) > (2)))
GO
CREATE CLUSTERED INDEX [i]]x] ON [a.b].[T]]a"b'le 🎉] ([select]) WITH (FILLFACTOR = 70, PAD_INDEX = ON)
GO
CREATE TABLE [x]]y].[F K] (
  id int NOT NULL CONSTRAINT [f'k] FOREIGN KEY REFERENCES [a.b].[T]]a"b'le 🎉] ([c'1]) ON DELETE CASCADE)
GO
CREATE VIEW [x]]y].[v'w] AS SELECT 'it''s' AS [a]]b] -- tail
GO
CREATE TRIGGER [x]]y].[tr'] ON [x]]y].[F K] INSTEAD OF DELETE AS RETURN
GO
CREATE SYNONYM [a.b].[s'n] FOR [other]. [x]]y].[v'w]
GO
CREATE SEQUENCE [a.b].[s q] AS decimal(20, 0) START WITH 10 INCREMENT BY -3 MAXVALUE 10 MINVALUE -100 CYCLE NO CACHE
GO
CREATE PROCEDURE [a.b].[p';1] @a [a.b].[Ty pe] = N'd', @b decimal(9, 2) OUTPUT AS SET @b = 1
GO
CREATE USER [u'] WITHOUT LOGIN WITH DEFAULT_SCHEMA = [a.b]
CREATE ROLE [r]]o] AUTHORIZATION [u']
GRANT SELECT ([c'1]), UPDATE ON [a.b].[T]]a"b'le 🎉] TO [r]]o] WITH GRANT OPTION
DENY EXECUTE ON SCHEMA::[x]]y] TO [u']
EXEC sp_addextendedproperty N'pr''op', N'va''lue 🎉', 'SCHEMA', 'a.b', 'TABLE', N'T]a"b''le 🎉', 'COLUMN', N'c''1'
`;

describe('a script and the database that it makes are one model', () => {
  it('of the telephony database', async () => {
    const script = readFileSync(new URL('../../examples/telephony.sql', import.meta.url), 'utf8');
    const volumes = ['C:\\', 'D:\\', 'F:\\', 'L:\\'];
    const found = await differences(script, await readLoaded(script, { database: 'Telephony', volumes }));
    expect(found).toEqual([]);
  }, 120_000);

  it.skipIf(!corporaAvailable).each(['northwind', 'pubs', 'chinook'] as const)(
    'of %s (sample databases)',
    async name => {
      const script = readCorpus(name);
      const version = name === 'pubs' ? 105 : 160;
      const made = /^\s*CREATE DATABASE \[?(\w+)/im.exec(script)?.[1];
      const read = await readLoaded(script, { version, ...(made === undefined ? {} : { database: made }) });
      expect(await differences(script, read)).toEqual([]);
    },
    120_000,
  );

  it.each(['SQL_Latin1_General_CP1_CI_AS', 'Latin1_General_BIN2', 'Turkish_CI_AS', 'Japanese_XJIS_140_CS_AS_KS_WS'])(
    'with odd names under %s',
    async collation => {
      expect(await differences(oddNames, await readLoaded(oddNames, { collation }))).toEqual([]);
    },
  );
});
