import { Command } from 'commander';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { option, readBooleanVariables } from '../../src/cli/option.ts';
import { ExitCode, XpdbError } from '../../src/model/error.ts';
import { runCli } from '../support/run-cli.ts';

afterEach(() => vi.unstubAllEnvs());

/** What a command sees of two options that are on or off. */
async function parse(environment: Readonly<Record<string, string>>, ...args: string[]): Promise<unknown> {
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  let seen: unknown;
  const command = new Command('work')
    .addOption(option('--overwrite', 'replace').conflicts('resume'))
    .addOption(option('--resume', 'go on'))
    .addOption(option('--no-verify', 'do not compare'))
    .action(flags => {
      seen = flags;
    });
  readBooleanVariables(command);
  await command
    .exitOverride()
    .configureOutput({ writeErr: () => undefined })
    .parseAsync(args, { from: 'user' });
  return seen;
}

describe('the variable of an option without a value', () => {
  it.each(['true', '1', 'yes', 'on', 'TRUE', 'Yes'])('%s is as the option', async value => {
    expect(await parse({ XPDB_OVERWRITE: value })).toEqual({ overwrite: true, verify: true });
  });

  it.each(['false', '0', 'no', 'off', 'FALSE', 'Off'])('%s is as without the option', async value => {
    expect(await parse({ XPDB_OVERWRITE: value })).toEqual({ verify: true });
    expect(await parse({ XPDB_OVERWRITE: value }, '--resume')).toEqual({ resume: true, verify: true });
  });

  it('turns off what a --no- option turns off, and only by no', async () => {
    expect(await parse({ XPDB_VERIFY: 'no' })).toEqual({ verify: false });
    expect(await parse({ XPDB_VERIFY: '1' })).toEqual({ verify: true });
  });

  it('yields to the command line', async () => {
    expect(await parse({ XPDB_OVERWRITE: '0', XPDB_VERIFY: '1' }, '--overwrite', '--no-verify')).toEqual({
      overwrite: true,
      verify: false,
    });
  });

  it.each(['', 'maybe', '2', 'nope'])('%j is neither, and the error names the variable', async value => {
    const error = await parse({ XPDB_OVERWRITE: value }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(XpdbError);
    expect((error as XpdbError).message).toBe(`XPDB_OVERWRITE can't be ${JSON.stringify(value)}`);
    expect((error as XpdbError).exitCode).toBe(ExitCode.usage);
  });

  it('is read so by the commands', async () => {
    const run = await runCli(['export', '-S', 'h', '-U', 'sa', '-d', 'x'], { env: { XPDB_SCHEMA_ONLY: 'maybe' } });
    expect(run.stderr).toBe(
      'error: XPDB_SCHEMA_ONLY can\'t be "maybe"; it takes true or false, yes or no, on or off, 1 or 0\n',
    );
    expect(run.code).toBe(2);
  }, 60_000);
});
