/** The text of a script that was written and not read yet. No more is held than twice the piece that is being read. */

import type { ScriptPosition } from '../model/error.ts';
import { isBlank, ScriptText } from './script-text.ts';

export class UnreadText {
  readonly source: ScriptText;
  /** Offset of what was not read. */
  at = 0;
  #pending: string[] = [];
  #pendingLength = 0;
  /** Text to wait for before it is worth to look again; below 0 while what is there was not looked at. */
  #wanted = 0;
  #ended = false;
  /** Whether only blanks stand between the last line break and the text's first character. */
  #baseLineStart = true;

  constructor(file?: string, start?: ScriptPosition) {
    this.source = new ScriptText(file, start);
  }

  write(chunk: string): void {
    if (chunk === '') return;
    this.#pending.push(chunk);
    this.#pendingLength += chunk.length;
  }

  end(): void {
    this.#ended = true;
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** Where what was not read begins. */
  get position(): ScriptPosition {
    return this.source.position(this.at);
  }

  /** Makes what was written readable. @returns false when more must be written first */
  extend(): boolean {
    if (this.#wanted < 0) return true;
    if (!this.#ended && this.#pendingLength <= this.#wanted) return false;
    this.#baseLineStart = this.isLineStart(this.at);
    const more = this.#pending.length === 1 ? this.#pending[0]! : this.#pending.join('');
    this.source.extend(this.at, more, this.#ended);
    this.at = 0;
    this.#pending = [];
    this.#pendingLength = 0;
    this.#wanted = -1;
    return true;
  }

  /** What is there does not do: at least half as much must come, so that a large value is not looked at again and again. */
  wait(): void {
    this.#wanted = (this.source.text.length - this.at) >> 1;
  }

  /** Gives back what was not read. */
  release(): string {
    const text = this.source.text.slice(this.at) + this.#pending.join('');
    this.restart(this.position, this.isLineStart(this.at));
    return text;
  }

  /** Forgets everything: what is written next stands at this place. */
  restart(position: ScriptPosition, lineStart: boolean): void {
    this.source.restart(position);
    this.#baseLineStart = lineStart;
    this.at = 0;
    this.#pending = [];
    this.#pendingLength = 0;
    this.#wanted = 0;
    this.#ended = false;
  }

  /** Whether only blanks stand between a line break, or the begin of the script, and the offset. */
  isLineStart(at: number): boolean {
    const { text } = this.source;
    for (let i = at - 1; i >= 0; i--) {
      const c = text.charCodeAt(i);
      if (c === 10 || c === 13) return true;
      if (!isBlank(c)) return false;
    }
    return this.#baseLineStart;
  }
}
