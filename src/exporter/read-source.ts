import { readDatabase } from '../catalog/read-database.ts';
import { readRowAccess } from '../catalog/row-access.ts';
import type { Finding } from '../compat/finding.ts';
import { gate } from '../compat/gate.ts';
import { type TargetVersion, targetVersions, versionNumber } from '../compat/version.ts';
import type { ServerProperties } from '../connection/server-properties.ts';
import type { Session } from '../connection/session.ts';
import type { Database } from '../model/database.ts';
import { XpdbError } from '../model/error.ts';
import type { ScriptOptions } from '../scripter/options.ts';
import { type DatabaseScript, scriptDatabase } from '../scripter/script-database.ts';
import type { SourceOptions } from './export-options.ts';
import { findLostKeys, select } from './selection.ts';
import { planRows, type TableRows } from './table-rows.ts';

/** Everything of a source that an export writes, but its rows. */
export interface Source {
  readonly server: ServerProperties;
  /** Name of the source database. */
  readonly name: string;
  readonly target: TargetVersion;
  /** The part that was asked for, as it was read. */
  readonly original: Database;
  /** As it goes to the target: fitted by the gate. */
  readonly database: Database;
  readonly scriptOptions: ScriptOptions;
  readonly script: DatabaseScript;
  readonly tables: readonly TableRows[];
  readonly findings: readonly Finding[];
}

/**
 * Reads the session's database, takes the part that was asked for, and fits it to the target.
 * @throws XpdbError: a version that xpdb does not know, a missing right, a pattern that matches nothing
 */
export async function readSource(session: Session, server: ServerProperties, options: SourceOptions): Promise<Source> {
  const version = requireVersion(server);
  const target = options.target ?? version;
  const whole = await readDatabase(session, versionNumber(version));
  const selected = select(whole, options);
  const gated = gate(selected, {
    version: target,
    number: versionNumber(target),
    edition: options.edition,
    ...(options.platform === undefined ? {} : { platform: options.platform }),
  });
  const scriptOptions: ScriptOptions = {
    target: versionNumber(target),
    owners: options.owners,
    privileges: options.privileges,
  };
  const script = scriptDatabase(gated.database, scriptOptions);
  const withData = options.sections.has('data');
  const access = withData ? await readRowAccess(session, versionNumber(version)) : null;
  const rows = access ? planRows(selected, gated.database, access, options) : { tables: [], findings: [] };
  return {
    server,
    name: whole.properties.name,
    target,
    original: selected,
    database: gated.database,
    scriptOptions,
    script,
    tables: rows.tables,
    findings: [
      ...databaseFindings(target, options),
      ...(options.sections.has('post-data') ? findLostKeys(whole, selected) : []),
      ...gated.findings,
      ...script.findings,
      ...rows.findings,
    ],
  };
}

function databaseFindings(target: TargetVersion, options: SourceOptions): Finding[] {
  if (target !== 'azure' || !options.sections.has('pre-data')) return [];
  return [
    {
      rule: 'database-not-created',
      severity: 'info',
      object: 'DATABASE',
      message:
        'Azure SQL Database takes neither CREATE DATABASE nor USE within a script: create the database first and replay into it',
    },
  ];
}

function requireVersion(server: ServerProperties): TargetVersion {
  if (server.version !== undefined) return server.version;
  const known = targetVersions.filter(v => v !== 'azure');
  throw new XpdbError(`the source is SQL Server ${server.productVersion}, which this xpdb does not know`, {
    hint: `it reads ${known[0]} to ${known.at(-1)}`,
  });
}
