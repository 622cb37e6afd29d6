/** Copies a database from one server to another, with no file between. */

import type { Finding } from '../compat/finding.ts';
import { type TargetVersion, versionNumber } from '../compat/version.ts';
import { openSession } from '../connection/connect.ts';
import type { ConnectionOptions } from '../connection/connection-options.ts';
import { readServerProperties, type ServerProperties } from '../connection/server-properties.ts';
import { planChunks } from '../exporter/chunk-plan.ts';
import { openConsistency } from '../exporter/consistency.ts';
import { readSource } from '../exporter/read-source.ts';
import { vectorFindings } from '../exporter/row-findings.ts';
import { countObjects } from '../exporter/script-sections.ts';
import { importScript } from '../importer/import-script.ts';
import { ExitCode, XpdbError } from '../model/error.ts';
import { verifyDatabases } from '../verify/verify-databases.ts';
import type { VerifyResult } from '../verify/verify-options.ts';
import { copyData } from './copy-data.ts';
import type { CopyOptions, CopyResult } from './copy-options.ts';
import { schemaInput } from './schema-input.ts';

/** A table with more bytes is carried in several transactions. */
const chunkBytes = 512 << 20;

/**
 * Tables first, then rows, then what stands on them, as an import of a script would run them, with the import's journal: `resume` goes
 * on where a copy stopped. At the end both databases are compared.
 * @throws ImportStopped with its exit code and what is in the target; XpdbError when nothing was begun
 */
export async function copyDatabase(given: CopyOptions): Promise<CopyResult> {
  const database = given.to.database ?? (given.create ? given.from.database : undefined);
  if (database === undefined) {
    throw new XpdbError('no database named on the target', {
      hint: 'name it in --to, or use --create for the name of the source',
      exitCode: ExitCode.usage,
    });
  }
  const { target, server: targetServer, nativeVectors } = await chooseTarget(given);
  const session = await openSession(vectorsAs(given.from, nativeVectors));
  const options = {
    ...given,
    from: vectorsAs(given.from, session.nativeVectors),
    to: vectorsAs(given.to, session.nativeVectors),
  };
  try {
    const server = await readServerProperties(session);
    const consistency = options.schemaOnly
      ? null
      : await openConsistency(session, server, { way: options.consistency, jobs: options.jobs });
    try {
      const source = await readSource(session, server, {
        ...sourceOptions(options),
        target,
        edition: options.edition ?? targetServer.edition ?? null,
        platform: targetServer.platform,
      });
      const chunks = consistency ? await planChunks(session, source.original, source.tables, limits(options)) : null;
      const foretold: Finding[] = [];
      const onFinding = (finding: Finding) => {
        foretold.push(finding);
        options.onFinding(finding);
      };
      const { rows } = await importScript({
        ...importOptions(options, database),
        onFinding,
        inputs: [schemaInput(source, ['database', 'pre-data']), schemaInput(source, ['post-data', 'state'])],
        data: consistency ? copyData(options, session, source, consistency, chunks?.chunks ?? []) : null,
      });
      return {
        database,
        target,
        findings: [
          ...(consistency?.findings ?? []),
          ...source.findings,
          ...(chunks?.findings ?? []),
          ...(options.schemaOnly ? [] : source.tables.flatMap(t => vectorFindings(t, session.nativeVectors))),
        ],
        objects: countObjects(source.script.entries, new Set(['pre-data', 'post-data'])),
        tables: source.tables.length,
        rows,
        verified: options.verify ? await verifyCopy(options, database, target, foretold) : null,
      };
    } finally {
      await consistency?.release();
    }
  } finally {
    await session.close();
  }
}

/** The version that the target gets: its server's own, or an older one that was asked for. */
async function chooseTarget(
  options: CopyOptions,
): Promise<{ target: TargetVersion; server: ServerProperties; nativeVectors: boolean }> {
  const session = await openSession(withoutDatabase(options));
  try {
    const server = await readServerProperties(session);
    const { version } = server;
    if (version === undefined)
      throw new XpdbError(`${session.server} is SQL Server ${server.productVersion}, which this xpdb does not know`);
    const target = options.target ?? version;
    if (versionNumber(target) > versionNumber(version)) {
      throw new XpdbError(`--target ${target} is newer than the server ${session.server}, a ${version}`, {
        exitCode: ExitCode.usage,
      });
    }
    return { target, server, nativeVectors: session.nativeVectors };
  } finally {
    await session.close();
  }
}

/** Values go from server to server as they are, so vectors are text to both if one of the two does not know their binary form. */
function vectorsAs(connection: ConnectionOptions, native: boolean): ConnectionOptions {
  return native ? connection : { ...connection, vectorsAsText: true };
}

function withoutDatabase({ to }: CopyOptions): CopyOptions['to'] {
  const { database: _, ...elsewhere } = to;
  return elsewhere;
}

function limits(options: CopyOptions) {
  return { rows: options.chunkRows, bytes: chunkBytes };
}

function sourceOptions(options: CopyOptions) {
  const { tables, excludeTables, schemas, excludeSchemas, excludeTableData, where } = options;
  const { owners, privileges, consistency, report } = options;
  return {
    sections: new Set(options.schemaOnly ? ['pre-data', 'post-data'] : ['pre-data', 'data', 'post-data']),
    dataOnly: false,
    ...{ tables, excludeTables, schemas, excludeSchemas, excludeTableData, where },
    ...{ owners, privileges, consistency, report },
  };
}

function importOptions(options: CopyOptions, database: string) {
  const elsewhere = withoutDatabase(options);
  const { create, dataPath, logPath, filestreamPath, mapFiles, onExisting, resume, retries } = options;
  const { report, onNote, onWarning = onNote, onFinding, signal } = options;
  return {
    open: (name: string | null) => openSession(name === null ? elsewhere : { ...elsewhere, database: name }),
    database,
    ...{ create, dataPath, logPath, filestreamPath, mapFiles, onExisting, resume },
    continueOnError: false,
    dryRun: null,
    loaders: null,
    // Both databases are compared instead.
    verify: false,
    disableTriggers: false,
    strict: false,
    variables: null,
    sections: [],
    tables: [],
    entries: null,
    ...(retries === undefined ? {} : { retries }),
    ...{ report, onNote, onWarning, onFinding, signal },
  };
}

/** Both databases, as far as they were copied. Tables of which only some rows were asked for can't be equal. */
function verifyCopy(
  options: CopyOptions,
  database: string,
  target: TargetVersion,
  foretold: readonly Finding[],
): Promise<VerifyResult> {
  const bySchema = options.schemas.length + options.excludeSchemas.length > 0;
  const partly = bySchema || !options.privileges || !options.owners;
  const filtered = options.where.map(entry => /^((?:\[(?:[^\]]|\]\])*\]|[^[:])+):/.exec(entry)?.[1] ?? entry);
  return verifyDatabases(
    { kind: 'server', connection: options.from },
    { kind: 'server', connection: { ...options.to, database } },
    {
      schema: !partly,
      data: !options.schemaOnly,
      tables: options.tables,
      excludeTables: [...options.excludeTables, ...options.excludeTableData, ...filtered],
      someTables: bySchema,
      databaseProperties: options.create,
      sample: null,
      showRows: 0,
      recount: false,
      jobs: options.jobs,
      target,
      foretold,
      report: options.report,
      signal: options.signal,
    },
  ).catch(cause => {
    if (!options.signal.aborted) throw cause;
    throw new XpdbError('stopped by Ctrl-C', {
      hint: 'everything was copied and not all of it compared: xpdb verify does that',
      exitCode: ExitCode.interrupted,
      cause,
    });
  });
}
