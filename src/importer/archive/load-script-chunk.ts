/** Loads a chunk of INSERT statements: a script of its own, in the transaction of its chunk. */

import type { Archive } from '../../archive/archive-reader.ts';
import type { Session } from '../../connection/session.ts';
import { quoteQualified } from '../../tsql/quote.ts';
import { decodeScript, scriptBytes } from '../../tsql/script-decoder.ts';
import { DatabaseStatements } from '../database-statements.ts';
import { placeError } from '../import-error.ts';
import type { LostCharacters } from '../lost-characters.ts';
import { Replay } from '../replay.ts';
import type { RowLoaders } from '../row-loader.ts';
import { ScriptSelection } from '../script-selection.ts';
import { sendStep } from '../send-step.ts';
import { loggedIn, SessionState } from '../session-state.ts';
import { StatementPolicy } from '../statement-policy.ts';
import type { Step } from '../step.ts';
import type { StepSink } from '../step-sink.ts';
import { Target } from '../target.ts';
import type { ChunkTask } from './chunk-task.ts';
import type { OnRows } from './load-chunk.ts';

export async function loadScriptChunk(
  session: Session,
  archive: Archive,
  task: ChunkTask,
  loaders: RowLoaders | null,
  lost: LostCharacters,
  onRows: OnRows,
): Promise<number> {
  const target = Target.on(session, loaders, lost);
  const table = quoteQualified(task.table.schema, task.table.name);
  let rows = 0;
  const sink: StepSink = {
    async run(step) {
      try {
        await target.settle(step.before);
        await sendStep(target, step, () => undefined);
      } catch (error) {
        throw placeError(error, step);
      }
      rows += step.rows + singleRows(step, table);
      onRows(rows);
    },
    openLoader: async (head, settings) => {
      await target.settle(settings);
      return target.openLoader(head, settings);
    },
    end: async () => undefined,
  };
  const database = new DatabaseStatements({
    create: false,
    database: task.database,
    paths: { data: null, log: null, filestream: null, files: new Map(), separator: '\\' },
    explicitPaths: false,
    onFinding: () => undefined,
  });
  const everything = new ScriptSelection({ sections: [], tables: [], entries: null }, 'dbo');
  const policy = new StatementPolicy(database, everything, {
    onExisting: 'fail',
    existing: null,
    defaultSchema: 'dbo',
    onSkip: () => undefined,
    logins: null,
  });
  const state = new SessionState(task.database);
  const replay = new Replay(sink, state, policy, {
    variables: null,
    resumeAt: null,
    isDeferred: () => false,
    onDeferred: () => undefined,
    onMarker: () => undefined,
    onPrint: () => undefined,
    isCreated: async () => false,
    onCreated: async () => undefined,
    onLast: () => undefined,
    onProgress: () => undefined,
  });
  const name = task.chunk.path;
  await replay.file(0, {
    name,
    bytesTotal: null,
    bytesRead: 0,
    ends: 'unknown',
    repeatable: false,
    text: () => decodeScript(archive.readChunk(task.chunk), { file: name }),
    bytes: () => scriptBytes(archive.readChunk(task.chunk), { file: name }),
  });
  // What it set for its rows ends with it.
  await target.settle(loggedIn(task.database));
  return rows;
}

/** Rows with an INSERT of their own, which no VALUES list counts: without values, or too large for one batch (data/large-row-script.ts). */
function singleRows(step: Step, table: string): number {
  if (step.kind === 'rows' || step.inserts.length > 0) return 0;
  const insert = `INSERT ${table} `;
  if (!step.text.startsWith(insert)) return 0;
  return step.text.startsWith('(', insert.length) ? 1 : step.text.split(`${insert}DEFAULT VALUES;`).length - 1;
}
