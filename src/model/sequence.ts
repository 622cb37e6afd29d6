import type { DataType } from './data-type.ts';

export interface Sequence {
  readonly schema: string;
  readonly name: string;
  readonly owner: string | null;
  readonly type: DataType;
  /** Values of up to 38 digits, hence text. */
  readonly start: string;
  readonly increment: string;
  readonly minimum: string;
  readonly maximum: string;
  readonly cycle: boolean;
  /** null = NO CACHE; 0 = CACHE without a size. */
  readonly cacheSize: number | null;
  /** sys.sequences.current_value: the last value given out, or the start when none was. */
  readonly current: string;
  /** Whether a value was given out; null where the version can't tell (last_used_value is of 2017). */
  readonly used: boolean | null;
}
