import { type Command, InvalidArgumentError, Option } from 'commander';
import { parseTargetVersion, type TargetVersion, targetVersions } from '../compat/version.ts';
import { ExitCode, XpdbError } from '../model/error.ts';

/** An option that XPDB_<LONG_NAME> sets too. */
export function option(flags: string, description: string): Option {
  const made = new Option(flags, description);
  const long = made.long?.replace(/^--(no-)?/, '');
  return long === undefined ? made : made.env(`XPDB_${long.replaceAll('-', '_').toUpperCase()}`);
}

/**
 * Has the variables of options without a value turn them on or off by what they say; commander alone takes any value for yes.
 * `XPDB_VERIFY=no` is `--no-verify`. The command line wins.
 * @throws XpdbError (usage) when the command is parsed, for a variable that is neither yes nor no
 */
export function readBooleanVariables(command: Command): void {
  for (const made of command.options) {
    const { envVar, negate } = made;
    if (envVar === undefined || made.required || made.optional) continue;
    // Called after commander's own listener, and only where the command line does not have the option.
    command.on(`optionEnv:${made.name()}`, () => {
      const given = booleanOf(envVar, process.env[envVar] ?? '') !== negate;
      if (!given) command.setOptionValueWithSource(made.attributeName(), negate ? true : undefined, 'default');
    });
  }
}

/** What of a command's options its line says, and what variables. */
export function splitBySource<T extends object>(
  flags: T,
  command: Command,
): { readonly line: Partial<T>; readonly environment: Partial<T> } {
  const [environment, line] = [true, false].map(wanted =>
    Object.fromEntries(
      Object.entries(flags).filter(([name]) => (command.getOptionValueSource(name) === 'env') === wanted),
    ),
  ) as [Partial<T>, Partial<T>];
  return { line, environment };
}

function booleanOf(variable: string, value: string): boolean {
  if (/^(true|1|yes|on)$/i.test(value)) return true;
  if (/^(false|0|no|off)$/i.test(value)) return false;
  throw new XpdbError(`${variable} can't be ${JSON.stringify(value)}`, {
    hint: 'it takes true or false, yes or no, on or off, 1 or 0',
    exitCode: ExitCode.usage,
  });
}

/** Option that may be given several times, or once with commas. */
export function listOption(flags: string, description: string): Option {
  return option(flags, description)
    .argParser((value: string, previous: string[] | undefined) => [...(previous ?? []), ...value.split(',')])
    .default([] as string[], 'none');
}

/** Option that may be given several times; commas belong to the value. */
export function repeatedOption(flags: string, description: string): Option {
  return option(flags, description)
    .argParser((value: string, previous: string[] | undefined) => [...(previous ?? []), value])
    .default([] as string[], 'none');
}

export function integerOption(
  flags: string,
  description: string,
  minimum: number,
  maximum = Number.MAX_SAFE_INTEGER,
): Option {
  return option(flags, description).argParser((value: string) => {
    const number = Number(value);
    if (!Number.isInteger(number) || number < minimum || number > maximum) {
      throw new InvalidArgumentError(`a whole number from ${minimum} to ${maximum} is needed.`);
    }
    return number;
  });
}

export function parseVersionArgument(value: string): TargetVersion {
  const version = parseTargetVersion(value);
  if (!version) throw new InvalidArgumentError(`known versions: ${targetVersions.join(', ')}.`);
  return version;
}

/**
 * Values of a repeated option by what stands before their first `=`.
 * @param form of a value, for the error
 * @throws XpdbError (usage) for a value without a name
 */
export function parsePairs(values: readonly string[], flag: string, form: string): Map<string, string> {
  return new Map(
    values.map(value => {
      const at = value.indexOf('=');
      if (at <= 0) throw new XpdbError(`${flag} takes ${form}, not ${value}`, { exitCode: ExitCode.usage });
      return [value.slice(0, at), value.slice(at + 1)] as const;
    }),
  );
}
