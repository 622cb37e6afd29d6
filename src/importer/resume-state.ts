/** What an earlier run of the same import left in the journal, and what a new one writes into it. */

import type { Session } from '../connection/session.ts';
import { ExitCode, XpdbError } from '../model/error.ts';
import { quoteName } from '../tsql/quote.ts';
import type { ExistingNames } from './existing-names.ts';
import type { Journal } from './journal.ts';
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
}

export function scriptEntry(inputs: number, skip: readonly string[], filled: ReadonlySet<string>): string {
  const entry: ScriptEntry = { inputs, skip, filled: [...filled] };
  return JSON.stringify(entry);
}

/** @param inputs number of input files, which must be the same again */
export async function readResumeState(journal: Journal, session: Session, inputs: number): Promise<ResumeState> {
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
  const { inputs: before, skip, filled } = JSON.parse(script) as ScriptEntry;
  if (before !== inputs) {
    throw new XpdbError(`the import began with ${before} input files, not ${inputs}`, {
      hint: 'give the same files in the same order',
      exitCode: ExitCode.usage,
    });
  }
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
