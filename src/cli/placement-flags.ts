/** Where the files of a database go on the target: flags that an import and a copy share. */

import type { Command } from 'commander';
import type { ImportOptions } from '../importer/import-options.ts';
import { option, parsePairs, repeatedOption } from './option.ts';

export interface PlacementFlags {
  dataPath?: string;
  logPath?: string;
  filestreamPath?: string;
  mapFile: string[];
}

export type PlacementOptions = Pick<ImportOptions, 'dataPath' | 'logPath' | 'filestreamPath' | 'mapFiles'>;

export function addPlacementFlags(command: Command): Command {
  return command
    .addOption(option('--data-path <directory>', 'for data files (default: the server’s own)'))
    .addOption(option('--log-path <directory>', 'for log files'))
    .addOption(option('--filestream-path <directory>', 'for FILESTREAM and memory-optimized containers'))
    .addOption(repeatedOption('--map-file <logical=path>', 'whole path of one file'));
}

/** @throws XpdbError (usage) for a --map-file without `=` */
export function placementOptions(flags: PlacementFlags): PlacementOptions {
  return {
    dataPath: flags.dataPath ?? null,
    logPath: flags.logPath ?? null,
    filestreamPath: flags.filestreamPath ?? null,
    mapFiles: parsePairs(flags.mapFile, '--map-file', 'logical=path'),
  };
}
