/** What an import reads: scripts, standard input or the folder of an archive. */

import { readFile, stat } from 'node:fs/promises';
import type { Archive } from '../archive/archive-reader.ts';
import type { TableMarker } from '../archive/marker.ts';
import type { ScriptInput } from '../archive/script-input.ts';
import type { ConnectionOptions } from '../connection/connection-options.ts';
import type { EntryList, ListEntry } from '../importer/entry-list.ts';
import type { ImportData } from '../importer/import-options.ts';
import { ExitCode, XpdbError } from '../model/error.ts';

export interface ImportSource {
  readonly inputs: readonly ScriptInput[];
  /** null for scripts. */
  readonly archive: { readonly archive: Archive; readonly rowsBefore: number } | null;
}

/** @throws XpdbError (usage) for files that are not there, and for an archive among other inputs */
export async function openImportSource(names: readonly string[], encoding: string | undefined): Promise<ImportSource> {
  const [only] = names;
  if (only !== undefined && only !== '-' && (await isFolder(only))) {
    if (names.length > 1) {
      throw new XpdbError('an archive is imported alone', {
        hint: 'give one folder with -i',
        exitCode: ExitCode.usage,
      });
    }
    const { openArchive } = await import('../archive/archive-reader.ts');
    const { archiveInputs } = await import('../importer/archive/archive-inputs.ts');
    const archive = await openArchive(only);
    const { inputs, rowsBefore } = archiveInputs(archive);
    return { inputs, archive: { archive, rowsBefore } };
  }
  const { openScriptFile, openScriptStream } = await import('../archive/script-input.ts');
  const inputs: ScriptInput[] = [];
  for (const name of names) {
    if (name !== '-') inputs.push(await openScriptFile(name, encoding));
    else if (process.stdin.isTTY) {
      throw new XpdbError('no script named', { hint: 'use -i FILE, or pipe one in', exitCode: ExitCode.usage });
    } else inputs.push(openScriptStream(process.stdin, 'standard input', encoding));
  }
  return { inputs, archive: null };
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    s => s.isDirectory(),
    () => false,
  );
}

/** Entries of the list that `--list` prints. @throws XpdbError (usage) for scripts that mark none */
export async function listSource({ inputs, archive }: ImportSource): Promise<readonly ListEntry[]> {
  const { listArchive, listScripts } = await import('../importer/entry-list.ts');
  if (archive !== null) return listArchive(archive.archive.manifest, inputs, archive.rowsBefore);
  const entries = await listScripts(inputs);
  if (entries.length > 0) return entries;
  throw new XpdbError('the script has no entries to list', {
    hint: 'only scripts of xpdb mark them',
    exitCode: ExitCode.usage,
  });
}

/** @throws XpdbError (usage) when the file can't be read or has a line that is no entry */
export async function readEntryList(path: string): Promise<EntryList> {
  const { parseList } = await import('../importer/entry-list.ts');
  const text = await readFile(path, 'utf8').catch(cause => {
    throw new XpdbError(`can't read the list ${path}`, { cause, exitCode: ExitCode.usage });
  });
  return parseList(text.replace(/^\ufeff/, ''), path);
}

export interface ArchiveLoadOptions {
  readonly connection: ConnectionOptions;
  readonly jobs: number;
  readonly bulk: boolean;
  readonly strict: boolean;
  readonly tables: readonly string[];
  readonly entries: EntryList | null;
  readonly signal: AbortSignal;
  readonly onRows: (rows: number, object: string) => void;
  readonly onNote: (text: string) => void;
}

/** The rows of an archive, loaded by workers with a connection each. */
export async function archiveData(
  source: NonNullable<ImportSource['archive']>,
  options: ArchiveLoadOptions,
): Promise<ImportData> {
  const { hasTextVectors, identityOf } = await import('../archive/manifest.ts');
  const { manifest, folder } = source.archive;
  const tables = manifest.tables.map(({ schema, name, columns, rows, rowsum }): TableMarker => {
    const asText = hasTextVectors(manifest, { schema, name }) ? { vectors: 'text' as const } : {};
    return { kind: 'table', schema, name, columns, rows, rowsum, ...asText };
  });
  return {
    before: source.rowsBefore,
    identity: identityOf(manifest),
    tables,
    sums: manifest.data.format === 'native' ? 'wire' : 'text',
    async load({ database, done, isLeftOut, onLoaded }) {
      const { defaultRetries } = await import('../connection/repeat-work.ts');
      const { openLoaders } = await import('../importer/archive/chunk-loader.ts');
      const { loadChunks } = await import('../importer/archive/load-chunks.ts');
      await loadChunks({
        folder,
        manifest,
        database,
        bulk: options.bulk,
        strict: options.strict,
        tables: options.tables,
        listed: options.entries?.tables ?? null,
        isLeftOut,
        onLoaded,
        done,
        loaders: openLoaders(options.jobs, { connection: options.connection, retries: defaultRetries }),
        signal: options.signal,
        onRows: options.onRows,
        onNote: options.onNote,
      });
    },
  };
}
