import { sumChunks } from '../archive/check-archive.ts';
import type { Chunk, ManifestTable } from '../archive/manifest.ts';
import type { Finding } from '../compat/finding.ts';
import type { ArchiveJob, FinishedChunk } from './archive-job.ts';
import { emptyLineFindings, rowFindings } from './row-findings.ts';
import { mergeTrouble } from './row-sink.ts';

/** The manifest's tables, chunks in their order whatever the order in which they were read, and the findings of their rows. */
export function describeChunks(
  job: ArchiveJob,
  finished: readonly FinishedChunk[],
): { readonly tables: readonly ManifestTable[]; readonly findings: readonly Finding[] } {
  const { session, source, options, consistency } = job;
  const findings: Finding[] = [];
  const tables = source.tables.map((rows, i): ManifestTable => {
    const own = finished.filter(f => f.chunk.table === i).sort((a, b) => a.chunk.number - b.chunk.number);
    const chunks = own.map(({ chunk, result }): Chunk => {
      const { path, bytes, storedBytes, sha256, rows: count, rowsum, readAt } = result;
      const time = consistency?.onePoint ? null : readAt;
      return { path, bytes, storedBytes, sha256, rows: count, rowsum, range: chunk.range, readAt: time };
    });
    const outside = rows.filestream && consistency !== null && consistency.database !== source.name;
    const denormals = mergeTrouble(own.flatMap(f => f.result.denormals));
    const replaced = mergeTrouble(own.flatMap(f => f.result.replaced));
    findings.push(...rowFindings(rows, denormals, replaced, outside, session.nativeVectors));
    if (options.dataFormat === 'csv') {
      const columns = rows.table.columns.filter(c => rows.columns.includes(c.name));
      findings.push(...emptyLineFindings(rows.name, columns, 'xpdb does not, and --data-format jsonl has none'));
    }
    const identity = rows.table.columns.find(c => c.identity !== null);
    return {
      schema: rows.table.schema,
      name: rows.table.name,
      columns: rows.columns,
      identity: identity !== undefined && rows.columns.includes(identity.name),
      rows: chunks.reduce((sum, c) => sum + c.rows, 0),
      rowsum: sumChunks(chunks),
      chunks,
    };
  });
  return { tables, findings };
}
