import { Command } from 'commander';
import { ExitCode } from '../model/error.ts';
import { byteText, fail, note, say, table, thousands } from './terminal.ts';

/** `xpdb archive check|merge`: what can be done with an archive's folder without a server. */
export function archiveCommand(): Command {
  const command = new Command('archive').description(
    'check an archive folder, or merge the parts that several machines wrote',
  );
  command
    .command('check')
    .description('read every file of an archive and compare sizes, hashes and sums with its manifest')
    .argument('<folder>', 'archive')
    .action(async (folder: string) => {
      process.exitCode = await check(folder);
    });
  command
    .command('merge')
    .description('make one archive of the folders that export --shard wrote; chunks are moved into the first')
    .argument('<folders...>', 'folders with the parts; one, where the machines shared it')
    .action(async (folders: [string, ...string[]]) => {
      process.exitCode = await merge(folders);
    });
  for (const sub of command.commands) sub.exitOverride().helpOption('-h, --help', 'help (also -?)');
  command.addHelpText(
    'after',
    `
Examples:
  xpdb archive check xpdata
  xpdb archive merge part1 part2 part3`,
  );
  return command;
}

async function check(folder: string): Promise<ExitCode> {
  const { openArchive } = await import('../archive/archive-reader.ts');
  const { checkArchive } = await import('../archive/check-archive.ts');
  const archive = await openArchive(folder);
  const result = await checkArchive(archive, path => note(path));
  for (const problem of result.problems) fail(problem);
  say(
    table([
      ['tables', 'rows', 'files', 'bytes', 'problems'],
      [
        thousands(archive.manifest.tables.length),
        thousands(result.rows),
        thousands(result.files),
        byteText(result.bytes),
        String(result.problems.length),
      ],
    ]),
  );
  return result.problems.length === 0 ? ExitCode.done : ExitCode.failed;
}

async function merge(folders: readonly [string, ...string[]]): Promise<ExitCode> {
  const { mergeArchive } = await import('../archive/merge-archive.ts');
  const manifest = await mergeArchive(folders);
  const rows = manifest.tables.reduce((sum, t) => sum + t.rows, 0);
  say(
    `${folders[0]} is an archive of database ${manifest.source.database}: ${thousands(rows)} rows of ${thousands(manifest.tables.length)} tables`,
  );
  return ExitCode.done;
}
