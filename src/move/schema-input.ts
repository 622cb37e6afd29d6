import { formatMarker, type Marker } from '../archive/marker.ts';
import type { ScriptInput } from '../archive/script-input.ts';
import type { Source } from '../exporter/read-source.ts';
import { headerOf } from '../exporter/script-header.ts';
import { settingsText } from '../exporter/script-sections.ts';
import type { ScriptEntry } from '../scripter/script-database.ts';
import { quoteName } from '../tsql/quote.ts';

/** Sections of a source's script as an input of an import, made while it is read. */
export function schemaInput(source: Source, sections: readonly ScriptEntry['section'][]): ScriptInput {
  const name = `the ${sections.join(' and ')} of ${quoteName(source.name)}`;
  const marker = (m: Marker) => `${formatMarker(m)}\n`;
  const batch = (text: string) => `${text}\nGO\n`;
  const settings = () => marker({ kind: 'section', name: 'settings' }) + batch(settingsText('\n'));
  async function* text(): AsyncGenerator<string> {
    yield marker(headerOf(source, {}));
    for (const section of sections) {
      yield marker({ kind: 'section', name: section });
      for (const entry of source.script.entries) {
        if (entry.section !== section) continue;
        yield marker({ kind: 'object', type: entry.kind, name: entry.object });
        for (const b of entry.batches) yield batch(b);
      }
      if (section !== 'database') continue;
      yield batch(`USE ${quoteName(source.database.properties.name)}`);
      yield settings();
    }
    if (!sections.includes('database')) yield settings();
    yield marker({ kind: 'trailer', tables: 0, rows: 0, findings: 0 });
  }
  return { name, bytesTotal: null, bytesRead: 0, ends: 'complete', repeatable: true, text };
}
