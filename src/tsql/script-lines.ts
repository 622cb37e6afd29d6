/** Lines of a script that are not T-SQL but for the program that runs it: GO and sqlcmd's commands. */

import type { LineKind } from './lexeme-scanner.ts';
import { type RunnerCommands, separatorCount } from './runner-line.ts';
import type { ScriptText } from './script-text.ts';

export class ScriptLines {
  readonly separator: string;
  readonly #source: ScriptText;
  readonly #commands: RunnerCommands;
  readonly #upperInitial: number;
  readonly #lowerInitial: number;

  /** @param separator word that ends a batch */
  constructor(source: ScriptText, commands: RunnerCommands, separator = 'GO') {
    this.separator = separator;
    this.#source = source;
    this.#commands = commands;
    const initial = separator[0] ?? 'G';
    this.#upperInitial = initial.toUpperCase().charCodeAt(0);
    this.#lowerInitial = initial.toLowerCase().charCodeAt(0);
  }

  /** Whether a separator may begin with the character. */
  isInitial(c: number): boolean {
    return c === this.#upperInitial || c === this.#lowerInitial;
  }

  /** How often the line [at, end) has the batch before it run; null when it is no separator. */
  separatorCount(at: number, end: number): number | null {
    return separatorCount(this.#source.text.slice(at, end), this.separator);
  }

  /** Looks at a line that begins (behind blanks) at `at`; a command is taken and blanked out. */
  kind(at: number): LineKind {
    const source = this.#source;
    const c = source.text.charCodeAt(at);
    if (this.isInitial(c)) return this.separatorCount(at, source.lineEnd(at)) === null ? null : 'separator';
    const next = c === 58 || c === 33 ? source.char(at + 1) : 0;
    // `::` goes on with a name from the line before.
    if ((c === 58 && next !== 58) || (c === 33 && next === 33)) {
      const end = source.lineEnd(at);
      this.#commands.take(source.text.slice(at, end).trimEnd(), source.positionBefore(at));
      source.blank(at, end);
      return 'command';
    }
    return null;
  }
}
