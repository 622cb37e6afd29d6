/** What an import is asked for, and what it tells at its end. */

import type { TableMarker } from '../archive/marker.ts';
import type { ScriptInput } from '../archive/script-input.ts';
import type { Finding } from '../compat/finding.ts';
import type { RetryPolicy } from '../connection/repeat-work.ts';
import type { Session } from '../connection/session.ts';
import type { XpdbError } from '../model/error.ts';
import type { ReportProgress } from '../model/progress.ts';
import type { EntryList } from './entry-list.ts';
import type { LostValues } from './lost-characters.ts';
import type { RowLoaders } from './row-loader.ts';

/**
 * What happens where the target already has an object (or, with `create`, the database) that the script makes:
 * - `fail`: nothing runs
 * - `skip`: the object stays as it is, rows included, and what the script says about it is left out
 * - `drop`: it is dropped first
 */
export type OnExisting = 'fail' | 'skip' | 'drop';

/** Rows beside the scripts: the chunks of an archive. */
export interface ImportData {
  /** Index of the input before which they are loaded. */
  readonly before: number;
  /** Tells it from other rows, when an import of them is resumed. */
  readonly identity: string;
  /** For the comparison at the end. */
  readonly tables: readonly TableMarker[];
  /** Whether their sums are over literals or over the bytes of native chunks. */
  readonly sums: 'text' | 'wire';
  /** @throws XpdbError; what was loaded is in the journal by then */
  readonly load: (context: DataContext) => Promise<void>;
}

export interface DataContext {
  readonly database: string;
  /** Paths of chunks that an earlier run loaded. */
  readonly done: ReadonlySet<string>;
  /** Called with the rows of each chunk that is in the target for good, and the values of it that lost characters. */
  readonly onLoaded: (rows: number, lost?: readonly LostValues[]) => void;
  /** Whether a table is left out because the target had it. */
  readonly isLeftOut: (table: { readonly schema: string; readonly name: string }) => boolean;
}

export interface ImportOptions {
  /** Opens a session; null for the log-in's default database. */
  readonly open: (database: string | null) => Promise<Session>;
  readonly inputs: readonly ScriptInput[];
  /** Name of the database on the target; null only with `create`: the script's own. */
  readonly database: string | null;
  /** Whether the script's CREATE DATABASE runs; else it and its like are left out. */
  readonly create: boolean;
  readonly dataPath: string | null;
  readonly logPath: string | null;
  readonly filestreamPath: string | null;
  /** Whole paths by logical name. */
  readonly mapFiles: ReadonlyMap<string, string>;
  readonly onExisting: OnExisting;
  readonly resume: boolean;
  readonly continueOnError: boolean;
  /** Prints instead of running; takes batches with their GO lines. */
  readonly dryRun: ((text: string) => void) | null;
  /** Makes loaders for a session; null sends every INSERT as a statement. */
  readonly loaders: ((session: Session) => RowLoaders) | null;
  /** Whether rows and rowsums are compared at the end. */
  readonly verify: boolean;
  readonly disableTriggers: boolean;
  /** Whether a value that would lose characters ends the import, instead of a finding. */
  readonly strict: boolean;
  /** Values of `$(name)`; null leaves such text as it is. */
  readonly variables: ReadonlyMap<string, string> | null;
  /** Sections of the script to run; empty for all. */
  readonly sections: readonly string[];
  /** Patterns of tables to import; empty for all. */
  readonly tables: readonly string[];
  /** Entries of the script that were chosen from its list; null for all. */
  readonly entries: EntryList | null;
  /** Rows that are no part of the scripts; null for none. */
  readonly data: ImportData | null;
  /** Pauses between tries; the default gives up after half a minute. */
  readonly retries?: RetryPolicy;
  readonly report: ReportProgress;
  /** Things worth a line: what was left out, retried, switched off. */
  readonly onNote: (text: string) => void;
  /** What the user asked for and did not get, though the import goes on. Default `onNote`. */
  readonly onWarning?: (text: string) => void;
  readonly onFinding: (finding: Finding) => void;
  /** Aborted on Ctrl-C. */
  readonly signal: AbortSignal;
}

export interface ImportResult {
  readonly database: string;
  /** Batches that created or changed something, and rows, that are in the target for good. */
  readonly batches: number;
  readonly rows: number;
  /** Whose rows were asked for; of a script that xpdb did not write those that got rows. */
  readonly tables: number;
  /** Tables whose rows and rowsum were compared with the script's. */
  readonly compared: number;
  /** Errors that --continue-on-error collected, and rows that differ. */
  readonly failures: readonly XpdbError[];
  readonly dryRun: boolean;
}
