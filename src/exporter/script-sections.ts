import type { ScriptWriter } from '../archive/script-writer.ts';
import type { Database } from '../model/database.ts';
import type { ScriptEntry } from '../scripter/script-database.ts';
import { quoteName } from '../tsql/quote.ts';
import type { Source } from './read-source.ts';

/** Settings that objects and rows rest on, whatever runs the script (indexes on computed columns ask for all seven). */
const settings = [
  'SET ANSI_NULLS ON',
  'SET ANSI_PADDING ON',
  'SET ANSI_WARNINGS ON',
  'SET ARITHABORT ON',
  'SET CONCAT_NULL_YIELDS_NULL ON',
  'SET QUOTED_IDENTIFIER ON',
  'SET NUMERIC_ROUNDABORT OFF',
  'SET NOCOUNT ON',
];

/** The settings as one batch. */
export function settingsText(newline: string): string {
  return settings.map(s => `${s};`).join(newline);
}

/** CREATE DATABASE and its options where `create` is set, and USE. Azure SQL Database has neither USE nor files of its own. */
export async function writeDatabaseSection(writer: ScriptWriter, source: Source, create: boolean): Promise<void> {
  await writer.marker({ kind: 'section', name: 'database' });
  if (source.target === 'azure') return;
  if (create) await writeEntries(writer, source.script.entries, 'database');
  await writer.batch(`USE ${quoteName(source.database.properties.name)}`);
}

export async function writeSettings(writer: ScriptWriter): Promise<void> {
  await writer.marker({ kind: 'section', name: 'settings' });
  await writer.batch(settingsText(writer.options.newline));
}

/** A section's marker and its objects, each under its own marker. */
export async function writeSection(
  writer: ScriptWriter,
  source: Source,
  name: 'pre-data' | 'post-data' | 'state',
): Promise<void> {
  const any = source.script.entries.some(e => e.section === name);
  if (name === 'state' && !any) return;
  await writer.marker({ kind: 'section', name });
  // Nobody may be in a database that becomes read-only or single-user, its own script included.
  if (name === 'state' && source.target !== 'azure') await writer.batch(`USE ${quoteName('master')}`);
  await writeEntries(writer, source.script.entries, name);
}

async function writeEntries(
  writer: ScriptWriter,
  entries: readonly ScriptEntry[],
  section: ScriptEntry['section'],
): Promise<void> {
  for (const entry of entries) {
    if (entry.section !== section) continue;
    await writer.marker({ kind: 'object', type: entry.kind, name: entry.object });
    for (const batch of entry.batches) await writer.batch(batch);
  }
}

/** Whether sqlcmd would take something in the texts for a variable of its own. */
export function holdsRunnerVariables(database: Database): boolean {
  const modules = [database.views, database.functions, database.procedures, database.triggers].flat();
  return modules.some(m => m.definition?.includes('$('));
}

/** Objects that the script makes: an object with parts in several sections counts once. */
export function countObjects(entries: readonly ScriptEntry[], sections: ReadonlySet<string>): number {
  const kinds = new Set(['index', 'disabled index', 'foreign key', 'check constraint', 'permission']);
  const counted = entries.filter(e => sections.has(e.section) && !kinds.has(e.kind));
  return new Set(counted.map(e => `${e.kind} ${e.object}`)).size;
}
