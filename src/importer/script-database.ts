/** The database that a script is of, found in its first statements; and scripts that leave its creation to others. */

import { parseMarker } from '../archive/marker.ts';
import { type ScriptInput, textInput } from '../archive/script-input.ts';
import { ExitCode, XpdbError } from '../model/error.ts';
import { ScriptSplitter } from '../tsql/batch-splitter.ts';
import { quoteName } from '../tsql/quote.ts';
import type { ScriptPiece } from '../tsql/script-piece.ts';
import { isSystemDatabase } from './database-statements.ts';
import type { ImportOptions } from './import-options.ts';
import { factsOf } from './statement-facts.ts';

/** Scripts name their database within these many characters or not at all. */
const lookLength = 1 << 20;

export interface ScriptDatabase {
  /** Null when the script names none. */
  readonly name: string | null;
  /** Whether the script creates it. */
  readonly created: boolean;
}

/** Only for inputs that can be read again. */
export async function findScriptDatabase(
  input: ScriptInput,
  variables: ReadonlyMap<string, string> | null,
): Promise<ScriptDatabase> {
  const splitter = new ScriptSplitter({ file: input.name, ...(variables === null ? {} : { variables }) });
  let length = 0;
  let name: string | null = null;
  for await (const text of input.text()) {
    splitter.write(text);
    length += text.length;
    for (let piece = splitter.read(); piece !== null; piece = splitter.read()) {
      const look = lookAt(piece);
      name ??= look.name ?? null;
      if (look.created !== undefined) return { name, created: look.created };
    }
    if (length > lookLength) break;
  }
  return { name, created: false };
}

/** What a piece tells; `created` is left out while more must be read. */
function lookAt(piece: ScriptPiece): Partial<ScriptDatabase> {
  if (piece.kind === 'insertHead') return { created: false };
  if (piece.kind === 'marker') {
    const marker = parseMarker(piece.text);
    if (marker?.kind === 'header') return { name: marker.source.database };
    return marker?.kind === 'section' ? { created: marker.name === 'database' } : {};
  }
  if (piece.kind !== 'text') return {};
  const facts = factsOf(piece);
  if (facts.database === 'create') {
    const statement = facts.statements.find(s => s.kind === 'createDatabase');
    return statement?.kind === 'createDatabase' ? { name: statement.name, created: true } : { created: true };
  }
  const use = facts.statements.find(s => s.kind === 'use');
  if (use?.kind === 'use' && !isSystemDatabase(use.database)) return { name: use.database, created: false };
  return facts.module || facts.statements.some(s => s.kind === 'createTable') ? { created: false } : {};
}

/**
 * With `create`, puts a CREATE DATABASE before a script that is for a new database and does not make it, as scripts of single
 * objects and of rows are: they would otherwise run in the log-in's database.
 * @throws XpdbError (usage) when nothing names the database
 */
export async function withCreation(options: ImportOptions): Promise<ImportOptions> {
  const [first] = options.inputs;
  if (!options.create || !first?.repeatable) return options;
  const script = await findScriptDatabase(first, options.variables);
  if (script.created) return options;
  const name = script.name ?? options.database;
  if (name === null) {
    throw new XpdbError(`${first.name} neither creates nor names a database`, {
      hint: 'name the new one with -d',
      exitCode: ExitCode.usage,
    });
  }
  const creation = `CREATE DATABASE ${quoteName(name)}\nGO\nUSE ${quoteName(name)}\nGO\n`;
  return {
    ...options,
    inputs: [textInput('--create', creation), ...options.inputs],
    data: options.data === null ? null : { ...options.data, before: options.data.before + 1 },
  };
}
