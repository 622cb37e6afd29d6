import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { describeError, ExitCode, XpdbError } from '../model/error.ts';
import { archiveCommand } from './archive.ts';
import { copyCommand } from './copy.ts';
import { demoCommand } from './demo.ts';
import { exportCommand } from './export.ts';
import { importCommand } from './import.ts';
import { readBooleanVariables } from './option.ts';
import { sandboxCommand } from './sandbox.ts';
import { fail, settings } from './terminal.ts';
import { verifyCommand } from './verify.ts';

/** The whole command line. Commands load what they need when they run, so that help is there at once. */
export function createProgram(): Command {
  const program = new Command('xpdb')
    .description('Moves SQL Server databases as scripts: to another server, edition or version, up or down.')
    .version(packageVersion(), '--version', 'version of xpdb')
    .option('--quiet', 'errors and warnings only')
    .option('--verbose', 'more notes')
    .option('--debug', 'stack traces of defects')
    .helpOption('-h, --help', 'help (also -?)')
    .showHelpAfterError('(xpdb COMMAND --help lists the options)')
    .exitOverride();
  for (const command of [
    exportCommand(),
    importCommand(),
    verifyCommand(),
    copyCommand(),
    sandboxCommand(),
    demoCommand(),
    archiveCommand(),
  ]) {
    readBooleanVariables(command);
    program.addCommand(command.exitOverride().helpOption('-h, --help', 'help (also -?)'));
  }
  program.hook('preAction', async (_, action) => {
    Object.assign(settings, {
      quiet: action.optsWithGlobals().quiet === true,
      verbose: action.optsWithGlobals().verbose === true,
      debug: action.optsWithGlobals().debug === true,
    });
    const { keepYoungGenerationSmall } = await import('../connection/small-heap.ts');
    keepYoungGenerationSmall();
  });
  program.addHelpText(
    'after',
    `
Examples:
  xpdb export -S old.example.com -U sa -d XPDATA --target 2012 -o xpdata.sql
  xpdb import -S new.example.com -U sa -i xpdata.sql --create --data-path 'D:\\Data' --log-path 'L:\\Log'
  xpdb verify --from xpdata.sql --to 'Server=new.example.com;User ID=sa;Database=XPDATA'
  xpdb demo

Exit codes: 0 done, 1 failed, 2 usage, 3 done with blockers that nobody accepted, 4 stopped in the middle`,
  );
  return program;
}

/**
 * Runs a command line (without node and script) and gives its exit code. Never throws: errors are printed, one line each.
 */
export async function main(argv: readonly string[]): Promise<number> {
  process.exitCode = undefined;
  // A reader of our output that went away (head) ends the run without a word.
  process.stdout.on('error', error => {
    if ((error as NodeJS.ErrnoException).code === 'EPIPE') process.exit(ExitCode.done);
  });
  try {
    await createProgram().parseAsync(
      argv.map(a => (a === '-?' ? '--help' : a)),
      { from: 'user' },
    );
    return Number(process.exitCode ?? ExitCode.done);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.done : ExitCode.usage;
    if (error instanceof XpdbError) {
      fail(describeError(error));
      if (settings.debug) console.error(error);
      return error.exitCode;
    }
    const message = error instanceof Error ? error.message : String(error);
    fail(`${message} (this is a defect of xpdb; --debug shows where)`);
    if (settings.debug) console.error(error);
    return ExitCode.failed;
  }
}

function packageVersion(): string {
  const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  return manifest.version;
}
