import { createArchiveFile } from '../archive/archive-writer.ts';
import type { ScriptFile, ScriptSection } from '../archive/manifest.ts';
import { createScriptWriter, type ScriptWriter } from '../archive/script-writer.ts';
import type { DirectoryOptions } from './directory-options.ts';
import { describeOptions } from './export-options.ts';
import type { Source } from './read-source.ts';
import { headerOf } from './script-header.ts';
import { writeDatabaseSection, writeSection, writeSettings } from './script-sections.ts';

/** Writes one script of an archive, with a header of its own, so that any runner can take it. */
async function writeArchiveScript(
  folder: string,
  source: Source,
  options: DirectoryOptions,
  section: ScriptSection,
  write: (writer: ScriptWriter) => Promise<void>,
): Promise<ScriptFile> {
  const file = await createArchiveFile(folder, `${section}.sql`, { kind: 'none', level: null });
  try {
    const writer = createScriptWriter(file.output, options);
    await writer.marker(headerOf(source, describeOptions(options)));
    await writeDatabaseSection(writer, source, section === 'database');
    if (section !== 'database') await writeSettings(writer);
    await write(writer);
    await writer.flush();
    return { section, ...(await file.finish()) };
  } catch (error) {
    await file.abandon();
    throw error;
  }
}

/** The scripts that depend on the schema alone. */
export async function writeSchemaScripts(
  folder: string,
  source: Source,
  options: DirectoryOptions,
): Promise<readonly ScriptFile[]> {
  const scripts: ScriptFile[] = [];
  const add = async (section: 'database' | 'pre-data' | 'post-data' | 'state') => {
    scripts.push(
      await writeArchiveScript(folder, source, options, section, async writer => {
        if (section !== 'database') await writeSection(writer, source, section);
      }),
    );
  };
  if (options.sections.has('pre-data')) {
    await add('database');
    await add('pre-data');
  }
  if (options.sections.has('post-data')) {
    await add('post-data');
    if (source.script.entries.some(e => e.section === 'state')) await add('state');
  }
  return scripts;
}

/** Batches between GO lines as one of the scripts around the data; null where there are none. */
export async function writeBatches(
  folder: string,
  source: Source,
  options: DirectoryOptions,
  section: 'before-data' | 'after-data',
  objects: readonly { readonly type: string; readonly name: string; readonly batches: readonly string[] }[],
): Promise<ScriptFile | null> {
  if (objects.every(o => o.batches.length === 0)) return null;
  return writeArchiveScript(folder, source, options, section, async writer => {
    await writer.marker({ kind: 'section', name: 'data' });
    for (const { type, name, batches } of objects) {
      if (batches.length === 0) continue;
      await writer.marker({ kind: 'object', type, name });
      for (const batch of batches) await writer.batch(batch);
    }
  });
}
