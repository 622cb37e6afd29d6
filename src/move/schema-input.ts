import { formatMarker, type Marker } from '../archive/marker.ts';
import type { ScriptInput } from '../archive/script-input.ts';
import type { Source } from '../exporter/read-source.ts';
import type { ScriptEntry } from '../scripter/script-database.ts';
import { quoteName } from '../tsql/quote.ts';

/** Settings that objects rest on, as an export writes them. */
const settings = [
  'SET ANSI_NULLS ON;',
  'SET ANSI_PADDING ON;',
  'SET ANSI_WARNINGS ON;',
  'SET ARITHABORT ON;',
  'SET CONCAT_NULL_YIELDS_NULL ON;',
  'SET QUOTED_IDENTIFIER ON;',
  'SET NUMERIC_ROUNDABORT OFF;',
  'SET NOCOUNT ON;',
].join('\n');

/**
 * Sections of a source's script as an input of an import, made while it is read.
 * @param last a batch behind all others
 */
export function schemaInput(
  source: Source,
  sections: readonly ScriptEntry['section'][],
  last: string | null = null,
): ScriptInput {
  const { server, database } = source;
  const name = `the ${sections.join(' and ')} of ${quoteName(source.name)}`;
  const marker = (m: Marker) => `${formatMarker(m)}\n`;
  const batch = (text: string) => `${text}\nGO\n`;
  async function* text(): AsyncGenerator<string> {
    yield marker({
      kind: 'header',
      format: 1,
      source: { version: server.productVersion, database: source.name, collation: database.properties.collation },
      target: source.target,
      options: {},
    });
    for (const section of sections) {
      yield marker({ kind: 'section', name: section });
      for (const entry of source.script.entries) {
        if (entry.section !== section) continue;
        yield marker({ kind: 'object', type: entry.kind, name: entry.object });
        for (const b of entry.batches) yield batch(b);
      }
      if (section !== 'database') continue;
      yield batch(`USE ${quoteName(database.properties.name)}`);
      yield marker({ kind: 'section', name: 'settings' });
      yield batch(settings);
    }
    if (!sections.includes('database')) {
      yield marker({ kind: 'section', name: 'settings' });
      yield batch(settings);
    }
    if (last !== null) yield batch(last);
    yield marker({ kind: 'trailer', tables: 0, rows: 0, findings: 0 });
  }
  return { name, bytesTotal: null, bytesRead: 0, ends: 'complete', repeatable: true, text };
}
