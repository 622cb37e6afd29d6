/**
 * Memory for the parts of a script whose rows are read from their bytes. A part is kept until its rows are in the target, for what fails as a
 * load runs as the script has it; then its memory serves for the next one, since fresh memory for all of them keeps the garbage collector busy.
 */

import { endMargin } from '../data/bulk/literal-cursor.ts';

export interface ScriptWindow {
  /** The part, and a margin of zeros behind; memory that is not used follows. */
  readonly bytes: Buffer;
  /** Length of the part. */
  readonly length: number;
  /** Who still needs it, its reader included. */
  holders: number;
}

/** A part as files give them and the row before it that was cut. */
const usualBytes = (1 << 18) + (1 << 15);
const mostSpare = 40;

export class ScriptWindows {
  readonly #spare: Buffer[] = [];

  /** A window of these bytes, one part behind the other, with one holder. */
  open(parts: readonly Uint8Array[]): ScriptWindow {
    const length = parts.reduce((sum, part) => sum + part.length, 0);
    const needed = length + endMargin;
    const spare = needed <= usualBytes ? this.#spare.pop() : undefined;
    const bytes = spare ?? Buffer.allocUnsafeSlow(Math.max(needed, usualBytes));
    let at = 0;
    for (const part of parts) {
      bytes.set(part, at);
      at += part.length;
    }
    bytes.fill(0, length, needed);
    return { bytes, length, holders: 1 };
  }

  release(window: ScriptWindow): void {
    if (--window.holders > 0) return;
    if (window.bytes.length === usualBytes && this.#spare.length < mostSpare) this.#spare.push(window.bytes);
  }
}
