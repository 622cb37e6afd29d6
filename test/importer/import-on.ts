/** Imports text with the options that a test names, on whatever opens sessions. */

import { Readable } from 'node:stream';
import type { ScriptInput } from '../../src/archive/script-input.ts';
import type { Finding } from '../../src/compat/finding.ts';
import type { Session } from '../../src/connection/session.ts';
import type { ImportOptions, ImportResult } from '../../src/importer/import-options.ts';
import { importScript } from '../../src/importer/import-script.ts';

/** A script in memory, in small pieces so that it is cut at odd places. */
export function textInput(text: string, name = 'script.sql', pieceLength = 1000): ScriptInput {
  return {
    name,
    bytesTotal: text.length,
    bytesRead: 0,
    ends: 'unknown',
    repeatable: true,
    async *text() {
      for (let at = 0; at < text.length; at += pieceLength) yield text.slice(at, at + pieceLength);
    },
  };
}

export function stream(bytes: Buffer): Readable {
  return Readable.from([bytes], { objectMode: false });
}

export interface Imported {
  readonly result: ImportResult;
  readonly notes: readonly string[];
  readonly findings: readonly Finding[];
}

type Open = (database: string | null) => Promise<Session>;

export async function importOn(
  open: Open,
  script: string | ScriptInput | readonly ScriptInput[],
  given: Partial<ImportOptions> = {},
): Promise<Imported> {
  const notes: string[] = [];
  const findings: Finding[] = [];
  const inputs =
    typeof script === 'string' ? [textInput(script)] : Array.isArray(script) ? script : [script as ScriptInput];
  const result = await importScript({
    open,
    inputs,
    database: given.create ? null : 'target',
    create: false,
    dataPath: null,
    logPath: null,
    filestreamPath: null,
    mapFiles: new Map(),
    onExisting: 'fail',
    resume: false,
    continueOnError: false,
    dryRun: null,
    loaders: null,
    verify: true,
    disableTriggers: false,
    strict: false,
    variables: null,
    entries: null,
    data: null,
    sections: [],
    tables: [],
    retries: { pausesMs: [1, 1, 1] },
    report: () => undefined,
    onNote: text => void notes.push(text),
    onFinding: finding => void findings.push(finding),
    signal: new AbortController().signal,
    ...given,
  });
  return { result, notes, findings };
}
