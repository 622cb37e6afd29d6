import { type Command, InvalidArgumentError, Option } from 'commander';
import type { DataFormat } from '../archive/manifest.ts';
import type { Edition, TargetVersion } from '../compat/version.ts';
import type { CodePageNumber } from '../data/code-page.ts';
import type { ConsistencyWay } from '../exporter/consistency.ts';
import type { ScriptForm, SourceOptions } from '../exporter/export-options.ts';
import { acceptOption, consistencyOption, editionOption, progressOption } from './common-options.ts';
import type { ConnectionFlags } from './connection-flags.ts';
import { addContentFlags, type ContentFlags, contentOptions } from './content-flags.ts';
import { integerOption, listOption, option, parseVersionArgument } from './option.ts';
import type { ProgressDisplay, ProgressMode } from './progress.ts';
import { allSections, checkSections } from './sections.ts';

export interface ExportFlags extends ConnectionFlags, ContentFlags {
  target?: TargetVersion;
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
  command
    .addOption(
      option(
        '--target <version>',
        'version that the script is for: 2008, 2008R2, 2012 … 2025, azure (default: the source’s)',
      ).argParser(parseVersionArgument),
    )
    .addOption(editionOption())
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
      option(
        '--query <sql>',
        'instead of the database the rows of a SELECT, by --data-format csv, jsonl or native; what it changes is rolled back',
      ),
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
    .addOption(
      listOption('--section <name>', 'pre-data, data, post-data; several by commas').conflicts([
        'schemaOnly',
        'dataOnly',
      ]),
    );
  return addContentFlags(command)
    .addOption(acceptOption())
    .addOption(integerOption('--rows-per-insert <n>', 'rows of one INSERT', 1, 1000))
    .addOption(integerOption('--batch-size <bytes>', 'bytes between two GO lines', 1024, 64 * 1024 * 1024))
    .addOption(consistencyOption())
    .addOption(progressOption());
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
    target: flags.target ?? null,
    edition: flags.edition ?? null,
    ...(flags.targetPlatform === undefined ? {} : { platform: flags.targetPlatform }),
    sections: sectionsOf(flags),
    dataOnly: flags.dataOnly === true,
    ...contentOptions(flags),
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

function sectionsOf(flags: ExportFlags): ReadonlySet<string> {
  if (flags.schemaOnly) return new Set(['pre-data', 'post-data']);
  if (flags.dataOnly) return new Set(['data']);
  return new Set(flags.section.length === 0 ? allSections : checkSections(flags.section));
}
