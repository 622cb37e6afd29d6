import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Session } from '../../src/connection/session.ts';
import { ConnectionLostError } from '../../src/connection/sql-error.ts';
import { createRowLoaders } from '../../src/importer/bulk/row-loaders.ts';
import { dropDatabase, openSandbox, type Sandbox, sessionOn } from '../support/sandbox.ts';
import { importOn } from './import-on.ts';

/** Everything that runs outside of a transaction and that the sandbox knows, among what runs inside of one. */
const script = `CREATE DATABASE [Lost] ON PRIMARY (NAME = N'Lost', FILENAME = N'D:\\Lost.mdf')
GO
ALTER DATABASE [Lost] SET COMPATIBILITY_LEVEL = 150
GO
IF (1 = FULLTEXTSERVICEPROPERTY('IsFullTextInstalled'))
begin
EXEC [Lost].[dbo].[sp_fulltext_database] @action = 'enable'
end
GO
EXEC sys.sp_db_vardecimal_storage_format N'Lost', N'ON'
GO
ALTER AUTHORIZATION ON DATABASE::[Lost] TO [sa]
GO
USE [Lost]
GO
ALTER DATABASE [Lost] ADD FILEGROUP [More]
GO
ALTER DATABASE [Lost] ADD FILE (NAME = N'more', FILENAME = N'D:\\more.ndf') TO FILEGROUP [More]
GO
CREATE TABLE [dbo].[A] ([Id] int NOT NULL) ON [More]
GO
INSERT [dbo].[A] ([Id]) VALUES (1), (2)
GO
ALTER DATABASE [Lost] MODIFY FILEGROUP [More] DEFAULT
GO
INSERT [dbo].[A] ([Id]) VALUES (3)
GO
ALTER DATABASE [Lost] SET READ_ONLY
GO
`;

let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await openSandbox({ version: 160, volumes: ['D:\\'] });
});
afterAll(() => sandbox?.close());

/** Opens sessions of which one is lost at a statement: counted over all of them, before it is sent or before its answer. */
function losing(at: number, ran: boolean) {
  let statements = 0;
  const open = async (database: string | null): Promise<Session> => {
    const session = await sessionOn(sandbox, database ?? undefined);
    const execute = session.execute.bind(session);
    session.execute = async (batch, options) => {
      if (statements++ !== at) return execute(batch, options);
      if (ran) await execute(batch, options);
      await session.close();
      throw new ConnectionLostError(session.server, 'by the test');
    };
    return session;
  };
  return { open, reached: () => statements > at };
}

async function contents(): Promise<unknown> {
  const session = await sessionOn(sandbox, 'Lost');
  try {
    const answers = [
      'SELECT [name], [is_default] FROM [sys].[filegroups] ORDER BY [name]',
      'SELECT [name] FROM [sys].[database_files] ORDER BY [name]',
      "SELECT [compatibility_level], [is_read_only] FROM [sys].[databases] WHERE [name] = N'Lost'",
      'SELECT [name] FROM [sys].[objects] WHERE [is_ms_shipped] = 0',
      'SELECT [Id] FROM [dbo].[A] ORDER BY [Id]',
    ];
    const found: unknown[] = [];
    for (const sql of answers) found.push((await session.query(sql)).rows);
    return found;
  } finally {
    await session.close();
  }
}

const drop = () => dropDatabase(sandbox, 'Lost');

describe('a connection that is lost', () => {
  it('at any statement, before it runs or before its answer, changes nothing', async () => {
    const options = { create: true, loaders: createRowLoaders };
    await importOn(losing(Number.POSITIVE_INFINITY, false).open, script, options);
    const undisturbed = await contents();
    let at = 0;
    for (let more = true; more; at++) {
      for (const ran of [false, true]) {
        for (const pausesMs of [[], [1, 1]]) {
          await drop();
          const { open, reached } = losing(at, ran);
          const place = { at, ran, again: pausesMs.length > 0 };
          const first = importOn(open, script, { ...options, retries: { pausesMs } });
          // With another try it comes to its end by itself.
          if (place.again) await first.catch(error => expect({ ...place, error }).toEqual(place));
          else await first.catch(() => importOn(losing(-1, false).open, script, { ...options, resume: true }));
          expect({ ...place, contents: await contents() }).toEqual({ ...place, contents: undisturbed });
          more = reached();
        }
      }
    }
    expect(at).toBeGreaterThan(30);
  }, 240_000);
});
