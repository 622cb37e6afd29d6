/** What the pretended server is: version, edition, platform, paths. */
import type { Edition, VersionNumber } from '../../compat/version.ts';

export type Platform = 'windows' | 'linux';

export interface ServerOptions {
  readonly version: VersionNumber;
  readonly edition: Edition;
  /** Azure SQL Database rather than the boxed product. */
  readonly azure: boolean;
  readonly collation: string;
  readonly platform: Platform;
  /** Directories (or drives) that exist. A file may be created in them and below. */
  readonly volumes: readonly string[];
  readonly filestream: boolean;
  readonly serverName: string;
  readonly now: () => Date;
}

interface Release {
  readonly product: string;
  readonly level: string;
  readonly year: string;
  /** Folder of the default instance. */
  readonly folder: string;
}

/** The latest service pack or update of each version that the sandbox poses as. */
const releases: Readonly<Record<VersionNumber, Release>> = {
  100: { product: '10.0.6000.29', level: 'SP4', year: '2008', folder: 'MSSQL10' },
  105: { product: '10.50.6000.34', level: 'SP3', year: '2008 R2', folder: 'MSSQL10_50' },
  110: { product: '11.0.7001.0', level: 'SP4', year: '2012', folder: 'MSSQL11' },
  120: { product: '12.0.6024.0', level: 'SP3', year: '2014', folder: 'MSSQL12' },
  130: { product: '13.0.6300.2', level: 'SP3', year: '2016', folder: 'MSSQL13' },
  140: { product: '14.0.3456.2', level: 'RTM', year: '2017', folder: 'MSSQL14' },
  150: { product: '15.0.4355.3', level: 'RTM', year: '2019', folder: 'MSSQL15' },
  160: { product: '16.0.4236.2', level: 'RTM', year: '2022', folder: 'MSSQL16' },
  170: { product: '17.0.4065.4', level: 'RTM', year: '2025', folder: 'MSSQL17' },
};

export const releaseOf = (options: ServerOptions): Release => releases[options.version];

export function editionName(options: ServerOptions): string {
  if (options.azure) return 'SQL Azure';
  switch (options.edition) {
    case 'express':
      return 'Express Edition (64-bit)';
    case 'web':
      return 'Web Edition (64-bit)';
    case 'standard':
      return 'Standard Edition (64-bit)';
    case 'enterprise':
      return 'Enterprise Edition (64-bit)';
    default:
      return options.version >= 170 ? 'Enterprise Developer Edition (64-bit)' : 'Developer Edition (64-bit)';
  }
}

/** SERVERPROPERTY('EngineEdition'). */
export function engineEdition(options: ServerOptions): number {
  if (options.azure) return 5;
  return options.edition === 'express' ? 4 : options.edition === 'standard' || options.edition === 'web' ? 2 : 3;
}

/** Editions below Enterprise lack compression, partitioning and the like before 2016 SP1 (version-gates, editions). */
export const hasEnterpriseFeatures = (options: ServerOptions): boolean =>
  options.version >= 130 || options.edition === 'enterprise' || options.edition === 'developer';

/** `@@VERSION`. */
export function versionText(options: ServerOptions): string {
  const release = releaseOf(options);
  const host =
    options.platform === 'linux'
      ? 'Linux (Ubuntu 22.04.5 LTS) <X64>'
      : 'Windows Server 2016 Standard 10.0 <X64> (Build 14393: )';
  if (options.azure)
    return 'Microsoft SQL Azure (RTM) - 12.0.2000.8 \n\tNov  1 2025 00:00:00 \n\tCopyright (C) 2025 Microsoft Corporation\n';
  return `Microsoft SQL Server ${release.year} (${release.level}) - ${release.product} (X64) \n\tSandbox of xpdb\n\t${editionName(options)} on ${host}\n`;
}

const separator = (options: ServerOptions): string => (options.platform === 'linux' ? '/' : '\\');
const withEnd = (directory: string, end: string): string => (directory.endsWith(end) ? directory : directory + end);

/** Default directory of data and log files, with its separator at the end: on the first volume unless that is a bare root. */
export function defaultDataPath(options: ServerOptions): string {
  const end = separator(options);
  const first = options.volumes[0];
  if (first !== undefined && !/^[A-Za-z]:[\\/]?$/.test(first) && first !== '/') return withEnd(first, end);
  if (options.platform === 'linux') return '/var/opt/mssql/data/';
  const drive = first?.slice(0, 2) ?? 'C:';
  return `${drive}\\Program Files\\Microsoft SQL Server\\${releaseOf(options).folder}.MSSQLSERVER\\MSSQL\\DATA\\`;
}

/** Whether the directory of a file exists on the pretended volumes. */
export function directoryExists(options: ServerOptions, file: string): boolean {
  const windows = options.platform === 'windows';
  const fold = (path: string): string => (windows ? path.replaceAll('/', '\\').toLowerCase() : path);
  const end = separator(options);
  const path = fold(file);
  if (windows ? !/^([a-z]:\\|\\\\)/.test(path) : !path.startsWith('/')) return false;
  const directories = [...options.volumes, defaultDataPath(options)];
  return directories.some(d => path.startsWith(fold(withEnd(d, end))));
}

/** Volumes when none are given: the system drive, or the product's directory on Linux. */
export const defaultVolumes = (platform: Platform): readonly string[] =>
  platform === 'linux' ? ['/var/opt/mssql'] : ['C:\\'];
