/** Loads a chunk of rows none of whose columns takes a value (rowversion, computed columns): only their number is carried. */

import type { Archive } from '../../archive/archive-reader.ts';
import type { Session } from '../../connection/session.ts';
import { insertDefaultRows } from '../default-rows.ts';
import type { ChunkTask } from './chunk-task.ts';
import type { OnRows } from './load-chunk.ts';
import { openRowTexts } from './load-row-texts.ts';

export async function loadEmptyRows(
  session: Session,
  archive: Archive,
  task: ChunkTask,
  onRows: OnRows,
): Promise<number> {
  const rows = await countRows(session, archive, task);
  await insertDefaultRows(session, task.table, rows, onRows);
  return rows;
}

/** Each row of the file is a NULL in a column of its own. @throws XpdbError for a file that is damaged or no such one */
async function countRows(session: Session, archive: Archive, { format, chunk }: ChunkTask): Promise<number> {
  const content = archive.readChunk(chunk);
  if (format === 'native') {
    const { NativeRowReader } = await import('../../data/native-row-reader.ts');
    const ignore = () => undefined;
    const sink = { columns: ignore, rows: ignore, largeRowStart: ignore, largeRowPart: ignore, largeRowEnd: ignore };
    const reader = new NativeRowReader(chunk.path, sink);
    for await (const bytes of content) await reader.write(bytes);
    reader.end(chunk.rowsum);
    return reader.rows;
  }
  const { columns } = await session.query('SELECT CAST(NULL AS int) AS [none]');
  const reader = openRowTexts(format, columns, chunk.path);
  const drain = () => {
    while (reader.read() !== null);
  };
  for await (const bytes of content) {
    reader.write(bytes);
    drain();
  }
  reader.end();
  drain();
  return reader.rows;
}
