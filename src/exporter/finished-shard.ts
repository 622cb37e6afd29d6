import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { manifestFile, parseManifest } from '../archive/manifest.ts';
import { parseTargetVersion } from '../compat/version.ts';
import type { ServerProperties } from '../connection/server-properties.ts';
import { XpdbError } from '../model/error.ts';
import { shardFile } from './archive-journal.ts';
import type { DirectoryOptions } from './directory-options.ts';
import { describeOptions, type ExportResult } from './export-options.ts';

/**
 * What a shard that is finished already holds: it may be asked for again, for a scheduler restarts what it lost sight of.
 * @param database of the source
 * @returns null when the shard is not asked for again, or not finished
 * @throws XpdbError when what was finished is another export
 */
export async function readFinishedShard(
  folder: string,
  options: DirectoryOptions,
  server: ServerProperties,
  database: string,
): Promise<ExportResult | null> {
  if (options.shard === null || !options.resume) return null;
  const path = join(folder, shardFile(manifestFile, options.shard));
  const text = await readFile(path, 'utf8').catch(() => null);
  if (text === null) return null;
  const { source, target, data, options: described, tables, findings } = parseManifest(text, path);
  const version = parseTargetVersion(target);
  if (version === undefined) throw new XpdbError(`${path}: target ${target} is no version that this xpdb knows`);
  const pairs: readonly (readonly [what: string, there: unknown, asked: unknown])[] = [
    ['database', source.database, database],
    ['source version', source.version, server.productVersion],
    ['target', target, options.target ?? server.version],
    ['data format', data.format, options.dataFormat],
    ['compression', data.compression, options.compression.kind],
    ['options', JSON.stringify(described), JSON.stringify(describeOptions(options))],
  ];
  for (const [what, there, asked] of pairs) {
    if (there === asked) continue;
    throw new XpdbError(`${path} is of another export: ${what} ${there}, not ${asked}`, {
      hint: 'give a folder of its own to this export, or --overwrite',
    });
  }
  const rows = tables.reduce((sum, t) => sum + t.rows, 0);
  return { database: source.database, target: version, findings, objects: 0, tables: tables.length, rows };
}
