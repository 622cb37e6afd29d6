import type { Output } from '../archive/output-file.ts';
import { OutputQueue } from '../archive/output-queue.ts';
import type { Finding } from '../compat/finding.ts';
import type { Session } from '../connection/session.ts';
import { keepYoungGenerationSmall } from '../connection/small-heap.ts';
import type { CsvOptions } from '../data/csv-format.ts';
import { createCsvLargeRow } from '../data/csv-large-row.ts';
import { createCsvRowWriter } from '../data/csv-row-writer.ts';
import { createJsonlLargeRow, createJsonlRowWriter } from '../data/jsonl-row-writer.ts';
import { createNativeLargeRow } from '../data/native-large-row.ts';
import { createNativeRowWriter } from '../data/native-row-writer.ts';
import { XpdbError } from '../model/error.ts';
import { emptyLineFindings, troubleFindings } from './row-findings.ts';
import type { RowFormat } from './row-format.ts';
import { FormatSink, largeRowBytes, type RowsWritten } from './row-sink.ts';

/** For other programs: csv by its options, or one of the formats without. */
export type QueryFormat =
  | { readonly format: 'csv'; readonly csv: CsvOptions }
  | { readonly format: 'jsonl' | 'native' };

export interface QueryResult extends RowsWritten {
  readonly findings: readonly Finding[];
}

/** Stands for the query in messages. */
const name = 'the query';
/** Flag of a wire column. */
const nullable = 1;

/**
 * Writes the rows of any query that gives one result. It runs in a transaction that is rolled back: nothing that it changes stays.
 * @param onRows called with the rows so far, now and then
 * @throws SqlServerError of the query; XpdbError for values that the format cannot express and for options that make it ambiguous
 */
export async function exportQuery(
  session: Session,
  output: Output,
  sql: string,
  format: QueryFormat,
  onRows: (rows: number) => void = () => undefined,
): Promise<QueryResult> {
  keepYoungGenerationSmall();
  const queue = new OutputQueue(output);
  const sink = new FormatSink({ name, columns: null }, openQueryFormat(format), queue, onRows);
  const received = await withoutChange(session, () => session.streamRows(sql, sink, { largeRowBytes }));
  const written = await sink.finish(received.rows);
  await queue.drain();
  const findings = troubleFindings('QUERY', sink.denormals(), sink.replaced());
  if (format.format === 'csv' && !format.csv.nullText) {
    const columns = sink.described.map(c => ({ name: c.name, nullable: (c.flags & nullable) !== 0 }));
    findings.push(...emptyLineFindings('QUERY', columns, '--null-text NULL makes it a word'));
  }
  return { ...written, findings };
}

/** @throws XpdbError when `run` ends the transaction around it, besides its own errors */
async function withoutChange<T>(session: Session, run: () => Promise<T>): Promise<T> {
  await session.beginTransaction();
  try {
    const result = await run();
    if (!session.inTransaction) {
      throw new XpdbError(`${name} ended its transaction, so what it changed may have stayed`, {
        hint: 'leave COMMIT and ROLLBACK out',
      });
    }
    return result;
  } finally {
    // Where that fails the end of the session does it.
    if (!session.closed && session.inTransaction) await session.rollback().catch(() => undefined);
  }
}

function openQueryFormat(query: QueryFormat): RowFormat {
  const target = { schema: null, table: name };
  switch (query.format) {
    case 'csv':
      return {
        open: c => createCsvRowWriter(c, { ...query.csv, ...target }),
        // The header and the mark are the other writer's.
        openLarge: c => createCsvLargeRow(c, { ...query.csv, header: false, bom: false }),
      };
    case 'jsonl':
      return { open: c => createJsonlRowWriter(c, target), openLarge: c => createJsonlLargeRow(c, target) };
    case 'native':
      return { open: c => createNativeRowWriter(c, target), openLarge: c => createNativeLargeRow(c) };
  }
}
