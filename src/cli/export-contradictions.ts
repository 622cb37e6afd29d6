import type { Command } from 'commander';
import { ExitCode, XpdbError } from '../model/error.ts';
import type { ExportFlags } from './export-flags.ts';
import { warn } from './terminal.ts';

type Name = keyof ExportFlags & string;

/** Options that each have a meaning in one form of export only. */
const forFolder: readonly Name[] = ['jobs', 'compress', 'chunkRows', 'resume', 'shard', 'databaseSnapshot'];
const forCsv: readonly Name[] = ['delimiter', 'nullText', 'header', 'bom', 'strict', 'codePage'];
const forText: readonly Name[] = ['encoding', 'unicode', 'newline'];
const forDatabase: readonly Name[] = [
  ...(['target', 'edition', 'targetPlatform', 'format', 'schemaOnly', 'dataOnly', 'section', 'consistency'] as const),
  ...([
    'table',
    'excludeTable',
    'schema',
    'excludeSchema',
    'excludeTableData',
    'where',
    'owner',
    'privileges',
  ] as const),
  ...(['rowsPerInsert', 'batchSize'] as const),
];

/** @throws XpdbError (usage) for options that would have no effect beside the others */
export function refuseContradictions(flags: ExportFlags, command: Command): void {
  const given = (name: Name) =>
    command.getOptionValueSource(name) !== undefined &&
    command.getOptionValueSource(name) !== 'default' &&
    !(name === 'jobs' && flags.jobs === 1) &&
    !(name === 'compress' && flags.compress === 'none') &&
    !(name === 'format' && flags.format === 'sql');
  const refuse = (names: readonly Name[], what: string, hint: string) => {
    const name = names.find(given);
    if (name === undefined) return;
    const long = command.options.find(o => o.attributeName() === name)?.long ?? name;
    throw new XpdbError(`${long} ${what}`, { hint, exitCode: ExitCode.usage });
  };
  if (flags.query !== undefined) {
    refuse([...forDatabase, ...forFolder], 'has no meaning for a query', 'leave it out');
    if (flags.dataFormat !== 'csv') refuse(forText, 'is for scripts and CSV', 'leave it out');
  } else if (flags.format === 'sql') {
    refuse(
      [...forFolder, ...(flags.dataFormat === 'sql' ? [] : (['dataFormat'] as const))],
      'needs a folder',
      'add --format dir',
    );
    if (/\.(gz|zst)$/i.test(flags.output)) {
      throw new XpdbError(`a script is written as plain text, not as ${flags.output}`, {
        hint: 'use -o - and pipe it through gzip or zstd, or --format dir',
        exitCode: ExitCode.usage,
      });
    }
  } else if (flags.dataFormat !== 'sql') {
    refuse(['rowsPerInsert'], 'is for rows as INSERT statements', 'leave --data-format out');
  }
  if (flags.query === undefined || flags.dataFormat !== 'csv') {
    refuse(forCsv, 'is for the rows of a query as CSV', 'add --query and --data-format csv');
  }
  refuseTerminal(flags);
}

function refuseTerminal(flags: ExportFlags): void {
  if (flags.format !== 'sql' || flags.output !== '-') return;
  if (process.stdout.isTTY && !flags.schemaOnly) {
    throw new XpdbError('rows are not written to a terminal', {
      hint: 'name a file with -o, or use --schema-only',
      exitCode: ExitCode.usage,
    });
  }
  if (process.platform === 'win32') warn('PowerShell before 7.4 re-encodes redirected output; -o FILE does not');
}
