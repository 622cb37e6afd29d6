/** What a server says of itself, once after log-in. */

import { type Edition, engineEditions, type TargetVersion, versionOfProduct } from '../compat/version.ts';
import { XpdbError } from '../model/error.ts';
import type { CellValue } from './cell-value.ts';
import type { Session } from './session.ts';

export interface ServerProperties {
  /** `10.50.6000.34`. */
  readonly productVersion: string;
  readonly major: number;
  readonly minor: number;
  readonly build: number;
  /** The version that xpdb takes it for; undefined when it is newer or older than all known ones. */
  readonly version: TargetVersion | undefined;
  /** SERVERPROPERTY('EngineEdition'): 2 Standard, 3 Enterprise, 4 Express, 5 Azure SQL Database, 8 Managed Instance … */
  readonly engineEdition: number;
  /** `Express Edition (64-bit)`. */
  readonly editionText: string;
  readonly edition: Edition | undefined;
  readonly serverName: string;
  readonly collation: string;
  /** Directory with its separator at the end; null where the server has none (Azure SQL Database) or does not tell. */
  readonly defaultDataPath: string | null;
  readonly defaultLogPath: string | null;
  /** 0 off, 1 T-SQL only, 2 and 3 with file access. */
  readonly filestreamLevel: number;
  readonly isClustered: boolean;
  readonly platform: 'windows' | 'linux';
  readonly pathSeparator: '\\' | '/';
}

const properties = [
  "CONVERT(nvarchar(128), SERVERPROPERTY('ProductVersion')) AS [ProductVersion]",
  "CONVERT(int, SERVERPROPERTY('EngineEdition')) AS [EngineEdition]",
  "CONVERT(nvarchar(128), SERVERPROPERTY('Edition')) AS [Edition]",
  "CONVERT(nvarchar(128), SERVERPROPERTY('ServerName')) AS [ServerName]",
  "CONVERT(nvarchar(128), SERVERPROPERTY('Collation')) AS [Collation]",
  "CONVERT(nvarchar(512), SERVERPROPERTY('InstanceDefaultDataPath')) AS [InstanceDefaultDataPath]",
  "CONVERT(nvarchar(512), SERVERPROPERTY('InstanceDefaultLogPath')) AS [InstanceDefaultLogPath]",
  "CONVERT(int, SERVERPROPERTY('FilestreamEffectiveLevel')) AS [FilestreamEffectiveLevel]",
  "CONVERT(int, SERVERPROPERTY('IsClustered')) AS [IsClustered]",
];

/** InstanceDefaultDataPath is known from 2012 on; before, the files of master say where databases live. */
const masterFiles = 'SELECT [type], [physical_name] FROM [master].[sys].[database_files] ORDER BY [file_id]';

const azureSqlDatabase = 5;

/**
 * @throws SqlServerError when the server refuses; XpdbError when it does not even tell its version
 */
export async function readServerProperties(session: Session): Promise<ServerProperties> {
  const { rows } = await session.query(`SELECT ${properties.join(', ')}`);
  const row = rows[0] ?? [];
  const productVersion = text(row[0]) ?? '';
  const numbers = /^(\d+)\.(\d+)(?:\.(\d+))?/.exec(productVersion);
  if (!numbers)
    throw new XpdbError(`${session.server} does not tell its version`, { hint: 'check that it is a SQL Server' });
  const [major, minor, build] = [Number(numbers[1]), Number(numbers[2]), Number(numbers[3] ?? 0)];
  const engineEdition = Number(row[1] ?? 0);
  const editionText = text(row[2]) ?? '';
  let dataPath = text(row[5]);
  let logPath = text(row[6]);
  if ((dataPath === null || logPath === null) && engineEdition !== azureSqlDatabase) {
    const files = await session.query(masterFiles);
    const directory = (type: number): string | null => directoryOf(text(files.rows.find(f => f[0] === type)?.[1]));
    dataPath ??= directory(0);
    logPath ??= directory(1);
  }
  const platform = (dataPath ?? '').startsWith('/') ? 'linux' : 'windows';
  const pathSeparator = platform === 'linux' ? '/' : '\\';
  return {
    productVersion,
    major,
    minor,
    build,
    version: engineEdition === azureSqlDatabase || engineEdition === 8 ? 'azure' : versionOfProduct(major, minor),
    engineEdition,
    editionText,
    edition: editionOf(editionText),
    serverName: text(row[3]) ?? session.server,
    collation: text(row[4]) ?? '',
    defaultDataPath: withSeparator(dataPath, pathSeparator),
    defaultLogPath: withSeparator(logPath, pathSeparator),
    filestreamLevel: Number(row[7] ?? 0),
    isClustered: row[8] === 1,
    platform,
    pathSeparator,
  };
}

function text(value: CellValue | undefined): string | null {
  return typeof value === 'string' ? value : null;
}

function directoryOf(path: string | null): string | null {
  const cut = path === null ? -1 : Math.max(path.lastIndexOf('\\'), path.lastIndexOf('/'));
  return cut < 0 ? null : path!.slice(0, cut + 1);
}

function withSeparator(path: string | null, separator: string): string | null {
  return path === null || path === '' || /[\\/]$/.test(path) ? path || null : path + separator;
}

/** Evaluation has all of Enterprise; Workgroup and Business Intelligence lack what Standard lacks. */
function editionOf(text: string): Edition | undefined {
  const words = text.toLowerCase();
  const direct = engineEditions.find(edition => words.startsWith(edition));
  if (direct) return direct;
  if (/evaluation|datacenter/.test(words)) return 'enterprise';
  if (/workgroup|business intelligence/.test(words)) return 'standard';
  return /express/.test(words) ? 'express' : undefined;
}
