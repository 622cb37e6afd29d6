import { InvalidArgumentError, Option } from 'commander';
import { parseTargetVersion, type TargetVersion, targetVersions } from '../compat/version.ts';
import { ExitCode, XpdbError } from '../model/error.ts';

/** An option that XPDB_<LONG_NAME> sets too. */
export function option(flags: string, description: string): Option {
  const made = new Option(flags, description);
  const long = made.long?.replace(/^--(no-)?/, '');
  return long === undefined ? made : made.env(`XPDB_${long.replaceAll('-', '_').toUpperCase()}`);
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
