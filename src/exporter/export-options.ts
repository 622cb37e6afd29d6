import type { Finding } from '../compat/finding.ts';
import type { Edition, TargetVersion } from '../compat/version.ts';
import type { ReportProgress } from '../model/progress.ts';
import type { ConsistencyWay } from './consistency.ts';
import type { Selection } from './selection.ts';

/** The part of a database that is taken. */
export interface ContentOptions extends Selection {
  readonly excludeTableData: readonly string[];
  /** `table:condition`. */
  readonly where: readonly string[];
  readonly owners: boolean;
  readonly privileges: boolean;
}

/** What an export takes from its source and for which target, whatever its form. */
export interface SourceOptions extends ContentOptions {
  /** null = the source's version. */
  readonly target: TargetVersion | null;
  /** null = not said. */
  readonly edition: Edition | null;
  /** Of the target; absent = not said. */
  readonly platform?: 'windows' | 'linux';
  readonly sections: ReadonlySet<string>;
  /** Rows go into tables that have their constraints and triggers already: these are off while the rows come. */
  readonly dataOnly: boolean;
  /** null = the best that the source allows. */
  readonly consistency: ConsistencyWay | null;
  readonly report: ReportProgress;
}

/** How SQL text is laid out. */
export interface ScriptForm {
  readonly encoding: 'utf8' | 'utf16le';
  readonly bom: boolean;
  readonly newline: '\r\n' | '\n';
  /** null = the writer's own. */
  readonly rowsPerInsert: number | null;
  /** null = the writer's own. */
  readonly batchBytes: number | null;
}

export interface ExportOptions extends SourceOptions, ScriptForm {
  /** Stops the export before its next step; what the server is at is stopped by `Session.cancel`. */
  readonly signal?: AbortSignal;
}

/** Summary of a finished export. */
export interface ExportResult {
  readonly database: string;
  readonly target: TargetVersion;
  readonly findings: readonly Finding[];
  readonly objects: number;
  /** Tables whose rows were written. */
  readonly tables: number;
  readonly rows: number;
}

/** The options that shape an export, as its header names them; those that are as usual are left out. */
export function describeOptions(options: SourceOptions & Partial<ScriptForm>): Record<string, string | boolean> {
  const described: Record<string, string | boolean> = {};
  const list = (name: string, values: readonly string[]) => {
    if (values.length > 0) described[name] = values.join(', ');
  };
  if (options.edition !== null) described.edition = options.edition;
  if (options.platform !== undefined) described.platform = options.platform;
  if (options.dataOnly) described['data-only'] = true;
  else if (options.sections.size < 3) list('section', [...options.sections]);
  list('table', options.tables);
  list('exclude-table', options.excludeTables);
  list('schema', options.schemas);
  list('exclude-schema', options.excludeSchemas);
  list('exclude-table-data', options.excludeTableData);
  list('where', options.where);
  if (!options.owners) described['no-owner'] = true;
  if (!options.privileges) described['no-privileges'] = true;
  if (options.rowsPerInsert) described['rows-per-insert'] = String(options.rowsPerInsert);
  if (options.batchBytes) described['batch-size'] = String(options.batchBytes);
  return described;
}
