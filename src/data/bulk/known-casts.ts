/**
 * Of each column, what stood behind the last literal that was cast to the column's own type: ` AS Decimal(18, 4))`. Scripts write the
 * same in every row, so what follows needs only to be compared with it.
 */

import { Form } from './statement-forms.ts';

export interface KnownCast {
  /** Characters of the script's bytes, as `HeldRow.text` has them; empty for none yet. */
  readonly text: string;
  readonly bytes: Uint8Array;
  /** Of `StatementForms.castForm`. */
  readonly form: number;
}

export class KnownCasts {
  readonly #casts: KnownCast[];
  /** Another one for each change: who has a copy sees by it that it is old. */
  version = 0;

  constructor(columns: number) {
    this.#casts = Array<KnownCast>(columns).fill({ text: '', bytes: new Uint8Array(0), form: Form.none });
  }

  get columns(): number {
    return this.#casts.length;
  }

  of(column: number): KnownCast {
    return this.#casts[column]!;
  }

  learn(column: number, text: string, form: number): void {
    const known = this.#casts[column]!;
    if (known.text === text && known.form === form) return;
    this.#casts[column] = { text, bytes: Buffer.from(text, 'latin1'), form };
    this.version++;
  }
}
