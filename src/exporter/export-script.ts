import type { Output } from '../archive/output-file.ts';
import { readServerProperties } from '../connection/server-properties.ts';
import type { Session } from '../connection/session.ts';
import { keepYoungGenerationSmall } from '../connection/small-heap.ts';
import { openConsistency } from './consistency.ts';
import type { ExportOptions, ExportResult } from './export-options.ts';
import { readSource } from './read-source.ts';
import { countObjects } from './script-sections.ts';
import { writeScript } from './write-script.ts';

/**
 * Writes the session's database as one script. The output is neither finished nor abandoned here.
 * @throws XpdbError, SqlServerError, the signal's reason: what the script has by then is incomplete, and lacks its trailer
 */
export async function exportScript(session: Session, output: Output, options: ExportOptions): Promise<ExportResult> {
  keepYoungGenerationSmall();
  const server = await readServerProperties(session);
  const consistency = options.sections.has('data')
    ? await openConsistency(session, server, { way: options.consistency, jobs: 1 })
    : null;
  try {
    const source = await readSource(session, server, options);
    options.signal?.throwIfAborted();
    const { rows, findings } = await writeScript({
      session,
      source,
      output,
      options,
      rowsDatabase: consistency?.database ?? source.name,
      findings: [...(consistency?.findings ?? []), ...source.findings],
    });
    return {
      database: source.name,
      target: source.target,
      findings,
      objects: countObjects(source.script.entries, options.sections),
      tables: source.tables.length,
      rows,
    };
  } finally {
    await consistency?.release();
  }
}
