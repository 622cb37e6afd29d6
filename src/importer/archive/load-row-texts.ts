/** Loads a chunk of CSV or JSON lines: each row becomes the literals of an INSERT, and the rows a load where the table allows it. */

import type { Archive } from '../../archive/archive-reader.ts';
import type { DataFormat } from '../../archive/manifest.ts';
import type { Session } from '../../connection/session.ts';
import { CsvRowReader } from '../../data/csv-row-reader.ts';
import { JsonlRowReader } from '../../data/jsonl-row-reader.ts';
import type { WireColumn } from '../../data/wire-column.ts';
import { quoteName, quoteQualified } from '../../tsql/quote.ts';
import type { InsertHeadPiece } from '../../tsql/script-piece.ts';
import type { LostCharacters } from '../lost-characters.ts';
import type { RowLoaders } from '../row-loader.ts';
import { RowRun } from '../row-run.ts';
import { sendStep } from '../send-step.ts';
import { loggedIn } from '../session-state.ts';
import { Target } from '../target.ts';
import type { ChunkTask } from './chunk-task.ts';
import type { OnRows } from './load-chunk.ts';

/** Text of the rows of one load. */
const loadLength = 4 << 20;

export async function loadRowTexts(
  session: Session,
  archive: Archive,
  task: ChunkTask,
  loaders: RowLoaders | null,
  lost: LostCharacters,
  onRows: OnRows,
): Promise<number> {
  const { table, chunk } = task;
  const columns = await describeColumns(session, task);
  const reader = openRowTexts(task.format, columns, chunk.path);
  const target = Target.on(session, loaders, lost);
  const name = { server: null, database: null, schema: table.schema, name: table.name };
  const plain = loggedIn(task.database);
  const settings = table.identity ? { ...plain, identityInsert: name } : plain;
  await target.settle(settings);
  const head = insertHead(task);
  let rows = 0;
  let run = startRun(head);
  const send = async () => {
    run.end('');
    const statements = run.take();
    run = startRun(head);
    if (statements.length === 0) return;
    const count = statements.reduce((sum, s) => sum + s.rows.length, 0);
    await sendStep(
      target,
      {
        kind: 'rows',
        head,
        statements: () => statements,
        length: 0,
        rows: count,
        filled: () => null,
        first: head.position,
        last: { file: 0, line: rows, column: 0 },
        before: settings,
        after: settings,
        object: quoteQualified(table.schema, table.name),
      },
      () => undefined,
    );
    onRows(rows);
  };
  const drain = async () => {
    for (let row = reader.read(); row !== null; row = reader.read()) {
      rows++;
      run.addRow(row, { file: chunk.path, line: rows, column: 1 });
      if (run.length >= loadLength) await send();
    }
  };
  for await (const bytes of archive.readChunk(chunk)) {
    reader.write(bytes);
    await drain();
  }
  reader.end();
  await drain();
  await send();
  await target.settle(plain);
  return rows;
}

/** @param path of the chunk, for messages */
export function openRowTexts(
  format: DataFormat,
  columns: readonly WireColumn[],
  path: string,
): CsvRowReader | JsonlRowReader {
  return format === 'csv' ? new CsvRowReader(columns, path) : new JsonlRowReader(columns, path);
}

function startRun(head: InsertHeadPiece): RowRun {
  const run = new RowRun(head);
  run.begin(head);
  return run;
}

function insertHead({ table, chunk }: ChunkTask): InsertHeadPiece {
  const name = quoteQualified(table.schema, table.name);
  return {
    kind: 'insertHead',
    text: `INSERT INTO ${name} (${table.columns.map(quoteName).join(', ')}) VALUES`,
    table: { server: null, database: null, schema: table.schema, name: table.name },
    columns: table.columns,
    position: { file: chunk.path, line: 1, column: 1 },
  };
}

async function describeColumns(session: Session, { table }: ChunkTask): Promise<readonly WireColumn[]> {
  const name = quoteQualified(table.schema, table.name);
  const list = table.columns.map(quoteName).join(', ');
  return (await session.query(`SELECT TOP (0) ${list} FROM ${name}`)).columns;
}
