import { ExitCode, type ScriptPosition, XpdbError } from '../model/error.ts';

/** Count of a separator line (`GO`, `GO 5`, `GO -- text`), 1 without one; null when the line is something else. */
export function separatorCount(line: string, separator: string): number | null {
  const { length } = separator;
  if (line.length < length || line.slice(0, length).toUpperCase() !== separator.toUpperCase()) return null;
  if (line.length === length) return 1;
  const rest = /^[ \t]*(?:(?<=[ \t])(\d+))?[ \t]*;?\s*(?:--.*|\/\*.*\*\/\s*)?$/.exec(line.slice(length));
  return rest ? (rest[1] === undefined ? 1 : Number(rest[1])) : null;
}

/**
 * Lines and `$(name)` that are sqlcmd's and not the server's. Without variables asked for, `$(name)` is text like any other.
 */
export class RunnerCommands {
  readonly #variables: Map<string, string> | null;

  constructor(variables: ReadonlyMap<string, string> | undefined) {
    this.#variables = variables ? new Map([...variables].map(([name, value]) => [name.toLowerCase(), value])) : null;
  }

  /**
   * Takes a line that begins with `:` or `!!`: `:setvar` where variables are asked for, and `:on error`.
   * @throws XpdbError that names any other
   */
  take(line: string, position: ScriptPosition): void {
    // The import stops at the first error anyway, unless it is told otherwise by option.
    if (/^:on\s+error\s+(exit|ignore)\s*$/i.test(line)) return;
    const set = /^:setvar\s+([\w-]+)(?:\s+(?:"((?:[^"]|"")*)"|(\S+)))?\s*$/i.exec(line);
    if (set && this.#variables) {
      const value = set[2]?.replaceAll('""', '"') ?? set[3];
      // Without a value the variable ceases to be.
      if (value === undefined) this.#variables.delete(set[1]!.toLowerCase());
      else this.#variables.set(set[1]!.toLowerCase(), value);
      return;
    }
    const name = /^(:[^\s"']{0,20}(\s+error)?|!!)/i.exec(line)?.[0] ?? line.slice(0, 20);
    throw new XpdbError(`the script has the sqlcmd command ${name}`, {
      position,
      hint: set
        ? 'ask for variables by -v NAME=VALUE, or take the line out'
        : 'run it with sqlcmd, or take the line out',
    });
  }

  /** `$(name)` replaced, in comments and strings too, as sqlcmd does. */
  expand(text: string, position: () => ScriptPosition): string {
    const variables = this.#variables;
    if (!variables || !text.includes('$(')) return text;
    return text.replace(/\$\(([\w-]+)\)/g, (_, name: string) => {
      const value = variables.get(name.toLowerCase());
      if (value !== undefined) return value;
      throw new XpdbError(`variable $(${name}) has no value`, {
        position: position(),
        hint: `give it by -v ${name}=VALUE`,
        exitCode: ExitCode.usage,
      });
    });
  }
}
