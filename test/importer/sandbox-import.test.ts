import { describe, expect, it } from 'vitest';
import { corporaAvailable, readCorpus } from '../support/corpora.ts';
import { openSandbox, type Sandbox, sessionOn, withSandbox } from '../support/sandbox.ts';
import { importOn, stream } from './import-on.ts';
import { openScriptStream } from '../../src/importer/script-input.ts';
import { gzipSync, zstdCompressSync } from 'node:zlib';

const open = (sandbox: Sandbox) => (database: string | null) => sessionOn(sandbox, database ?? undefined);

async function ask(sandbox: Sandbox, sql: string, database?: string): Promise<readonly (readonly unknown[])[]> {
  const session = await sessionOn(sandbox, database);
  try {
    return (await session.query(sql)).rows;
  } finally {
    await session.close();
  }
}

/** Northwind as the wizard writes it: UTF-16, its database made first, with the source's paths. */
function wizardScript(): Buffer {
  const head = `USE [master]
GO
/****** Object:  Database [Northwind]    Script Date: 1/2/2026 3:04:05 PM ******/
CREATE DATABASE [Northwind]
 CONTAINMENT = NONE
 ON  PRIMARY 
( NAME = N'Northwind', FILENAME = N'C:\\Program Files\\Microsoft SQL Server\\MSSQL15.SQLEXPRESS\\MSSQL\\DATA\\northwnd.mdf' , SIZE = 8192KB , MAXSIZE = UNLIMITED, FILEGROWTH = 65536KB )
 LOG ON 
( NAME = N'Northwind_log', FILENAME = N'C:\\Program Files\\Microsoft SQL Server\\MSSQL15.SQLEXPRESS\\MSSQL\\DATA\\northwnd.ldf' , SIZE = 8192KB , MAXSIZE = 2048GB , FILEGROWTH = 65536KB )
GO
ALTER DATABASE [Northwind] SET COMPATIBILITY_LEVEL = 110
GO
ALTER DATABASE [Northwind] SET RECOVERY SIMPLE 
GO
USE [Northwind]
GO
`;
  const tail = '\nGO\nUSE [master]\nGO\nALTER DATABASE [Northwind] SET  READ_WRITE \nGO\n';
  return Buffer.from(`\ufeff${head}${readCorpus('northwind')}${tail}`.replace(/\r?\n/g, '\r\n'), 'utf16le');
}

describe('on the sandbox', () => {
  it.skipIf(!corporaAvailable)('a script of the wizard is imported with its files elsewhere (sample databases)', async () => {
    await withSandbox({ version: 110, volumes: ['E:\\Data', 'L:\\Log'] }, async sandbox => {
      const input = openScriptStream(stream(gzipSync(wizardScript())), 'wizard.sql.gz', undefined);
      const { result } = await importOn(open(sandbox), input, {
        create: true,
        database: 'NW2',
        dataPath: 'E:\\Data',
        logPath: 'L:\\Log',
      });
      expect(result.failures).toEqual([]);
      expect(await ask(sandbox, 'SELECT name, physical_name FROM sys.database_files ORDER BY file_id', 'NW2')).toEqual([
        ['NW2', 'E:\\Data\\northwnd.mdf'],
        ['NW2_log', 'L:\\Log\\northwnd.ldf'],
      ]);
      expect(await ask(sandbox, 'SELECT COUNT(*) FROM [Order Details]', 'NW2')).toEqual([[2155]]);
      expect(await ask(sandbox, "SELECT COUNT(*) FROM sys.objects WHERE name LIKE 'xpdb%'", 'NW2')).toEqual([[0]]);
    });
  }, 240_000);
});
