/** The database that a script is of, found in its first statements. */

import { parseMarker } from '../archive/marker.ts';
import type { ScriptInput } from '../archive/script-input.ts';
import { ScriptSplitter } from '../tsql/batch-splitter.ts';
import { factsOf } from './statement-facts.ts';

/** Scripts name their database within these many characters or not at all. */
const lookLength = 1 << 20;

/** Null when the script names none. Only for inputs that can be read again. */
export async function findScriptDatabase(
  input: ScriptInput,
  variables: ReadonlyMap<string, string> | null,
): Promise<string | null> {
  const splitter = new ScriptSplitter({ file: input.name, ...(variables === null ? {} : { variables }) });
  let length = 0;
  for await (const text of input.text()) {
    splitter.write(text);
    length += text.length;
    for (let piece = splitter.read(); piece !== null; piece = splitter.read()) {
      if (piece.kind === 'marker') {
        const marker = parseMarker(piece.text);
        if (marker?.kind === 'header') return marker.source.database;
      }
      if (piece.kind !== 'text') continue;
      const created = factsOf(piece).statements.find(s => s.kind === 'createDatabase');
      if (created?.kind === 'createDatabase') return created.name;
    }
    if (length > lookLength) return null;
  }
  return null;
}
