import { type Command, InvalidArgumentError, Option } from 'commander';
import type { DataFormat } from '../archive/manifest.ts';
import { type Edition, engineEditions, parseTargetVersion } from '../compat/version.ts';
import type { CodePageNumber } from '../data/code-page.ts';
import type { ConsistencyWay } from '../exporter/consistency.ts';
import type { ScriptForm, SourceOptions } from '../exporter/export-options.ts';
import { ExitCode, XpdbError } from '../model/error.ts';
import type { ConnectionFlags } from './connection-flags.ts';
import { integerOption, listOption, option, parseVersionArgument, repeatedOption } from './option.ts';
import type { ProgressDisplay, ProgressMode } from './progress.ts';

export interface ExportFlags extends ConnectionFlags {
  target?: string;
  edition?: Edition;
  targetPlatform?: 'windows' | 'linux';
  output: string;
  overwrite?: boolean;
  format: 'sql' | 'dir';
  dataFormat: DataFormat;
  compress: string;
  encoding: 'utf8' | 'utf16le';
  unicode?: boolean;
  newline: 'crlf' | 'lf';
  schemaOnly?: boolean;
  dataOnly?: boolean;
  section: string[];
  table: string[];
  excludeTable: string[];
  schema: string[];
  excludeSchema: string[];
  excludeTableData: string[];
  where: string[];
  owner: boolean;
  privileges: boolean;
  accept: string[];
  rowsPerInsert?: number;
  batchSize?: number;
  consistency?: ConsistencyWay;
  databaseSnapshot?: string;
  jobs: number;
  chunkRows: number;
  resume?: boolean;
  shard?: { shard: number; of: number };
  query?: string;
  delimiter: string;
  nullText: string;
  header: boolean;
  bom?: boolean;
  strict?: boolean;
  codePage?: CodePageNumber;
  progress?: ProgressMode;
}

export function addExportFlags(command: Command): Command {
  return command
    .addOption(
      option(
        '--target <version>',
        'version that the script is for: 2008, 2008R2, 2012 … 2025, azure (default: the source’s)',
      ).argParser(parseVersionArgument),
    )
    .addOption(
      option('--edition <edition>', 'edition of the target, for features that only some have').choices([
        ...engineEditions,
      ]),
    )
    .addOption(option('--target-platform <platform>', 'linux has no FILESTREAM').choices(['windows', 'linux']))
    .addOption(option('-o, --output <path>', 'file or folder to write; - or nothing for standard output'))
    .addOption(new Option('-f, --file <file>', 'as -o').hideHelp())
    .addOption(option('--overwrite', 'replace what is there'))
    .addOption(
      option('--format <form>', 'sql: one script; dir: a folder of scripts, chunks of rows and a manifest')
        .choices(['sql', 'dir'])
        .default('sql'),
    )
    .addOption(
      option('--data-format <format>', 'of the rows in a folder')
        .choices(['sql', 'csv', 'jsonl', 'native'])
        .default('sql'),
    )
    .addOption(option('--compress <way>', 'of the rows in a folder: zstd[:1…19], gzip[:1…9], none').default('zstd'))
    .addOption(integerOption('--jobs <n>', 'connections that read rows at the same time (folder)', 1, 64).default(1))
    .addOption(
      integerOption('--chunk-rows <n>', 'rows of a chunk, about: larger tables are split (folder)', 1).default(
        1_000_000,
      ),
    )
    .addOption(option('--resume', 'go on with an interrupted export (folder)'))
    .addOption(
      option('--shard <k/n>', 'only the k-th of n parts of the rows, for n machines (folder)').argParser(parseShard),
    )
    .addOption(
      option(
        '--database-snapshot <name>',
        'read from this database snapshot, which xpdb neither makes nor drops (folder)',
      ),
    )
    .addOption(
      option('--query <sql>', 'instead of the database the rows of a SELECT, by --data-format csv, jsonl or native'),
    )
    .addOption(option('--delimiter <character>', 'of CSV; \\t is a tab').default(','))
    .addOption(option('--null-text <text>', 'what NULL is in CSV; an empty text is "" there').default(''))
    .addOption(option('--no-header', 'CSV without a line of column names'))
    .addOption(option('--bom', 'CSV with a byte order mark'))
    .addOption(
      option('--strict', 'stop at characters that the encoding of CSV lacks, instead of replacing and reporting them'),
    )
    .addOption(option('--code-page <number>', 'of CSV instead of UTF-8, such as 1252').argParser(parseCodePage))
    .addOption(option('--encoding <name>', 'utf8 or utf16le').choices(['utf8', 'utf16le']).default('utf8'))
    .addOption(option('-u, --unicode', 'as --encoding utf16le'))
    .addOption(option('--newline <kind>', 'line breaks between statements').choices(['crlf', 'lf']).default('crlf'))
    .addOption(option('--schema-only', 'no rows').conflicts('dataOnly'))
    .addOption(
      option('--data-only', 'rows only, for tables that exist: their triggers and foreign keys are off meanwhile'),
    )
    .addOption(listOption('--section <name>', 'pre-data, data, post-data; several by commas'))
    .addOption(
      repeatedOption(
        '--table <pattern>',
        'only tables of this name; * and ? stand for any characters, schema.name or name',
      ),
    )
    .addOption(repeatedOption('--exclude-table <pattern>', 'not these tables'))
    .addOption(repeatedOption('--schema <pattern>', 'only objects of these schemas'))
    .addOption(repeatedOption('--exclude-schema <pattern>', 'not these schemas'))
    .addOption(repeatedOption('--exclude-table-data <pattern>', 'these tables without their rows'))
    .addOption(repeatedOption('--where <table:condition>', 'only the rows of a table that meet a condition'))
    .addOption(option('--no-owner', 'without owners of objects'))
    .addOption(option('--no-privileges', 'without users, roles, permissions and owners'))
    .addOption(repeatedOption('--accept <rule[:object]>', 'do without what this blocker names'))
    .addOption(integerOption('--rows-per-insert <n>', 'rows of one INSERT', 1, 1000))
    .addOption(integerOption('--batch-size <bytes>', 'bytes between two GO lines', 1024, 64 * 1024 * 1024))
    .addOption(
      option(
        '--consistency <way>',
        'one point in time by a database snapshot (snapshot-database) or one transaction (snapshot), or none',
      ).choices(['snapshot-database', 'snapshot', 'none']),
    )
    .addOption(new Option('--progress <kind>', 'plain, json or none').choices(['plain', 'json', 'none']));
}

