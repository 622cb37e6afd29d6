/** What an earlier run of the same import left in the journal, and what a new one writes into it. */

import type { ScriptInput } from '../archive/script-input.ts';
import type { Session } from '../connection/session.ts';
import { ExitCode, XpdbError } from '../model/error.ts';
import { quoteName } from '../tsql/quote.ts';
import type { ExistingNames } from './existing-names.ts';
import type { Journal } from './journal.ts';
import { type Beginnings, compareBeginnings, readBeginnings } from './script-beginnings.ts';
import type { ScriptPlace } from './step.ts';

export interface ResumeState {
  /** Everything up to it is in the target; null for a run from the beginning. */
  readonly position: ScriptPlace | null;
  readonly deferred: readonly { readonly place: ScriptPlace; readonly error: string }[];
  readonly noted: readonly ScriptPlace[];
  /** Statements that switch triggers on again. */
  readonly triggersOn: readonly string[];
  /** Chunks of an archive that are loaded. */
  readonly chunks: ReadonlySet<string>;
  /** Tables that had rows before the import, by key. */
  readonly filled: ReadonlySet<string>;
  /** What the target had, with --on-existing skip; null for nothing. */
  readonly existing: ExistingNames | null;
}

export const fromBeginning: ResumeState = {
  position: null,
  deferred: [],
  noted: [],
  triggersOn: [],
  chunks: new Set(),
  filled: new Set(),
  existing: null,
};

/** Behind every script: an import of which only the journal's removal was not seen. */
export const atEnd: ScriptPlace = { file: Number.MAX_SAFE_INTEGER, line: 0, column: 0 };

/** The entry `script` of a journal. */
interface ScriptEntry {
  readonly inputs: number;
  readonly skip: readonly string[];
  readonly filled: readonly string[];
  readonly beginnings: Beginnings;
  /** Of the rows beside the scripts; null for none. */
  readonly data: string | null;
}

/** What is imported: it must be the same when it is resumed. */
export interface Imported {
  readonly inputs: readonly ScriptInput[];
  readonly data: { readonly identity: string } | null;
}

export async function scriptEntry(
  { inputs, data }: Imported,
  skip: readonly string[],
  filled: ReadonlySet<string>,
): Promise<string> {
  const entry: ScriptEntry = {
    inputs: inputs.length,
    skip,
    filled: [...filled],
    beginnings: await readBeginnings(inputs),
    data: data?.identity ?? null,
  };
  return JSON.stringify(entry);
}

/** @throws XpdbError when something else was imported before, or the journal is damaged */
export async function readResumeState(journal: Journal, session: Session, imported: Imported): Promise<ResumeState> {
  const entries = await journal.entries(session);
  const script = entries.find(e => e.kind === 'script')?.text;
  const position = entries.find(e => e.kind === 'position');
  if (!script || !position)
    throw new XpdbError(`the journal of the import into ${quoteName(journal.database)} is damaged`);
  if (position.text !== null) {
    throw new XpdbError(`the import can't be resumed: ${position.text} were lost with its connection`, {
      hint: 'import again into an empty database',
    });
  }
  const { inputs: before, skip, filled, beginnings, data } = JSON.parse(script) as ScriptEntry;
  const inputs = imported.inputs.length;
  if (before !== inputs) {
    throw new XpdbError(`the import began with ${before} input files, not ${inputs}`, {
      hint: 'give the same files in the same order',
      exitCode: ExitCode.usage,
    });
  }
  if (data !== (imported.data?.identity ?? null)) {
    throw new XpdbError('the rows are others than the import began with', {
      hint: 'give the same archive or source, or import into an empty database',
      exitCode: ExitCode.usage,
    });
  }
  compareBeginnings(beginnings, await readBeginnings(imported.inputs), imported.inputs, position.place);
  const of = (kind: (typeof entries)[number]['kind']) => entries.filter(e => e.kind === kind);
  return {
    position: position.place,
    deferred: of('deferred').map(e => ({ place: e.place, error: e.text ?? '' })),
    noted: of('note').map(e => e.place),
    triggersOn: of('triggers').map(e => e.text ?? ''),
    chunks: new Set(of('chunk').map(e => e.text ?? '')),
    filled: new Set(filled),
    existing: skip.length === 0 ? null : new Map(skip.map(key => [key, thingOf(key)])),
  };
}

function thingOf(key: string): NonNullable<ReturnType<ExistingNames['get']>> {
  const [kind, schema, name] = key.split('\u0000') as ['object', string, string];
  return { kind, schema, name, type: '' };
}
