/**
 * The literals of one column in one VALUES list. The server gives them one type, as UNION ALL does, before the column sees them
 * (Transact-SQL reference, Table Value Constructor): mixed forms are converted to the type of higher precedence, which may
 * fail, lose digits or read text differently. So a column must keep to one form, or to forms whose mixture loses nothing.
 */

/** Kinds of literals; from `cast` on, CASTs to this and that type. */
export const Form = { none: 0, number: 1, float: 2, text: 3, binary: 4, cast: 5 } as const;

/** The digits that int counts for beside numeric. */
const intDigits = 10;
const mostDigits = 38;
/** Whole numbers of so many digits are exact in a double. */
const doubleDigits = 15;
const mostCasts = 1000;
/** Of a column whose literals can't stand beside each other: none is allowed any more. */
const mixed = 0xffff;

export class StatementForms {
  #forms: Uint16Array;
  /** Most digits before the point, with one added; zero for none yet. */
  #whole: Uint8Array;
  #scale: Uint8Array;
  /** Those of this object alone, while the others are a kernel's. */
  readonly #own: readonly [Uint16Array, Uint8Array, Uint8Array];
  readonly #casts: Map<string, number> = new Map();

  constructor(columns: number) {
    this.#own = [new Uint16Array(columns), new Uint8Array(columns), new Uint8Array(columns)];
    [this.#forms, this.#whole, this.#scale] = this.#own;
  }

  /** From now on the forms are in the memory of a kernel, which changes them, too; `leave` gives the memory back. */
  enter(forms: Uint16Array, whole: Uint8Array, scale: Uint8Array): void {
    const { length } = this.#forms;
    const there = [forms.subarray(0, length), whole.subarray(0, length), scale.subarray(0, length)] as const;
    this.#moveTo(there);
  }

  leave(): void {
    this.#moveTo(this.#own);
  }

  #moveTo(there: readonly [Uint16Array, Uint8Array, Uint8Array]): void {
    there[0].set(this.#forms);
    there[1].set(this.#whole);
    there[2].set(this.#scale);
    [this.#forms, this.#whole, this.#scale] = there;
  }

  /** Begins a statement. */
  reset(): void {
    const forms = this.#forms;
    // Statements may have a single row, and few columns: three calls of `fill` would take longer.
    for (let i = 0; i < forms.length; i++) forms[i] = this.#whole[i] = this.#scale[i] = 0;
  }

  /** @returns whether a literal of this form may stand beside those before it */
  allows(column: number, form: number): boolean {
    const before = this.#forms[column]!;
    if (before === form) return true;
    this.#forms[column] = before === Form.none ? form : mixed;
    return before === Form.none;
  }

  /**
   * The same for int and numeric: the most digits before and behind the point of all rows together must fit into one numeric.
   * @param toFloat the column is float or real: its numbers pass that numeric, and must stay exact there
   */
  allowsNumber(column: number, isInteger: boolean, wholeDigits: number, scale: number, toFloat: boolean): boolean {
    if (wholeDigits + scale > mostDigits || !this.allows(column, Form.number)) return false;
    const digits = (isInteger && wholeDigits < intDigits ? intDigits : wholeDigits) + 1;
    const whole = this.#whole[column]!;
    const most = this.#scale[column]!;
    if (digits <= whole && scale <= most) return true;
    const widest = Math.max(whole, digits);
    const longest = Math.max(most, scale);
    this.#whole[column] = widest;
    this.#scale[column] = longest;
    if (widest - 1 + longest <= (toFloat ? doubleDigits : mostDigits)) return true;
    this.#forms[column] = mixed;
    return false;
  }

  /** A form for each type that literals are cast to; `Form.none` when there are too many to tell apart. */
  castForm(type: string): number {
    let form = this.#casts.get(type);
    if (form === undefined) {
      if (this.#casts.size === mostCasts) return Form.none;
      form = Form.cast + this.#casts.size;
      this.#casts.set(type, form);
    }
    return form;
  }
}
