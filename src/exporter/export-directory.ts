import { writeManifest } from '../archive/archive-writer.ts';
import { manifestFile } from '../archive/manifest.ts';
import type { Finding } from '../compat/finding.ts';
import type { ConnectionOptions } from '../connection/connection-options.ts';
import { readServerProperties } from '../connection/server-properties.ts';
import type { Session } from '../connection/session.ts';
import { keepYoungGenerationSmall } from '../connection/small-heap.ts';
import { type ArchiveConsistency, openArchiveConsistency } from './archive-consistency.ts';
import { type ArchiveJob, beginOrResume, writeAroundData } from './archive-job.ts';
import { hashOf, openArchiveJournal, shardFile } from './archive-journal.ts';
import { writeSchemaScripts } from './archive-scripts.ts';
import { describeChunks } from './archive-tables.ts';
import { writeChunks } from './chunk-work.ts';
import type { DirectoryOptions } from './directory-options.ts';
import { describeOptions, type ExportResult } from './export-options.ts';
import { readFinishedShard } from './finished-shard.ts';
import { readSource } from './read-source.ts';
import { countObjects } from './script-sections.ts';

/**
 * Writes the session's database as an archive: a folder of scripts, chunks of rows and a manifest, which is written last.
 * @param connection with which further connections are opened
 * @throws XpdbError, SqlServerError, the signal's reason: what is in the folder by then can be gone on with (`resume`)
 */
export async function exportDirectory(
  session: Session,
  connection: ConnectionOptions,
  folder: string,
  options: DirectoryOptions,
  signal: AbortSignal,
): Promise<ExportResult> {
  keepYoungGenerationSmall();
  const server = await readServerProperties(session);
  const already = await readFinishedShard(folder, options, server, session.database);
  if (already) return already;
  const journal = await openArchiveJournal(folder, options);
  let consistency: ArchiveConsistency | null = null;
  let begun = journal.begin !== null;
  let finished = false;
  try {
    if (options.sections.has('data')) {
      consistency = await openArchiveConsistency(session, server, options, journal.begin);
    }
    const source = await readSource(session, server, options);
    signal.throwIfAborted();
    const job: ArchiveJob = { session, connection, folder, source, options, consistency, journal, signal };
    const plan = await beginOrResume(job);
    begun = true;
    // One of several machines writes what is not shared out.
    const first = options.shard === null || options.shard.shard === 1;
    const scripts = first ? await writeSchemaScripts(folder, source, options) : [];
    const results = await writeChunks(job, plan.chunks);
    const around = first ? await writeAroundData(job, results) : { scripts: [], findings: [] };
    const described = describeChunks(job, results);
    const findings: Finding[] = [
      ...(consistency?.findings ?? []),
      ...source.findings,
      ...plan.findings,
      ...around.findings,
      ...described.findings,
    ];
    const { tables } = described;
    await writeManifest(
      folder,
      {
        source: {
          version: server.productVersion,
          database: source.name,
          collation: source.database.properties.collation,
        },
        target: source.target,
        options: describeOptions(options),
        consistency: consistency?.way ?? 'none',
        data: { format: options.dataFormat, compression: options.compression.kind },
        shard: options.shard && { ...options.shard, plan: hashOf(plan.chunks), chunks: plan.chunks.length },
        scripts: [...scripts, ...around.scripts],
        tables,
        findings,
      },
      shardFile(manifestFile, options.shard),
    );
    await journal.remove();
    finished = true;
    return {
      database: source.name,
      target: source.target,
      findings,
      objects: countObjects(source.script.entries, options.sections),
      tables: tables.length,
      rows: tables.reduce((sum, t) => sum + t.rows, 0),
    };
  } finally {
    if (!finished) await journal.close();
    // Whoever goes on needs the same snapshot. One that its user named stays anyway.
    const own = consistency?.way === 'snapshot-database' && consistency.madeAt === null ? consistency.database : null;
    if (!finished && begun && own !== null) options.onSnapshotKept(own);
    else await consistency?.release();
  }
}
