/**
 * The list of what a script or archive holds, one entry a line: `--list` prints it, `--use-list` takes it back with lines removed
 * or commented out (`;` or `--`) and tables in another order.
 */

import type { Manifest } from '../archive/manifest.ts';
import { type Marker, type ObjectMarker, parseMarker, type SectionMarker } from '../archive/marker.ts';
import type { ScriptInput } from '../archive/script-input.ts';
import { ExitCode, XpdbError } from '../model/error.ts';
import { ScriptSplitter } from '../tsql/batch-splitter.ts';
import { quoteQualified } from '../tsql/quote.ts';

export interface ListEntry {
  readonly section: string;
  readonly type: string;
  /** Quoted. */
  readonly name: string;
  /** Of rows: their number. */
  readonly rows: number | null;
}

export class EntryList {
  readonly #keys: ReadonlySet<string>;
  /** Tables whose rows are listed, in the list's order. */
  readonly tables: readonly string[];

  constructor(entries: readonly ListEntry[]) {
    this.#keys = new Set(entries.map(keyOf));
    this.tables = entries.filter(e => e.section === 'data' && e.type === 'rows').map(e => e.name);
  }

  has(section: string, marker: ObjectMarker): boolean {
    // What stands around the rows of a table goes with them: identities, switches of triggers.
    if (section === 'data') return this.tables.includes(marker.name) || this.#keys.has(keyOf({ section, ...marker }));
    return this.#keys.has(keyOf({ section, type: marker.type, name: marker.name }));
  }
}

function keyOf({ section, type, name }: Pick<ListEntry, 'section' | 'type' | 'name'>): string {
  return `${section}\t${type}\t${name}`;
}

/** Objects of the scripts in their order; an object with several batches once. */
export async function listScripts(inputs: readonly ScriptInput[]): Promise<ListEntry[]> {
  const found = new Map<string, ListEntry>();
  for (const input of inputs) {
    let section: SectionMarker['name'] | null = null;
    const take = (marker: Marker | null) => {
      if (marker?.kind === 'section') section = marker.name;
      else if (marker?.kind === 'object' && section !== null) {
        const entry = { section, type: marker.type, name: marker.name, rows: null };
        if (!found.has(keyOf(entry))) found.set(keyOf(entry), entry);
      } else if (marker?.kind === 'table') {
        const entry = {
          section: 'data',
          type: 'rows',
          name: quoteQualified(marker.schema, marker.name),
          rows: marker.rows,
        };
        found.set(keyOf(entry), entry);
      }
    };
    const splitter = new ScriptSplitter({ file: input.name });
    const drain = () => {
      for (let piece = splitter.read(); piece !== null; piece = splitter.read()) {
        if (piece.kind === 'marker') take(parseMarker(piece.text));
      }
    };
    for await (const text of input.text()) {
      splitter.write(text);
      drain();
    }
    splitter.end();
    drain();
  }
  return [...found.values()];
}

/** Of an archive: its scripts' objects, with the rows of its tables where they come. */
export async function listArchive(
  manifest: Manifest,
  inputs: readonly ScriptInput[],
  rowsBefore: number,
): Promise<ListEntry[]> {
  const rows = manifest.tables.map(t => ({
    section: 'data',
    type: 'rows',
    name: quoteQualified(t.schema, t.name),
    rows: t.rows,
  }));
  return [
    ...(await listScripts(inputs.slice(0, rowsBefore))),
    ...rows,
    ...(await listScripts(inputs.slice(rowsBefore))),
  ];
}

export function formatList(entries: readonly ListEntry[]): string {
  const lines = entries.map(e => `${keyOf(e)}${e.rows === null ? '' : `\t${e.rows} rows`}`);
  return `; section, type and name of each entry; remove lines or put ; before them, and give the file to --use-list\n${lines.join('\n')}\n`;
}

/** @throws XpdbError (usage) with the line that is no entry */
export function parseList(text: string, file: string): EntryList {
  const entries: ListEntry[] = [];
  for (const [i, line] of text.split(/\r?\n/).entries()) {
    if (/^\s*(?:;|--|$)/.test(line)) continue;
    const [section, type, name] = line.split('\t');
    if (section === undefined || type === undefined || name === undefined) {
      throw new XpdbError('the line is no entry of a list: section, type and name with tabs between', {
        position: { file, line: i + 1, column: 1 },
        hint: '--list prints one',
        exitCode: ExitCode.usage,
      });
    }
    entries.push({ section, type, name, rows: null });
  }
  return new EntryList(entries);
}
