import { spawn } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import type { TargetVersion } from '../compat/version.ts';
import { ExitCode, XpdbError } from '../model/error.ts';
import type { Sandbox } from '../sandbox/start-sandbox.ts';
import { option } from './option.ts';
import { byteText, say } from './terminal.ts';

const example = new URL('../../examples/telephony.sql', import.meta.url);
const binary = fileURLToPath(new URL('../../bin/xpdb.cjs', import.meta.url));

/** Findings of the example that need a decision: procedures with T-SQL that SQL Server 2012 does not know. */
const accepted = ['tsql-version:reports.CallersOfDay', 'tsql-version:reports.ExportUsers'];

export function demoCommand(): Command {
  const command = new Command('demo')
    .description('move a telephony database from SQL Server 2022 to 2012, both embedded, and prove every row')
    .addOption(option('--output <directory>', 'where the script is left').default('demo-output'));
  command.addHelpText('after', '\nExample:\n  xpdb demo');
  return command.action(async (flags: { output: string }) => {
    process.exitCode = await runDemo(flags.output);
  });
}

async function runDemo(directory: string): Promise<number> {
  const started = performance.now();
  const { makeFolder } = await import('../archive/archive-writer.ts');
  await makeFolder(directory);
  const script = join(directory, 'telephony-2012.sql');
  say(
    '1. Two sandboxes start: embedded servers that pose as SQL Server 2022 (drives D:, L:) and 2012 (drives E:, M:).',
  );
  const source = await start('2022', ['D:\\', 'L:\\']);
  const target = await start('2012', ['E:\\', 'M:\\'], source.password);
  try {
    say(
      '   The 2022 gets a telephony database: users, lines, 50,000 calls, voicemail in FILESTREAM, and much that is hard',
    );
    say('   to move (examples/telephony.sql).');
    await source.load(createReadStream(example, 'utf8'), { file: 'examples/telephony.sql' });

    say(
      '\n2. Export for 2012. Each finding names something that 2012 cannot have as it is. Two procedures use T-SQL that it',
    );
    say('   does not know: they are left out, and the exit code would be 3 if --accept did not name them.');
    await run(source, [
      'export',
      ...['-S', address(source), '-U', source.user, '-C', '-d', 'Telephony'],
      ...['--target', '2012', '-o', script, '--overwrite'],
      ...accepted.flatMap(finding => ['--accept', finding]),
    ]);

    say('\n3. Import on the 2012, its files on other drives.');
    await run(target, [
      'import',
      ...['-S', address(target), '-U', target.user, '-C', '-i', script, '--create'],
      ...['--data-path', 'E:\\Data', '--log-path', 'M:\\Log', '--filestream-path', 'E:\\Streams'],
    ]);

    say('\n4. Verify: definitions, row counts and the content of every row, on both servers.');
    await run(source, [
      'verify',
      ...['--from', `${address(source)}/Telephony`, '--to', `${address(target)}/Telephony`, '-U', source.user, '-C'],
    ]);
  } finally {
    await source.close();
    await target.close();
  }
  const { size } = await stat(script);
  const seconds = (performance.now() - started) / 1000;
  say(
    `\nDone in ${seconds.toFixed(0)} s. The database is on the 2012; but for the findings above it is equal, to the last row.`,
  );
  say(`Left to look at: ${script} (${byteText(size)}), which sqlcmd and Management Studio can run as well.`);
  return ExitCode.done;
}

async function start(version: TargetVersion, volumes: readonly string[], password?: string): Promise<Sandbox> {
  const { startSandbox } = await import('../sandbox/start-sandbox.ts');
  const { versionNumber } = await import('../compat/version.ts');
  return startSandbox({
    version: versionNumber(version),
    volumes,
    ...(password === undefined ? {} : { password }),
  });
}

const address = (sandbox: Sandbox) => `${sandbox.host},${sandbox.port}`;

/** Runs a command line of xpdb as a user would, in a process of its own; the password goes by the environment. */
async function run(server: Sandbox, args: readonly string[]): Promise<void> {
  say(`\n   $ xpdb ${args.map(shown).join(' ')}\n`);
  const child = spawn(process.execPath, [binary, ...args], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, SQLCMDPASSWORD: server.password },
  });
  const code = await new Promise<number>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status, signal) =>
      resolve(status ?? (signal === 'SIGINT' ? ExitCode.interrupted : ExitCode.failed)),
    );
  });
  if (code !== ExitCode.done) {
    throw new XpdbError(`xpdb ${args[0]} ended with exit code ${code}`, {
      exitCode: code === ExitCode.interrupted ? ExitCode.interrupted : ExitCode.failed,
    });
  }
}

/** As it would be typed in a shell. */
function shown(argument: string): string {
  return /^[\w./,:=@-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`;
}
