import type { Output } from '../archive/output-file.ts';
import { OutputQueue } from '../archive/output-queue.ts';
import { createScriptWriter, type ScriptWriter } from '../archive/script-writer.ts';
import type { Finding } from '../compat/finding.ts';
import type { Session } from '../connection/session.ts';
import { scriptLoadSwitches } from '../scripter/load-switches.ts';
import { scriptIdentityInsert } from '../scripter/table-data.ts';
import { describeOptions, type ExportOptions } from './export-options.ts';
import { findReseeds } from './identity-reseed.ts';
import { explainReadError } from './read-error.ts';
import type { Source } from './read-source.ts';
import { rowFindings } from './row-findings.ts';
import { sqlFormat } from './row-format.ts';
import { FormatSink, largeRowBytes } from './row-sink.ts';
import { headerOf } from './script-header.ts';
import { holdsRunnerVariables, writeDatabaseSection, writeSection, writeSettings } from './script-sections.ts';
import { selectTableRows, type TableRows, textVectors } from './table-rows.ts';

/** What one script is made from and where it goes. */
export interface ScriptJob {
  /** In the source database. */
  readonly session: Session;
  readonly source: Source;
  /** Database to read rows from: the source's, or a snapshot of it. */
  readonly rowsDatabase: string;
  readonly output: Output;
  readonly options: ExportOptions;
  /** From before; those of the rows are added to them. */
  readonly findings: readonly Finding[];
}

/** Writes the whole script, trailer included. */
export async function writeScript(job: ScriptJob): Promise<{ rows: number; findings: readonly Finding[] }> {
  const { source, output, options } = job;
  const writer = createScriptWriter(output, options);
  await writeHead(writer, source, options);
  if (options.sections.has('pre-data')) await writeSection(writer, source, 'pre-data');
  const data = options.sections.has('data') ? await writeData(job, writer) : { rows: 0, findings: [] };
  if (options.sections.has('post-data')) {
    await writeSection(writer, source, 'post-data');
    await writeSection(writer, source, 'state');
  }
  const findings = [...job.findings, ...data.findings];
  await writer.marker({
    kind: 'trailer',
    tables: source.tables.length,
    rows: data.rows,
    findings: findings.length,
  });
  await writer.flush();
  return { rows: data.rows, findings };
}

/** Header, CREATE DATABASE and USE, settings. */
async function writeHead(writer: ScriptWriter, source: Source, options: ExportOptions): Promise<void> {
  await writer.marker(headerOf(source, describeOptions(options)));
  await writer.comment(
    `Database ${source.name} for SQL Server ${source.target}; replay with xpdb import, sqlcmd or SSMS.`,
  );
  if (holdsRunnerVariables(source.database)) {
    await writer.comment('Texts hold $(…): run sqlcmd with -x, and SSMS without SQLCMD mode.');
  }
  await writeDatabaseSection(writer, source, options.sections.has('pre-data'));
  await writeSettings(writer);
}

/** Rows of all tables, then the identity counters. */
async function writeData(job: ScriptJob, writer: ScriptWriter): Promise<{ rows: number; findings: Finding[] }> {
  const { session, source, options } = job;
  const findings: Finding[] = [];
  await writer.marker({ kind: 'section', name: 'data' });
  const loaded = options.dataOnly ? source.tables.map(t => t.table) : [];
  const switches = scriptLoadSwitches(loaded, source.database.triggers);
  findings.push(...switches.findings);
  for (const batch of switches.before) await writer.batch(batch);
  const queue = new OutputQueue(job.output);
  const counts = new Map<TableRows, number>();
  let total = 0;
  for (const [i, rows] of source.tables.entries()) {
    const written = await writeRows(job, writer, queue, i, total);
    counts.set(rows, written.rows);
    total += written.rows;
    findings.push(...written.findings);
  }
  options.signal?.throwIfAborted();
  await enter(session, source.name);
  for (const { name, batches } of await findReseeds(session, source.tables, counts)) {
    await writer.marker({ kind: 'object', type: 'identity', name });
    for (const batch of batches) await writer.batch(batch);
  }
  for (const batch of switches.after) await writer.batch(batch);
  return { rows: total, findings };
}

/**
 * Rows of one table, and the marker that tells their number and content.
 * @param index of the table
 * @param before rows of the tables before it, for progress
 */
async function writeRows(
  job: ScriptJob,
  writer: ScriptWriter,
  queue: OutputQueue,
  index: number,
  before: number,
): Promise<{ rows: number; findings: Finding[] }> {
  const { session, source, options } = job;
  const rows = source.tables[index]!;
  const { table, name } = rows;
  const report = (count: number) =>
    options.report({
      phase: 'data',
      object: name,
      tablesDone: index,
      tablesTotal: source.tables.length,
      rows: before + count,
      rowsTotal: null,
      bytes: job.output.bytesWritten,
      bytesTotal: null,
    });
  report(0);
  await writer.marker({ kind: 'object', type: 'rows', name });
  for (const batch of scriptIdentityInsert(table, true)) await writer.batch(batch);
  await writer.flush();
  const sink = new FormatSink(rows, sqlFormat(rows, options), queue, report);
  // A database snapshot has no FILESTREAM data.
  const outside = rows.filestream && job.rowsDatabase !== source.name;
  await enter(session, outside ? source.name : job.rowsDatabase);
  options.signal?.throwIfAborted();
  let received = 0;
  try {
    received = (await session.streamRows(selectTableRows(source.database, rows), sink, { largeRowBytes })).rows;
  } catch (error) {
    throw explainReadError(error, name);
  }
  const summed = await sink.finish(received);
  await queue.drain();
  for (const batch of scriptIdentityInsert(table, false)) await writer.batch(batch);
  const { nativeVectors } = session;
  const { schema, name: tableName } = table;
  const asText = textVectors(rows, nativeVectors).length > 0 ? { vectors: 'text' as const } : {};
  await writer.marker({ kind: 'table', schema, name: tableName, columns: rows.columns, ...summed, ...asText });
  return { rows: summed.rows, findings: rowFindings(rows, sink.denormals(), sink.replaced(), outside, nativeVectors) };
}

async function enter(session: Session, database: string): Promise<void> {
  if (session.database !== database) await session.useDatabase(database);
}