const codePages: readonly CodePageNumber[] = [
  437, 850, 874, 932, 936, 949, 950, 1250, 1251, 1252, 1253, 1254, 1255, 1256, 1257, 1258, 65001,
];

function parseCodePage(value: string): CodePageNumber {
  const page = codePages.find(p => String(p) === value);
  if (page === undefined) throw new InvalidArgumentError(`known code pages: ${codePages.join(', ')}.`);
  return page;
}

function parseShard(value: string): { shard: number; of: number } {
  const [, shard, of] = /^(\d{1,5})\/(\d{1,5})$/.exec(value)?.map(Number) ?? [];
  if (shard === undefined || of === undefined || shard < 1 || shard > of) {
    throw new InvalidArgumentError('k/n with 1 ≤ k ≤ n is needed, such as 1/4.');
  }
  return { shard, of };
}

export function sourceOptions(flags: ExportFlags, display: ProgressDisplay): SourceOptions {
  return {
    target: flags.target === undefined ? null : (parseTargetVersion(flags.target) ?? null),
    edition: flags.edition ?? null,
    ...(flags.targetPlatform === undefined ? {} : { platform: flags.targetPlatform }),
    sections: sectionsOf(flags),
    dataOnly: flags.dataOnly === true,
    tables: flags.table,
    excludeTables: flags.excludeTable,
    schemas: flags.schema,
    excludeSchemas: flags.excludeSchema,
    excludeTableData: flags.excludeTableData,
    where: flags.where,
    owners: flags.owner,
    privileges: flags.privileges,
    consistency: flags.consistency ?? null,
    report: display.report,
  };
}

/** @param file whether the text goes to a file, which then gets a byte order mark */
export function scriptForm(flags: ExportFlags, file: boolean): ScriptForm {
  return {
    encoding: flags.unicode ? 'utf16le' : flags.encoding,
    bom: file,
    newline: flags.newline === 'lf' ? '\n' : '\r\n',
    rowsPerInsert: flags.rowsPerInsert ?? null,
    batchBytes: flags.batchSize ?? null,
  };
}

const allSections = ['pre-data', 'data', 'post-data'] as const;

function sectionsOf(flags: ExportFlags): ReadonlySet<string> {
  if (flags.schemaOnly) return new Set(['pre-data', 'post-data']);
  if (flags.dataOnly) return new Set(['data']);
  if (flags.section.length === 0) return new Set(allSections);
  for (const name of flags.section) {
    if (!(allSections as readonly string[]).includes(name)) {
      throw new XpdbError(`no section ${name}`, {
        hint: `sections are ${allSections.join(', ')}`,
        exitCode: ExitCode.usage,
      });
    }
  }
  return new Set(flags.section);
}
